"""Find the units of the archive that are close to a question, by meaning and by words, and score them.

What it finds is measured in docs/retrieval.md.
"""

from dataclasses import dataclass

import numpy as np

from askedbefore.embedding import Vectors
from askedbefore.records import Passage
from askedbefore.sentences import words
from askedbefore.storage.library import Library, Spans

CANDIDATES = 100  # units looked at from each side, by meaning and by words
MEANING, WORDS = 0.75, 0.25  # the convex mix
HALF_BM25 = 12.0  # the BM25 score that counts half


@dataclass(frozen=True, slots=True)
class Found:
    """A passage to show for a unit that matched.

    `closeness` is the unit's, by meaning alone (a mean of cosines); `score` mixes in the words. The sentences'
    closeness is in the order of `spans`.
    """

    passage: Passage
    score: float
    closeness: float
    spans: Spans
    sentence_closeness: tuple[float, ...]


def search(library: Library, question: str, vector: Vectors) -> list[Found]:
    """Return the best passage of each unit near the question, the best first; equal scores in the order of ids."""
    by_words = library.units_with_words(word_query(question), CANDIDATES) if words(question) else {}
    by_meaning = library.units_of(library.nearest_rows(vector, CANDIDATES))
    units = sorted({int(unit) for unit in by_meaning} | set(by_words))
    records = library.passages(row for unit in units for row in library.rows_of(unit))
    found = [
        best
        for unit in units
        if (best := _best_of_unit(library, records, unit, vector, by_words.get(unit, 0.0))) is not None
    ]
    return sorted(found, key=lambda one: (-one.score, one.passage.id))


def word_query(question: str) -> str:
    """Return an FTS5 query that finds any of the question's words."""
    straight = question.replace("’", "'").replace('"', " ")
    return " OR ".join(f'"{word}"' for word in dict.fromkeys(words(straight.lower())))


def _best_of_unit(
    library: Library,
    records: dict[int, tuple[Passage, int, Spans]],
    unit: int,
    vector: Vectors,
    bm25: float,
) -> Found | None:
    """Score a unit on all that it holds, and pick the passage to show for it; None when it has none to show.

    Closeness is the mean of three cosines: of the closest passage, of the closest sentence, and of the mean of all
    the unit's passages, so that an exchange counts for more when both of its sides are near.
    """
    rows = library.rows_of(unit)
    passage_vectors = library.passage_vectors(rows)
    cosines = passage_vectors @ vector
    mean = passage_vectors.mean(axis=0)
    sentences = [_sentence_closeness(library, *records[row][1:], vector) for row in rows]
    closest_sentence = max(float(one.max()) for one in sentences)
    unit_cosine = float(mean @ vector) / max(float(np.linalg.norm(mean)), 1e-9)
    closeness = (float(cosines.max()) + closest_sentence + unit_cosine) / 3
    score = MEANING * closeness + WORDS * bm25 / (bm25 + HALF_BM25)
    shown = [place for place, row in enumerate(rows) if records[row][0].shown]
    if not shown:
        return None
    place = max(shown, key=lambda one: (float(cosines[one]) + float(sentences[one].max()), -one))
    passage, _, spans = records[rows[place]]
    return Found(passage, score, closeness, spans, tuple(float(one) for one in sentences[place]))


def _sentence_closeness(library: Library, first: int, spans: Spans, vector: Vectors) -> Vectors:
    """Return the cosine of each sentence of a passage with the question."""
    closeness: Vectors = library.sentence_vectors(first, first + len(spans)) @ vector
    return closeness
