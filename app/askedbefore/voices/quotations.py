"""Words of others in a post: quoted paragraphs, epigraphs, poems, and what an attribution or introduction marks."""

import re
from collections.abc import Sequence

from askedbefore.records import Block, BlockKind
from askedbefore.voices.marks import behind_quotations, closes_quotation, opens_quoted, quoted_share
from askedbefore.voices.names import NAME, NOT_A_NAME, AuthorNames, is_known_writer

_ATTRIBUTION = re.compile(
    rf"""^\s*(?P<dash>[—–―~]|--?)\s*
    (?:(?:attributed\s+to|from|by|after|in|aus|nach|von|de|d['’])\s+)?
    {NOT_A_NAME}(?P<source>[“"„«]?[^\W\d_a-z][^\n]{{0,110}})$""",
    re.VERBOSE,
)
_AT_END = re.compile(
    rf"[.!?…”\"»“’]\s+[—–―]\s*{NOT_A_NAME}(?P<source>[^\W\d_a-z][\w’'.-]*(?:[\s,]+[\w’'.“”\"()-]+){{0,9}})$"
)
_IN_BRACKETS = re.compile(r"^\((?:[^()\n]|\([^()\n]*\)){2,120}\)\.?$")
_NAMED_AFTER = re.compile(rf"^{NOT_A_NAME}[^\W\d_a-z][^\n]{{1,80}}$")
_SAID_BY = re.compile(
    rf"^(?:as\s+)?(?:says|said|writes|wrote|asks|asked|schreibt|schrieb|sagt|sagte|dit|écrit)\s+(?!I\b)(?-i:{NAME})[^.!?\n]{{0,60}}[.]?$",
    re.IGNORECASE,
)
_NAME_LINE = re.compile(rf"^(?P<source>(?=[^\W\d_a-z]){NAME})(?:,\s*[^.!?:\n]{{2,60}})?$")
_SPEAKER = re.compile(r"^(?=[^\W\d_a-z])(?P<name>[^\s:.!?“\"„«]+)(?:\s[^\s:!?“\"„«]+){0,7}\s?:\s(?=[“\"„«])")
_SIGN_BEFORE = re.compile(r"^\s*(?:\[\d{1,3}\]|\(\d{1,3}\)|\d{1,3}[.)]|[¹²³⁴-⁹*†‡]{1,3})\s*")
_SIGN_BEHIND = re.compile(r"\s*(?:\[\d{1,3}\]|\(\d{1,3}\)|[¹²³⁴-⁹*]+)[.\s]*$")
_SAYS = (
    r"(?:says|said|saying|writes|wrote|put\s+it|puts\s+it|asks|asked|tells|told"
    r"|(?:they|people|patients|clients|others|some)\s+(?:\w+\s+)?(?:say|write|ask)|repl(?:ies|ied)|answer(?:s|ed)|noted"
    r"|explain(?:s|ed)|describes?|described|reads|object(?:s|ed)|comment(?:s|ed)|add(?:s|ed)|words\s+of|had\s+to\s+say"
    r"|schreibt|schrieb|sagt|sagte|meinte|heißt\s+es|lautet|écrit|écrivait|dit|disait)"
)
_INTRODUCES_WORDS = re.compile(rf"\b{_SAYS}\b[^.!?]{{0,80}}:$", re.IGNORECASE)
_OF_MINE = re.compile(r"\b(?:I|we|ich|wir|je|j['’]|nous|me|mir|mich)\b")
_REMARK = re.compile(
    r"\b(?:remark|comment|sentence|saying|proverb|passage|quotation|quote|prayer|stay(?:s|ed)\s+with\s+me|Satz|Zitat"
    r"|Sprichwort|phrase|proverbe)\b[^.!?]{0,80}:$",
    re.IGNORECASE,
)
_POEM = re.compile(
    r"\b(?:poems?|verses?|lines|stanzas?|songs?|lyrics|haikus?|hymns?|Gedicht\w*|Verse?n?|Strophen?|Lied\w*|Zeilen|poèmes?"
    r"|vers|chansons?)\b",
    re.IGNORECASE,
)
_OWN_VERSE = re.compile(
    r"\b(?:I\s+(?:once\s+)?(?:wrote|have\s+written|made)\s+(?:this|these|that|it|one|a\s+poem)(?!\s+(?:down|off|up))\b"
    r"|my\s+(?:own\s+)?(?:poems?|verses?|lines|song)\b|(?:poems?|verses?|lines|haikus?|songs?)\s+of\s+(?:mine|my\s+own)\b"
    r"|mein(?:e|es|em)?\s+(?:eigene\w*\s+)?(?:Gedicht|Verse|Zeilen)|von\s+mir\b|mon\s+(?:propre\s+)?poème)",
    re.IGNORECASE,
)
_WRITER_SAYS = re.compile(
    rf"^(?:[^:.\n]{{0,80}},\s+|As\s+|Wie\s+|Comme\s+)?(?P<name>{NAME})(?:\s*\([^)\n]{{1,20}}\))?\s+(?:\w+\s+){{0,2}}?{_SAYS}\b[^.!?:\n]{{0,60}}(?::|,?\s*[“\"„«])"
)
_MOST_SOURCE_WORDS, _MOST_LINE_WORDS = 14, 9
_MOSTLY = 0.75  # of a block, in quotation marks
_LONGEST_SOURCE = 160  # characters
_SHORT = 2_000  # characters of a text of which a note's sign at the end is taken off
_LONGEST_QUOTATION = 12  # blocks that a quotation mark may stay open
_HEAD = 4  # blocks at the head of a post that an epigraph may take


def find_quotations(blocks: Sequence[Block], names: AuthorNames) -> set[int]:
    """Return the places of blocks that are somebody else's words."""
    found: set[int] = set()
    for at, block in enumerate(blocks):
        if block.kind is BlockKind.QUOTE or (block.kind is BlockKind.VERSE and not _is_own_verse(blocks, at, names)):
            found.add(at)
        elif block.kind is not BlockKind.HEADING:
            found.update(_quoted_from(blocks, at, names))
    for at in range(len(blocks)):
        found.update(_attributed(blocks, at, names, found))
        if at + 1 < len(blocks) and _introduces(blocks[at], blocks[at + 1]):
            found.update(_run_from(blocks, at + 1))
    return found


def is_others(text: str, names: AuthorNames) -> bool:
    """Say whether a text by itself is somebody else's words: quoted as a whole, or with its source behind it."""
    text = _SIGN_BEFORE.sub("", text)
    text = _SIGN_BEHIND.sub("", text) if len(text) <= _SHORT else text
    end = behind_quotations(text)
    if end:
        rest = text[end:].strip(" \n.,;")
        return not rest or is_source(text[end:].lstrip(" \n,;"), names) or quoted_share(text) >= _MOSTLY
    label = _SPEAKER.match(text)
    if label and not _OF_MINE.search(label[0]) and not names.are_meant(label["name"]):
        said = text[label.end() :]
        if said[behind_quotations(said) or len(said) :].strip(" \n.,;") == "":
            return True
    lines = text.rsplit("\n", 1)
    if len(lines) > 1 and _is_attribution(lines[-1], names):
        return True
    source = _AT_END.search(text, max(len(text) - _LONGEST_SOURCE, 0))
    return source is not None and not _is_authors(source["source"], names)


def is_source(text: str, names: AuthorNames) -> bool:
    """Say whether what stands behind a quotation only names where it comes from."""
    text = text.strip()
    if len(text) > _LONGEST_SOURCE or len(text.split()) > _MOST_SOURCE_WORDS:
        return False
    if _is_attribution(text, names) or _IN_BRACKETS.match(text) or _SAID_BY.match(text):
        return True
    is_sentence = text.endswith(("!", "?")) or (text.endswith(".") and len(text.split()) > 5)
    return bool(_NAMED_AFTER.match(text)) and not is_sentence and not _is_authors(text, names)


def is_verse_like(text: str, fewest: int = 3) -> bool:
    """Say whether a text is at least so many short lines."""
    lines = text.split("\n")
    return len(lines) >= fewest and len(text.split()) <= _MOST_LINE_WORDS * len(lines)


def _quoted_from(blocks: Sequence[Block], at: int, names: AuthorNames) -> set[int]:
    """Return the places of a quotation that begins with block `at`, and the block itself if most of it is quoted."""
    text = blocks[at].text
    if opens_quoted(text) and behind_quotations(text) is None:
        ends = range(at + 1, min(at + _LONGEST_QUOTATION, len(blocks)))
        closing = next((end for end in ends if closes_quotation(blocks[end].text)), at)
        return set(range(at, closing + 1))
    if is_others(text, names) or quoted_share(text) >= _MOSTLY:
        return {at}
    writer = _WRITER_SAYS.match(text)
    return {at} if writer and is_known_writer(writer["name"]) and not text.endswith(":") else set()


def _attributed(blocks: Sequence[Block], at: int, names: AuthorNames, found: set[int]) -> set[int]:
    """Return the places that block `at` names the source of, with its own, if it does so."""
    text = blocks[at].text
    if at == 0 or "\n\n" in text:
        return set()
    before = blocks[at - 1]
    if "\n" in text:  # the name stands under the last stanza
        is_named = at in found and _is_attribution(text.rsplit("\n", 1)[1], names)
        return _stanzas_before(blocks, at) if is_named else set()
    is_quoted = at - 1 in found or "\n" in before.text or before.kind in (BlockKind.QUOTE, BlockKind.VERSE)
    is_name_line = (
        at < _HEAD
        and at + 1 < len(blocks)
        and blocks[at].kind is BlockKind.PARAGRAPH
        and before.kind is not BlockKind.HEADING
        and not before.text.endswith(":")
        and _is_name_line(text, names)
    )
    if is_name_line or _is_attribution(text, names, is_quoted):
        return {at, at - 1, *_stanzas_before(blocks, at - 1)}
    return set()


def _stanzas_before(blocks: Sequence[Block], at: int) -> set[int]:
    """Return the places of the stanzas before block `at`, if it is one."""
    places: set[int] = set()
    if "\n" in blocks[at].text:
        while at > 0 and (blocks[at - 1].kind is BlockKind.VERSE or is_verse_like(blocks[at - 1].text, fewest=2)):
            at -= 1
            if blocks[at].kind is BlockKind.LIST:
                break
            places.add(at)
    return places


def _introduces(block: Block, following: Block) -> bool:
    """Say whether a block ends by announcing somebody's words, or a poem that is not the author's."""
    text = block.text[-300:].rstrip()
    if not text.endswith(":") or following.kind is BlockKind.HEADING:
        return False
    clause = re.split(r"[.!?]\s", text)[-1]
    if is_verse_like(following.text) and _POEM.search(clause):
        return not _OWN_VERSE.search(clause)
    if _REMARK.search(clause) and (opens_quoted(following.text) or following.kind is BlockKind.VERSE):
        return True
    return bool(_INTRODUCES_WORDS.search(clause)) and not _OF_MINE.search(clause)


def _run_from(blocks: Sequence[Block], at: int) -> set[int]:
    """Return the places of what is announced: one block, and with a stanza the stanzas after it."""
    end = at + 1
    if is_verse_like(blocks[at].text):
        while (
            end < len(blocks) and blocks[end].kind is not BlockKind.LIST and is_verse_like(blocks[end].text, fewest=2)
        ):
            end += 1
    return set(range(at, end))


def _is_own_verse(blocks: Sequence[Block], at: int, names: AuthorNames) -> bool:
    """Say whether the author says before a poem, or under it with her name, that it is hers."""
    around = blocks[max(at - 1, 0) : at]
    after = blocks[at + 1].text if at + 1 < len(blocks) else ""
    if any(_is_attribution(line, names) for line in (blocks[at].text.rsplit("\n", 1)[-1], after)):
        return False
    signed = _ATTRIBUTION.match(after)
    if signed and _is_authors(signed["source"], names):
        return True
    return any(_OWN_VERSE.search(block.text[-300:]) for block in around if block.kind is not BlockKind.VERSE)


def _is_attribution(line: str, names: AuthorNames, is_quoted: bool = False) -> bool:
    """Say whether a line is a dash and a source that is not the author.

    A single hyphen begins many an item of a list, so it counts only where a quotation or verse stands before it.
    """
    match = _ATTRIBUTION.match(line) if len(line) <= _LONGEST_SOURCE else None
    words = len(line.split()) if match else 0
    if match is None or words > _MOST_SOURCE_WORDS or (match["dash"] == "-" and not is_quoted):
        return False
    # A dash also begins what somebody says in a story.
    is_sentence = line.rstrip().endswith(("!", "?", "…", ":", ",")) or (line.rstrip().endswith(".") and words > 5)
    return not is_sentence and not _is_authors(match["source"], names)


def _is_name_line(text: str, names: AuthorNames) -> bool:
    """Say whether a line is nothing but a full name, with or without a title of a work, and not the author's."""
    match = _NAME_LINE.match(text) if len(text) <= _LONGEST_SOURCE else None
    return match is not None and len(text.split()) >= 2 and not _is_authors(match["source"], names)


def _is_authors(source: str, names: AuthorNames) -> bool:
    """Say whether a source is the author."""
    return names.are_meant(re.split(r"[,(“\"]", source)[0])
