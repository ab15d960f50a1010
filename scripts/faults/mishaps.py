"""What else happens to a rebuild: another one at the same time, a wrong clock, an archive that goes away, no memory."""

import random
import resource
import shutil
import time
from collections import Counter
from datetime import datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import faiss
import numpy as np

from askedbefore.reading import finding
from askedbefore.storage import layout
from scripts.faults.blog import STEPS, Blog, Ended, a_blog, raise_at
from scripts.faults.readers import ask_once
from tests.processes import running, until

STEP_MIB = 4
HANGING = 30.0  # seconds
_BEFORE_SWITCH = STEPS[:-1]  # after it the new build is live, and only old ones are removed


def two_rebuilds() -> dict[str, object]:
    """Start a second rebuild: it says which process has the index. Kill the first: its lock stops nobody."""
    with a_blog() as blog:
        blog.write(2)
        first = blog.start(fault=partial(raise_at, "askedbefore.rebuild.calibrate", _sleep), name="first")
        until((blog.paths.index / layout.HOLDER).exists)
        until((blog.paths.index / layout.HOLDER).read_text)
        for _ in range(2):  # to be refused must not wipe out who has it
            message = blog.run().message
            assert f"Another rebuild of {blog.paths.index} is running (process {first.process.pid} on " in message
        assert blog.run("rollback").code == 1
        assert blog.live_edition() == 1
        first.kill()
        assert (blog.paths.index / layout.LOCK).exists()
        assert blog.run().code == 0
        assert blog.live_edition() == 2
        assert not blog.leftovers()
        assert not (blog.paths.index / layout.HOLDER).exists()
    return {"second": "refused, says who", "after a kill": "goes through"}


def clock_back() -> dict[str, object]:
    """Turn the clock back by a year between two rebuilds: the later one is live, with the server too."""
    with a_blog() as blog, running(blog.paths.index, blog.new_folder(), workers=1) as server:
        first = layout.read_current(blog.paths.index).build
        for edition in (2, 3):
            blog.write(edition)
            assert blog.run(fault=_turn_clock_back).code == 0
            assert blog.live_edition() == edition
            assert f"edition{edition}" in ask_once(server.url)
        current = layout.read_current(blog.paths.index)
        assert current.build < first
        assert not blog.leftovers()
        assert blog.run("rollback").code == 0
        assert blog.live_edition() == 2
        assert "edition2" in ask_once(server.url)
    return {"newest build by its name": first, "live": current.build}


def data_vanishing(times: int = 40) -> dict[str, object]:
    """Let the archive, or one file of it, go away at any moment of a rebuild: all of it is read, or nothing changes."""
    came: Counter[str] = Counter()
    chance = random.Random(5)
    with a_blog() as blog:
        begun = time.monotonic()
        blog.rebuild(live := 2)
        duration = time.monotonic() - begun
        for edition in range(3, times + 3):
            blog.write(edition)
            what = blog.paths.data if edition % 2 else blog.paths.data / "export-1.xml"
            if edition < 3 + times // 2:  # while it reads: just before a file is opened
                ended = blog.run(fault=partial(_vanish_while_reading, what, chance.randrange(3)))
            else:
                rebuild = blog.start()
                time.sleep(chance.uniform(0.0, duration))
                _remove(what)
                ended = rebuild.end()
            live = _expect_all_or_nothing(blog, ended, live, edition, may_lose=what != blog.paths.data)
            came["new build" if live == edition else "one message"] += 1
    return dict(came)


def out_of_memory(times: int = 12) -> dict[str, object]:
    """Take the memory away: at each step, in each way in which libraries say so, and by a bound on the process."""
    came: Counter[str] = Counter()
    with a_blog(posts=60) as blog:
        blog.write(2)
        for step in _BEFORE_SWITCH:
            for error in (MemoryError(), RuntimeError("DefaultCPUAllocator: can't allocate memory: 9 bytes")):
                ended = blog.run(fault=partial(raise_at, step, error))
                assert "not enough memory" in ended.message, ended.message
                assert blog.live_edition() == 1
                assert len(blog.leftovers()) <= step.endswith("name_live"), f"left over at {step}: {blog.leftovers()}"
        for number in range(times):
            blog.write(2)
            rebuild = blog.start(fault=partial(_bound_memory, number * STEP_MIB << 20))
            rebuild.process.join(HANGING)
            hangs = rebuild.process.is_alive()
            ended = rebuild.kill()
            came["hung, and was killed" if hangs else _how(ended)] += 1
            if ended.code == 1:
                assert "emory" in ended.message, ended.output
            assert blog.live_edition() == (2 if ended.code == 0 else 1)
            if ended.code == 0:
                blog.rebuild(1)
        blog.rebuild(3)
        assert not blog.leftovers()
    return {"at each step": "one message", **{f"bound, {name}": number for name, number in came.items()}}


def _expect_all_or_nothing(blog: Blog, ended: Ended, live: int, edition: int, may_lose: bool) -> int:
    """See that a rebuild took in every post or changed nothing, and return the edition that is live then.

    A single file that is gone before the folder was looked through is no mishap: then its posts are gone.
    """
    if ended.code == 0:
        if may_lose and "gone: 0 posts" not in ended.output:
            blog.rebuild(edition)
        assert blog.live_edition() == edition
        return edition
    assert "is as it was" in ended.message or "cannot be read" in ended.message or "nothing" in ended.message
    assert blog.live_edition() == live
    return live


def _how(ended: Ended) -> str:
    """Say how a command ended."""
    return "ended by a signal" if ended.code < 0 else "one message" if ended.code else "went through"


def _sleep(*_: Any, **__: Any) -> None:
    """Take longer than anybody waits."""
    time.sleep(1000)


class _LastYear(datetime):
    """A clock that is a year behind."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "_LastYear":
        """Return the time a year ago."""
        return cls.fromtimestamp((datetime.now(tz) - timedelta(days=365)).timestamp(), tz)


def _turn_clock_back() -> None:
    """Let this process believe that it is last year."""
    import askedbefore.describing
    import askedbefore.storage.build
    import askedbefore.storage.builds

    a_year, now = 365 * 86400.0, time.time
    time.time = lambda: now() - a_year
    for module in (askedbefore.storage.build, askedbefore.storage.builds, askedbefore.describing):
        patch.object(module, "datetime", _LastYear).start()


def _vanish_while_reading(what: Path, after: int) -> None:
    """Let a file or folder go away just before the file after so many is opened."""
    head, seen = finding._head, iter(range(100))

    def look(path: Path) -> bytes:
        """Remove it when it is time, and look at the file."""
        if next(seen) == after:
            _remove(what)
        return head(path)

    raise_at("askedbefore.reading.finding._head", look)


def _remove(what: Path) -> None:
    """Remove a file or folder."""
    if what.is_dir():
        shutil.rmtree(what)
    else:
        what.unlink(missing_ok=True)


def _bound_memory(more: int) -> None:
    """Let this process have only so many bytes of address space more, once its libraries have taken what they need.

    (OpenBLAS waits for ever for memory that it needs for itself, where only the address space has an end.)
    """
    square = np.ones((1024, 1024), np.float32)
    np.linalg.norm(square @ square)
    faiss.IndexFlatIP(1024).add(square)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = pages * resource.getpagesize() + more
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
