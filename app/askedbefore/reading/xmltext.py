"""An XML file as text: its encoding found, its line ends plain, and no character in it that XML forbids.

Nothing of it is parsed here. What was mended is told with its line.
"""

import re
from collections.abc import Callable
from io import TextIOWrapper
from pathlib import Path

Note = Callable[[int, str], None]  # a line, and what was mended there

_PART = 1 << 20  # characters read at a time
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_WITHOUT_MARK = ((b"<\0?\0", "utf-16-le"), (b"\0<\0?", "utf-16-be"))
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)[\"']")
# Encodings that leave ASCII as it is; what declares another one was saved anew by something that forgot to say so.
_KNOWN = re.compile(r"(?:windows-|cp)125\d|iso-?8859-\d+|koi8-[ru]|shift_jis|euc-(?:jp|kr)|gb2312|gbk|gb18030|big5")
_LATIN = re.compile(r"iso-?8859-1")
# U+DC80 to U+DCFF stand for bytes that are not UTF-8; three of them may be half of a pair that was written as such.
_ODD = re.compile(
    "\udced[\udca0-\udcbf][\udc80-\udcbf]|[\udc80-\udcff]|[\x0b\x0c]|[\x00-\x08\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
)


def decode_head(head: bytes) -> str:
    """Return the beginning of an XML file as text, whatever its encoding."""
    return head.decode(_encoding(head), "replace")


class XmlText:
    """A file as it is read, part by part."""

    def __init__(self, path: Path, note: Note) -> None:
        """Open a file. Raises OSError."""
        with path.open("rb") as file:
            encoding = _encoding(file.read(4096))
        errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
        self._file: TextIOWrapper = path.open(encoding=encoding, errors=errors, newline=None)
        self._note = note
        self._line = 1

    def read(self, size: int = _PART) -> str:
        """Return about so many characters; "" only at the end."""
        while part := self._file.read(max(size, _PART)):
            mended, at = [], 0
            for odd in _ODD.finditer(part):
                mended.append(part[at : odd.start()])
                self._line += part.count("\n", at, odd.start())
                mended.append(self._instead_of(odd[0]))
                at = odd.end()
            self._line += part.count("\n", at)
            if text := "".join([*mended, part[at:]]):
                return text
        return ""

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _instead_of(self, odd: str) -> str:
        """Return what stands for characters that are not allowed, and note it."""
        if odd in "\x0b\x0c":
            return "\u2028"  # a line end, but no new line of the file
        if len(odd) > 1 or not "\udc80" <= odd <= "\udcff":
            self._note(self._line, "a character that is none was left out")
            return ""
        self._note(self._line, "bytes that are not UTF-8 were read as Windows-1252")
        return bytes([ord(odd) - 0xDC00]).decode("cp1252", "ignore")


def _encoding(head: bytes) -> str:
    """Return the encoding of a file that begins like this, as its mark or its declaration has it, else UTF-8."""
    for beginning, encoding in (*_MARKS, *_WITHOUT_MARK):
        if head.startswith(beginning):
            return encoding
    declared = _DECLARED.search(head[:4096])
    name = declared[1].decode("ascii").lower() if declared else ""
    if _LATIN.fullmatch(name):
        return "cp1252"  # what calls itself Latin-1 is read so by every browser
    return name if _KNOWN.fullmatch(name) else "utf-8"


def holds(path: Path, word: str) -> bool:
    """Say whether a file holds a word of ASCII letters, in any encoding that is known. Raises OSError."""
    spelt = [word.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be")]
    before = b""
    with path.open("rb") as file:
        while part := file.read(_PART):
            if any(one in before + part for one in spelt):
                return True
            before = part[-2 * len(word) :]
    return False
