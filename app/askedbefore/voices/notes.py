"""Notes under a text and lists of literature: which notes the author wrote, and which are others' titles and words."""

import re
from collections.abc import Sequence

from askedbefore.records import Block, BlockKind

_HEADING = re.compile(
    r"^(?:foot|end)?notes?(?:\s+and\s+\w+)?:?$|^(?:Anmerkung|Fußnote)(?:en)?:?$|^notes?\s+de\s+bas\s+de\s+page:?$",
    re.IGNORECASE,
)
_LITERATURE = re.compile(
    r"^(?:(?:selected\s+|further\s+|recommended\s+)?(?:references|bibliography|literature|sources|works\s+cited|citations"
    r"|readings?|reading\s+list)(?:\s+and\s+\w+)?|Literatur(?:verzeichnis|hinweise|angaben)?|Quellen(?:angaben)?"
    r"|Bibliogra(?:ph|f)ie|Références(?:\s+bibliographiques)?|Sources|Zum\s+Weiterlesen|Pour\s+aller\s+plus\s+loin):?$",
    re.IGNORECASE,
)
_SURE_SIGN = re.compile(r"^\s*(?:\[\d{1,3}\]|[¹²³⁴-⁹]{1,3})")
_STAR = re.compile(r"^\s*[*†‡]{1,3}\s")
_INITIAL = r"[^\W\d_a-z]\."
# Each is one sign of a title; an author's own note may have one of them ("See Stern, 1985, for more").
_TITLE_SIGNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\(?\b(?:1[5-9]|20)\d\d(?:\s*[–-]\s*\d{2,4})?[a-z]?\b\)?",
        rf"^\W*(?:See(?:\s+also)?:?\s+|Cf\.\s+|Vgl\.\s+|Siehe\s+|Voir\s+)?[^\W\d_a-z][\w’'-]+,?\s+(?:{_INITIAL}\s?)+",
        r"\bpp?\.\s?\d|\bS\.\s?\d|\bvols?\.\s?\d|\b\d{1,3}\s?\(\d{1,3}\)|,\s\d{1,4}\s?[–-]\s?\d{1,4}\b|\bed(?:s|n)?\b\.?",
        r"\b(?:Press|Verlag|Publish(?:er|ing)s?|Books|Journal|Review|Quarterly|University|Éditions|Zeitschrift|Annals)\b",
        r"\bdoi\b|\bISBN\b|https?://|\bet\s+al\.|\bibid\b|\bebd\.|\bop\.\s?cit",
        r":\s[^\W\d_a-z]\w+\s[^\W\d_a-z]\w+\.?$|\bIn:\s",
    )
)
_OF_THE_AUTHOR = re.compile(r"\b(?:I|I['’]m|my|me|ich|mein\w*|mir|mich|je|mon|ma|mes)\b")
_CITES = 2  # signs of a title that make a note one


def find_notes(blocks: Sequence[Block]) -> tuple[set[int], set[int]]:
    """Return the places of all notes, and of those that are not the author's own words."""
    notes: set[int] = set()
    others: set[int] = set()
    section: re.Pattern[str] | None = None
    for at, block in enumerate(blocks):
        if block.kind is BlockKind.HEADING or (len(block.text) < 40 and _section(block.text)):
            section = _section(block.text)
            continue
        if block.kind is BlockKind.NOTE or section or _SURE_SIGN.match(block.text):
            notes.add(at)
        # A star is the sign of a note or of an item in a list.
        if section is _LITERATURE or ((at in notes or _STAR.match(block.text)) and is_title(block.text)):
            others.add(at)
    return notes, others


def is_title(text: str) -> bool:
    """Say whether a note gives a source: an author, a title, where and when it came out."""
    text = text[:600]
    signs = sum(bool(sign.search(text)) for sign in _TITLE_SIGNS)
    return signs >= (_CITES + 1 if _OF_THE_AUTHOR.search(text) else _CITES)


def _section(text: str) -> re.Pattern[str] | None:
    """Return what a heading heads: notes, literature, or neither."""
    return next((pattern for pattern in (_LITERATURE, _HEADING) if pattern.match(text.strip())), None)
