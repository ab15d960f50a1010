"""What the guard's head reads of a sentence besides its vector: runs of words and of letters, hashed into buckets.

They need no model, they see a "not", and they work in every language that the examples are in.
"""

import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BUCKETS = 1 << 16
LONGEST_WORD_RUN = 3
SHORTEST_LETTER_RUN, LONGEST_LETTER_RUN = 2, 5


@dataclass(frozen=True, slots=True)
class Hashed:
    """The buckets of a text's runs, and how much each weighs: a vector of length one, as its parts that are not 0."""

    buckets: NDArray[np.int64]
    weights: NDArray[np.float32]


def word_runs(sentence: str) -> Iterator[str]:
    """Yield each run of one to three words of a spelt-out sentence, its beginning and end marked."""
    words = ["^", *sentence.split(), "$"]
    for length in range(1, LONGEST_WORD_RUN + 1):
        for start in range(len(words) - length + 1):
            yield " ".join(words[start : start + length])


def letter_runs(sentence: str) -> Iterator[str]:
    """Yield each run of two to five letters inside of a spelt-out sentence's words and the spaces around them."""
    for word in sentence.split():
        padded = f" {word} "
        for length in range(SHORTEST_LETTER_RUN, LONGEST_LETTER_RUN + 1):
            for start in range(len(padded) - length + 1):
                yield padded[start : start + length]


def hashed(sentence: str, runs: Callable[[str], Iterator[str]]) -> Hashed:
    """Return the runs of a sentence as hashed features; what comes often weighs more, by the logarithm."""
    counts = Counter(zlib.crc32(run.encode()) % BUCKETS for run in runs(sentence))
    weights = 1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))
    length = float(np.linalg.norm(weights)) or 1.0
    return Hashed(np.fromiter(counts.keys(), np.int64, len(counts)), (weights / length).astype(np.float32))
