"""What is looked for: a reader's question as a vector, and as words and phrases in her wording and the archive's."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from askedbefore.embedding import Encoder, Vectors
from askedbefore.sentences import plain_word, words
from askedbefore.storage.library import Library

Synonyms = Mapping[str, Sequence[str]]

BEFORE = 0.3  # how much of the question before a follow-up takes over
_SHORTEST_REPAIRED = 4  # letters; shorter words have too many neighbours
_TWO_SLIPS_FROM = 8  # letters; a longer word may have two slips of the pen
_LONGEST_SYNONYM = 4  # words
_MORE = re.compile(
    r"""(?:(?:please|ok|okay|and|can\syou|could\syou|i\swant\sto|i'd\slike\sto)\s)*
    (?:(?:tell|show|say|give|know|hear|read|see)(?:\s(?:me|us))?(?:\s(?:some|any))?\smore|more|go\son|continue
      |anything\selse|what\selse|something\selse|another(?:\sone)?|next)
    (?:\s(?:please|(?:about|of|like)\s(?:it|this|that)))*""",
    re.VERBOSE,
)
_CAPITAL_ONLY = frozenset({"t", "ts"})  # "my T": a small t is what is left of "don't"


@dataclass(frozen=True, slots=True)
class Query:
    """A question as it is looked up.

    `vector` is a unit vector of shape (dimension,); any of `words` (some of several words) and of `phrases` (two
    words that stand together) may stand in the archive.
    """

    vector: Vectors
    words: tuple[str, ...]
    phrases: tuple[str, ...]


def understand(
    question: str, library: Library, encoder: Encoder, *, before: str | None = None, rewording: bool = True
) -> Query:
    """Return a question as it is looked up; with `before`, as a follow-up to that question.

    Words that the archive does not know are read as the nearest that it knows, and short forms as what they stand
    for, beside what was typed: its vector is the mean of both readings. Without `rewording` neither that is done, nor
    are synonyms looked for.
    """
    asked = [text for text in (question, before) if text]
    readings = [_readings(text, library.vocabulary) if rewording else [text] for text in asked]
    vectors = iter(encoder.encode_questions([reading for several in readings for reading in several]))
    means = [_unit(np.mean([next(vectors) for _ in several], axis=0)) for several in readings]
    vector = means[0] if len(means) == 1 else _unit((1 - BEFORE) * means[0] + BEFORE * means[1])
    lines = [_straight(reading) for several in readings for reading in several]
    synonyms = {**shipped_words("synonyms"), **library.synonyms} if rewording else {}
    found = [word for line in lines for word in (*words(line), *_synonyms_of(line, synonyms))]
    phrases = [" ".join(pair) for line in lines for pair in pairwise(words(line))]
    return Query(vector, _distinct(found), _distinct(phrases))


def asks_for_more(question: str) -> bool:
    """Say whether a question only asks for more of what was there before."""
    return _MORE.fullmatch(" ".join(words(_straight(question).casefold()))) is not None


def repair(question: str, vocabulary: Mapping[str, int]) -> str:
    """Return the question with each unknown word as the word of the vocabulary that it is most likely a slip for.

    A slip changes, adds, drops or swaps a letter, but not the first; of several words the most frequent is taken.
    `vocabulary` holds the archive's words with their number, the most frequent first.
    """
    repaired = question
    for word in dict.fromkeys(words(question)):
        plain = plain_word(word)
        if len(plain) < _SHORTEST_REPAIRED or not plain.isalpha() or plain in vocabulary:
            continue
        slips = 1 if len(plain) < _TWO_SLIPS_FROM else 2
        near = [one for one in vocabulary if one[0] == plain[0] and abs(len(one) - len(plain)) <= slips]
        best = process.extractOne(plain, near, scorer=OSA.distance, score_cutoff=slips)
        if best:
            repaired = _with_word(repaired, word, best[0])
    return repaired


@cache
def shipped_words(table: str) -> dict[str, tuple[str, ...]]:
    """Return the `short` forms or the `synonyms` of the field that come with this package."""
    text = files("askedbefore").joinpath("synonyms.toml").read_text(encoding="utf-8")
    return {word: tuple(others) for word, others in tomllib.loads(text)[table].items()}


def spell_out(question: str) -> str:
    """Return the question with the short forms of the field in full: "my T" as "my therapist"."""
    short = shipped_words("short")
    for word in dict.fromkeys(words(question)):
        plain = plain_word(word).removesuffix("'s")
        if plain in short and (word[0].isupper() or plain not in _CAPITAL_ONLY):
            question = _with_word(question, word, short[plain][0])
    return question


def _with_word(text: str, word: str, other: str) -> str:
    """Return a text with another word in the place of one, wherever that stands by itself."""
    return re.sub(rf"(?<![\w-]){re.escape(word)}(?![\w-])", lambda _: other, text)


def _readings(question: str, vocabulary: Mapping[str, int]) -> list[str]:
    """Return the question as it was typed and, if that is another, as it may have been meant."""
    return list(dict.fromkeys((question, repair(spell_out(question), vocabulary))))


def _synonyms_of(line: str, synonyms: Synonyms) -> Iterator[str]:
    """Yield what the archive may say for words and phrases of the line."""
    spoken = [plain_word(word) for word in words(line)]
    for length in range(1, _LONGEST_SYNONYM + 1):
        for start in range(len(spoken) - length + 1):
            phrase = " ".join(spoken[start : start + length])
            if phrase in synonyms:
                yield from synonyms[phrase]


def _straight(text: str) -> str:
    """Return text without the signs that part words in one way when typed and in another in a search."""
    return text.replace("’", "'").replace('"', " ")


def _distinct(found: Sequence[str]) -> tuple[str, ...]:
    """Return each word once, in small letters, in the order in which they stand."""
    return tuple(dict.fromkeys(word.casefold() for word in found))


def _unit(vector: Vectors) -> Vectors:
    """Return a vector of length one in the same direction."""
    scaled: Vectors = (vector / max(float(np.linalg.norm(vector)), 1e-9)).astype(np.float32)
    return scaled
