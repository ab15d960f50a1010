"""What every post and comment goes through after its importer: boilerplate and sign-offs out, headings known."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import zip_longest

from askedbefore.records import Block, BlockKind

_BOILERPLATE = re.compile(
    r"""^(?:
        \*{2,}.*\*{2,}                                              # *** a banner ***
      | (?:next|previous|last)\s+(?:post|article|entry|part)\b[^.?!]*:.*   # Next post in the series: …
      | leave\s+a\s+(?:comment|reply)
      | share\s+this:?|related(?:\s+posts?)?:?
      | (?:click\s+here\s+to\s+)?(?:continue\s+reading|read\s+more)\b.{0,3}
    )$""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_LINE_HEADING = re.compile(r"^[A-Z0-9“\"'‘][^.!?\n]{2,80}:$")
_HEADING_WORDS = 9
_INITIALS_AT_END = re.compile(r"(?:[.!?…)”\"']\s+|\n\s*|^)[-–—~]*\s*([A-Z]{2,4})\.?\s*$")


def clean_blocks(blocks: Iterable[Block], sign_off: str | None = None) -> tuple[Block, ...]:
    """Return the blocks without boilerplate and closing sign-offs, lines that serve as headings made headings."""
    kept = [block for block in blocks if not _BOILERPLATE.match(block.text)]
    while kept and sign_off and (rest := without_sign_off(kept[-1].text, sign_off)) != kept[-1].text:
        kept[-1:] = [replace(kept[-1], text=rest)] if rest else []
    return tuple(_with_headings(kept))


def without_sign_off(text: str, sign_off: str) -> str:
    """Return text without the sign-off that closes it, if one does."""
    return _sign_off_at_end(sign_off).sub("", text)


def ends_with_sign_off(text: str, sign_off: str) -> bool:
    """Say whether the text closes with the sign-off."""
    return bool(_sign_off_at_end(sign_off).search(text))


def _sign_off_at_end(sign_off: str) -> re.Pattern[str]:
    """Return what finds a sign-off as the last words of a text, with or without a dash before it."""
    return re.compile(rf"(?:^|\s+)[-–—~]*\s*{re.escape(sign_off)}\s*[.!]?\s*$")


def _with_headings(blocks: list[Block]) -> Iterable[Block]:
    """Make a short paragraph that ends in a colon a heading when a full paragraph follows."""
    for block, following in zip_longest(blocks, blocks[1:]):
        stands_alone = following is not None and following.kind is BlockKind.PARAGRAPH
        if (
            stands_alone
            and block.kind is BlockKind.PARAGRAPH
            and _LINE_HEADING.match(block.text)
            and len(block.text.split()) <= _HEADING_WORDS
            and not re.match(r"(?:dear|hi|hello)\b", block.text, re.IGNORECASE)
            and not re.search(r"\b(?:writes|wrote|asks|asked|says|said)\b", block.text)
        ):
            block = replace(block, kind=BlockKind.HEADING)
        yield block


def guess_sign_off(texts: Iterable[str]) -> str | None:
    """Return the initials that most often close the texts, if at least two do so with the same, else None."""
    endings = Counter(found[1] for text in texts if (found := _INITIALS_AT_END.search(text)))
    ranked = sorted(endings.items(), key=lambda item: (-item[1], item[0]))
    return ranked[0][0] if ranked and ranked[0][1] >= 2 else None
