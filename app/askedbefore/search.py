"""Find the units of the archive that are close to a question, by meaning and by words, and score them.

What each part of it is worth is measured by `askedbefore evaluate`; docs/retrieval.md has the figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from askedbefore.embedding import Vectors
from askedbefore.query import Query
from askedbefore.storage.library import SHOWN_COLUMNS, Library, Rows

CANDIDATES = 100  # units looked at from each side, by meaning and by words
CLOSELY = 40  # the best of these, whose sentences are looked at too
HALF_BM25 = 12.0  # the BM25 score that counts half


@dataclass(frozen=True, slots=True)
class Way:
    """What counts in the score, and how much: the convex mix, and inside of meaning the weights of the cosines.

    `hubness` takes off what a unit has in common with everything that readers ask (local scaling: Conneau et al.,
    Word Translation Without Parallel Data, 2018). Without `exchanges` the readers' side is not looked at, and without
    `rewording` a question is taken as it was typed.
    """

    meaning: float = 0.73
    words: float = 0.20
    phrases: float = 0.07
    passage: float = 1.0
    sentence: float = 1.0
    whole: float = 1.0
    hubness: float = 0.35
    exchanges: bool = True
    rewording: bool = True


SHIPPED = Way()


@dataclass(frozen=True, slots=True)
class Found:
    """A unit that matched.

    `closeness` is by meaning alone, a mean of cosines; `score` mixes in the words and takes off the hubness.
    """

    unit: int
    score: float
    closeness: float


def search(library: Library, query: Query, way: Way = SHIPPED) -> list[Found]:
    """Return the units near the question, the best first; equal scores in the order of the units' names."""
    columns = () if way.exchanges else SHOWN_COLUMNS
    by_words = library.units_with(query.words, CANDIDATES, columns) if way.words else {}
    by_phrases = library.units_with(query.phrases, CANDIDATES, columns) if way.phrases else {}
    near = library.nearest_rows(query.vector, CANDIDATES) if way.meaning else np.zeros(0, np.int64)
    units = np.array(sorted({*map(int, library.units_of_rows(near)), *by_words, *by_phrases}), dtype=np.int64)
    units = units[library.shown_units[units]]  # what is kept back may be all of a unit
    if not len(units):
        return []
    vectors, hubness = query.vector[None, :], library.measured.hubness
    besides = (
        way.words * _saturated(by_words, units)
        + way.phrases * _saturated(by_phrases, units)
        - way.meaning * way.hubness * (hubness[units] - hubness.mean())
    )
    if way.sentence and len(units) > CLOSELY:
        roughly = way.meaning * unit_closeness(library, units, vectors, replace(way, sentence=0))[0] + besides
        best = np.sort(np.argpartition(-roughly, CLOSELY)[:CLOSELY])
        units, besides = units[best], besides[best]
    closeness = unit_closeness(library, units, vectors, way)[0]
    scores = way.meaning * closeness + besides
    found = [
        Found(int(unit), min(float(score), 1.0), float(close))
        for unit, score, close in zip(units, scores, closeness, strict=True)
    ]
    order = dict(zip(units.tolist(), library.unit_order(units).tolist(), strict=True))
    return sorted(found, key=lambda one: (-one.score, order[one.unit]))


def unit_closeness(library: Library, units: Rows, vectors: Vectors, way: Way = SHIPPED) -> Vectors:
    """Return the closeness of units to unit vectors of shape (n, dimension), as (n, len(units)).

    It is a mean of three cosines: of the unit's closest passage, of its closest sentence, and of the mean of all its
    passages and its heading, so that an exchange counts for more when both of its sides are near.
    """
    shown_only = not way.exchanges
    passages, passage_starts = library.rows_of_units(units, shown_only)
    closest_passage = np.maximum.reduceat(vectors @ library.passage_vectors(passages).T, passage_starts, axis=1)
    total = way.passage * closest_passage
    if way.sentence:
        sentences, sentence_starts = library.sentences_of_units(units, shown_only)
        cosines = vectors @ library.sentence_vectors(sentences).T
        total = total + way.sentence * np.maximum.reduceat(cosines, sentence_starts, axis=1)
    if way.whole:
        total = total + way.whole * (vectors @ library.unit_vectors(units).T)
    mean: Vectors = (total / (way.passage + way.sentence + way.whole)).astype(np.float32)
    return mean


def _saturated(bm25: dict[int, float], units: Sequence[int] | Rows) -> Vectors:
    """Return BM25 scores, 0 where there is none, so that many shared words cannot count without end."""
    scores = np.array([bm25.get(int(unit), 0.0) for unit in units], dtype=np.float32)
    return scores / (scores + HALF_BM25)
