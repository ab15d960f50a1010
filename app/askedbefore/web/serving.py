"""Serving until told to end: in this process, or in several behind one socket.

Nothing heavy is imported before it is needed: the process that looks after the others neither loads the model nor
answers. It takes their place when they die, counts for all of them how often a reader asks, and ends them.
"""

import logging
import multiprocessing
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Thread, Timer

from askedbefore.embedding import Encoder
from askedbefore.errors import AskedBeforeError
from askedbefore.settings import share_processors
from askedbefore.web.limiting import PER_MINUTE, Limiter, Limits
from askedbefore.web.proxies import ON_THIS_MACHINE

GRACE_SECONDS = 5  # for the answers that are being made when the server is told to end
_PATIENCE_SECONDS = GRACE_SECONDS + 3  # then a process is ended that does not end by itself
_PAUSE_SECONDS = 1.0  # before a dead process is replaced: what killed it may do so again
_LOOK_SECONDS = 0.2
_READY = b"ready"
_MAY = b"may "  # with a client's address behind it: what stands there comes from outside
_YES = b"yes"

_spawning = multiprocessing.get_context("spawn")  # a fork would copy whatever threads and locks there are


@dataclass(frozen=True, slots=True)
class Site:
    """What is served. It is handed to other processes, so it holds how to get the encoder, not the encoder itself.

    `root_path` is the folder that a proxy serves the page under; only `proxies` (addresses or networks) are believed
    when they say who asks and how the page is reached; one client may ask `per_minute` times a minute, 0 is no limit.
    """

    index: Path
    load_encoder: Callable[[], Encoder]
    root_path: str = ""
    proxies: tuple[str, ...] = ON_THIS_MACHINE
    per_minute: int = PER_MINUTE


def load_encoder(index: Path) -> Encoder:
    """Return the encoder of the build that readers are answered from, ready to be used."""
    from askedbefore.opening import open_encoder
    from askedbefore.storage.served import open_served

    with closing(open_served(index)[0]) as library:
        return make_ready(open_encoder(library.folder, library.manifest).encoder)


def make_ready(encoder: Encoder) -> Encoder:
    """Load an encoder, and what the guard needs beside it, and return it."""
    from askedbefore.guard.encoding import prepare

    encoder.encode_questions(["ready"])
    prepare(encoder)
    return encoder


def serve(site: Site, host: str, port: int, workers: int, say_ready: Callable[[str], None]) -> None:
    """Serve until the process is told to end; then what is being answered is answered, and nothing new is taken.

    `say_ready` gets the address once readers can ask. Raises AskedBeforeError when nothing can listen there, or when
    no process can start.
    """
    listener = listen(host, port)
    address = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
    if workers == 1:
        _exit_well_when_told()
        _answer(site, Limiter(site.per_minute), listener, lambda: say_ready(address), is_alone=True)
    else:
        _Supervisor(site, listener, workers, lambda: say_ready(address)).run()


def check_port(host: str, port: int) -> None:
    """Raise AskedBeforeError when nothing can listen there, before time goes into loading."""
    listen(host, port).close()


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that has the port. Nobody is connected before a process that can answer listens on it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named because asyncio sends at once (TCP_NODELAY) only where it is: else each answer waits 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        with socket.create_server((host, port), family=listener.family):
            pass  # to bind alone would not tell that another server listens there
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or error
        raise AskedBeforeError(
            f"The page cannot be served on {host}:{port}: {reason}. "
            "Is it running already? Another port can be named with --port."
        ) from error
    return listener


def _answer(
    site: Site, limits: Limits, listener: socket.socket, on_ready: Callable[[], None], *, is_alone: bool
) -> None:
    """Load everything and answer, in this process. No request is logged: what readers ask is health data."""
    from askedbefore.web.importing import import_gradio

    with ThreadPoolExecutor(1) as beside:
        encoder = beside.submit(site.load_encoder)
        import_gradio()
    import uvicorn

    from askedbefore.web.proxies import TrustProxies
    from askedbefore.web.server import make_app

    app = TrustProxies(make_app(site.index, encoder.result(), limits, is_alone=is_alone), site.proxies)
    logging.basicConfig(level=logging.WARNING, format="askedbefore: %(message)s")
    config = uvicorn.Config(
        app,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=GRACE_SECONDS,
        root_path=site.root_path,
        proxy_headers=False,  # TrustProxies does more
    )
    on_ready()
    try:
        uvicorn.Server(config).run(sockets=[listener])
    except (KeyboardInterrupt, SystemExit) as end:  # uvicorn has ended in good order, and raises the signal again
        if isinstance(end, SystemExit) and end.code:
            raise
        last = Timer(_PATIENCE_SECONDS - GRACE_SECONDS, os._exit, [0])  # Python waits for a thread that still works
        last.daemon = True
        last.start()


def _exit_well_when_told() -> None:
    """Take SIGTERM as an order to end, with 0 and all cleared up.

    uvicorn raises it again when it has ended. Before it serves, process 1 of a container would not even hear it.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


class _CountedElsewhere:
    """The limits of a process that is one of several: the one that looks after them counts for all."""

    def __init__(self, line: Connection) -> None:
        """Ask over `line`. To be used from one thread."""
        self._line = line

    def admits(self, client: str) -> bool:
        """Have a question counted, and say whether it may be asked."""
        self._line.send_bytes(_MAY + client.encode())
        return self._line.recv_bytes() == _YES


def _work(site: Site, listener: socket.socket, line: Connection) -> None:
    """Answer as one of several processes; `line` leads to the one that looks after them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches all processes, and the other one tells this one
    _exit_well_when_told()
    Thread(target=_end_with_parent, daemon=True).start()
    try:
        _answer(site, _CountedElsewhere(line), listener, lambda: line.send_bytes(_READY), is_alone=False)
    except AskedBeforeError as error:
        logging.getLogger("askedbefore").error("%s", error)
        sys.exit(1)


def _end_with_parent() -> None:
    """Wait until the process that looks after this one is gone, and end: nobody else would end it."""
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class _Worker:
    """One of several processes, and the line to it."""

    process: BaseProcess
    line: Connection


class _Supervisor:
    """Looks after several processes that answer on one socket."""

    def __init__(self, site: Site, listener: socket.socket, count: int, on_ready: Callable[[], None]) -> None:
        """Start nothing yet; `on_ready` is called when the first process can answer."""
        self._site = site
        self._listener = listener
        self._count = count
        self._on_ready = on_ready
        self._limiter = Limiter(site.per_minute)
        self._workers: list[_Worker] = []
        self._has_answered = False
        self._is_ending = False
        self._next_start = 0.0

    def run(self) -> None:
        """Keep so many processes alive until told to end. Raises AskedBeforeError when the first ones cannot start."""
        share_processors(self._count)
        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, lambda *_: self._end())
        try:
            while not self._is_ending:
                self._start_missing()
                self._look()
        finally:
            self._listener.close()  # with the last copy of it goes the queue of those who are not connected yet
            self._end_all()

    def _end(self) -> None:
        """Note that the server was told to end."""
        self._is_ending = True

    def _start_missing(self) -> None:
        """Start what is missing, but not at once again after a death."""
        if time.monotonic() < self._next_start:
            return
        while len(self._workers) < self._count and not self._is_ending:
            ours, theirs = _spawning.Pipe()
            process = _spawning.Process(target=_work, args=(self._site, self._listener, theirs))
            process.start()
            theirs.close()
            self._workers.append(_Worker(process, ours))

    def _look(self) -> None:
        """Answer what the processes ask, and take out those that have died."""
        waiting = wait([one for each in self._workers for one in (each.line, each.process.sentinel)], _LOOK_SECONDS)
        for worker in [*self._workers]:
            if worker.line in waiting:
                self._hear(worker)
            if not worker.process.is_alive():
                self._bury(worker)

    def _hear(self, worker: _Worker) -> None:
        """Answer one thing that a process says. One that is gone says nothing."""
        try:
            said = worker.line.recv_bytes()
            if said == _READY:
                if not self._has_answered:
                    self._has_answered = True
                    self._on_ready()
            else:
                worker.line.send_bytes(_YES if self._limiter.admits(said.removeprefix(_MAY).decode()) else b"no")
        except (EOFError, OSError):
            worker.process.join(_LOOK_SECONDS)

    def _bury(self, worker: _Worker) -> None:
        """Take a dead process out; another one takes its place."""
        worker.line.close()
        self._workers.remove(worker)
        if self._is_ending:
            return
        if not self._has_answered:
            raise AskedBeforeError("The server could not start. What stands above says why.")
        logging.getLogger("askedbefore").warning("A process of the server died; another one takes its place.")
        self._next_start = time.monotonic() + _PAUSE_SECONDS

    def _end_all(self) -> None:
        """Tell all processes to end, and see to it that they do."""
        self._is_ending = True
        for worker in self._workers:
            worker.process.terminate()
        patience = time.monotonic() + _PATIENCE_SECONDS
        while self._workers:
            self._look()
            if time.monotonic() > patience:
                for worker in self._workers:
                    worker.process.kill()
