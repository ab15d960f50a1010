"""Unite what is close, by average linkage, without ever holding the distances of all to all.

Two groups are united while the mean distance of their members is small enough. A group so made hangs together by pairs
that are that close themselves. So everything is first parted into islands, between which no pair is close, and average
linkage works on each island alone: the groups are the same, and memory goes with the largest island.
Source: SciPy, `scipy.cluster.hierarchy.linkage`.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from askedbefore.embedding import Vectors

Places = NDArray[np.int64]

LARGEST_ISLAND = 4000  # its distances take 64 MB
_AT_ONCE = 1000  # rows whose cosines with all others are looked at in one go
_ROUNDING = 1e-5
_STRICTER = 4  # how much closer vectors must be on an island that is too large
_ONE_AND_THE_SAME = 0.999


def unite(vectors: Vectors, same: float) -> list[list[int]]:
    """Return the places of unit vectors, those with a mean cosine of at least `same` together, in order of the first.

    In an island that is too large for memory only what is closer than `same` is united.
    """
    groups = [
        group for island in _islands(vectors, np.arange(len(vectors)), same) for group in _linked(vectors, *island)
    ]
    return sorted((group.tolist() for group in groups), key=lambda group: group[0])


def _islands(vectors: Vectors, places: Places, same: float) -> list[tuple[Places, float]]:
    """Return places in parts between which no pair has a cosine of `same`, each with the cosine that unites in it."""
    labels = _connected(vectors[places], same - _ROUNDING)
    order = np.argsort(labels, kind="stable")
    parts = np.split(places[order], np.flatnonzero(np.diff(labels[order])) + 1)
    found: list[tuple[Places, float]] = []
    for part in parts:
        if len(part) <= LARGEST_ISLAND or same >= _ONE_AND_THE_SAME:
            found.append((part, same))
        else:
            found += _islands(vectors, part, 1 - (1 - same) / _STRICTER)
    return found


def _connected(vectors: Vectors, close: float) -> Places:
    """Return for each vector the number of the island that it is on: those reached over pairs that are close."""
    labels = np.arange(len(vectors))
    for start in range(0, len(vectors), _AT_ONCE):
        for near in vectors[start : start + _AT_ONCE] @ vectors.T >= close:
            joined = np.unique(labels[near])
            if len(joined) > 1:
                labels[np.isin(labels, joined)] = joined[0]
    return labels


def _linked(vectors: Vectors, island: Places, same: float) -> Sequence[Places]:
    """Return the groups of an island by average linkage."""
    if len(island) == 1 or len(island) > LARGEST_ISLAND:
        return [island]
    from scipy.cluster.hierarchy import fcluster, linkage

    labels = fcluster(linkage(vectors[island], "average", metric="cosine"), 1 - same, "distance")
    return [island[labels == label] for label in np.unique(labels)]
