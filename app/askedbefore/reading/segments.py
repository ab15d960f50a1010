"""What a feed-like XML file is made of, also a damaged one: its text mended, its CDATA sections whole, its marks found.

What is amiss between tags is mended as it stands, and a CDATA section ends where it was meant to end. Nothing is taken
for markup that a parser would take for text: whoever writes a comment must not be able to write an item.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from html import unescape
from html.entities import html5
from xml.sax.saxutils import escape

from askedbefore.elements import BLOCKS, UNREAD
from askedbefore.reading.xmltext import Note

_MARK = re.compile(r"<!\[CDATA\[|<!--|<\?|</?(?:(?:item|channel|rss)|[\w.-]+:(?:author|comment))(?:\s[^<>]*)?(?<!/)>")
_HELD = re.compile(r"(?:<[^<>]*|&[^;\s]*|\]{1,2})\Z")  # what the end of a part may have cut
_TAG = re.compile(r"<([\w:.-]+)(?:\s[^<>]*)?>[^<>]*\Z")
_AMISS = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)(#?\w{1,31};)?|<(?![/A-Za-z_])|\]\]>")
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_AFTER_CDATA = re.compile(r"\s*<(?:!\[CDATA\[|/?([\w:.-]+)(?=[\s/>]))")
_HTML = (
    BLOCKS
    | UNREAD
    | {"a", "abbr", "b", "big", "body", "br", "cite", "code", "em", "font", "html", "i", "ins", "kbd", "label", "mark"}
    | {"q", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var"}
) - {"title", "link"}
# Tags that no text holds: a CDATA section with one of them has lost its end.
_RUN_TOGETHER = re.compile(
    r"</?(?:item|[\w.-]+:(?:comment|status|post_type|post_password|comment_approved|comment_type))>"
)
_LOOKAHEAD = 512  # characters that decide what a `]]>` or a `<` is
_LONGEST_INSTRUCTION = 4096


class Kind(Enum):
    """What a segment is: text with tags, a tag that begins or ends a piece or part, or a text that has no end."""

    TEXT = 1
    MARK = 2
    RUN_TOGETHER = 3


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the file as it can be parsed, and the line where it begins."""

    kind: Kind
    text: str
    line: int


class Scanner:
    """Reads a file through, segment by segment; no more of it is held than the longest CDATA section."""

    def __init__(self, read: Callable[[int], str], note: Note) -> None:
        """Take what reads about so many characters of the file ("" at its end), and what is told of mended places."""
        self._read = read
        self._note: Note = _ignore  # until the export begins
        self._tell = note
        self._text, self._at, self._line = "", 0, 1
        self._ended = False
        self._tag = ""  # the element that was opened last

    def segments(self) -> Iterator[Segment]:
        """Yield the segments in order, without the file's comments and instructions."""
        while True:
            mark = _MARK.search(self._text, self._at)
            end = mark.start() if mark else self._end_of_text()
            if end > self._at:
                yield self._plain(end)
            if mark:
                yield from self._marked(mark)
            elif self._ended:
                return
            else:
                self._read_on()

    def _read_on(self) -> None:
        """Take more of the file; twice as much each time that nothing came of it."""
        held = self._text[self._at :]
        part = self._read(len(held))
        self._text, self._at, self._ended = held + part, 0, not part

    def _end_of_text(self) -> int:
        """Return the place up to which text is whole, where no mark is ahead."""
        if self._ended:
            return len(self._text)
        held = _HELD.search(self._text, max(len(self._text) - _LOOKAHEAD, self._at))
        return held.start() if held else len(self._text)

    def _take(self, end: int) -> str:
        """Return the text up to a place, and go on behind it."""
        text = self._text[self._at : end]
        self._at, self._line = end, self._line + text.count("\n")
        return text

    def _plain(self, end: int) -> Segment:
        """Return the text between two marks, mended."""
        line, text = self._line, self._take(end)
        if "<" in text:
            tag = _TAG.search(text, text.rfind("<"))
            self._tag = tag[1] if tag else ""
        return Segment(Kind.TEXT, _mended(text, line, self._note), line)

    def _marked(self, mark: re.Match[str]) -> Iterator[Segment]:
        """Yield what begins with a mark."""
        line = self._line
        if mark[0] == _CDATA:
            while (end := self._end_of_cdata()) is None:
                self._read_on()
            yield self._cdata(self._take(end), line)
        elif mark[0] in ("<!--", "<?"):
            while (end := self._end_of_comment() if mark[0] == "<!--" else self._end_of_instruction()) is None:
                self._read_on()
            if end < 0:
                self._note(line, f"a {mark[0]} without an end was read as it stands")
                yield Segment(Kind.TEXT, "&lt;", line)
            self._take(end if end > 0 else self._at + 1)
        else:
            self._note = self._tell
            yield Segment(Kind.MARK, self._take(mark.end()), line)

    def _cdata(self, section: str, line: int) -> Segment:
        """Return a CDATA section; the marks of one inside of it are text."""
        inside = section.removeprefix(_CDATA).removesuffix(_CDATA_END)
        if not section.endswith(_CDATA_END) or f"</{self._tag}>" in inside or _RUN_TOGETHER.search(inside):
            return Segment(Kind.RUN_TOGETHER, escape(inside), line)
        if _CDATA_END in inside:
            self._note(line, "a ]]> inside of a text was read as it stands")
            inside = inside.replace(_CDATA_END, "]]]]><![CDATA[>")
        return Segment(Kind.TEXT, _CDATA + inside + _CDATA_END, line)

    def _end_of_cdata(self) -> int | None:
        """Return the place after the CDATA section that begins here; None when more of the file is needed to know.

        A `]]>` ends it when a tag of the export follows, or when no other stands before its element's end.
        """
        closing = self._text.find(f"</{self._tag}>", self._at) if self._tag else -1
        found = self._text.find(_CDATA_END, self._at)
        while found >= 0:
            after = found + len(_CDATA_END)
            if after + _LOOKAHEAD > len(self._text) and not self._ended:
                return None
            following = _AFTER_CDATA.match(self._text, after, after + _LOOKAHEAD)
            if following and (following[1] in (None, self._tag) or following[1].lower() not in _HTML):
                return after
            found = self._text.find(_CDATA_END, after)
            if after <= closing and not 0 <= found < closing:
                return after
        return len(self._text) if self._ended else None

    def _end_of_comment(self) -> int | None:
        """Return the place after a comment, -1 when it is none, None when that is not known yet.

        It is none when `--` stands in it, or when it would take away where an item or a comment of the blog ends.
        """
        begin = self._at + len("<!--")
        dashes = self._text.find("--", begin)
        if dashes < 0 or dashes + 2 == len(self._text):
            return -1 if self._ended else None
        is_one = self._text[dashes + 2] == ">" and not _RUN_TOGETHER.search(self._text, begin, dashes)
        return dashes + 3 if is_one else -1

    def _end_of_instruction(self) -> int | None:
        """Return the place after an instruction such as the XML declaration, -1 when it is none."""
        found = self._text.find("?>", self._at, self._at + _LONGEST_INSTRUCTION)
        if found < 0 and len(self._text) < self._at + _LONGEST_INSTRUCTION and not self._ended:
            return None
        return found + len("?>") if found >= 0 else -1


def _ignore(_line: int, _what: str) -> None:
    """Pass over what stands before the export."""


def _mended(text: str, line: int, note: Note) -> str:
    """Return text between tags as XML has it: a bare `&` or `<` is text, and HTML's entities are known."""
    kept: list[str] = []
    at = counted = 0
    for match in _AMISS.finditer(text):
        name = match[1] or ""
        known = name.startswith("#") or name in html5
        if not known:
            line, counted = line + text.count("\n", counted, match.start()), match.start()
            note(line, f"a bare {match[0].removesuffix(name)} was read as it stands")
        kept += [text[at : match.start()], escape(unescape(match[0]) if known else match[0])]
        at = match.end()
    return "".join([*kept, text[at:]]) if kept else text
