"""Write a build aside, verify it as a reader of the index would, and make it the live one in one step."""

import json
import os
import platform
import shutil
import sqlite3
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from askedbefore.embedding import Vectors
from askedbefore.errors import IndexProblem, RebuildStopped
from askedbefore.records import AskedQuestion, Passage
from askedbefore.storage import layout
from askedbefore.storage.database import write_passages
from askedbefore.storage.layout import Current, Manifest
from askedbefore.storage.library import Library, open_live
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


@contextmanager
def rebuild_lock(index: Path) -> Iterator[None]:
    """Hold the index against a second rebuild, and clear away what killed ones left, and what this one leaves.

    Raises RebuildStopped when one is running, with which it is, or when the folder cannot be written. The lock is the
    system's own, which lets go of it when a process dies; the note on who has it is only for people.
    """
    lock, holder = FileLock(index / layout.LOCK, timeout=0), index / layout.HOLDER
    try:
        layout.builds_folder(index).mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise RebuildStopped(
            f"Another rebuild of {index} is running{_who_holds(holder)}. Wait until it has ended."
        ) from error
    except OSError as error:
        raise RebuildStopped(
            f"The index folder {index} cannot be written: {error.strerror or error}. "
            "Give yourself the right to write there, free some space, or name another folder with --index."
        ) from error
    try:
        _remove_partial(index)
        with suppress(OSError):  # a full disk is found out, and said, when something is written that matters
            holder.write_text(
                f"process {os.getpid()} on {platform.node()}, since {datetime.now():%Y-%m-%d %H:%M:%S}",
                encoding="utf-8",
            )
        yield
    finally:
        _remove_partial(index)
        with suppress(OSError):
            holder.unlink(missing_ok=True)
        lock.release()


def _who_holds(holder: Path) -> str:
    """Return who has the index, as it stands in a message, or nothing when that is not known."""
    try:
        return f" ({holder.read_text(encoding='utf-8')[:200]})"
    except (OSError, ValueError):
        return ""


@contextmanager
def live_build(index: Path) -> Iterator[tuple[Library | None, tuple[str, ...]]]:
    """Open the live build, if there is one that can be used; else give None, with a remark when it is damaged.

    Builds that it does not name are removed: a rebuild that was killed after its switch may have left one of which
    something is to be forgotten.
    """
    if not (index / layout.CURRENT).exists():
        newest = _newest(index, "")
        _remove(index, lambda name: name != newest)  # killed first rebuilds must not heap up
        yield None, ()
        return
    try:
        library = open_live(index)
    except IndexProblem as problem:
        last = last_manifest(index)
        if last is not None and last.recipe.format != layout.FORMAT:
            yield None, ()  # what is said of the recipe says so
            return
        yield None, (f"The index that was there could not be used, so all of it was made anew. {problem}",)
        return
    with closing(library):
        yield library, _remove_but(index, layout.read_current(index))


def last_manifest(index: Path) -> Manifest | None:
    """Return what the live build says of itself, or else the newest that can be read, even if it cannot be served."""
    current = _current(index)
    for name in (current.build if current else None, _newest(index, "")):
        if name is not None:
            with suppress(IndexProblem):
                return layout.read_manifest(layout.builds_folder(index) / name)
    return None


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
        _flush(build / layout.REPORT)


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
        _flush(folder / name)
    for within in {(folder / name).parent for name in (*changed, layout.MANIFEST)}:
        _flush(within)


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


def switch(index: Path, build: Path) -> tuple[str, ...]:
    """Make a verified build the live one, in one step, and remove all builds but it and the one before it.

    The one before is kept only if it has forgotten all that the new one has. Returns remarks on what is not removed.
    Raises RebuildStopped, with nothing of the new build left, when the disk does not take it.
    """
    build = _finish(build)
    before = _current(index)
    previous = before.build if before else _newest(index, build.name)
    forget = layout.read_manifest(build).recipe.curation.forget
    kept = previous if previous and has_forgotten(build.with_name(previous), forget) else None
    current = Current(build=build.name, previous=kept)
    try:
        name_live(index, current)
    except RebuildStopped:
        shutil.rmtree(build, ignore_errors=True)
        raise
    return _remove_but(index, current)


def _finish(folder: Path) -> Path:
    """Give a build that was written aside the name of a finished one, and return its folder."""
    build = folder.with_name(folder.name.removesuffix(layout.PARTIAL))
    with onto_disk(folder):
        folder.rename(build)
        _flush(build.parent)
    return build


def name_live(index: Path, current: Current) -> None:
    """Write which build is live, in one step. Raises RebuildStopped when that cannot be written."""
    aside = index / (layout.CURRENT + layout.PARTIAL)
    try:
        aside.write_text(current.model_dump_json(), encoding="utf-8")
        _flush(aside)
        aside.replace(index / layout.CURRENT)
    except OSError as error:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        raise RebuildStopped(
            f"{index} cannot be written: {error}. Is the disk full? The index that was live still is."
        ) from error
    with suppress(OSError):  # the switch is done; were it lost with the power, the build before is still there
        _flush(index)


def has_forgotten(build: Path, forget: Iterable[str]) -> bool:
    """Say whether a build was made without all that is to be forgotten."""
    try:
        return set(forget) <= set(layout.read_manifest(build).recipe.curation.forget)
    except IndexProblem:
        return not set(forget)


def _remove_partial(index: Path) -> None:
    """Remove what is no finished build."""
    _remove(index, lambda name: name.endswith(layout.PARTIAL))


def _remove_but(index: Path, current: Current) -> tuple[str, ...]:
    """Remove all builds that are not named, and return a remark on each that is still there."""
    return tuple(
        f"The older build {folder} could not be removed. Remove the folder yourself: "
        "it may hold what was hidden or is to be forgotten."
        for folder in _remove(index, lambda name: name not in (current.build, current.previous))
    )


def _remove(index: Path, is_leftover: Callable[[str], bool]) -> list[Path]:
    """Remove builds that are left over, and return those that still are. What is no build is never touched."""
    leftovers = [
        folder
        for folder in layout.builds_folder(index).iterdir()
        if layout.BUILD_ID.fullmatch(folder.name.removesuffix(layout.PARTIAL)) and is_leftover(folder.name)
    ]
    for folder in leftovers:
        shutil.rmtree(folder, ignore_errors=True)
    return [folder for folder in leftovers if folder.exists()]


def _newest(index: Path, but: str) -> str | None:
    """Return the newest finished build except one: what was live, when the note of it is damaged."""
    builds = layout.builds_folder(index)
    names = [folder.name for folder in builds.iterdir() if folder.name != but] if builds.is_dir() else []
    return max((name for name in names if layout.BUILD_ID.fullmatch(name)), default=None)


def _current(index: Path) -> Current | None:
    """Return which build is live, or None when there is none or the note of it is damaged."""
    try:
        return layout.read_current(index)
    except IndexProblem:
        return None


def _flush(path: Path) -> None:
    """Make sure that a file or folder has reached the disk."""
    if path.is_dir() and os.name == "nt":
        return  # Windows has no handle for this
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
