"""How a search among very many passages compares with looking at all of them, each in a process of its own.

`python -m scripts.benchmark.large ours FOLDER` opens the invented build in FOLDER and asks it its questions;
`python -m scripts.benchmark.large flat FOLDER` reads all vectors into memory and looks at all of them. Both print JSON.
"""

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from askedbefore.embedding import Progress, Vectors
from askedbefore.settings import leave_processors_to_model
from scripts.benchmark.inventing import INDEX, QUESTION_VECTORS, QUESTIONS
from scripts.benchmark.machine import memory_mib

WARM_UP = 20
NEAREST = 10


class _Known:
    """An encoder that knows the vector of one question, whatever it is asked."""

    name, fingerprint = "known", ""

    def __init__(self, vector: Vectors) -> None:
        """Know this one."""
        self._vector = vector

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:  # noqa: ARG002
        """Return it for each text."""
        return self.encode_questions(texts)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Return it for each text."""
        return np.repeat(self._vector[None, :], len(texts), axis=0)


def ours(folder: Path) -> dict[str, Any]:
    """Open the build, find what is nearest to each question, and search by meaning and words as an answer does."""
    leave_processors_to_model()
    from askedbefore.query import understand
    from askedbefore.search import CANDIDATES, search
    from askedbefore.storage.served import open_live

    begun = time.perf_counter()
    library = open_live(folder / INDEX)
    opened = time.perf_counter() - begun
    found: dict[str, list[Any]] = {"nearest_ms": [], "search_ms": [], "rows": []}
    for text, vector in _questions(folder):
        query = understand(text, library, _Known(vector))
        begun = time.perf_counter()
        rows = library.nearest_rows(query.vector, CANDIDATES)
        between = time.perf_counter()
        search(library, query)
        found["search_ms"].append((time.perf_counter() - between) * 1000)
        found["nearest_ms"].append((between - begun) * 1000)
        found["rows"].append(rows[:NEAREST].tolist())
    nearest = library.manifest.nearest.model_dump()
    return {**_without_warm_up(found), "opened": opened, "nearest": nearest, **_memory()}


def flat(folder: Path) -> dict[str, Any]:
    """Read all vectors into memory, and look at all of them for each question."""
    leave_processors_to_model()
    import faiss

    from askedbefore.search import CANDIDATES
    from askedbefore.storage import layout

    build = layout.builds_folder(folder / INDEX) / layout.read_current(folder / INDEX).build
    begun = time.perf_counter()
    vectors = faiss.read_index(str(build / layout.VECTORS))
    opened = time.perf_counter() - begun
    found: dict[str, list[Any]] = {"nearest_ms": [], "rows": []}
    for _, vector in _questions(folder):
        begun = time.perf_counter()
        _, rows = vectors.search(vector[None, :], CANDIDATES)
        found["nearest_ms"].append((time.perf_counter() - begun) * 1000)
        found["rows"].append(rows[0][:NEAREST].tolist())
    return {**_without_warm_up(found), "opened": opened, **_memory()}


def _questions(folder: Path) -> list[tuple[str, Vectors]]:
    """Return the questions with their vectors."""
    texts = json.loads((folder / QUESTIONS).read_text(encoding="utf-8"))
    return list(zip(texts, np.load(folder / QUESTION_VECTORS), strict=True))


def _without_warm_up(found: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Return the times of the questions after the first few, and what was found for all."""
    return {name: values if name == "rows" else values[WARM_UP:] for name, values in found.items()}


def _memory() -> dict[str, float]:
    """Return the memory of this process, MiB: all of it, and what is its own, and not that of files on disk."""
    return {"resident": memory_mib(os.getpid()), "own": memory_mib(os.getpid(), "RssAnon")}


if __name__ == "__main__":
    way, place = sys.argv[1:]
    print(json.dumps({"ours": ours, "flat": flat}[way](Path(place))))
