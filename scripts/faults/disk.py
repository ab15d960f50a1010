"""What disks do: become full, change a byte, allow no writing."""

import logging
import os
import random
import re
import resource
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest

from askedbefore.answer import answer_question
from askedbefore.errors import IndexProblem
from askedbefore.storage import layout
from askedbefore.web.live import LiveLibrary
from scripts.faults.blog import MARK, QUESTIONS, Blog, Fake, Fault, a_blog
from scripts.faults.readers import ask_once
from tests.processes import running

PAGE = 4096  # bytes that a file grows by on a disk


def full_disk(times: int = 120) -> dict[str, object]:
    """Rebuild on a disk that becomes full at one write after the other, until there is enough room.

    The disk is a small one in memory; where it may not be mounted, no file may grow beyond as many bytes.
    """
    with a_blog() as blog:
        whole = blog.size()
        with _small_disk(blog.paths.index) as resize:
            failed, room, step = 0, 0, max(PAGE, 2 * whole // times // PAGE * PAGE)
            blog.write(2)
            while (ended := blog.run(fault=resize(room))).code:
                assert any(one in ended.message for one in ("cannot be written", "could not be written")), ended.message
                assert blog.live_edition() == 1
                assert not blog.leftovers(), f"left over with {room} bytes free: {blog.leftovers()}"
                failed, room = failed + 1, room + step
                assert room < 20 * whole, f"never enough room: {ended.output}"
            assert blog.live_edition() == 2
    return {
        "disk": "a small tmpfs" if can_mount() else "files of bounded size",
        "full at so many places": failed,
        "bytes apart": step,
    }


def flipped_bytes(times: int = 20) -> dict[str, object]:
    """Flip one bit of each file of the live build, at many places: it is refused, and the build before answers."""
    chance = random.Random(3)
    flips = 0
    with a_blog() as blog, _without_warnings():  # what is said is looked at once, at the end, in another process
        blog.rebuild(2)
        build = layout.builds_folder(blog.paths.index) / layout.read_current(blog.paths.index).build
        for name in (*layout.FILES, layout.MANIFEST):
            for _ in range(times):
                with _flipped(build / name, chance):
                    _expect_refusal(blog, name)
                flips += 1
        with _flipped(build / layout.VECTORS, chance):
            _expect_said(blog)
        assert blog.run("check").code == 0
    return {"files": len(layout.FILES) + 1, "flips": flips, "refused": flips, "answered by the build before": flips}


@contextmanager
def _without_warnings() -> Iterator[None]:
    """Let nothing be said for a while that is no error."""
    log = logging.getLogger("askedbefore")
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(before)


def read_only() -> dict[str, object]:
    """Let nobody write in the index folder: a rebuild says so, and everything that only reads goes on."""
    with a_blog() as blog:
        blog.write(2)
        with _not_to_be_written(blog.paths.index):
            assert "cannot be written" in blog.run().message
            assert blog.live_edition() == 1
            assert blog.run("rollback").code == 1
            with running(blog.paths.index, blog.new_folder(), workers=1) as server:
                assert "edition1" in ask_once(server.url)
        assert blog.run().code == 0
        assert blog.live_edition() == 2
    return {"rebuild": "one message", "server": "answers"}


def _expect_refusal(blog: Blog, name: str) -> None:
    """See that the live build does not open, for this file, and that a server answers from the build before."""
    with pytest.raises(IndexProblem, match=re.escape(name)):
        blog.live_edition()
    encoder = Fake()
    with closing(LiveLibrary(blog.paths.index, encoder).current()) as library:
        quotes = [hit.quote for hit in answer_question(QUESTIONS[0], library, encoder).hits]
    assert quotes, "no answer"
    assert all(MARK.findall(quote) and set(MARK.findall(quote)) == {"1"} for quote in quotes), quotes


def _expect_said(blog: Blog) -> None:
    """See that `check` and a server say that the live build is damaged and which one answers."""
    checked = blog.run("check")
    assert checked.code == 1, checked.output
    folder = blog.new_folder()
    with running(blog.paths.index, folder, workers=1) as server:
        assert "edition1" in ask_once(server.url)
        for said in (checked.output, server.output()):
            assert "THE LIVE INDEX CANNOT BE USED. Readers are answered from the one before it" in said, said
            assert layout.VECTORS in said
            assert "askedbefore rebuild" in said


@contextmanager
def _flipped(path: Path, chance: random.Random) -> Iterator[None]:
    """Flip one bit somewhere in a file until the block ends."""
    whole = path.read_bytes()
    content = bytearray(whole)
    while bytes(content) == whole or content.split() == whole.split():  # space between words of JSON says nothing
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)
    try:
        yield
    finally:
        path.write_bytes(whole)


def can_mount() -> bool:
    """Say whether this process may mount a disk."""
    return (
        os.geteuid() == 0
        and shutil.which("mount") is not None
        and subprocess.run(["unshare", "-m", "true"]).returncode == 0
    )


@contextmanager
def _small_disk(index: Path) -> Iterator[Callable[[int], Fault]]:
    """Give a function that leaves so many bytes free for a folder, and returns what a process must do besides."""
    if not can_mount():

        def files_of_bounded_size(room: int) -> Fault:
            """Return what bounds the size of each file."""
            return partial(_bound_files, room)

        yield files_of_bounded_size
        return
    aside = index.with_name("aside")
    index.rename(aside)
    index.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1g", "tmpfs", index], check=True)
    try:
        shutil.copytree(aside, index, dirs_exist_ok=True)

        def small_tmpfs(room: int) -> Fault:
            """Leave so many bytes free."""
            disk = os.statvfs(index)
            used = (disk.f_blocks - disk.f_bfree) * disk.f_frsize
            subprocess.run(["mount", "-o", f"remount,size={used + room}", index], check=True)
            return _nothing

        yield small_tmpfs
    finally:
        subprocess.run(["umount", index], check=True)


def _nothing() -> None:
    """Do nothing."""


def _bound_files(most: int) -> None:
    """Let no file that this process writes become larger; what goes beyond fails as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


@contextmanager
def _not_to_be_written(folder: Path) -> Iterator[None]:
    """Make a folder and all in it read-only until the block ends."""
    if can_mount():
        subprocess.run(["mount", "--bind", folder, folder], check=True)
        subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True)
    else:
        _set_modes(folder, 0o555, 0o444)
    try:
        yield
    finally:
        if can_mount():
            subprocess.run(["umount", folder], check=True)
        else:
            _set_modes(folder, 0o755, 0o644)


def _set_modes(folder: Path, of_folders: int, of_files: int) -> None:
    """Set who may do what with a folder and all in it."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(of_folders if path.is_dir() else of_files)
