"""Readers' letters printed in a post: where each begins and ends. In doubt it goes on."""

import re
from collections.abc import Collection, Sequence

from askedbefore.records import Block, BlockKind
from askedbefore.voices.marks import behind_quotations, opens_quoted
from askedbefore.voices.names import NAME, AuthorNames, words_of
from askedbefore.voices.openings import (
    ANSWER,
    SALUTATION,
    Opening,
    behind_opening,
    is_to_author,
    opening_of,
    speaks_of_writer,
    turns_back,
)

_SIGNATURE = re.compile(rf"(?:^|[.!?…]\s+|\n)[-–—]?\s*(?P<name>{NAME})(?<!\.)\s*$")
_CLOSING_LINE = re.compile(
    r"(?:^|\n)(?:with\s+|many\s+|all\s+)?(?:best|warm|kind|love|yours|regards|greetings|sincerely|respectfully|thanks|thank\s+you"
    r"|hugs|cheers|herzlich|liebe\s+grüße|viele\s+grüße|mit\s+freundlichen|beste\s+grüße|cordialement|bien\s+à\s+vous"
    r"|amicalement)\b[^\n.!?]{0,40}[,.!]?\n[^\n]{1,60}$",
    re.IGNORECASE,
)
_POSTSCRIPT = re.compile(r"^P\.?\s?(?:P\.?\s?)?S\b", re.IGNORECASE)
_LONGEST_SIGNATURE = 120  # characters
_OPENING_BLOCKS = 3
_LONGEST_LETTER = 300  # blocks in which the end of a letter is looked for
_DOUBT = "no end found of the letter that begins “{}…”: all after it is taken as the reader's"


def find_letters(
    blocks: Sequence[Block], names: AuthorNames, turns: Collection[int] = (), answers: Collection[int] = ()
) -> tuple[set[int], list[str]]:
    """Return the places of the blocks of letters, and where no end was found.

    A letter begins with "Ann writes:", under a heading such as "Question", or with a salutation to the author. It
    ends before a salutation ("Dear Ann,") or an announced answer, after its signature, or with its quotation. None
    begins at one of the `turns` of an interview, and one ends before the `answers` of one.
    """
    found: set[int] = set()
    doubts: list[str] = []
    at = 0
    while at < len(blocks):
        opening = None if at in turns else _opens(blocks, at, names)
        if opening is None:
            at += 1
            continue
        end = _end(blocks, at, opening, names, answers)
        if end is None:
            end = len(blocks)
            doubts.append(_DOUBT.format(blocks[at].text[:60]))
        found.update(range(at, end))
        at = end
    return found, doubts


def _opens(blocks: Sequence[Block], at: int, names: AuthorNames) -> Opening | None:
    """Return how a letter begins at block `at`, if one does."""
    block = blocks[at]
    if block.kind in (BlockKind.LIST, BlockKind.NOTE, BlockKind.VERSE):
        return None
    if opening := opening_of(block):
        return opening
    salutation = SALUTATION.match(block.text)
    if salutation is None:
        return None
    if is_to_author(salutation, names):
        return Opening()
    # Where the author's name is not known, two salutations in one post are a letter and its answer.
    if names or at >= _OPENING_BLOCKS:
        return None
    others = (SALUTATION.match(other.text) for other in blocks[at + 1 :])
    answered = any(other and words_of(other["name"]) != words_of(salutation["name"]) for other in others)
    return Opening() if answered else None


def _end(
    blocks: Sequence[Block], at: int, opening: Opening, names: AuthorNames, answers: Collection[int]
) -> int | None:
    """Return the place after the letter's last block, or None when nothing marks its end."""
    text = blocks[at].text.rstrip()
    introduces = text.endswith(":") or blocks[at].kind is BlockKind.HEADING
    if introduces and at + 1 < len(blocks) and blocks[at + 1].kind is BlockKind.QUOTE:
        return _while_quoted(blocks, at + 1)
    if blocks[at].kind is BlockKind.QUOTE:
        return _while_quoted(blocks, at)
    quoted = _after_quotation(blocks, at)
    if quoted is None and introduces and at + 1 < len(blocks) and _is_quoted(blocks[at + 1].text):
        quoted = _while_in_marks(blocks, at + 1)
        # It may have been only the first sentence of hers, and not the whole letter.
        if end := _named_end(blocks, quoted, opening.name, names):
            return end
    if quoted is not None:
        return quoted
    if not opening.goes_on:
        return min(at + 1 + text.endswith(":"), len(blocks))
    return _end_by_signs(blocks, at, opening, names, answers)


def _end_by_signs(
    blocks: Sequence[Block], at: int, opening: Opening, names: AuthorNames, answers: Collection[int]
) -> int | None:
    """Return the place before an answer or after a signature, else before a heading, else None."""
    signed: int | None = None
    heading: int | None = None
    for place in range(at, min(at + _LONGEST_LETTER, len(blocks))):
        block = blocks[place]
        if place > at:
            salutation = SALUTATION.match(block.text)
            colon = ":" if block.kind is BlockKind.HEADING else ""  # a heading announces without one
            if place in answers or ANSWER.match(block.text + colon) or turns_back(block.text, opening.name):
                return place
            if salutation and not is_to_author(salutation, names):
                return place
            if signed and (opening_of(block) or salutation):
                return signed
            if block.kind is BlockKind.HEADING and heading is None:
                heading = place
        if signed is None and _is_signed(block.text, opening.name):
            signed = _after_postscripts(blocks, place + 1)
    if signed is None and heading is None and at + 1 < len(blocks):
        return at + 1 if speaks_of_writer(blocks[at].text, blocks[at + 1].text) else None
    return signed or heading


def _named_end(blocks: Sequence[Block], at: int, name: str, names: AuthorNames) -> int | None:
    """Return the place before a salutation to the letter's writer, or after her name, if there is one after `at`."""
    if not name:
        return None
    first = words_of(name)[:1]
    for place in range(at, min(at + _LONGEST_LETTER, len(blocks))):
        salutation = SALUTATION.match(blocks[place].text)
        if salutation and words_of(salutation["name"])[:1] == first:
            return place
        if opening_of(blocks[place]) or (salutation and not is_to_author(salutation, names)):
            return None
        signature = _SIGNATURE.search(blocks[place].text, max(len(blocks[place].text) - _LONGEST_SIGNATURE, 0))
        if signature and first and words_of(signature["name"])[:1] == first:
            return place + 1
    return None


def _after_quotation(blocks: Sequence[Block], at: int) -> int | None:
    """Return the place after words that are quoted right behind their opening, to their end in the same block.

    Paragraphs that go on quoting belong to them; words that are only quoted inside of a letter do not end it.
    """
    text = blocks[at].text
    behind = behind_opening(text).lstrip(", ")
    if behind == text or not opens_quoted(behind):
        return None
    if behind_quotations(behind) is None and at + 1 < len(blocks) and not _is_quoted(blocks[at + 1].text):
        return None
    return _while_in_marks(blocks, at + 1)


def _while_in_marks(blocks: Sequence[Block], at: int) -> int:
    """Return the place after the run of blocks in quotation marks that begins at `at`."""
    while at < len(blocks) and _is_quoted(blocks[at].text):
        at += 1
    return at


def _is_quoted(text: str) -> bool:
    """Say whether a block begins with a quotation that reaches its end or stays open."""
    if not opens_quoted(text):
        return False
    end = behind_quotations(text)
    return end is None or not text[end:].strip(" \n.,;")


def _while_quoted(blocks: Sequence[Block], at: int) -> int:
    """Return the place after the run of quotations that begins at `at`."""
    while at < len(blocks) and blocks[at].kind is BlockKind.QUOTE:
        at += 1
    return at


def _after_postscripts(blocks: Sequence[Block], at: int) -> int:
    """Return the place after what was added under a signature."""
    while at < len(blocks) and _POSTSCRIPT.match(blocks[at].text):
        at += 1
    return at


def _is_signed(text: str, name: str) -> bool:
    """Say whether a block closes with a signature: a name on its own line, or the letter writer's own name."""
    if _CLOSING_LINE.search(text, max(len(text) - _LONGEST_SIGNATURE, 0)):
        return True
    signature = _SIGNATURE.search(text, max(len(text) - _LONGEST_SIGNATURE, 0))
    if signature is None or not signature["name"][0].isupper():
        return False
    stands_alone = signature.start() == 0 or text[signature.start()] == "\n"
    return stands_alone or words_of(signature["name"])[:1] == words_of(name)[:1]
