"""`kill -9`: of a rebuild while readers ask, and of a server while readers ask."""

import os
import random
import shutil
import signal
import statistics
import time
from functools import partial
from itertools import count

from askedbefore.storage import layout
from scripts.faults.blog import STEPS, Blog, a_blog, raise_at
from scripts.faults.readers import Life, ask_once, become, readers, take_over
from tests.processes import LONG, Running, running


def killed_rebuild(times: int = 200) -> dict[str, object]:
    """Kill a rebuild at random moments: each answer is whole and of the live build, which is the old one or the new."""
    chance = random.Random(7)
    cut = switched = most_left = 0
    with a_blog() as blog, running(blog.paths.index, blog.new_folder(), workers=1) as server:
        with readers(server.url, blog, number=2, pause=0.01) as asking:
            lives = [Life(1, 0.0)]
            duration = become(blog, 2, lives)
            largest = whole = blog.size()
            editions = count(3)
            while cut < times:  # one that was through before it could be killed does not count
                blog.write(edition := next(editions))
                begun = time.monotonic()
                rebuild = blog.start()
                time.sleep(chance.uniform(0.0, duration))
                cut += rebuild.kill().code < 0
                live = blog.live_edition()
                if live == edition:
                    switched += 1
                    take_over(lives, edition, begun)
                assert live == lives[-1].edition, f"edition {live} is live, neither {lives[-1].edition} nor {edition}"
                most_left, largest = max(most_left, len(blog.leftovers())), max(largest, blog.size())
        asking.check()
        asking.check_times(lives)
        blog.rebuild(next(editions))
        assert not blog.leftovers(), f"left over: {blog.leftovers()}"
        assert most_left <= 1, f"{most_left} builds were left over at once"
    return {
        "killed while at work": cut,
        "switches": switched,
        "answers": asking.answers,
        "wrong, mixed or failed": len(asking.faults),
        "slowest answer, s": round(asking.slowest, 2),
        "left over at once, builds": most_left,
        "index at its largest, against two builds": round(largest / whole, 2),
    }


def killed_at_each_step(times: int = 3) -> dict[str, object]:
    """Kill a rebuild as it begins each of its steps, many times, with a live build and without: nothing heaps up."""
    with a_blog() as blog:
        for has_live in (True, False):
            for step in STEPS:
                if not has_live:
                    shutil.rmtree(blog.paths.index)
                for edition in range(2, times + 2):
                    blog.write(edition)
                    assert blog.run(fault=partial(die_at, step)).code == -signal.SIGKILL, step
                    builds = [one.name for one in layout.builds_folder(blog.paths.index).iterdir()]
                    assert len(builds) <= 2 + has_live, f"left by kills at {step}: {builds}"
                blog.rebuild(1)
                assert not blog.leftovers()
                assert blog.live_edition() == 1
    return {"steps": len(STEPS), "kills": 2 * times * len(STEPS)}


def die_at(step: str) -> None:
    """See to it that this process is killed when it calls a function."""
    raise_at(step, lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))


def killed_server(times: int = 10, workers: int = 1) -> dict[str, object]:
    """Kill a server while readers ask: the next one has the port at once, and answers as soon as it has loaded."""
    waits = []
    with a_blog() as blog:
        for _ in range(times):
            with running(blog.paths.index, blog.new_folder(), workers) as server:
                _kill_under_load(server, blog)
                begun = time.monotonic()
                port = int(server.url.rpartition(":")[2])
                with running(blog.paths.index, blog.new_folder(), workers, port=port) as next_server:
                    assert next_server.process.poll() is None, next_server.output()
                    assert ask_once(next_server.url)
                    waits.append(time.monotonic() - begun)
    return {"killed": times, "processes": workers, "seconds to the next answer, median": _median(waits)}


def killed_servers(times: int = 4) -> dict[str, object]:
    """Kill a server of two processes behind one socket: the one that looks after the other two."""
    return killed_server(times, workers=2)


def _kill_under_load(server: Running, blog: Blog) -> None:
    """Kill the process that was started, while several readers are being answered."""
    with readers(server.url, blog, number=4) as asking:
        while asking.answers < 10:
            time.sleep(0.01)
        asking.check()
        server.process.kill()
        server.process.wait(LONG)


def _median(values: list[float]) -> float:
    """Return the median, to be read."""
    return round(statistics.median(values), 2)
