"""Quotation marks of English, German and French, and what of a text stands between them."""

import re

_CLOSING = {
    "“": "”",
    "„": "“”",
    "”": "”",
    "«": "»",
    "»": "«",
    "‹": "›",
    "›": "‹",
    '"': '"',
    "‘": "’",
    "‚": "‘’",
    "'": "'",
}
OPENING = "".join(re.escape(mark) for mark in _CLOSING if mark not in "‘‚'")  # for a class of characters
_APOSTROPHES = "‘‚'"
# An apostrophe inside of a word closes nothing.
_SINGLE_END = {"‘": re.compile(r"’(?!\w)"), "‚": re.compile(r"[‘’](?!\w)"), "'": re.compile(r"(?<=[.,!?…])'(?!\w)")}
_DOUBLE_END = {mark: re.compile(f"[{closing}]") for mark, closing in _CLOSING.items() if mark not in _APOSTROPHES}
_END = {**_DOUBLE_END, **_SINGLE_END}
_NEXT_OPENING = re.compile('[“„«"]')
_BETWEEN = re.compile(r"[\s.,;…–—-]*")


def opens_quoted(text: str) -> bool:
    """Say whether a text begins with a quotation mark, and not with an apostrophe."""
    return text[:1] in _CLOSING and not (text[:1] in _APOSTROPHES and not text[1:2].isupper())


def behind_quotations(text: str) -> int | None:
    """Return the place behind the quotations that a text begins with, one after the other; None if one stays open.

    Behind a text that begins with no quotation that is 0.
    """
    end = at = 0
    while opens_quoted(text[at : at + 2]):
        closed = _END[text[at]].search(text, at + 1)
        if closed is None:
            return None
        end = closed.end()
        between = _BETWEEN.match(text, end)
        at = between.end() if between else end
    return end


def closes_quotation(text: str) -> bool:
    """Say whether a text closes a quotation that began before it."""
    opened = re.search("[“„«‘]", text)
    closed = re.search("[”»]", text) or re.search('"', text)
    if closed is None:
        return False
    if closed[0] == '"':
        return text.count('"') % 2 == 1
    return opened is None or closed.start() < opened.start()


def quoted_share(text: str) -> float:
    """Return the share of a text, from 0 to 1, that stands between double quotation marks."""
    quoted = at = 0
    while opening := _NEXT_OPENING.search(text, at):
        closed = _END[opening[0]].search(text, opening.end())
        if closed is None:
            break
        quoted += closed.end() - opening.start()
        at = closed.end()
    return quoted / len(text) if text else 0.0
