"""Answers so many questions at once as the machine can, lets some wait, and turns the others away at once."""

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

Result = TypeVar("Result")

MOST_AT_ONCE = 8
LONGEST_QUEUE = 64
RETRY_AFTER_SECONDS = 5


class BusyError(Exception):
    """So many are waiting already that nobody should be told to wait as well."""


class Desk:
    """Runs work in threads. To be used from one event loop."""

    def __init__(self, at_once: int = MOST_AT_ONCE, waiting: int = LONGEST_QUEUE) -> None:
        """Run `at_once` pieces of work at a time and let `waiting` more wait for their turn."""
        self._limiter = CapacityLimiter(at_once)
        self._waiting = waiting

    async def run(self, work: Callable[[], Result]) -> Result:
        """Return what `work` returns, once it is its turn. Raises BusyError when the queue is full."""
        if self._limiter.statistics().tasks_waiting >= self._waiting:
            raise BusyError
        return await to_thread.run_sync(work, limiter=self._limiter)
