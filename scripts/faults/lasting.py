"""What shows only after a while: twenty switches of the live index under load, and hours of readers."""

import os
import time
from pathlib import Path

import numpy as np

from scripts.faults.blog import a_blog
from scripts.faults.readers import Life, become, readers
from tests.processes import Running, running

MOST_GROWTH = 1.10  # of a server's memory, from before the switches or the soak to after
SETTLING = 2.0  # seconds
WARM = 2  # switches after which a server has all that it keeps
_MIB = 1 << 20


def switches(times: int = 20) -> dict[str, object]:
    """Switch the live index under load: no error, no answer of two builds, and the old builds are let go of."""
    with a_blog(posts=30) as blog, running(blog.paths.index, blog.new_folder(), workers=1) as server:
        lives = [Life(1, 0.0)]
        with readers(server.url, blog, number=4, pause=0.02) as asking:
            for edition in range(2, 2 + WARM):
                become(blog, edition, lives)
            before = _settled(server)
            for edition in range(2 + WARM, 2 + WARM + times):
                become(blog, edition, lives)
            after = _settled(server)
        asking.check()
        asking.check_times(lives)
        open_builds = _open_builds(server)
    assert len(open_builds) <= 2, f"files of {len(open_builds)} builds are still open"
    assert after[0] <= before[0] * MOST_GROWTH, f"memory grew from {before[0]:.0f} to {after[0]:.0f} MiB"
    return {
        "switches": times,
        "answers": asking.answers,
        "wrong, mixed or failed": len(asking.faults),
        "slowest answer, s": round(asking.slowest, 2),
        "memory before, MiB": round(before[0], 1),
        "memory after, MiB": round(after[0], 1),
        "memory, after against before": round(after[0] / before[0], 3),
        "open files before": before[1],
        "open files after": after[1],
        "builds with open files": len(open_builds),
    }


def soak(seconds: float = 600.0, number: int = 2, pause: float = 0.05) -> dict[str, object]:
    """Let readers ask at a steady rate for long: memory stays flat once the server is warm."""
    samples: list[tuple[float, float]] = []
    with a_blog(posts=30) as blog, running(blog.paths.index, blog.new_folder(), workers=1) as server:
        with readers(server.url, blog, number, pause) as asking:
            begun = time.monotonic()
            while (now := time.monotonic() - begun) < seconds:
                samples.append((now, _memory(server)))
                time.sleep(min(1.0, seconds / 100))
            files = _files(server)
        asking.check()
    warm = np.array(samples[len(samples) // 5 :])
    slope = float(np.polyfit(warm[:, 0], warm[:, 1], 1)[0])
    growth = 1 + slope * (warm[-1, 0] - warm[0, 0]) / warm[0, 1]
    assert growth <= MOST_GROWTH, f"memory grows by {slope * 60:.2f} MiB a minute"
    return {
        "seconds": round(seconds),
        "answers": asking.answers,
        "wrong or failed": len(asking.faults),
        "slowest answer, s": round(asking.slowest, 2),
        "memory when warm, MiB": round(warm[0, 1], 1),
        "memory at the end, MiB": round(warm[-1, 1], 1),
        "slope when warm, MiB a minute": round(slope * 60, 3),
        "growth when warm, by the slope": round(growth, 3),
        "open files at the end": files,
    }


def _settled(server: Running) -> tuple[float, int]:
    """Return a server's memory in MiB and its open files, the least of some samples: answers come and go."""
    found = []
    end = time.monotonic() + SETTLING
    while time.monotonic() < end:
        found.append((_memory(server), _files(server)))
        time.sleep(0.1)
    return min(one for one, _ in found), min(one for _, one in found)


def _memory(server: Running) -> float:
    """Return the resident memory of a server in MiB."""
    pages = int(Path(f"/proc/{server.process.pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / _MIB


def _files(server: Running) -> int:
    """Return the number of files and connections that a server has open."""
    return len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))


def _open_builds(server: Running) -> set[str]:
    """Return the builds of which a server has a file open or in its memory."""
    maps = Path(f"/proc/{server.process.pid}/maps").read_text(encoding="utf-8").splitlines()
    links = []
    for one in Path(f"/proc/{server.process.pid}/fd").iterdir():
        try:
            links.append(str(one.readlink()))
        except OSError:
            continue
    return {line.split("/builds/")[1].split("/")[0] for line in (*maps, *links) if "/builds/" in line}
