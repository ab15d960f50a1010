"""The live build, looked up anew at every question, so that a rebuild is answered from without a restart.

A request keeps to the build that was live when it came, so that nothing that is sent is of two builds.
"""

import logging
import time
from contextvars import ContextVar
from pathlib import Path
from threading import Lock

from anyio import to_thread
from starlette.types import ASGIApp, Receive, Scope, Send

from askedbefore.embedding import Encoder
from askedbefore.errors import IndexProblem
from askedbefore.storage import layout
from askedbefore.storage.library import Library
from askedbefore.storage.served import open_live, open_served

log = logging.getLogger("askedbefore")

RETRY_SECONDS = 30

Signature = tuple[int, int, int]

_held: ContextVar[Library | None] = ContextVar("held", default=None)


class LiveLibrary:
    """Gives the library of the live build. Safe to use from several threads at once."""

    def __init__(self, index: Path, encoder: Encoder) -> None:
        """Open the live build, or if it is damaged the one before. Raises IndexProblem when there is none that fits."""
        self._index = index
        self._encoder = encoder
        self._lock = Lock()
        self._try_again = 0.0
        self._signature = self._sign()
        self._library, remark = open_served(index)
        self._library.check_fits(encoder)
        if remark:
            log.warning("%s", remark)

    def current(self) -> Library:
        """Return the newest build that can be used; while one opens it, the others get the one before.

        When a new build cannot be used, the one before it goes on answering and a warning says why.
        """
        held = _held.get()
        if held is not None:
            return held
        if self.is_behind() and self._lock.acquire(blocking=False):
            try:
                self._take_new()
            finally:
                self._lock.release()
        return self._library

    def is_behind(self) -> bool:
        """Say whether there is another build that has not been tried in vain a moment ago."""
        return self._sign() != self._signature and time.monotonic() >= self._try_again

    def _take_new(self) -> None:
        """Open the new build; if it cannot be used, go on with the one before and try again later."""
        signature = self._sign()
        try:
            self._library = self._open()
            self._signature = signature
        except IndexProblem as problem:
            if self._sign() == signature:  # else it is only no longer the newest, and was removed
                self._try_again = time.monotonic() + RETRY_SECONDS
                log.warning("The new index is not used, the one before it goes on answering. %s", problem)

    def _open(self) -> Library:
        """Open the build that is named as live now."""
        library = open_live(self._index)
        library.check_fits(self._encoder)
        return library

    def _sign(self) -> Signature | None:
        """Return what tells one state of the note on the live build from another."""
        try:
            stat = (self._index / layout.CURRENT).stat()
        except OSError:
            return None
        return stat.st_ino, stat.st_mtime_ns, stat.st_size


class OneBuild:
    """Lets all that is sent for a question be of one build: the newest when it came."""

    def __init__(self, app: ASGIApp, live: LiveLibrary) -> None:
        """Let `app` answer from the builds of `live`."""
        self._app = app
        self._live = live

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold the build while a question is answered. What is only looked at may stay open for hours."""
        behind = self._live.is_behind()  # to open a build takes a while, in which others are to be answered
        library = await to_thread.run_sync(self._live.current) if behind else self._live.current()
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        token = _held.set(library)
        try:
            await self._app(scope, receive, send)
        finally:
            _held.reset(token)
