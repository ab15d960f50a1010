"""The questions that a rebuild asked of the model, kept so that the next one need not ask them again."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from askedbefore.embedding import Vectors
from askedbefore.storage import layout

DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class Questions:
    """Digests of texts, (questions, DIGEST_BYTES) uint8, and the vector of each, (questions, dimension) float32.

    A digest is enough to know a text again, and no words are kept beside those of the passages.
    """

    digests: NDArray[np.uint8]
    vectors: Vectors

    def save(self, build: Path) -> None:
        """Write them into a build."""
        np.savez(build / layout.QUESTIONS, digests=self.digests, vectors=self.vectors)


def load_questions(build: Path) -> Questions:
    """Read them from a build. Raises OSError, ValueError or KeyError when the file is not what it should be."""
    with np.load(build / layout.QUESTIONS, allow_pickle=False) as arrays:
        return Questions(arrays["digests"], arrays["vectors"])


def no_questions(dimension: int) -> Questions:
    """Return none, for a build that is being written."""
    return Questions(np.zeros((0, DIGEST_BYTES), np.uint8), np.zeros((0, dimension), np.float32))


def digest(text: str) -> bytes:
    """Return what a text is known by."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:DIGEST_BYTES]
