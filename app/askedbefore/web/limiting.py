"""How often one client may ask. Who asked is kept in memory alone, for a minute."""

import re
from ipaddress import IPv6Address, ip_address

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from askedbefore.wording import BUSY

PER_MINUTE = 60  # opening the page counts as one or two; nobody reads so fast
RETRY_AFTER_SECONDS = "5"

_GRADIO_ASKS = re.compile(r"/gradio_api/(?:queue/join|call/.*|run/.*|api/.*|mcp/.*)")


class Limiter:
    """Counts what each client asked in the last minute."""

    def __init__(self, per_minute: int = 0) -> None:
        """Admit `per_minute` questions of a client a minute; 0 admits all."""
        self._item = RateLimitItemPerMinute(per_minute) if per_minute else None
        self._counts = MovingWindowRateLimiter(MemoryStorage())

    def admits(self, client: str) -> bool:
        """Count a question, and say whether it may be asked."""
        return self._item is None or self._counts.hit(self._item, _household(client))


class LimitGradio:
    """Middleware for questions that come by Gradio's page. The other ways in ask the limiter themselves."""

    def __init__(self, app: ASGIApp, limiter: Limiter) -> None:
        """Protect `app`."""
        self._app = app
        self._limiter = limiter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it when it is one too many."""
        app = self._app
        if scope["type"] == "http" and scope["method"] == "POST":
            path = scope["path"].removeprefix(scope.get("root_path", "").rstrip("/"))
            client = (scope.get("client") or ("",))[0]
            if _GRADIO_ASKS.fullmatch(path) and not self._limiter.admits(client):
                app = JSONResponse({"error": BUSY}, status_code=429, headers={"Retry-After": RETRY_AFTER_SECONDS})
        await app(scope, receive, send)


def _household(client: str) -> str:
    """Return what stands for a client: an address, or of IPv6 the network, in which one person has very many."""
    try:
        address = ip_address(client)
    except ValueError:
        return client
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or int(address) >> 64)
    return str(address)
