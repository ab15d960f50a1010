"""What several importers need of web text: blocks of HTML as browsers read it, dates, and threads that close up."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import unquote, urlsplit

from askedbefore.cleantext import clean_text
from askedbefore.markup import html_blocks
from askedbefore.records import Block

_DATE = re.compile(r"(?!0000)(\d{4})-(\d\d)-(\d\d)")
_DOUBLE_BREAK = re.compile(r"(?:<br\b[^<>]{0,200}>(?:\s|&nbsp;){0,200}){2,}", re.IGNORECASE)
_ENDING = re.compile(r"\.(?:html?|php|aspx?)$")
# html_blocks takes line ends for spaces, as browsers do, in what carries this mark.
_LINE_ENDS_ARE_SPACES = "<!-- wp:html -->"


def web_blocks(source: str) -> tuple[Block, ...]:
    """Return the blocks of HTML in which line ends are spaces, and an empty line made of <br> ends a paragraph."""
    return html_blocks(_LINE_ENDS_ARE_SPACES + _DOUBLE_BREAK.sub("<hr>", source))


def plain_title(source: str) -> str:
    """Return a title in HTML as one line of text."""
    return " ".join(" ".join(block.text for block in html_blocks(source)).split())


def day_of(value: str) -> str | None:
    """Return the day of a date that begins with YYYY-MM-DD, or None."""
    found = _DATE.match(value)
    return found[0] if found and 0 < int(found[2]) <= 12 and 0 < int(found[3]) <= 31 else None


def web_address(value: str) -> str | None:
    """Return an address, cleaned, if it is a link to the web."""
    plain = clean_text(value)
    try:
        parts = urlsplit(plain)
        return plain if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def slug_of(address: str) -> str:
    """Return what names a page in its address: the last part of its path that is no `index.html`, without ending."""
    try:
        path = unquote(urlsplit(address).path)
    except ValueError:
        return ""
    parts = [_ENDING.sub("", part) for part in path.split("/") if part]
    if parts and parts[-1] in ("index", "default"):
        parts.pop()
    return clean_text(parts[-1]) if parts else ""


def nearest_kept(parents: Mapping[str, str | None], kept: Iterable[str]) -> dict[str, str | None]:
    """Return for each comment that is kept the nearest one above it that is kept too.

    `parents` says which comment each one answers, also of those that are left out.
    """
    staying = set(kept)
    found: dict[str, str | None] = {}
    for comment in parents:
        path: list[str] = []
        seen: set[str] = set()
        at: str | None = comment
        while at is not None and at in parents and at not in found and at not in seen:
            path.append(at)
            seen.add(at)
            at = parents[at]
        # The nearest kept one at or above where the path ends: known already, or there is none (an end, or a circle).
        above = None if at is None or at not in found else at if at in staying else found[at]
        for one in reversed(path):
            found[one] = above
            above = one if one in staying else above
    return {comment: above for comment, above in found.items() if comment in staying}
