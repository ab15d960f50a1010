"""How often one client may ask. Who asked is kept in memory alone, for a minute."""

import time
from collections import deque
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from typing import Protocol

PER_MINUTE = 60  # opening the page counts as one or two; nobody reads so fast
RETRY_AFTER_SECONDS = "5"
_MINUTE = 60.0  # seconds


class Limits(Protocol):
    """What says who asks too often."""

    def admits(self, client: str) -> bool:
        """Count a question, and say whether it may be asked."""
        ...


class Limiter:
    """Counts what each client asked in the last minute. To be used from one thread."""

    def __init__(self, per_minute: int = 0, clock: Callable[[], float] = time.monotonic) -> None:
        """Admit `per_minute` questions of a client a minute, 0 all; `clock` gives seconds and never goes back."""
        self._most = per_minute
        self._clock = clock
        self._asked: dict[str, deque[float]] = {}  # when each client asked, the latest last
        self._next_sweep = clock() + _MINUTE

    def admits(self, client: str) -> bool:
        """Count a question, and say whether it may be asked."""
        if not self._most:
            return True
        now = self._clock()
        if now >= self._next_sweep:
            self._sweep(now)
        asked = self._asked.setdefault(_household(client), deque(maxlen=self._most))
        if len(asked) == self._most and asked[0] > now - _MINUTE:
            return False
        asked.append(now)
        return True

    def _sweep(self, now: float) -> None:
        """Forget the clients that have not asked for a minute."""
        self._asked = {client: asked for client, asked in self._asked.items() if asked[-1] > now - _MINUTE}
        self._next_sweep = now + _MINUTE


def _household(client: str) -> str:
    """Return what stands for a client: an address, or of IPv6 the network, in which one person has very many."""
    try:
        address = ip_address(client)
    except ValueError:
        return client
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or int(address) >> 64)
    return str(address)
