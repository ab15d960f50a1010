"""What an importer brings home from one source, and what all of them together make."""

from dataclasses import dataclass, field
from enum import IntEnum

from askedbefore.curation import Curation
from askedbefore.records import Post


class Proof(IntEnum):
    """How a source shows who wrote a comment; the stronger the higher."""

    NAME = 1  # only by a name, which any visitor can type
    SIGN_OFF = 2  # by what the author's replies end with
    ACCOUNT = 3  # by an account, which only its owner can use


class Fullness(IntEnum):
    """How whole a source's posts are; of the same post from two sources the fuller one counts."""

    SUMMARY = 1  # the beginning of each post
    PAGE = 2  # what a page shows
    EXPORT = 3  # what the blog itself stores


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that was not taken in: why, and where it stands. Never its content."""

    reason: str
    place: str


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can write posts. `key` is what the source knows them by; the displayed name is the first."""

    key: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Harvest:
    """What one source holds, as its importer found it: nothing cleaned, and nobody taken for the author yet.

    Posts and comments carry the `account` of their writer where the source tells, a key of `accounts`; a source that
    knows the author by other means sets `by_author` itself (a sign-off), and one that knows only names has the proof
    NAME. `threads` are posts without text: comments that belong to a post of another source. `comments` counts those
    of the published posts and threads, also the ones left out.

    `held_back` are slugs, origins and links of posts that readers may not see; `held_back_comments` the anchors of
    such comments. `made` is the source's own date (ISO 8601, "" when it has none), never that of the file; `complete`
    says that it held all comments of its posts on that day, so that what is missing was taken off the blog.
    `numbering` names the system that numbers the comments: one with the same anchor in two sources is the same.
    `by_address` are the accounts whose comments are known only by an e-mail address: none was written logged in.
    `notes` are damage and doubts as sentences for the author, with the line or item; `guesses` say what was taken to be
    so and how to overrule it.
    """

    posts: tuple[Post, ...] = ()
    threads: tuple[Post, ...] = ()
    comments: int = 0
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()
    guesses: tuple[str, ...] = ()
    held_back: frozenset[str] = frozenset()
    held_back_comments: frozenset[str] = frozenset()
    made: str = ""
    complete: bool = False
    numbering: str = ""
    title: str | None = None
    url: str | None = None
    accounts: tuple[Account, ...] = ()
    by_address: frozenset[str] = frozenset()
    proof: Proof = Proof.ACCOUNT
    fullness: Fullness = Fullness.EXPORT


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read: its name, what kind it is, how much it gave, and what is to be said of it.

    `voices` counts the blocks of text, of posts and comments, that each voice speaks.
    """

    name: str
    kind: str
    posts: int
    comments: int
    replies: int = 0
    voices: tuple[tuple[str, int], ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()
    guesses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Archive:
    """All that was read, cleaned, with the voices told; and what was left out, guessed or doubted.

    `left_out` and `notes` hold those of all sources too; `united` is what several sources have. `guesses` say what was
    taken to be so, and how to overrule it.
    `curation` is what the author's hand says, done already where it hides or forgets.
    """

    sources: tuple[Source, ...]
    posts: tuple[Post, ...]
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]
    title: str | None
    url: str | None
    authors: tuple[str, ...]
    guesses: tuple[str, ...] = ()
    united: tuple[LeftOut, ...] = ()
    curation: Curation = field(default_factory=Curation)
