"""The guard's head: how likely a text is a cry for help, by its words, its letters and its vector.

It is learnt from examples by `scripts/train_guard.py`; its weights are data, `head.npz`, with the model and the
examples they are for.
Three small classifiers, each alone wrong in its own way, are put together: two linear ones over hashed runs of words
and letters, and one with a single hidden layer over the vector. Without a vector the first two speak. A last one says
how likely a whole text is a cry, from what the others make of it and of its gravest sentences: of many sentences
one sounds dark by chance.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from askedbefore.embedding import Vectors
from askedbefore.guard.features import Hashed, hashed, letter_runs, word_runs
from askedbefore.guard.finding import Kind, Tier

HEAD = "head.npz"
TIERS = (Tier.NONE, Tier.CONCERN, Tier.ACUTE)
KINDS = tuple(Kind)
OF_WORDS, OF_LETTERS, OF_VECTOR = 0.25, 0.25, 0.5  # how much each classifier counts
CERTAIN = 0.999  # a chance is taken for no surer than that, one way or the other


@dataclass(frozen=True, slots=True)
class Chances:
    """How likely a text of some sentences is a cry: as a whole, and its gravest sentence and its second (or 0)."""

    whole: float
    gravest: float
    second: float
    sentences: int

    def features(self) -> Vectors:
        """Return what the head puts together, of shape (4,)."""
        odds = [_log_odds(one) for one in (self.whole, self.gravest, self.second)]
        return np.array([*odds, np.log(self.sentences)], np.float32)


@dataclass(frozen=True, slots=True)
class Table:
    """A linear classifier over buckets: whole numbers of shape (classes, BUCKETS), their unit, biases (classes,)."""

    weights: NDArray[np.int8]
    unit: float
    biases: Vectors

    def scores(self, features: Hashed) -> Vectors:
        """Return the score of each class, of shape (classes,)."""
        found: Vectors = self.weights[:, features.buckets] @ features.weights * self.unit + self.biases
        return found


@dataclass(frozen=True, slots=True)
class Layers:
    """A classifier with a hidden layer: weights (hidden, dimension) and (classes, hidden), a bias for each row."""

    inner: Vectors
    inner_biases: Vectors
    outer: Vectors
    outer_biases: Vectors

    def scores(self, vector: Vectors) -> Vectors:
        """Return the score of each class, of shape (classes,), for a vector of shape (dimension,)."""
        found: Vectors = self.outer @ np.maximum(self.inner @ vector + self.inner_biases, 0) + self.outer_biases
        return found


@dataclass(frozen=True, slots=True)
class Head:
    """The classifiers: of the tier by words, letters and vector, of the kind of a cry by words, and of whole texts.

    `together` weighs the features of `Chances`, a bias last, of shape (2, 5): first for those that were reached without
    vectors, then with. `model` is the fingerprint of the model whose vectors it is for, `examples` the hash of what it
    was learnt from.
    """

    words: Table
    letters: Table
    vector: Layers
    kinds: Table
    together: Vectors
    model: str
    examples: str

    def chances(self, sentence: str, vector: Vectors | None = None) -> Vectors:
        """Return how likely a spelt-out sentence is each of TIERS, of shape (3,); `vector` is its unit vector."""
        by_words = _chances(self.words.scores(hashed(sentence, word_runs)))
        by_letters = _chances(self.letters.scores(hashed(sentence, letter_runs)))
        found: Vectors = OF_WORDS * by_words + OF_LETTERS * by_letters
        if vector is not None:
            found = found + OF_VECTOR * _chances(self.vector.scores(vector))
        return np.asarray(found / found.sum(), np.float32)

    def alarm(self, chances: Chances, has_vector: bool) -> float:
        """Return how likely a text is a cry, from the chances of it and its sentences."""
        return alarm_of(self.together, chances, has_vector)

    def kind(self, sentence: str) -> Kind:
        """Return the kind of help that a spelt-out sentence likeliest asks for, if it does."""
        return KINDS[int(np.argmax(self.kinds.scores(hashed(sentence, word_runs))))]


def alarm_of(together: Vectors, chances: Chances, has_vector: bool) -> float:
    """Return how likely a text is a cry; `together` is a head's."""
    weights = together[int(has_vector)]
    return float(1 / (1 + np.exp(-weights[:-1] @ chances.features() - weights[-1])))


@cache
def shipped_head() -> Head:
    """Return the head that comes with this package."""
    with files("askedbefore.guard").joinpath(HEAD).open("rb") as file, np.load(file, allow_pickle=False) as held:
        layers = (
            held[f"vector_{name}"].astype(np.float32) for name in ("inner", "inner_biases", "outer", "outer_biases")
        )
        return Head(
            _table(held, "words"),
            _table(held, "letters"),
            Layers(*layers),
            _table(held, "kinds"),
            held["together"].astype(np.float32),
            str(held["model"]),
            str(held["examples"]),
        )


def _table(held: Any, name: str) -> Table:
    """Return a table that `head.npz` holds under a name."""
    return Table(held[name], float(held[f"{name}_unit"]), held[f"{name}_biases"].astype(np.float32))


def _chances(scores: Vectors) -> Vectors:
    """Return scores as chances that sum to one."""
    powers = np.exp(scores - scores.max())
    found: Vectors = (powers / powers.sum()).astype(np.float32)
    return found


def _log_odds(chance: float) -> float:
    """Return a chance as the logarithm of its odds."""
    kept = min(max(chance, 1 - CERTAIN), CERTAIN)
    return float(np.log(kept / (1 - kept)))
