"""Real server processes around a small blog, with an encoder that needs no weights and is as slow as it is told.

`python -m tests.processes INDEX PORT WORKERS FOLDER PER_MINUTE ROOT_PATH` serves. A file `slow` in FOLDER makes each
question wait until `go` is there; `begun` says that one came so far.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx

from askedbefore.embedding import Vectors
from askedbefore.guard import encoding
from askedbefore.terminal import err
from askedbefore.web.serving import Site, serve
from tests.browsing import free_port
from tests.conftest import FakeEncoder

ROOT = Path(__file__).parent.parent
LONG = 60.0  # seconds; far more than anything here takes


class SlowEncoder(FakeEncoder):
    """The fake encoder, which waits for a file while there is another, and says in its process who it is."""

    def __init__(self, folder: Path) -> None:
        """Wait for files of a folder."""
        super().__init__()
        self._folder = folder

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Return what the fake encoder returns, later."""
        (self._folder / f"answered-{os.getpid()}").touch()
        if (self._folder / "slow").exists():
            (self._folder / "begun").touch()
            while not (self._folder / "go").exists():
                time.sleep(0.02)
        return super().encode_questions(texts)


def load_slow(folder: Path) -> SlowEncoder:
    """Return the encoder, note whose process it is, and keep the guard from loading the real model."""
    encoding.packaged_encoder = lambda: None
    (folder / f"loaded-{os.getpid()}").touch()
    if (folder / "broken").exists():
        raise SystemExit("no model")
    return SlowEncoder(folder)


@dataclass
class Running:
    """A server that runs, and the folder through which it is slowed down."""

    url: str
    folder: Path
    process: subprocess.Popen[bytes]

    def answering(self) -> set[int]:
        """Return the processes that answer: those that loaded the encoder and are alive."""
        loaded = {int(path.name.removeprefix("loaded-")) for path in self.folder.glob("loaded-*")}
        return {one for one in loaded if is_alive(one)}

    def have_answered(self) -> set[int]:
        """Return the processes that have been asked something."""
        return {int(path.name.removeprefix("answered-")) for path in self.folder.glob("answered-*")}

    def output(self) -> str:
        """Return what it printed."""
        return (self.folder / "output.txt").read_text(encoding="utf-8")


def is_alive(pid: int) -> bool:
    """Say whether a process runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def until(condition: Callable[[], object]) -> None:
    """Wait until a function says yes."""
    end = time.monotonic() + LONG
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


@contextmanager
def running(
    index: Path, folder: Path, workers: int, per_minute: int = 0, root_path: str = "", port: int = 0
) -> Iterator[Running]:
    """Run a server until the block ends; then no process of it is left. Port 0 is any that is free."""
    port = port or free_port()
    command = [sys.executable, "-m", "tests.processes", str(index), str(port), str(workers), str(folder)]
    with (folder / "output.txt").open("wb") as file:
        process = subprocess.Popen(
            [*command, str(per_minute), root_path], stdout=file, stderr=subprocess.STDOUT, cwd=ROOT
        )
    server = Running(f"http://127.0.0.1:{port}", folder, process)
    try:
        until(lambda: process.poll() is not None or (len(server.answering()) == workers and _is_healthy(server)))
        yield server
    finally:
        (folder / "go").touch()
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(LONG)
        until(lambda: not server.answering())


def _is_healthy(server: Running) -> bool:
    """Say whether somebody answers."""
    try:
        return httpx.get(f"{server.url}/healthz").status_code == 200
    except httpx.TransportError:
        return False


def main() -> None:
    """Serve as the command does, but with the slow encoder."""
    index, port, workers, folder, per_minute, root_path = sys.argv[1:]
    site = Site(Path(index), partial(load_slow, Path(folder)), root_path, per_minute=int(per_minute))
    serve(site, "127.0.0.1", int(port), int(workers), lambda address: err.print(f"ready {address}"))


if __name__ == "__main__":
    main()
