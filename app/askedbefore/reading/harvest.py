"""What an importer brings home from one source, and what all of them together make."""

from dataclasses import dataclass, field
from pathlib import Path

from askedbefore.curation import Curation
from askedbefore.records import Post


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that was not taken in: why, and where it stands. Never its content."""

    reason: str
    place: str


@dataclass(frozen=True, slots=True)
class Harvest:
    """What one source holds.

    `comments` counts those of its published posts, also the ones left out. `made` is the export's own date
    (ISO 8601, "" when it has none). `held_back` are slugs and origins of posts that readers may not see.
    `notes` are guesses and damage, as sentences for the author; `authors` are names that the author goes by.
    """

    posts: tuple[Post, ...]
    comments: int = 0
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()
    held_back: frozenset[str] = frozenset()
    made: str = ""
    title: str | None = None
    url: str | None = None
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read: what kind it is, and how much it gave."""

    path: Path
    kind: str
    posts: int
    comments: int


@dataclass(frozen=True, slots=True)
class Archive:
    """All that was read, cleaned, with the voices told; and what was left out, guessed or doubted.

    `curation` is what the author's hand says, done already where it hides or forgets.
    """

    sources: tuple[Source, ...]
    posts: tuple[Post, ...]
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]
    title: str | None
    url: str | None
    authors: tuple[str, ...]
    curation: Curation = field(default_factory=Curation)
