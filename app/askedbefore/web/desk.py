"""Answers so many questions at once as the machine can, lets some wait, and turns the others away at once."""

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from askedbefore.web.limiting import Limiter, Limits

Result = TypeVar("Result")

MOST_AT_ONCE = 8
LONGEST_QUEUE = 64


class BusyError(Exception):
    """So many are waiting already that nobody should be told to wait as well."""

    status = 503


class TooOftenError(BusyError):
    """One client has asked too much in the last minute."""

    status = 429


class Desk:
    """Runs work in threads. To be used from one event loop."""

    def __init__(self, limits: Limits | None = None, at_once: int = MOST_AT_ONCE, waiting: int = LONGEST_QUEUE) -> None:
        """Run `at_once` pieces of work at a time and let `waiting` more wait; `limits` says who asks too often."""
        self._limits = limits or Limiter()
        self._limiter = CapacityLimiter(at_once)
        self._waiting = waiting

    async def run(self, work: Callable[[], Result], client: str = "") -> Result:
        """Return what `work` returns, once it is its turn. Raises BusyError when the queue is full.

        Raises TooOftenError, which is one too, when `client` has asked too much.
        """
        if not self._limits.admits(client):
            raise TooOftenError
        if self._limiter.statistics().tasks_waiting >= self._waiting:
            raise BusyError
        return await to_thread.run_sync(work, limiter=self._limiter)
