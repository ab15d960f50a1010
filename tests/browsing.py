"""Start what the browser tests need: Chromium, and a server that cannot reach any other machine."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Frame, Page

# What axe calls critical or serious is a failure; each is named with the place where it is.
GRAVE = ("serious", "critical")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

# Runs the command line where every attempt to reach another machine fails and is written down.
GUARDED = """
import socket, sys
record, connect, look_up = sys.argv[1], socket.socket.connect, socket.getaddrinfo
def refuse(host):
    with open(record, "a") as file: file.write(f"{host}\\n")
    raise OSError("no network here")
def guarded_connect(self, address):
    if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"): refuse(address[0])
    return connect(self, address)
def guarded_look_up(host, *rest, **more):
    if host not in (None, "", "127.0.0.1", "::1", "localhost", b"127.0.0.1", b"localhost"): refuse(host)
    return look_up(host, *rest, **more)
socket.socket.connect = socket.socket.connect_ex = guarded_connect
socket.getaddrinfo = guarded_look_up
sys.argv[1:] = sys.argv[2:]
from askedbefore.cli import main
main()
"""


@dataclass
class Server:
    """A server that runs: its address, what it printed, and the hosts that it tried to reach."""

    url: str
    output: Path
    attempts: Path
    process: subprocess.Popen[bytes]


def chromium() -> str:
    """Return the browser's path. Its absence is a failure: these tests must not be skipped in silence."""
    path = os.environ.get("ASKEDBEFORE_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    assert path, "no Chromium found; install Debian's package chromium, or name one in ASKEDBEFORE_CHROMIUM"
    return path


def grave_faults(page: Page | Frame) -> list[tuple[str, str]]:
    """Return what axe finds grave on a page or in a frame, each with the first place where it is."""
    found = Axe().run(page).response["violations"]
    return [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in GRAVE]


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def serving(index: Path, folder: Path) -> Iterator[Server]:
    """Run `askedbefore serve` without network until the block ends."""
    port = free_port()
    output, attempts = folder / "output.txt", folder / "attempts.txt"
    attempts.touch()
    command = [sys.executable, "-c", GUARDED, str(attempts), "serve", "--port", str(port), "--index", str(index)]
    command += ["--per-minute", "0"]  # all tests are one client
    with output.open("wb") as file:
        process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, cwd=folder)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_healthy(url, process, output)
        yield Server(url, output, attempts, process)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)


def _wait_until_healthy(url: str, process: subprocess.Popen[bytes], output: Path) -> None:
    """Wait until the index is loaded."""
    for _ in range(600):
        assert process.poll() is None, output.read_text()
        try:
            if httpx.get(f"{url}/healthz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise AssertionError(output.read_text())
