"""Whom to believe about who asks: `X-Forwarded-*` counts from named proxies, and is taken from everybody else."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from askedbefore.errors import AskedBeforeError

ON_THIS_MACHINE = ("127.0.0.0/8", "::1")

_FORWARDED = (b"forwarded", b"x-forwarded-", b"x-real-ip", b"x-original-")


class TrustProxies:
    """Middleware outside of everything. Gradio would believe such headers of anybody."""

    def __init__(self, app: ASGIApp, proxies: Sequence[str] = ON_THIS_MACHINE) -> None:
        """Believe `proxies`, which are addresses or networks. Raises AskedBeforeError when one is neither."""
        self._networks = [_network(one) for one in proxies]
        self._app = app
        # uvicorn has types of its own for the same ASGI
        self._believing: ASGIApp = ProxyHeadersMiddleware(app, trusted_hosts=list(proxies))  # type: ignore[assignment,arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif _is_in((scope.get("client") or ("",))[0], self._networks):
            await self._believing(scope, receive, send)
        else:
            headers = [(name, value) for name, value in scope["headers"] if not name.lower().startswith(_FORWARDED)]
            await self._app({**scope, "headers": headers}, receive, send)


def check_proxies(proxies: Iterable[str]) -> None:
    """Raise AskedBeforeError when one is neither an address nor a network, before time goes into loading."""
    for one in proxies:
        _network(one)


def _network(text: str) -> IPv4Network | IPv6Network:
    """Return an address or a network as a network."""
    try:
        return ip_network(text, strict=False)
    except ValueError:
        raise AskedBeforeError(
            f"--proxy {text} is no address. Name the proxy's IP address, or a network such as 172.16.0.0/12."
        ) from None


def _is_in(client: str, networks: Iterable[IPv4Network | IPv6Network]) -> bool:
    """Say whether a client's address is in one of the networks."""
    try:
        address = ip_address(client)
    except ValueError:  # no address at all
        return False
    return any(address in network for network in networks)
