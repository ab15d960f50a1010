"""How often one client may ask. Who asked is kept in memory alone, for a minute."""

from ipaddress import IPv6Address, ip_address
from typing import Protocol

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

PER_MINUTE = 60  # opening the page counts as one or two; nobody reads so fast
RETRY_AFTER_SECONDS = "5"


class Limits(Protocol):
    """What says who asks too often."""

    def admits(self, client: str) -> bool:
        """Count a question, and say whether it may be asked."""
        ...


class Limiter:
    """Counts what each client asked in the last minute."""

    def __init__(self, per_minute: int = 0) -> None:
        """Admit `per_minute` questions of a client a minute; 0 admits all."""
        self._item = RateLimitItemPerMinute(per_minute) if per_minute else None
        self._counts = MovingWindowRateLimiter(MemoryStorage())

    def admits(self, client: str) -> bool:
        """Count a question, and say whether it may be asked."""
        return self._item is None or self._counts.hit(self._item, _household(client))


def _household(client: str) -> str:
    """Return what stands for a client: an address, or of IPv6 the network, in which one person has very many."""
    try:
        address = ip_address(client)
    except ValueError:
        return client
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or int(address) >> 64)
    return str(address)
