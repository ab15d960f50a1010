"""The live build, looked up anew at every question, so that a rebuild is answered from without a restart."""

import logging
import time
from pathlib import Path
from threading import Lock

from askedbefore.embedding import Encoder
from askedbefore.errors import IndexProblem
from askedbefore.storage import layout
from askedbefore.storage.library import Library, open_live

log = logging.getLogger("askedbefore")

RETRY_SECONDS = 30

Signature = tuple[int, int, int]


class LiveLibrary:
    """Gives the library of the live build. Safe to use from several threads at once."""

    def __init__(self, index: Path, encoder: Encoder) -> None:
        """Open the live build. Raises IndexProblem when there is none that fits the encoder."""
        self._index = index
        self._encoder = encoder
        self._lock = Lock()
        self._try_again = 0.0
        self._signature = self._sign()
        self._library = self._open()

    def current(self) -> Library:
        """Return the newest build that can be used; an answer keeps to the one that it began with.

        When a new build cannot be used, the one before it goes on answering and a warning says why.
        """
        signature = self._sign()
        if signature != self._signature:
            with self._lock:
                if signature != self._signature and time.monotonic() >= self._try_again:
                    self._take_new(signature)
        return self._library

    def _take_new(self, signature: Signature | None) -> None:
        """Open the new build; if it cannot be used, go on with the one before and try again later."""
        try:
            self._library = self._open()
            self._signature = signature
        except IndexProblem as problem:
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
