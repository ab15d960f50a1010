"""Who speaks in a post: the author, a reader whose letter is printed, or somebody quoted.

A reader's words shown as the author's is the fault that must not happen, so in doubt a block is a reader's.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from askedbefore.records import Block, BlockKind, Voice
from askedbefore.voices.interviews import AUTHORS, Said, tell_questions, tell_turns
from askedbefore.voices.letters import find_letters
from askedbefore.voices.names import AuthorNames, author_names
from askedbefore.voices.notes import find_notes, is_title
from askedbefore.voices.quotations import find_quotations, is_others
from askedbefore.voices.speakers import ANSWERING, find_speakers, part_turns


@dataclass(frozen=True, slots=True)
class Voices:
    """A post's blocks with their voices, and what was uncertain in telling them."""

    blocks: tuple[Block, ...]
    doubts: tuple[str, ...] = ()


def tell_voices(blocks: Sequence[Block], authors: Collection[str] = (), title: str = "") -> Voices:
    """Mark letters, quotations and what others say in a post as a reader's voice.

    `authors` are names that the author goes by; a `title` may say that the post is an interview. Letters come first,
    then who speaks in an interview, then what is quoted, in an answer too. What is a reader's already stays so. A block
    in which two speak is parted, and a heading that is found to be somebody else's is a paragraph.
    """
    names = author_names(authors)
    speakers = find_speakers(blocks, names)
    parts, turns = part_turns(_part_lists(blocks, names), speakers)
    said, interview_doubts = tell_turns(parts, turns, names, title) if turns else tell_questions(parts, names, title)
    answers = [turn.place for turn in turns if turn.label in ANSWERING or names.are_meant(turn.label)]
    letters, letter_doubts = find_letters(parts, names, {turn.place for turn in turns}, answers)
    quoted = find_quotations(parts, names)
    notes, others_notes = find_notes(parts)
    told: list[Block] = []
    for at, block in enumerate(parts):
        if at in letters:
            voice = Said(Voice.READER, letter=True)
        elif block.voice is Voice.READER:  # the whole post is a guest's
            voice = Said(Voice.READER, letter=block.letter)
        elif at in quoted or at in others_notes:
            voice = Said(Voice.READER, letter=said.get(at, AUTHORS).letter)
        else:
            voice = said.get(at, AUTHORS)
        told.append(_spoken(block, voice, at in notes))
    return Voices(tuple(told), (*interview_doubts, *letter_doubts))


def _spoken(block: Block, said: Said, is_note: bool) -> Block:
    """Return a block with its voice. What somebody else says heads nothing."""
    kind = block.kind
    if kind is BlockKind.HEADING and said.voice is Voice.READER is not block.voice:
        kind = BlockKind.PARAGRAPH
    elif is_note and kind in (BlockKind.PARAGRAPH, BlockKind.LIST):
        kind = BlockKind.NOTE
    return replace(block, kind=kind, voice=said.voice, letter=said.letter)


def _part_lists(blocks: Iterable[Block], names: AuthorNames) -> Iterator[Block]:
    """Yield the blocks, a list parted where its items change between the author's and others' words and titles."""
    for block in blocks:
        lines = block.text.split("\n") if block.kind is BlockKind.LIST else []
        runs = [list(run) for _, run in groupby(lines, key=lambda line: is_others(line, names) or is_title(line))]
        if len(runs) > 1:
            yield from (replace(block, text="\n".join(run), on_page=None) for run in runs)
        else:
            yield block
