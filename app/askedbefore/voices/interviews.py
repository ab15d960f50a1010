"""Interviews, columns of questions and answers, transcripts and dialogues: who speaks in which turn."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise

from askedbefore.records import Block, BlockKind, Voice
from askedbefore.voices.names import NAME, AuthorNames
from askedbefore.voices.speakers import ANSWERING, ASKING, HERSELF, Turn, is_unnamed

_ASKED_ME = re.compile(
    r"\b(?:interviewed|asked|spoke\s+(?:to|with)|talked\s+(?:to|with)|(?:interview|conversation|questions?)\s+(?:for|to|with)"
    r"|invited|questioned)\s+me\b|\b(?:sent|gave)\s+me\b[^.!?]{0,40}\bquestions\b|\bquestions?\b[^.!?]{0,30}\bto\s+me\b|\bI\s+(?:was|have\s+been|am)\s+(?:interviewed|asked|questioned|a\s+guest|the\s+guest)"
    r"|\bmy\s+(?:own\s+)?answers\b|\bI\s+(?:answered|replied)\b|\binterview\s+(?:that\s+)?I\s+gave\b"
    r"|\bhat\s+mich\b[^!?\n]{0,100}\b(?:interviewt|befragt)|\bInterview\s+mit\s+mir\b|\bm['’](?:a|ont)\s+(?:interviewée?|posé)",
    re.IGNORECASE,
)
_I_ASKED = re.compile(
    r"\b(?:I|we)\s+(?:\w+\s+){0,3}?(?:interviewed|spoke|talked|sat\s+down|asked|met|put)\b|\b(?:my|our)\s+guest\b"
    r"|\b(?:interview|conversation|talk)\s+with\s+(?!me\b)|\b(?:he|she|they)\s+(?:\w+\s+){0,2}?(?:answered|replied)\b"
    r"|\banswered\s+(?:my|our|some|a\s+few)\b|\bich\s+habe\b[^!?\n]{0,100}\b(?:gesprochen|gefragt|interviewt)"
    r"|\b(?:Interview|Gespräch)\s+mit\s+(?!mir\b)|\bj['’]ai\s+(?:interrogé|parlé|rencontré)|\b(?:entretien|interview)\s+avec\s+(?!moi\b)",
    re.IGNORECASE,
)
_WITH = re.compile(rf"\b(?:interview|conversation|talk|Gespräch|entretien)\s+(?:with|mit|avec|of)\s+(?P<name>{NAME})")
_INTERVIEW = re.compile(
    r"\b(?:interview\w*|in\s+conversation|transcript\w*|podcast|im\s+Gespräch|entretien)\b", re.IGNORECASE
)
_READERS_ASK = re.compile(
    r"\b(?:your|readers['’]?|reader['’]s|reader)\s+questions?\b|\bquestions?\s+(?:\w+\s+){0,3}?(?:from|by|of)\s+(?:\w+\s+){0,2}?"
    r"(?:readers?|you)\b|\b(?:you|readers)\s+(?:have\s+)?(?:asked|ask|sent|wrote)\b|\bask(?:ed)?\s+by\s+readers\b"
    r"|\b(?:letter|mail|question)\s?(?:box|bag)\b|\b(?:eure|Ihre|Leser)\s?-?fragen\b|\bvos\s+questions\b",
    re.IGNORECASE,
)
_INTRODUCTION_BLOCKS, _INTRODUCTION_CHARACTERS = 6, 2_000
_BRIEF_TURN = 40  # words
_SHORT_QUESTION = 40  # words
_FEWEST_TURNS = 3  # from which to tell that turns are of one paragraph each
_DOUBT = "it is not clear who answers in the interview that begins “{}…”: all of it is taken as somebody else's"


class Answers(Enum):
    """Who answers in a post of questions and answers."""

    AUTHOR_TO_READERS = auto()
    AUTHOR_TO_SOMEBODY = auto()
    GUEST = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Said:
    """The voice of a block, and whether it is a reader's letter or question."""

    voice: Voice
    letter: bool = False


OTHERS, AUTHORS = Said(Voice.READER), Said(Voice.AUTHOR)


def tell_turns(
    blocks: Sequence[Block], turns: Sequence[Turn], names: AuthorNames, title: str = ""
) -> tuple[dict[int, Said], list[str]]:
    """Return who speaks in the blocks of a dialogue, by place, and what was uncertain.

    A turn goes on until the next one, and the last to the next heading or the end; but not in a dialogue that the
    author tells, of unnamed people or within one paragraph, in brief turns, after which she comments.
    """
    if not turns:
        return {}, []
    answers = _who_answers(_introduction(blocks, turns[0].place, title), names) or Answers.AUTHOR_TO_READERS
    is_asked = any(turn.label in ASKING | ANSWERING for turn in turns)
    told: dict[int, Said] = {}
    ends = [*(turn.place for turn in turns[1:]), _end_of_last(blocks, turns)]
    for turn, end in zip(turns, ends, strict=True):
        said = _said_by(turn.label, answers, names)
        told[turn.place] = said
        for place in range(turn.place + 1, end):
            if blocks[place].kind is not BlockKind.HEADING:
                told[place] = said
    is_doubtful = is_asked and answers is Answers.UNKNOWN
    return told, [_DOUBT.format(blocks[turns[0].place].text[:60])] if is_doubtful else []


def tell_questions(blocks: Sequence[Block], names: AuthorNames, title: str = "") -> tuple[dict[int, Said], list[str]]:
    """Return who speaks in an interview, or answers to readers, whose questions have no label but stand out.

    Questions that stand out are headings or bold; where an interview is announced, also short paragraphs. Where
    nothing says that somebody else asks, they are the author's own headings, and nothing is told.
    """
    asking = [at for at, block in enumerate(blocks) if _stands_out(block)]
    if len(asking) < 2:
        plain = [at for at, block in enumerate(blocks) if _is_plain_question(block)]
        is_announced = len(plain) >= _FEWEST_TURNS and _INTERVIEW.search(_introduction(blocks, plain[0], title))
        asking = plain if is_announced else []
    answers = _who_answers(_introduction(blocks, asking[0], title), names) if asking else None
    if answers is None:
        return {}, []
    told: dict[int, Said] = {}
    answer = OTHERS if answers in (Answers.GUEST, Answers.UNKNOWN) else AUTHORS
    question = Said(Voice.READER, letter=answers is Answers.AUTHOR_TO_READERS)
    questions = set(asking)
    for place in range(asking[0], len(blocks)):
        if place in questions:
            told[place] = question
        elif place > asking[-1] and blocks[place].kind is BlockKind.HEADING:
            break
        elif blocks[place].kind is not BlockKind.HEADING:
            told[place] = answer
    return told, [_DOUBT.format(blocks[asking[0]].text[:60])] if answers is Answers.UNKNOWN else []


def _said_by(label: str, answers: Answers, names: AuthorNames) -> Said:
    """Return whose a turn is, from its label. A therapist without a name may be anybody."""
    if label in ASKING:
        return Said(Voice.READER, letter=answers is Answers.AUTHOR_TO_READERS)
    if label in ANSWERING:
        return OTHERS if answers in (Answers.GUEST, Answers.UNKNOWN) else AUTHORS
    return AUTHORS if label in HERSELF or names.are_meant(label) else OTHERS


def _end_of_last(blocks: Sequence[Block], turns: Sequence[Turn]) -> int:
    """Return the place after the last turn."""
    last = turns[-1].place
    gaps = [after.place - turn.place for turn, after in pairwise(turns)]
    longest = max(len(blocks[turn.place].text.split()) for turn in turns)
    is_told = all(is_unnamed(turn.label) for turn in turns) or (
        turns[0].paragraph == turns[-1].paragraph and not any(turn.label in ASKING | ANSWERING for turn in turns)
    )
    if is_told and len(turns) >= _FEWEST_TURNS and max(gaps) == 1 and longest <= _BRIEF_TURN:
        return last + 1
    headings = (at for at in range(last + 1, len(blocks)) if blocks[at].kind is BlockKind.HEADING)
    return next(headings, len(blocks))


def _who_answers(text: str, names: AuthorNames) -> Answers | None:
    """Return who answers, from what is said before the first question; None when nothing is said of it."""
    named = [names.are_meant(match["name"]) for match in _WITH.finditer(text)]
    author = bool(_ASKED_ME.search(text)) or any(named)
    guest = bool(_I_ASKED.search(text)) if not named else not all(named)
    if author and not guest:
        return Answers.AUTHOR_TO_SOMEBODY if not _READERS_ASK.search(text) else Answers.AUTHOR_TO_READERS
    if guest and not author:
        return Answers.GUEST
    if author or _INTERVIEW.search(text):
        return Answers.UNKNOWN
    return Answers.AUTHOR_TO_READERS if _READERS_ASK.search(text) else None


def _introduction(blocks: Sequence[Block], first: int, title: str) -> str:
    """Return the title and the text before the block at `first`, as much of it as is looked through."""
    before = blocks[max(first - _INTRODUCTION_BLOCKS, 0) : first]
    return "\n".join([title, *(block.text[:_INTRODUCTION_CHARACTERS] for block in before)])


def _stands_out(block: Block) -> bool:
    """Say whether a block is a question that stands out from the text: a heading, or bold."""
    return (block.kind is BlockKind.HEADING or block.bold) and block.text.rstrip().endswith("?")


def _is_plain_question(block: Block) -> bool:
    """Say whether a block is a short paragraph that ends with a question."""
    text = block.text[-_INTRODUCTION_CHARACTERS:]
    return block.kind is BlockKind.PARAGRAPH and text.endswith("?") and len(text.split()) <= _SHORT_QUESTION
