"""What a rebuild costs: from nothing, after one post was edited, and when nothing has changed.

Each rebuild runs in a process of its own, so that nothing is warm that would not be, and its peak memory is its own.
With an encoder that costs nothing in the model's place, everything else can be seen.
"""

import multiprocessing
import os
import resource
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from unittest.mock import patch
from zlib import crc32

import numpy as np

from askedbefore.embedding import Encoder, Progress, SentenceTransformerEncoder, Vectors
from askedbefore.rebuild import rebuild
from askedbefore.sentences import words
from askedbefore.settings import Paths, Settings, leave_processors_to_model
from tests.synthetic import synthetic_posts, with_edited_post
from tests.wxr import export

EXPORTING, READING = "Exporting the model", "Reading"
FROM_NOTHING, EDITED, UNCHANGED = "from nothing", "1 post edited", "unchanged"
KIB_OF_MAXRSS = 1024 if sys.platform == "darwin" else 1  # the unit of ru_maxrss: bytes there, KiB elsewhere


@dataclass(frozen=True, slots=True)
class Run:
    """One rebuild: the seconds of each stage, in order; how many passages were new to it; its peak memory."""

    name: str
    stages: Mapping[str, float]
    embedded: int
    peak_mib: int
    index_mib: int
    passages: int
    sentences: int

    @property
    def seconds(self) -> float:
        """Return the seconds of all stages."""
        return sum(self.stages.values())


class StopWatch:
    """A watcher that takes the time of each stage."""

    def __init__(self) -> None:
        """Begin with no stage."""
        self.stages: dict[str, float] = {}
        self._name: str | None = None
        self._begun = 0.0

    def stage(self, name: str, total: int | None = None) -> None:  # noqa: ARG002
        """End the stage before and begin another."""
        now = time.perf_counter()
        if self._name is not None:
            self.stages[self._name] = self.stages.get(self._name, 0.0) + now - self._begun
        self._name, self._begun = name, now

    def advance(self, steps: int = 1) -> None:
        """Take no note."""


class QuickEncoder:
    """An encoder that costs next to nothing: a text's vector is the mean of vectors that its words have by chance."""

    name = "quick"
    fingerprint = "9" * 64
    dimension = 384

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return unit vectors of shape (len(texts), dimension)."""
        if progress:
            progress(len(texts))
        return self.encode_questions(texts)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of shape (len(texts), dimension)."""
        found = np.zeros((len(texts), self.dimension), np.float32)
        for place, text in enumerate(texts):
            for word in words(text.lower()):
                found[place] += _of_word(word, self.dimension)
        found /= np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
        return found


@cache
def _of_word(word: str, dimension: int) -> Vectors:
    """Return a word's vector, the same each time."""
    return np.random.default_rng(crc32(word.encode())).standard_normal(dimension).astype(np.float32)


def rebuilds(paths: Paths, number: int, words_of_post: int, comments: int, fake: bool) -> list[Run]:
    """Write the archive, rebuild three times, and return what each cost; the index is left."""
    posts = synthetic_posts(number, words_of_post, comments)
    edited = with_edited_post(posts, len(posts) // 2, "This is the sentence that the author put before the others.")
    runs = []
    for name, archive in ((FROM_NOTHING, posts), (EDITED, edited), (UNCHANGED, edited)):
        (paths.data / "export.xml").write_text(export(archive), encoding="utf-8")
        print(f"{name} …", file=sys.stderr, flush=True)
        runs.append(_in_own_process(name, paths, fake))
    return runs


def _in_own_process(name: str, paths: Paths, fake: bool) -> Run:
    """Rebuild in a process that is started for it, as the command does; what is set for that is taken back."""
    with patch.dict(os.environ):
        leave_processors_to_model()
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            run: Run = pool.apply(measure, (name, paths, fake))
            return run


def measure(name: str, paths: Paths, fake: bool) -> Run:
    """Rebuild once and return what it cost."""
    watch = StopWatch()
    encoder: Encoder = QuickEncoder() if fake else SentenceTransformerEncoder()
    report = rebuild([], paths, Settings(), encoder, watch)
    watch.stage("")
    files = [path.stat().st_size for path in (paths.index / "builds" / str(report.build)).rglob("*") if path.is_file()]
    return Run(
        name=name,
        stages=watch.stages,
        embedded=report.embedded,
        peak_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // KIB_OF_MAXRSS >> 10,
        index_mib=sum(files) >> 20,
        passages=report.counts.passages,
        sentences=report.counts.sentences,
    )


def table(runs: Sequence[Run]) -> Iterator[str]:
    """Yield a Markdown table: a row for each thing measured, a column for each rebuild, its ratio to the first."""
    first = runs[0]
    heads = ["", first.name, *(head for run in runs[1:] for head in (run.name, "ratio"))]
    yield "| " + " | ".join(heads) + " |"
    yield "|---|" + "---:|" * (len(heads) - 1)
    for stage in dict.fromkeys(name for run in runs for name in run.stages):
        yield _row(f"{stage}, s", [run.stages.get(stage, 0.0) for run in runs], 2)
    yield _row("All, s", [run.seconds for run in runs], 2)
    besides = [
        replace(run, stages={k: v for k, v in run.stages.items() if k not in (READING, EXPORTING)}) for run in runs
    ]
    yield _row("All but reading and exporting, s", [run.seconds for run in besides], 2)
    yield _row("Passages embedded", [run.embedded for run in runs], 0)
    yield _row("Peak memory, MiB", [run.peak_mib for run in runs], 0)
    yield _row("Size of the build, MiB", [run.index_mib for run in runs], 0)


def _row(name: str, values: Sequence[float], digits: int) -> str:
    """Return one row: the values, and from the second on what part of the first each is."""
    cells = [name, f"{values[0]:,.{digits}f}"]
    for value in values[1:]:
        cells += [f"{value:,.{digits}f}", f"{value / values[0]:.1%}" if values[0] else "–"]
    return "| " + " | ".join(cells) + " |"
