"""Labels before what somebody says, as in "Anna: …" or "Q: …": which are speakers, and where their turns begin."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import pairwise

from askedbefore.records import Block, BlockKind
from askedbefore.voices.names import AuthorNames, is_somebody, words_of

ASKING = {"q", "question", "reader question", "reader's question", "reader", "frage", "leserfrage", "leserin", "leser"}
ANSWERING = {"a", "answer", "antwort", "réponse", "reponse"}
HERSELF = {"me", "ich", "moi", "author", "the author", "blogger"}
# Whoever is named so speaks, also when it is only once.
_ROLES = (
    {"interviewer", "host", "moderator", "moderatorin", "caller", "audience", "presenter", "anchor", "journalist"}
    | {"therapist", "analyst", "counsellor", "counselor", "psychologist", "psychiatrist", "doctor", "nurse", "patient"}
    | {"client", "therapeut", "therapeutin", "patientin", "klient", "klientin", "thérapeute", "patiente", "student"}
)
# These speak when they come back, or stand beside another who speaks.
_PERSONS = (
    {"he", "she", "him", "her", "they", "i", "you", "mother", "father", "mum", "mom", "dad", "son", "daughter", "child"}
    | {"husband", "wife", "man", "woman", "boy", "girl", "friend", "teacher", "parent", "partner", "sister", "brother"}
    | {"er", "sie", "mutter", "vater", "kind", "sohn", "tochter", "mann", "frau", "lui", "elle", "mère", "père"}
)
_TIME = r"(?:[\[(]?\d{1,2}:\d{2}(?::\d{2})?[\])]?\s*(?:[-–—]\s*)?)?"
_TURN = re.compile(
    rf"^{_TIME}[“\"]?(?P<label>(?=[^\W\d_a-z])[^\W\d_](?:[^\W\d_]|[ .’'&-]){{0,40}}?)"
    rf"(?:\s?\([^()\n]{{1,40}}\))?\s?:(?=\s|$)"
    rf"|^(?P<letter>[QA])\.\s"
)
_SAME_LINE_TURN = re.compile(
    r"(?<=[.!?…”\"»“)])[^\S\n]+(?=(?:Q|A|Question|Answer|Frage|Antwort|Réponse)\s?:\s)", re.IGNORECASE
)
_TITLED = re.compile(r"^(?:Dr|Prof|Mr|Mrs|Ms|Frau|Herr|Mme|M)\b\.?\s", re.IGNORECASE)
_MOST_LABEL_WORDS = 4


@dataclass(frozen=True, slots=True)
class Turn:
    """A block that begins with the label of its speaker, in small letters, and the number of its paragraph."""

    place: int
    label: str
    paragraph: int


def find_speakers(blocks: Sequence[Block], names: AuthorNames) -> frozenset[str]:
    """Return the labels of those who speak in a post; none when no two do.

    A label is a speaker's when it is a role ("Patient", "Q") or the author, or when it comes back and may be a name, or
    when it may be a name or comes back, and stands next to a speaker's.
    """
    lines = [_label_of(line) for block in blocks if _may_be_turns(block) for line in block.text.split("\n")]
    counts = Counter(label for label in lines if label)
    if len(counts) < 2:
        return frozenset()
    text_words = _small_words(blocks)
    speakers = {label for label, count in counts.items() if _is_speaker(label, count, names, text_words)}
    for before, label in [*pairwise(lines), *pairwise(lines[::-1])]:
        # Beside a speaker a label that comes back is one too, be it a word of the text ("Podcast").
        comes_back = counts[label] > 1 and label not in _no_persons()
        if label and before in speakers and (comes_back or _may_be_name(label, text_words)):
            speakers.add(label)
    return frozenset(speakers) if len(speakers) > 1 else frozenset()


def part_turns(blocks: Iterable[Block], speakers: frozenset[str]) -> tuple[list[Block], list[Turn]]:
    """Return the blocks, parted where another speaker's turn begins within one, and the turns that begin in them."""
    parts: list[Block] = []
    turns: list[Turn] = []
    for paragraph, block in enumerate(blocks):
        for part in _parts(block, speakers) if speakers else (block,):
            label = _label_of(part.text) if _may_be_turns(part) else ""
            if label in speakers:
                turns.append(Turn(len(parts), label, paragraph))
            parts.append(part)
    return parts, turns


def is_unnamed(label: str) -> bool:
    """Say whether a label says what somebody is, and not who: "patient", "he", "C"."""
    return label in _ROLES | _PERSONS | HERSELF or (len(label) == 1 and label not in ASKING | ANSWERING)


def _parts(block: Block, speakers: frozenset[str]) -> Iterator[Block]:
    """Yield a block's turns, or the block itself when it has no more than one."""
    if not _may_be_turns(block):
        yield block
        return
    parts: list[list[str]] = []
    for line in block.text.split("\n"):
        whole = [line] if _label_of(line) not in ASKING | ANSWERING else _SAME_LINE_TURN.split(line)
        for piece in whole:
            if parts and _label_of(piece) not in speakers:
                parts[-1].append(piece)
            else:
                parts.append([piece])
    if len(parts) == 1:
        yield block
    else:
        yield from (replace(block, text="\n".join(lines), on_page=None) for lines in parts)


def _label_of(line: str) -> str:
    """Return the label that a line begins with, in small letters; "" for none."""
    match = _TURN.match(line)
    label = (match["label"] or match["letter"]).casefold().strip(" .") if match else ""
    return label if len(label.split()) <= _MOST_LABEL_WORDS else ""


def _may_be_turns(block: Block) -> bool:
    """Say whether a block's lines may be what people say in turn."""
    return block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING)


def _is_speaker(label: str, count: int, names: AuthorNames, text_words: frozenset[str]) -> bool:
    """Say whether a label that begins `count` lines is a speaker's by itself."""
    if label in ASKING | ANSWERING | HERSELF | _ROLES or names.are_meant(label):
        return True
    return count > 1 and _may_be_name(label, text_words)


def _may_be_name(label: str, text_words: frozenset[str]) -> bool:
    """Say whether a label may be somebody: a person, a title with a name, initials, or no word of the text."""
    if label in _PERSONS or _TITLED.match(label):
        return True
    return not (_no_persons() & {label, *label.split()}) and (not words_of(label) or is_somebody(label, text_words))


def _small_words(blocks: Iterable[Block]) -> frozenset[str]:
    """Return the words that stand in small letters anywhere in the post."""
    return frozenset(word for block in blocks for word in re.findall(r"\b[a-zß-ÿ][\w’'-]+", block.text))


@cache
def _no_persons() -> frozenset[str]:
    """Return the words that are often a label and nobody's name."""
    lines = files("askedbefore.voices").joinpath("no_persons.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
