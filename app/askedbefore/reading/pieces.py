"""A feed-like XML file, also a damaged one, in pieces that can each be parsed: its head, then item by item.

A parser of the whole file loses what comes after a damage, or drops words without a sign; and the tree of an item with
100,000 comments is many times as large as they are. So an item's comments are parts of their own.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from askedbefore.reading.segments import Kind, Segment

_NAME = re.compile(r"</?([\w.:-]+)")
_DECLARATION = re.compile(r"xmlns:([\w.-]+)\s*=\s*[\"']([^\"'<&]*)[\"']")
_OF_ANOTHER = re.compile(r"item|title|link|creator|encoded|wp:post|wp:status")  # in a text that ran on
_PARTS = {"channel": ":author", "item": ":comment"}


@dataclass
class Part:
    """A comment of an item or an author of the channel, with its tags.

    `line` is where it begins; `ended` says that its end is there, `run_together` that a text in it has none.
    """

    line: int
    texts: list[str] = field(default_factory=list)
    ended: bool = False
    run_together: bool = False

    @property
    def text(self) -> str:
        """Return the whole text."""
        return "".join(self.texts)


@dataclass
class Piece(Part):
    """An item with its tags, or what stands in the channel around items; without its parts.

    When a text without an end ran over the end of its item (`overrun`), the parts after it may be of the next one.
    """

    name: str = "item"
    parts: list[Part] = field(default_factory=list)
    overrun: bool = False


def read_pieces(segments: Iterable[Segment], namespaces: dict[str, str]) -> Iterator[Piece]:
    """Yield the channel's head and each item. `namespaces` takes the prefixes that are declared for the whole file."""
    piece: Piece | None = None
    begun = False
    for segment in segments:
        name, ends = _tag(segment)
        if name in ("rss", "channel", "item"):
            begun = True
            if piece and name == "item" and ends and piece.name == "channel":
                continue  # the end of an item that never began
            if piece:
                yield _finished(piece, segment if name == piece.name and ends else None)
            piece = None if ends else Piece(segment.line, name="item" if name == "item" else "channel")
            if piece and piece.name == "item":
                piece.texts.append(segment.text)
            elif not ends:
                namespaces |= dict(_DECLARATION.findall(segment.text))
        elif piece or (begun and (segment.kind is not Kind.TEXT or segment.text.strip())):
            piece = piece or Piece(segment.line, name="channel")
            _add(piece, segment, name, ends)
    if piece:
        yield _finished(piece, None)


def _tag(segment: Segment) -> tuple[str, bool]:
    """Return the name of a tag that begins or ends a piece or part ("" for none), and whether it ends it."""
    found = _NAME.match(segment.text) if segment.kind is Kind.MARK else None
    return (found[1], segment.text.startswith("</")) if found else ("", False)


def _finished(piece: Piece, end: Segment | None) -> Piece:
    """Return a piece that nothing more belongs to; an item without an end tag has lost some of it."""
    if piece.name == "item" and end:
        piece.texts.append(end.text)
    piece.ended = end is not None or piece.name == "channel"
    return piece


def _add(piece: Piece, segment: Segment, name: str, ends: bool) -> None:
    """Add a segment to a piece, or to the part of it that is open."""
    part = piece.parts[-1] if piece.parts and not piece.parts[-1].ended else None
    if name.endswith(_PARTS[piece.name]):
        if not ends:
            piece.parts.append(Part(segment.line, [segment.text], run_together=piece.overrun))
            return
        if part:
            part.ended = True
    target = part or piece
    target.texts.append(segment.text)
    if segment.kind is Kind.RUN_TOGETHER:
        target.run_together = True
        piece.overrun = piece.overrun or bool(_OF_ANOTHER.search(segment.text))
