"""Keep the folder of builds: one rebuild at a time, which build is live, and what is left over is removed."""

import os
import platform
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from askedbefore.errors import IndexProblem, RebuildStopped
from askedbefore.storage import layout
from askedbefore.storage.build import flush, onto_disk
from askedbefore.storage.layout import Current, Manifest
from askedbefore.storage.library import Library
from askedbefore.storage.served import open_live


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
        flush(build.parent)
    return build


def name_live(index: Path, current: Current) -> None:
    """Write which build is live, in one step. Raises RebuildStopped when that cannot be written."""
    aside = index / (layout.CURRENT + layout.PARTIAL)
    try:
        aside.write_text(current.model_dump_json(), encoding="utf-8")
        flush(aside)
        aside.replace(index / layout.CURRENT)
    except OSError as error:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        raise RebuildStopped(
            f"{index} cannot be written: {error}. Is the disk full? The index that was live still is."
        ) from error
    with suppress(OSError):  # the switch is done; were it lost with the power, the build before is still there
        flush(index)


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
