"""Read thousands of damaged files with every importer, and fail when one crashes, hangs, grows or leaks.

    python scripts/fuzz.py --files 10000 --seed 1 --importer wordpress

What failed is kept in a folder that is named at the end, each file with what came of it.
"""

import argparse
import multiprocessing
import random
import resource
import sys
import tempfile
import traceback
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.fuzzing import Mutant, check, mutate
from tests.seeds import SEEDS

MOST_MEMORY = 1 << 30  # bytes of address space that a worker may take beyond what it begins with


def main() -> int:
    """Run the fuzzer and return the exit code."""
    options = _options()
    names = [options.importer] if options.importer else sorted(SEEDS)
    failed = Path(tempfile.mkdtemp(prefix="askedbefore-fuzz-failed-"))
    outcomes: Counter[str] = Counter()
    worker = _Worker(options.seconds)
    for number in range(options.files):
        chance = random.Random(f"{options.seed}/{number}")
        mutant = mutate(chance, names[number % len(names)])
        if outcome := worker.check(mutant):
            kind = outcome.partition(":")[0]
            outcomes[kind] += 1
            (failed / f"{number}-{mutant.importer}-{kind}").write_bytes(mutant.data)
            (failed / f"{number}-{mutant.importer}-{kind}.txt").write_text(outcome)
    worker.stop()
    print(f"{options.files:,} files, seed {options.seed}: {dict(outcomes) or 'nothing failed'}")
    if outcomes:
        print(f"What failed is in {failed}")
    return 1 if outcomes else 0


class _Worker:
    """A process that checks files, ended and begun anew when it takes too long."""

    def __init__(self, seconds: float) -> None:
        """Start it."""
        self._seconds = seconds
        self._start()

    def check(self, mutant: Mutant) -> str | None:
        """Return what must not have happened with a file, or None."""
        self._here.send(mutant)
        try:
            if self._here.poll(self._seconds):
                outcome: str | None = self._here.recv()
                return outcome
        except EOFError:
            self._start()
            return "crash: the process ended"
        self.stop()
        self._start()
        return f"hang: more than {self._seconds:g} s"

    def stop(self) -> None:
        """End it."""
        self._process.kill()
        self._process.join()

    def _start(self) -> None:
        """Begin a new process."""
        self._here, there = multiprocessing.Pipe()
        self._process = multiprocessing.Process(target=_work, args=(there,), daemon=True)
        self._process.start()
        there.close()


def _work(pipe: Connection) -> None:
    """Check what comes through the pipe, with bounded memory."""
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + MOST_MEMORY, resource.RLIM_INFINITY))
    while True:
        mutant = pipe.recv()
        try:
            pipe.send(check(mutant))
        except MemoryError:
            pipe.send("memory: more than is allowed")
        except Exception:
            pipe.send(f"crash: {traceback.format_exc()}")


def _options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=10_000, help="how many files to read")
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same files")
    parser.add_argument("--importer", choices=sorted(SEEDS), help="only files of this one")
    parser.add_argument("--seconds", type=float, default=10, help="how long one file may take")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
