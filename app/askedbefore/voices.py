"""Who speaks in a post: the author, a reader whose letter is printed, or somebody quoted.

A reader's words shown as the author's is the fault that must not happen, so in doubt a block is a reader's.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from askedbefore.records import Block, BlockKind, Voice

_NAME = r"[A-Z][\w’'.-]*(?:\s+[A-Z][\w’'.-]*){0,3}"
_OPENING = re.compile(
    rf"""^[“"']?(?:
        (?P<name>{_NAME})\s+(?:writes|wrote|asks|asked|e-?mailed|e-?mails)
      | (?:A|An|One|Another|This)\s+(?:\w+\s+){{0,2}}(?:reader|patient|client|commenter|visitor|letter)\b
        [^.:!?\n]{{0,60}}?\s(?:writes|wrote|asks|asked|says|said|e-?mailed|sent\s+(?:me\s+)?this)
      | (?:Reader['’]?s?\s+)?(?:Question|Letter|Mail)(?:\s+from\s+[^:\n]{{1,40}})?
    )\b[^.:!?\n]{{0,60}}:""",
    re.VERBOSE,
)
_SALUTATION = re.compile(rf"^(?:Dear|Hello|Hi)\s+(?:(?:Dr|Mr|Mrs|Ms|Prof)\.?\s+)?(?P<name>{_NAME})\s*(?:[,:–—!-]|$)")
_ANSWER = re.compile(r"^(?:(?:My|The)\s+)?(?:answer|reply|response|author)\b[^.\n]{0,40}:", re.IGNORECASE)
_SIGNATURE = re.compile(rf"(?:^|[.!?…]\s+|\n)[-–—]?\s*(?P<name>{_NAME})\s*$")
_OPENING_BLOCKS = 3


@dataclass(frozen=True, slots=True)
class Voices:
    """A post's blocks with their voices, and what was uncertain in telling them."""

    blocks: tuple[Block, ...]
    doubts: tuple[str, ...] = ()


def tell_voices(blocks: Sequence[Block], author: str | None = None) -> Voices:
    """Mark letters and quotations in a post as a reader's voice.

    A letter begins with "Ann writes:" or, at the post's head, with a salutation to the author. It ends before a
    salutation ("Dear Ann,"), after its signature, with its quotation, or before a heading.
    """
    marked, doubts, at = list(blocks), [], 0
    while at < len(marked):
        opening = _opens_letter(marked, at, author)
        if opening is None:
            if marked[at].kind is BlockKind.QUOTE:
                marked[at] = replace(marked[at], voice=Voice.READER)
            at += 1
            continue
        end = _end_of_letter(marked, at, opening, author)
        if end is None:
            end, doubt = _end_in_doubt(marked, at)
            doubts.append(doubt)
        for place in range(at, end):
            marked[place] = replace(marked[place], voice=Voice.READER, letter=True)
        at = end
    return Voices(tuple(marked), tuple(doubts))


def _opens_letter(blocks: Sequence[Block], at: int, author: str | None) -> str | None:
    """Return the letter writer's name ("" when unknown) if a letter begins at block `at`, else None."""
    text = blocks[at].text
    if blocks[at].kind not in (BlockKind.PARAGRAPH, BlockKind.QUOTE):
        return None
    if opening := _OPENING.match(text):
        return opening["name"] or ""
    salutation = _SALUTATION.match(text)
    if at < _OPENING_BLOCKS and salutation and _is_author(salutation["name"], author):
        return ""
    return None


def _end_of_letter(blocks: Sequence[Block], at: int, name: str, author: str | None) -> int | None:
    """Return the place after the letter's last block, or None when nothing marks its end."""
    if _introduces_only(blocks[at].text) and at + 1 < len(blocks) and blocks[at + 1].kind is BlockKind.QUOTE:
        return _while_quoted(blocks, at + 1)
    if blocks[at].kind is BlockKind.QUOTE:
        return _while_quoted(blocks, at)
    signed: int | None = None
    for place in range(at, len(blocks)):
        block = blocks[place]
        salutation = _SALUTATION.match(block.text)
        if place > at and block.kind is BlockKind.HEADING:
            return place if signed is None else signed
        if place > at and (_ANSWER.match(block.text) or (salutation and not _is_author(salutation["name"], author))):
            return place
        if signed is None and _is_signed(block.text, name):
            signed = place + 1
    return signed


def _end_in_doubt(blocks: Sequence[Block], at: int) -> tuple[int, str]:
    """Return where to end a letter that shows no end, and a sentence for the report.

    At the head of a post all of it may be the letter; further down, only the paragraph that opens it is taken.
    """
    quoted = blocks[at].text[:60]
    if at < _OPENING_BLOCKS:
        return len(blocks), f"no end found of the letter that begins “{quoted}…”: all after it is taken as the reader's"
    return at + 1, f"no end found of the words that begin “{quoted}…”: only that paragraph is taken as another's"


def _while_quoted(blocks: Sequence[Block], at: int) -> int:
    """Return the place after the run of quotations that begins at `at`."""
    while at < len(blocks) and blocks[at].kind is BlockKind.QUOTE:
        at += 1
    return at


def _introduces_only(text: str) -> bool:
    """Say whether an opening ("A reader asks:") has nothing after its colon."""
    return text.rstrip().endswith(":")


def _is_signed(text: str, name: str) -> bool:
    """Say whether a block closes with a signature: a name on its own line, or the letter writer's own name."""
    signature = _SIGNATURE.search(text)
    if signature is None:
        return False
    stands_alone = signature.start() == 0 or text[signature.start()] == "\n"
    return stands_alone or signature["name"].split()[0] == (name.split() or [""])[0]


def _is_author(name: str, author: str | None) -> bool:
    """Say whether a salutation names the author, by first or last name."""
    return author is not None and bool({part.strip(".,") for part in name.split()} & set(author.split()))
