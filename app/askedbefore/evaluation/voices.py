"""Measure how often a block of a post is given the voice that speaks in it, on posts that a person labelled."""

import html
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from askedbefore.cleaning import clean_blocks
from askedbefore.errors import EvaluationError
from askedbefore.markup import html_blocks
from askedbefore.records import Block, Voice
from askedbefore.sentences import count_words
from askedbefore.voices import tell_voices

_LABEL = re.compile(r"\{(author|reader|letter|any|nothing)\}")
_TAG = re.compile(r"<[^>]*>|\[/?(?:caption|gallery)\b[^\]]*\]")


class LabelledPost(BaseModel):
    """A post as the blog stores it or as it renders, with a label in braces before each change of voice."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    kind: str
    html: str
    author: str = "Nora Field"


class _File(BaseModel):
    """A file of labelled posts."""

    model_config = ConfigDict(extra="forbid")

    post: list[LabelledPost]


@dataclass(frozen=True, slots=True)
class Told:
    """A labelled stretch of a post and what was told of it.

    `words` is its length, `as_author` how many of its words came out as the author's, `missing` whether its words are
    not in the text that was read (or are, where they should not be). `as_letter` says whether all of it is a letter.
    """

    post: str
    kind: str
    label: str
    text: str
    words: int
    as_author: int
    as_letter: bool
    missing: bool

    @property
    def is_right(self) -> bool:
        """Say whether the voice of every word is the labelled one."""
        wanted = {"author": self.words, "reader": 0, "letter": 0}.get(self.label, self.as_author)
        return not self.missing and self.as_author == wanted

    @property
    def is_fault(self) -> bool:
        """Say whether somebody else's words came out as the author's, or no words of the post as text."""
        return self.label in ("reader", "letter") and self.as_author > 0

    @property
    def is_given_away(self) -> bool:
        """Say whether words of the author came out as somebody else's."""
        return self.label == "author" and self.as_author < self.words


def read_labelled_posts(path: Path) -> list[LabelledPost]:
    """Return the posts of a TOML file of labelled posts, or raise EvaluationError."""
    try:
        return _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).post
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise EvaluationError(f"{path}: these are no labelled posts: {error}") from error


def measure_voices(posts: Iterable[LabelledPost]) -> list[Told]:
    """Read each post as a rebuild does and return what was told of each of its labelled stretches."""
    return [told for post in posts for told in _measure(post)]


def _measure(post: LabelledPost) -> list[Told]:
    """Return what was told of each stretch of one post."""
    blocks = tell_voices(clean_blocks(html_blocks(_LABEL.sub("", post.html))), (post.author,)).blocks
    signs = "".join(_signs(block.text) for block in blocks)
    spoken = [block for block in blocks for _ in _signs(block.text)]
    told, at = [], 0
    for label, text in _stretches(post.html):
        looked_for = _signs(text)
        if label == "nothing":
            is_there = bool(looked_for) and signs.startswith(looked_for, at)
            told.append(Told(post.name, post.kind, label, text, count_words(text), 0, False, is_there))
            at += len(looked_for) if is_there else 0
            continue
        start = signs.find(looked_for, at)
        by = spoken[start : start + len(looked_for)] if start >= 0 else []
        told.append(_told(post, label, text, by))
        at = start + len(looked_for) if start >= 0 else at
    return told


def _told(post: LabelledPost, label: str, text: str, by: Sequence[Block]) -> Told:
    """Return what was told of a stretch, given the block that each of its signs stands in."""
    words, author = count_words(text), sum(block.voice is Voice.AUTHOR for block in by)
    # A share of the signs is a share of the words; a part of a word is one.
    as_author = -(-words * author // len(by)) if by else 0
    return Told(post.name, post.kind, label, text, words, as_author, all(block.letter for block in by), not by)


def _stretches(source: str) -> list[tuple[str, str]]:
    """Return each label of a source with the text that follows it."""
    _, *parts = _LABEL.split(source)
    labelled = ((label, _text(part)) for label, part in zip(parts[::2], parts[1::2], strict=True))
    return [(label, text) for label, text in labelled if _signs(text) or label == "nothing"]


def _text(source: str) -> str:
    """Return the text of a piece of HTML on one line."""
    return " ".join(html.unescape(_TAG.sub(" ", source)).split())


def _signs(text: str) -> str:
    """Return the letters and digits of a text, which is what no step between source and block may change."""
    return "".join(sign for sign in text if sign.isalnum())
