"""The nouns of the project. All are frozen: a step makes new ones and changes none."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Voice(StrEnum):
    """Who speaks."""

    AUTHOR = "author"
    READER = "reader"


class BlockKind(StrEnum):
    """What a block of text is on its page."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST = "list"
    QUOTE = "quote"
    VERSE = "verse"
    NOTE = "note"


class Kind(StrEnum):
    """Where a passage stands in the archive."""

    POST = "post"
    REPLY = "reply"
    LETTER = "letter"
    COMMENT = "comment"


class Outcome(StrEnum):
    """What came of a question."""

    PASSAGES = "passages"
    NOTHING_CLOSE = "nothing_close"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list, quotation, poem or footnote as clean text, without markup.

    `on_page` is the text as a browser finds it, where that is not the same: wide spaces of several characters and the
    signs of notes stay. `bold` says whether all of it is in bold letters.
    """

    kind: BlockKind
    text: str
    voice: Voice = Voice.AUTHOR
    letter: bool = False
    on_page: str | None = None
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Comment:
    """An approved comment. `parent` is the id of the comment it answers.

    `names` are the words of its writer's name in small letters: needed to keep them out, and never written anywhere.
    What is `hidden` keeps its place in the thread, and is never shown or matched. `anchor` is where the page has it
    ("comment-12"), None where a page has no anchors; `account` is what its source knows a logged-in writer by, and
    is only there until it is known who the author is.
    """

    id: str
    parent: str | None
    by_author: bool
    blocks: tuple[Block, ...]
    date: str | None = None
    names: frozenset[str] = frozenset()
    hidden: bool = False
    anchor: str | None = None
    account: str | None = None

    @property
    def text(self) -> str:
        """Return the whole comment as clean text, paragraphs parted by a blank line."""
        return "\n\n".join(block.text for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Post:
    """A published post or page with its approved comments, oldest first.

    `origin` is what the blog itself knows the post by, whatever its slug is today; `categories` are the names that it
    is filed under; `account` is what its source knows its writer by, until it is known who the author is.
    """

    slug: str
    title: str
    url: str | None
    date: str | None
    blocks: tuple[Block, ...]
    comments: tuple[Comment, ...] = ()
    origin: str | None = None
    categories: tuple[str, ...] = ()
    account: str | None = None

    @property
    def comment_links(self) -> bool:
        """Say whether comments can be linked to: their page has anchors, or there are none to tell by."""
        return not self.comments or any(comment.anchor for comment in self.comments)


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of the archive that is matched against questions.

    `unit` names the exchange or the section that the passage is evidence for. A passage that is not
    `shown` (the reader's side of an exchange) only helps its unit to be found. `joint` is the white space between it
    and the passage before it, where both are pieces of one running text.
    """

    id: str
    unit: str
    kind: Kind
    voice: Voice
    shown: bool
    text: str
    post: str
    title: str
    heading: str | None = None
    comment: str | None = None
    date: str | None = None
    url: str | None = None
    asked: str | None = None
    joint: str | None = None


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question that readers have asked and the author answered, in the words of one of them.

    `count` is in how many comments it was asked; `answers` are ids of passages, the best reply first.
    """

    topic: str
    question: str
    count: int
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question, and what is quoted of it. `score` is at most 1, higher is closer.

    `quote` is a piece of the archive's text, `highlights` are ranges in it, `cut` says whether the passage goes on
    before the quote and after it. `passage` is the first of those that the quote is taken from.
    """

    passage: Passage
    score: float
    quote: str
    highlights: tuple[tuple[int, int], ...] = ()
    cut: tuple[bool, bool] = (False, False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reader gets for a question.

    `message` says in words why there are no passages, or that they are perhaps not about the question; `certain` says
    whether the archive is surely about it. `support` is what stands above everything else when the question may be a
    cry for help. `before` is the question before this one, if it was understood as a follow-up to that. `suggestions`
    are questions that the archive does answer.
    """

    question: str
    outcome: Outcome
    disclaimer: str
    hits: tuple[Hit, ...] = ()
    message: str | None = None
    support: Mapping[str, Any] | None = None
    certain: bool = False
    before: str | None = None
    suggestions: tuple[str, ...] = ()
    elapsed_ms: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """Return the answer in the public JSON form; `highlights` count Unicode code points."""
        return {
            "question": self.question,
            "outcome": self.outcome.value,
            "disclaimer": self.disclaimer,
            "message": self.message,
            "certain": self.certain,
            "before": self.before,
            "support": self.support,
            "suggestions": list(self.suggestions),
            "passages": [_hit_to_json(hit) for hit in self.hits],
            "elapsed_ms": round(self.elapsed_ms, 1),
        }


def _hit_to_json(hit: Hit) -> dict[str, Any]:
    """Return one passage in the public JSON form."""
    passage = hit.passage
    return {
        "id": passage.id,
        "kind": passage.kind.value,
        "voice": passage.voice.value,
        "title": passage.title,
        "heading": passage.heading,
        "url": passage.url,
        "date": passage.date,
        "quote": hit.quote,
        "highlights": [list(span) for span in hit.highlights],
        "cut": list(hit.cut),
        "asked": passage.asked,
        "score": round(hit.score, 4),
        "post": passage.post,
        "comment": passage.comment,
    }
