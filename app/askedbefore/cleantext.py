"""Text without what cannot be seen: of an archive, and of what a reader types."""

import re

_LINE_ENDS = {0x0B: "\n", 0x0C: "\n", 0x85: "\n", 0x2028: "\n", 0x2029: "\n\n"}
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff]")
_SPACES = re.compile(r"[^\S\n]+")


def clean_text(text: str) -> str:
    """Return text without invisible characters, with single spaces and no space around line ends."""
    return "\n".join(_SPACES.sub(" ", line).strip() for line in visible_text(text).split("\n")).strip()


def visible_text(text: str) -> str:
    """Return text with plain line ends and without characters that cannot be seen."""
    return _INVISIBLE.sub("", text.translate(_LINE_ENDS).replace("\r\n", "\n").replace("\r", "\n"))
