"""Read a build: the passages, their vectors and words. Opens only what the manifest names, and changes nothing."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from askedbefore.embedding import Encoder, Vectors
from askedbefore.errors import IndexProblem
from askedbefore.records import Kind, Passage, Voice
from askedbefore.storage import layout
from askedbefore.storage.layout import Manifest

COLUMNS = [field.name for field in fields(Passage)]
_ROWS_AT_ONCE = 500  # SQLite allows a limited number of parameters

Rows = NDArray[np.int64]
Spans = tuple[tuple[int, int], ...]


class Library:
    """One build, open for reading. Safe to use from several threads at once."""

    def __init__(self, folder: Path) -> None:
        """Open the build in `folder`. Raises IndexProblem, with what was found and expected, when it is not sound."""
        self.manifest: Manifest = layout.read_manifest(folder)
        self.folder = folder
        _check_files(folder, self.manifest)
        try:
            address = f"{(folder / layout.PASSAGES).absolute().as_uri()}?mode=ro&immutable=1"
            self._database = sqlite3.connect(address, uri=True, check_same_thread=False)
            self._vectors = faiss.read_index(str(folder / layout.VECTORS))
            self._sentences = np.load(folder / layout.SENTENCES, mmap_mode="r", allow_pickle=False)
            units = self._database.execute("SELECT first_row, end_row FROM units ORDER BY number").fetchall()
            self.off_topic: Vectors = np.load(folder / layout.OFF_TOPIC, allow_pickle=False).astype(np.float32)
            self.pins: Vectors = np.load(folder / layout.PINS, allow_pickle=False)
            counts = self.manifest.counts
            found = [
                ("passages", self._count("passages"), counts.passages),
                ("vectors", self._vectors.ntotal, counts.passages),
                ("dimensions", self._vectors.d, self.manifest.dimension),
                ("sentences", len(self._sentences), counts.sentences),
                ("pins", len(self.pins), len(self.manifest.pins)),
            ]
        except (OSError, RuntimeError, ValueError, sqlite3.Error) as error:
            raise IndexProblem(f"The build {folder} cannot be read ({error}). {layout.REPAIR}") from error
        for name, number, expected in found:
            _expect(folder, name, number, expected)
        self.floor = self.manifest.floor
        self._unit_rows: Rows = np.array(units, dtype=np.int64).reshape(-1, 2)

    def close(self) -> None:
        """Let go of the files."""
        self._database.close()

    def check_fits(self, encoder: Encoder) -> None:
        """Raise IndexProblem when the build was made with another model than `encoder`."""
        recipe = self.manifest.recipe
        if recipe.model_sha256 != encoder.fingerprint:
            raise IndexProblem(
                f"The index was made with the model {recipe.model} (weights {recipe.model_sha256[:12]}); "
                f"the one in use is {encoder.name} (weights {encoder.fingerprint[:12]}). {layout.REPAIR}"
            )

    def check_rows(self) -> None:
        """Read every passage and its sentences. Raises IndexProblem when a row does not hold together."""
        sentence = 0
        for row, passage, first, spans in self._records("ORDER BY row"):
            in_order = first == sentence and all(0 <= start < end <= len(passage.text) for start, end in spans)
            if not passage.text or not in_order:
                raise IndexProblem(f"Row {row} of {self.folder / layout.PASSAGES} is damaged. {layout.REPAIR}")
            sentence += len(spans)
        _expect(self.folder, "sentences of all passages", sentence, self.manifest.counts.sentences)

    def nearest_rows(self, vector: Vectors, most: int) -> Rows:
        """Return the rows of the passages closest to a unit vector of shape (dimension,), the closest first."""
        _, rows = self._vectors.search(vector[None, :], min(most, self._vectors.ntotal))
        return np.asarray(rows[0], dtype=np.int64)

    def units_of(self, rows: Rows) -> Rows:
        """Return the numbers of the units that the rows belong to, each once, ascending."""
        return np.unique(np.searchsorted(self._unit_rows[:, 0], rows, side="right") - 1).astype(np.int64)

    def rows_of(self, unit: int) -> range:
        """Return the rows of a unit."""
        first, end = self._unit_rows[unit]
        return range(int(first), int(end))

    def units_with_words(self, query: str, most: int) -> dict[int, float]:
        """Return units that match an FTS5 query, with BM25 turned so that higher is better; the best `most`."""
        found = self._database.execute(
            "SELECT rowid, -bm25(unit_words) FROM unit_words WHERE unit_words MATCH ? ORDER BY 2 DESC, 1 LIMIT ?",
            (query, most),
        )
        return {int(number): float(score) for number, score in found}

    def passages(self, rows: Iterable[int]) -> dict[int, tuple[Passage, int, Spans]]:
        """Return the passages at the rows, each with the number of its first sentence and its sentences' ranges."""
        wanted = sorted(set(rows))
        found: dict[int, tuple[Passage, int, Spans]] = {}
        for start in range(0, len(wanted), _ROWS_AT_ONCE):
            part = wanted[start : start + _ROWS_AT_ONCE]
            for row, passage, first, spans in self._records(f"WHERE row IN ({', '.join('?' * len(part))})", part):
                found[row] = (passage, first, spans)
        return found

    def all_passages(self) -> Iterator[tuple[Passage, int, Spans]]:
        """Yield every passage in the order of its row, with its first sentence's number and its sentences' ranges."""
        for _, passage, first, spans in self._records("ORDER BY row"):
            yield passage, first, spans

    def passage_vectors(self, rows: Sequence[int]) -> Vectors:
        """Return the vectors of the rows, of shape (len(rows), dimension), float32."""
        vectors: Vectors = self._vectors.reconstruct_batch(np.asarray(rows, dtype=np.int64))
        return vectors

    def sentence_vectors(self, first: int, end: int) -> Vectors:
        """Return the vectors of the sentences from `first` up to `end`, of shape (end - first, dimension), float32."""
        return np.asarray(self._sentences[first:end], dtype=np.float32)

    def _records(self, where: str, values: Sequence[Any] = ()) -> Iterator[tuple[int, Passage, int, Spans]]:
        """Yield row, passage, number of the first sentence and sentences' ranges of the rows asked for."""
        found = self._database.execute(
            f"SELECT row, {', '.join(COLUMNS)}, first_sentence, sentences FROM passages {where}", values
        )
        for row, *values_of_passage, first, spans in found:
            record = dict(zip(COLUMNS, values_of_passage, strict=True))
            record |= {"kind": Kind(record["kind"]), "voice": Voice(record["voice"]), "shown": bool(record["shown"])}
            yield row, Passage(**record), first, tuple((start, end) for start, end in json.loads(spans))

    def _count(self, table: str) -> int:
        """Return the number of rows of a table."""
        return int(self._database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def open_live(index: Path) -> Library:
    """Open the live build. Raises IndexProblem when there is no index or it cannot be used."""
    return Library(layout.builds_folder(index) / layout.read_current(index).build)


def _check_files(folder: Path, manifest: Manifest) -> None:
    """Raise IndexProblem when the format is another one, or a file is missing or not as it was written."""
    if manifest.recipe.format != layout.FORMAT:
        raise IndexProblem(
            f"The index in {folder} has format {manifest.recipe.format}; this version reads format {layout.FORMAT}. "
            f"{layout.REPAIR}"
        )
    for name in layout.FILES:
        path = folder / name
        expected = manifest.files.get(name)
        try:
            found = layout.checksum(path)
        except OSError as error:
            found = str(error.strerror)
        if found != expected:
            raise IndexProblem(
                f"{path} is not as it was written (found {found[:30]}, expected {str(expected)[:12]}). {layout.REPAIR}"
            )


def _expect(folder: Path, name: str, found: int, expected: int) -> None:
    """Raise IndexProblem when a count is not the manifest's."""
    if found != expected:
        raise IndexProblem(f"The build {folder} holds {found} {name}, its manifest says {expected}. {layout.REPAIR}")
