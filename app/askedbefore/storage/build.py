"""Write a build aside, and verify it as a reader of the index would."""

import json
import os
import shutil
import sqlite3
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from askedbefore.embedding import Vectors
from askedbefore.errors import IndexProblem, RebuildStopped
from askedbefore.records import AskedQuestion, Passage
from askedbefore.storage import layout
from askedbefore.storage.database import write_passages
from askedbefore.storage.layout import Manifest
from askedbefore.storage.library import Library
from askedbefore.storage.measured import Measured, not_yet_measured
from askedbefore.storage.questions import Questions, no_questions
from askedbefore.storage.vectorindex import ENOUGH_QUESTIONS, LARGE, MOST_QUESTIONS, evenly, write_vectors


@dataclass(frozen=True, slots=True)
class Contents:
    """What goes into a build: passages, units together; a vector each; each passage's sentences; the headings.

    `vectors` is (passages, dimension) float32; `sentence_vectors` (sentences, dimension), in the order of the
    passages, `heading_vectors` (headings, dimension) and `unit_vectors` (units, dimension) are float16.
    """

    passages: Sequence[Passage]
    vectors: Vectors
    sentences: Sequence[Sequence[tuple[int, int]]]
    sentence_vectors: NDArray[np.float16]
    headings: Sequence[str]
    heading_vectors: NDArray[np.float16]
    unit_vectors: NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class OftenAsked:
    """What readers have often asked, in the order to be shown; `vectors` is (questions, dimension) float32.

    `found` are all questions that stand alone, often asked or not, each behind the place where it was asked.
    """

    questions: tuple[AskedQuestion, ...]
    vectors: Vectors
    found: Sequence[tuple[str, str]] = ()


def new_build_id() -> str:
    """Return a name for a build: the time, for people, and something that no other build has."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:6]}"


def write_build(
    index: Path,
    contents: Contents,
    asked: OftenAsked,
    manifest: Manifest,
    models: Mapping[str, Path],
    large: int = LARGE,
) -> Path:
    """Write all files of a build beside the live one and return its folder.

    `files` and `nearest` of the manifest are filled in here; from `large` passages on not all are looked at for a
    question. `models` are the files of models in the index folder, by their names in the build; they are never written
    again. The folder has the name of one that is not finished, and is cleared away unless `switch` is called with it:
    until then nothing that readers see has changed. Raises RebuildStopped when the disk does not take it.
    """
    folder = layout.builds_folder(index) / (manifest.id + layout.PARTIAL)
    with onto_disk(folder):
        folder.mkdir(parents=True)
        places = write_passages(
            folder / layout.PASSAGES, contents.passages, contents.sentences, contents.headings, asked.found
        )
        places.save(folder)
        nearest = write_vectors(folder, contents.vectors, _like_questions(contents, asked), large)
        np.save(folder / layout.UNITS, contents.unit_vectors, allow_pickle=False)
        _save_joined(folder / layout.SENTENCES, contents.sentence_vectors, contents.heading_vectors)
        not_yet_measured(len(contents.unit_vectors), manifest.dimension).save(folder)
        questions = [asdict(question) for question in asked.questions]
        (folder / layout.ASKED).write_text(json.dumps(questions, ensure_ascii=False, indent=1), encoding="utf-8")
        np.save(folder / layout.ASKED_VECTORS, asked.vectors.astype(np.float16), allow_pickle=False)
        np.save(folder / layout.PINS, np.zeros((0, manifest.dimension), np.float32), allow_pickle=False)
        no_questions(manifest.dimension).save(folder)
        for name, path in models.items():
            _link(path, folder / name)
        manifest = manifest.model_copy(update={"nearest": nearest})
        _write_manifest(folder, manifest, [*manifest.served, *models])
    return folder


def _like_questions(contents: Contents, asked: OftenAsked) -> Vectors:
    """Return vectors of such texts as readers ask: their own questions, or where these are few, sentences."""
    some = asked.vectors if len(asked.vectors) >= ENOUGH_QUESTIONS else contents.sentence_vectors
    return evenly(some, MOST_QUESTIONS).astype(np.float32)


def _save_joined(path: Path, *several: NDArray[np.float16]) -> None:
    """Write arrays of as many columns one below the other, as one array, which need not fit into memory."""
    shape = (sum(len(one) for one in several), several[0].shape[1])
    head = {"descr": np.lib.format.dtype_to_descr(several[0].dtype), "fortran_order": False, "shape": shape}
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, head)
        for one in several:
            one.tofile(file)


def _link(path: Path, target: Path) -> None:
    """Let a file stand in a second place too, as a hard link, or as a copy where the disk has none."""
    target.parent.mkdir(exist_ok=True)
    try:
        target.hardlink_to(path)
    except (OSError, NotImplementedError):
        shutil.copyfile(path, target)


def write_measured(build: Path, measured: Measured) -> None:
    """Add to a build that is not live yet what was measured of it."""
    with onto_disk(build):
        measured.save(build)
        _write_manifest(build, layout.read_manifest(build), [layout.MEASURED])


def write_pins(build: Path, vectors: Vectors, rows: Sequence[tuple[int, ...]]) -> None:
    """Add to a build that is not live yet the vectors of the pins' questions and the rows of their places."""
    with onto_disk(build):
        np.save(build / layout.PINS, vectors, allow_pickle=False)
        _write_manifest(build, layout.read_manifest(build).model_copy(update={"pins": tuple(rows)}), [layout.PINS])


def write_report(build: Path, page: str) -> None:
    """Add the author's report to a build that is not live yet. No reader's answer depends on it."""
    with onto_disk(build):
        (build / layout.REPORT).write_text(page, encoding="utf-8")
        flush(build / layout.REPORT)


def write_questions(build: Path, questions: Questions) -> None:
    """Add to a build that is not live yet the questions that the model was asked, so that the next one need not."""
    with onto_disk(build):
        questions.save(build)
        _write_manifest(build, layout.read_manifest(build), [layout.QUESTIONS])


def _write_manifest(folder: Path, manifest: Manifest, changed: Sequence[str]) -> None:
    """Write the manifest with the checksums of the files that are new in it, and see all of these onto the disk."""
    files = {**manifest.files, **{name: layout.checksum(folder / name) for name in changed}}
    complete = manifest.model_copy(update={"files": files})
    (folder / layout.MANIFEST).write_text(layout.sealed(complete), encoding="utf-8")
    for name in (*changed, layout.MANIFEST):
        flush(folder / name)
    for within in {(folder / name).parent for name in (*changed, layout.MANIFEST)}:
        flush(within)


@contextmanager
def onto_disk(folder: Path) -> Iterator[None]:
    """Turn what goes wrong in writing into RebuildStopped, with nothing of the folder left."""
    try:
        yield
    except (OSError, RuntimeError, sqlite3.Error) as error:  # faiss raises RuntimeError, SQLite its own
        shutil.rmtree(folder, ignore_errors=True)
        raise RebuildStopped(
            f"The new index could not be written to {folder.parent}: {error}. "
            "Is the disk full? Free some space and run the same command again; the index that was live still is."
        ) from error


def verify(build: Path, name: str = "The new build") -> Manifest:
    """Open a build as a server does, read every row of it, and return its manifest as it is now.

    Raises RebuildStopped when it would not answer; `name` is what the build is called there.
    """
    try:
        with closing(Library(build)) as library:
            layout.check_models(build, library.manifest)
            library.check_rows()
            return library.manifest
    except IndexProblem as error:
        raise RebuildStopped(f"{name} did not pass its check: {error} The index is as it was.") from error


def flush(path: Path) -> None:
    """Make sure that a file or folder has reached the disk."""
    if path.is_dir() and os.name == "nt":
        return  # Windows has no handle for this
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
