"""A server takes a new build without dropping or mixing anything, and goes on with the one before when it must."""

import asyncio
import gc
import logging
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest

from askedbefore.answer import answer_question
from askedbefore.errors import IndexProblem
from askedbefore.storage import layout
from askedbefore.storage.library import Library
from askedbefore.storage.served import open_live, open_served
from askedbefore.web.live import LiveLibrary
from tests.conftest import Blog
from tests.serving import client
from tests.wxr import POSTS, export


@pytest.fixture
def twice(small_blog: Blog) -> Blog:
    """Return a blog of two posts that had three in the build before."""
    small_blog.write("export.xml", export(POSTS[:2]))
    small_blog.rebuild()
    return small_blog


def damage(blog: Blog, name: str = layout.VECTORS) -> Path:
    """Flip a bit of the live build and return its folder."""
    build = layout.builds_folder(blog.paths.index) / layout.read_current(blog.paths.index).build
    content = bytearray((build / name).read_bytes())
    content[len(content) // 2] ^= 1
    (build / name).write_bytes(content)
    return build


@pytest.mark.parametrize("way", ["/plain", "/turn"])
def test_what_is_sent_is_of_one_build(blog: Blog, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    """Also when a rebuild switches while the answer is made: the page's name is not from another one than the quote."""
    blog.write("export.xml", export())
    blog.write("blog.toml", 'title = "Old Name"\nlanguage = "de"')
    blog.rebuild()

    def switch_meanwhile(*given: Any, **named: Any) -> object:
        """Answer, and have a rebuild switch before the answer is sent."""
        answer = answer_question(*given, **named)
        blog.write("blog.toml", 'title = "New Name"')
        blog.rebuild()
        return answer

    reader = client(blog)
    monkeypatch.setattr("askedbefore.web.server.answer_question", switch_meanwhile)
    first = reader.post(way, data={"question": "Why is a break hard?"}).text
    monkeypatch.undo()
    assert "New Name" not in first
    assert "You asked" not in first
    assert "You asked" in reader.post(way, data={"question": "Why is a break hard?"}).text


def test_one_opens_the_new_build_and_the_others_do_not_wait(small_blog: Blog, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large build takes seconds to open."""
    live = LiveLibrary(small_blog.paths.index, small_blog.encoder)
    small_blog.write("export.xml", export(POSTS[:2]))
    small_blog.rebuild()
    begun, go = threading.Event(), threading.Event()

    def open_slowly(index: Path) -> Library:
        """Open the live build when it is time."""
        begun.set()
        assert go.wait(60)
        return open_live(index)

    monkeypatch.setattr("askedbefore.web.live.open_live", open_slowly)
    first = threading.Thread(target=live.current)
    first.start()
    assert begun.wait(60)
    assert live.current().manifest.counts.posts == 3
    go.set()
    first.join()
    assert live.current().manifest.counts.posts == 2


@pytest.mark.parametrize("path", ["/", "/healthz", "/plain", "/embed.js", "/page.js"])
def test_nobody_waits_for_a_page_that_finds_a_new_build(
    small_blog: Blog, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """It is opened beside the event loop, which has all the others to see to, whatever is asked for first."""
    reader = client(small_blog)
    assert reader.get(path).status_code == 200
    small_blog.write("export.xml", export(POSTS[:2]))
    small_blog.rebuild()
    in_the_loop = []

    def note(index: Path) -> Library:
        """Open the live build, and note whether an event loop has to wait meanwhile."""
        in_the_loop.append(is_in_a_loop())
        return open_live(index)

    monkeypatch.setattr("askedbefore.web.live.open_live", note)
    assert reader.get(path).status_code == 200
    assert in_the_loop == [False]


def is_in_a_loop() -> bool:
    """Say whether an event loop runs in this thread."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def test_a_build_that_the_next_rebuild_removed_is_no_reason_to_wait(
    small_blog: Blog, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The newest is looked for again at the next question, not after half a minute."""
    live = LiveLibrary(small_blog.paths.index, small_blog.encoder)
    small_blog.write("export.xml", export(POSTS[:2]))
    small_blog.rebuild()

    def too_late(index: Path) -> Library:
        """Find the build gone, because a rebuild has made another one meanwhile."""
        small_blog.write("export.xml", export([POSTS[0], POSTS[2]]))
        small_blog.rebuild()
        raise IndexProblem("It is gone.")

    monkeypatch.setattr("askedbefore.web.live.open_live", too_late)
    assert live.current().manifest.counts.posts == 3
    monkeypatch.undo()
    assert "silence" in live.current().manifest.recipe.posts
    assert "breaks" in live.current().manifest.recipe.posts
    assert not caplog.records


def test_the_build_before_a_damaged_one_answers(twice: Blog, caplog: pytest.LogCaptureFixture) -> None:
    """It is said, with what to do; when both are damaged, the message is of the live one."""
    live = damage(twice)
    with caplog.at_level(logging.WARNING):
        assert LiveLibrary(twice.paths.index, twice.encoder).current().manifest.counts.posts == 3
    assert "Readers are answered from the one before" in caplog.text
    assert str(live / layout.VECTORS) in caplog.text
    assert "askedbefore rebuild" in caplog.text
    before = layout.read_current(twice.paths.index).previous
    (layout.builds_folder(twice.paths.index) / str(before) / layout.UNITS).unlink()
    with pytest.raises(IndexProblem, match=f"{live.name}/{layout.VECTORS}"):
        open_served(twice.paths.index)


def test_a_build_that_nobody_reads_is_closed_at_once(twice: Blog) -> None:
    """Not when Python looks for cycles: its file would take room on the disk for as long, though it is removed."""
    gc.disable()
    try:
        library = twice.library()
        database = library._database
        del library
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            database.execute("SELECT 1")
    finally:
        gc.enable()


def test_what_is_hidden_stays_hidden(small_blog: Blog) -> None:
    """The build before does not answer if it shows what the author has hidden since."""
    small_blog.write("curation.toml", 'hide = ["fees"]')
    small_blog.rebuild()
    assert layout.read_current(small_blog.paths.index).previous
    damage(small_blog)
    with pytest.raises(IndexProblem, match="askedbefore rebuild"):
        open_served(small_blog.paths.index)


def test_a_letter_of_the_manifest(small_blog: Blog) -> None:
    """One that still reads as a manifest is found out too; one without a checksum, from before, is taken."""
    build = layout.builds_folder(small_blog.paths.index) / layout.read_current(small_blog.paths.index).build
    path = build / layout.MANIFEST
    written = path.read_text(encoding="utf-8")
    path.write_text(written.replace("A Test Blog", "A Best Blog"), encoding="utf-8")
    with pytest.raises(IndexProblem, match=r"its own checksum.*askedbefore rebuild"):
        small_blog.library()
    seal = layout.Manifest.model_validate_json(written).seal
    path.write_text(written.replace(f'"seal": "{seal}"', '"seal": ""'), encoding="utf-8")
    assert small_blog.library().manifest.seal == ""
