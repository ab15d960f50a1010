"""What every post and comment goes through after its importer: boilerplate and sign-offs out, headings known."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import zip_longest

from askedbefore.records import Block, BlockKind

_BOILERPLATE = re.compile(
    r"""^(?:
        \*{3}[^*]*\*{3}                                                 # *** a banner ***
      | (?:next|previous|last)\s+(?:post|article|entry|part)\b[^.?!:]*:[^.?!]*[.?!]?   # Next post in the series: …
      | leave\s+a\s+(?:comment|reply)
      | share\s+this:?|related(?:\s+posts?)?:?
      | (?:click\s+here\s+to\s+)?(?:continue\s+reading|read\s+more)\b.{0,3}
    )$""",
    re.IGNORECASE | re.VERBOSE,
)
_MOST_BOILERPLATE = 300  # characters
_LINE_HEADING = re.compile(r"^[A-Z0-9“\"'‘][^.!?\n]{2,80}:$")
_HEADING_WORDS = 9

# A sign-off stands after the end of a sentence or on a line of its own: "Thank you JS" is said to JS.
_BEFORE_SIGN_OFF = r"(?:(?<=[.!?…:)”\"'])[^\S\n]+|\n\s*|^)[-–—~]*\s*"
_INITIALS_AT_END = re.compile(_BEFORE_SIGN_OFF + r"([A-Z]{2,4})[.!]?$")
_NO_SIGN_OFF = re.compile("AND|BPD|BTW|CBT|DBT|DID|DSM|EMDR|LOL|NO|OCD|OK|PS|PTSD|TV|UK|USA?|YES")
_LONGEST_END = 80  # characters in which a sign-off is looked for


def clean_blocks(blocks: Iterable[Block], sign_off: str | None = None) -> tuple[Block, ...]:
    """Return the blocks without boilerplate and closing sign-offs, lines that serve as headings made headings."""
    kept = [block for block in blocks if not _is_boilerplate(block.text)]
    while kept and sign_off and ends_with_sign_off(kept[-1].text, sign_off):
        rest = without_sign_off(kept[-1].text, sign_off)
        kept[-1:] = [replace(kept[-1], text=rest)] if rest else []
    return tuple(_with_headings(kept))


def without_sign_off(text: str, sign_off: str) -> str:
    """Return text without the sign-off that closes it, if one does."""
    text = text.rstrip()
    found = _sign_off_at_end(sign_off).search(text, max(len(text) - _LONGEST_END, 0))
    return text[: found.start()].rstrip() if found else text


def ends_with_sign_off(text: str, sign_off: str) -> bool:
    """Say whether the text closes with the sign-off, after a sentence or on a line of its own."""
    return without_sign_off(text, sign_off) != text.rstrip()


def guess_sign_off(replies: Sequence[str], others: Sequence[str] = ()) -> str | None:
    """Return the initials that close at least two of the replies, and clearly more of them than of the other texts."""
    endings, elsewhere = _count_endings(replies), _count_endings(others)
    ranked = sorted(endings.items(), key=lambda item: (-item[1], item[0]))
    initials, number = ranked[0] if ranked else ("", 0)
    return initials if number >= 2 and number > 2 * elsewhere[initials] else None


def _count_endings(texts: Iterable[str]) -> Counter[str]:
    """Count the initials that close the texts."""
    found = (_INITIALS_AT_END.search(text.rstrip()[-_LONGEST_END:]) for text in texts)
    return Counter(one[1] for one in found if one and not _NO_SIGN_OFF.fullmatch(one[1]))


def _is_boilerplate(text: str) -> bool:
    """Say whether a block is a banner, a pointer to another post, or a button's label."""
    return len(text) <= _MOST_BOILERPLATE and bool(_BOILERPLATE.match(text))


def _sign_off_at_end(sign_off: str) -> re.Pattern[str]:
    """Return what finds a sign-off as the last words of a text, with or without a dash before it."""
    return re.compile(rf"{_BEFORE_SIGN_OFF}{re.escape(sign_off)}\s?[.!]?$")


def _with_headings(blocks: list[Block]) -> Iterable[Block]:
    """Tell headings from paragraphs by what follows: a heading has something under it.

    A short paragraph that ends in a colon becomes a heading when a full paragraph follows; a bold line or heading that
    nothing follows is text.
    """
    for block, following in zip_longest(blocks, blocks[1:]):
        if following is None and block.kind is BlockKind.HEADING:
            yield replace(block, kind=BlockKind.PARAGRAPH)
        elif following is not None and following.kind is BlockKind.PARAGRAPH and _is_line_heading(block):
            yield replace(block, kind=BlockKind.HEADING)
        else:
            yield block


def _is_line_heading(block: Block) -> bool:
    """Say whether a paragraph is a short line that ends in a colon and announces no one's words."""
    return (
        block.kind is BlockKind.PARAGRAPH
        and bool(_LINE_HEADING.match(block.text))
        and len(block.text.split()) <= _HEADING_WORDS
        and not re.match(r"(?:dear|hi|hello)\b", block.text, re.IGNORECASE)
        and not re.search(
            r"\b(?:writes|wrote|asks|asked|says|said|question|letter|answer)\b", block.text, re.IGNORECASE
        )
    )
