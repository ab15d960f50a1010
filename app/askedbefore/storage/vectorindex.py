"""The vectors of passages on disk, and how the nearest to a question are found among few and among very many.

Up to LARGE passages all are looked at. From there on that takes longer than the rest of an answer; so the vectors are
written a second time, in short (a few bits for each number), in lists of neighbours, and only the lists nearest to a
question are looked into. Into how many is measured when the build is written. What is found there is ordered by the
vectors as they are. (FAISS: IndexFlatIP, and IndexIVFScalarQuantizer with refinement.)
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from askedbefore.embedding import Vectors
from askedbefore.storage import layout
from askedbefore.storage.layout import Manifest, Nearest

LARGE = 100_000  # passages; docs/performance.md says why
NEAREST = 10
RECALL = 0.985  # of the ten nearest, in the mean of the sample: a little more than the .98 that any question is to have
ENOUGH_QUESTIONS, MOST_QUESTIONS = 100, 1000  # of readers, that it is measured with
_LISTS = 4  # times the square root of the number of passages
_LEARNT_FROM = 64  # vectors for each list
_MOST_PROBED = 8  # looking into more than an eighth of the lists is not worth it
_IN_SHORT = 300  # found by the short vectors, and ordered by the others
_AT_ONCE = 1 << 14  # vectors in memory at a time

Rows = NDArray[np.int64]


class VectorIndex:
    """The vectors of a build, (passages, dimension) float32, read from disk. Safe to use from several threads."""

    def __init__(self, build: Path, nearest: Nearest) -> None:
        """Open those of a build. Raises RuntimeError when a file is not what it should be."""
        self._flat: Any = faiss.read_index(str(build / layout.VECTORS), faiss.IO_FLAG_MMAP_IFC)
        self._lists: Any = None
        if nearest.lists:
            self._lists = faiss.read_index(str(build / layout.LISTS), faiss.IO_FLAG_MMAP_IFC)
            self._lists.nprobe = nearest.probes

    @property
    def shape(self) -> tuple[int, int]:
        """Return how many vectors there are, and of how many numbers."""
        return int(self._flat.ntotal), int(self._flat.d)

    def nearest(self, vector: Vectors, most: int) -> Rows:
        """Return the rows of the vectors closest to one of shape (dimension,), the closest first."""
        if self._lists is None:
            _, rows = self._flat.search(vector[None, :], min(most, self._flat.ntotal))
            return np.asarray(rows[0], dtype=np.int64)
        _, rows = self._lists.search(vector[None, :], max(most, _IN_SHORT))
        return _closest(rows[0], vector, self.take, most)

    def take(self, rows: Rows) -> Vectors:
        """Return the vectors of the rows, of shape (len(rows), dimension)."""
        vectors: Vectors = self._flat.reconstruct_batch(rows)
        return vectors


def write_vectors(build: Path, vectors: Vectors, questions: Vectors, large: int = LARGE) -> Nearest:
    """Write the vectors of passages into a build, and return how the nearest are to be found.

    From `large` passages on also in lists; how many of these must be looked into is measured with `questions`, vectors
    of such texts as readers ask. Where too little is found however many are, there are none.
    """
    flat = faiss.IndexFlatIP(vectors.shape[1])
    for start in range(0, len(vectors), _AT_ONCE):
        flat.add(np.ascontiguousarray(vectors[start : start + _AT_ONCE]))
    faiss.write_index(flat, str(build / layout.VECTORS))
    if len(vectors) < large:
        return Nearest()
    lists = _in_lists(vectors)
    nearest = _fewest_probes(lists, flat, questions)
    if nearest.lists:
        faiss.write_index(lists, str(build / layout.LISTS))
    return nearest


def describe_nearest(nearest: Nearest) -> str:
    """Say how the nearest passages of a large archive are found."""
    if not nearest.lists:
        return f"Large: all passages are looked at for each question, which takes long, because {nearest.why}."
    return (
        f"Large: {nearest.probes:,} of {nearest.lists:,} lists of passages are looked into for a question; "
        f"{nearest.recall:.1%} of the nearest were found so when it was made."
    )


def on_nearest(manifest: Manifest) -> tuple[str, ...]:
    """Return a remark where a search takes long, because no quicker one finds enough."""
    return (describe_nearest(manifest.nearest),) if manifest.nearest.why else ()


def evenly(vectors: NDArray[Any], most: int) -> NDArray[Any]:
    """Return at most so many of the vectors, spread evenly over all."""
    return vectors[np.linspace(0, len(vectors) - 1, min(most, len(vectors))).astype(np.int64)]


def share_found(found: Sequence[Rows], truth: Sequence[Rows]) -> float:
    """Return what share of the rows that are truly nearest was found, in the mean over several questions."""
    return float(np.mean([np.isin(rows, among).mean() for rows, among in zip(truth, found, strict=True)]))


def _in_lists(vectors: Vectors) -> Any:
    """Return the vectors in short, in lists of neighbours. FAISS's k-means has a seed of its own, always the same."""
    number, dimension = vectors.shape
    among = int(_LISTS * number**0.5)
    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dimension),
        dimension,
        among,
        faiss.ScalarQuantizer.QT_4bit,
        faiss.METRIC_INNER_PRODUCT,
    )
    index.train(np.ascontiguousarray(evenly(vectors, _LEARNT_FROM * among)))
    for start in range(0, number, _AT_ONCE):
        index.add(np.ascontiguousarray(vectors[start : start + _AT_ONCE]))
    return index


def _fewest_probes(lists: Any, flat: Any, questions: Vectors) -> Nearest:
    """Measure into how many lists one must look to find what is wanted; into none when that would be too many."""
    _, truth = flat.search(questions, min(NEAREST, flat.ntotal))
    most = max(1, lists.nlist // _MOST_PROBED)

    @cache
    def recall(probes: int) -> float:
        """Return the share of the nearest that is found in so many lists."""
        lists.nprobe = probes
        _, in_short = lists.search(questions, _IN_SHORT)
        several = zip(in_short, questions, strict=True)
        found = [_closest(rows, vector, flat.reconstruct_batch, NEAREST) for rows, vector in several]
        return share_found(found, truth)

    fewest = 1 + bisect_left(range(1, most + 1), True, key=lambda probes: recall(probes) >= RECALL)
    if fewest > most:
        return Nearest(why=f"{most:,} of {lists.nlist:,} lists hold only {recall(most):.1%} of what is nearest")
    return Nearest(lists=lists.nlist, probes=fewest, recall=round(recall(fewest), 4))


def _closest(rows: Rows, vector: Vectors, take: Callable[[Rows], Vectors], most: int) -> Rows:
    """Return those of the rows, -1 where there is none, that are closest by their vectors, the closest first."""
    rows = np.sort(rows[rows >= 0])  # from disk in order, and of two as close the first
    cosines = take(rows) @ vector
    return rows[np.argsort(-cosines, kind="stable")[:most]]
