"""WordPress shortcodes, `[name setting="x"]…[/name]`: their marks go, prose in square brackets stays."""

import re
from collections import Counter
from dataclasses import dataclass

# What stands between these is no prose.
UNREAD = {
    "audio",
    "caption",
    "contact-form",
    "contact-form-7",
    "embed",
    "gallery",
    "playlist",
    "sourcecode",
    "video",
} | {"wp_caption"}
# What stands between these is for some readers only: names such as [members_only] or [restrict], by their parts.
FOR_SOME = re.compile(
    r"member|restrict|protect|private|paid|premium|subscri|password|logged|login|visitor|paywall|mepr|pmpro|rcp|wlm|s2"
)
QUOTATIONS = {"quote", "blockquote", "pullquote"}

# Bounded, so that a text of opening brackets alone takes no longer than another.
_TAG = re.compile(
    r"""(\[?)\[(/?)([a-z][a-z0-9_-]{0,60})((?:\s(?:[^\]"']|"[^"]{0,2000}"|'[^']{0,2000}'){0,300})?)\](\]?)""",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Tag:
    """A tag in square brackets: where it stands, its name, and what it is."""

    start: int
    end: int
    name: str
    closes: bool
    has_settings: bool
    escaped: bool


def take_out_shortcodes(text: str) -> str:
    """Return HTML without shortcodes; what is for some readers only goes with all it holds.

    A bracketed word is taken for a shortcode when it is a known one, has settings, or has a closing tag: [sic] and
    [to quote you] stay. `[[name]]` is how a blog writes of a shortcode, and becomes `[name]`.
    """
    tags = [_read(match) for match in _TAG.finditer(text)]
    closing = Counter(tag.name for tag in tags if tag.closes)
    names = {tag.name for tag in tags if tag.has_settings or (not tag.closes and closing[tag.name])}
    kept: list[str] = []
    at, hidden_by = 0, ""
    for tag in tags:
        if not hidden_by:
            kept.append(text[at : tag.start])
        at = tag.end
        if tag.escaped:
            kept.append("" if hidden_by else text[tag.start + 1 : tag.end - 1])
        elif hidden_by:
            hidden_by = "" if tag.closes and tag.name == hidden_by else hidden_by
        elif tag.name in names or tag.name in UNREAD:
            kept.append(_in_place_of(tag))
            if not tag.closes and _is_hidden(tag.name) and (closing[tag.name] or FOR_SOME.search(tag.name)):
                hidden_by = tag.name
        else:
            kept.append(text[tag.start : tag.end])
    return "".join(kept) + ("" if hidden_by else text[at:])


def _read(match: re.Match[str]) -> _Tag:
    """Return a tag as it was found."""
    opened, slash, name, settings, closed = match.groups()
    escaped = bool(opened and closed)
    start = match.start() + (0 if escaped or not opened else 1)
    end = match.end() - (0 if escaped or not closed else 1)
    return _Tag(start, end, name.lower(), bool(slash), "=" in settings, escaped)


def _is_hidden(name: str) -> bool:
    """Say whether what stands between a shortcode's tags is not for every reader, or is no text."""
    return name in UNREAD or bool(FOR_SOME.search(name))


def _in_place_of(tag: _Tag) -> str:
    """Return what stands in a shortcode's place: the marks of a quotation, or a gap so that words do not join."""
    if tag.name in QUOTATIONS:
        return "</blockquote>" if tag.closes else "<blockquote>"
    return "\n\n" if tag.name in UNREAD or FOR_SOME.search(tag.name) or "col" in tag.name or "row" in tag.name else " "
