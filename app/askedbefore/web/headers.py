"""Headers that keep the page to itself: who may embed it and read from it, and that nothing is stored or told on."""

import base64
import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from askedbefore.wording import ENGLISH

MOST_BYTES = 256 * 1024  # of a request: far more than the longest question needs in any encoding

# Gradio's page needs inline styles, and evaluates its templates and what its events run. The scripts that stand in it
# are let through one by one; any other, and every handler in an attribute, is refused.
_PAGE = {
    "default-src": "'self'",
    "script-src": "'self' 'unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "frame-src": "'none'",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
}
# What we make ourselves needs next to nothing.
_OWN = {"default-src": "'none'", "style-src": "'self'", "base-uri": "'none'", "form-action": "'self'"}
_OWN_PATHS = re.compile(r"/(?:api/.*|plain|turn|mcp|plain\.css|page\.js|embed\.js|frame\.js|healthz)")
_INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
_UNUSED_PATHS = re.compile(r"/(?:gradio_api/)?(?:upload|proxy=.*|login/?)")  # ways in that this page has no use for
_QUEUE_PATHS = re.compile(r"/(?:gradio_api/)?(?:queue|call)/.*")  # asked in one request, answered in another
_NOTHING_IS_ALLOWED = (
    "accelerometer",
    "browsing-topics",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
)
_NO_QUEUE = "Several processes answer here, and Gradio's queue needs one. Ask by POST at /api/ask instead."

Origins = Callable[[], Sequence[str]]


class LiveOrigins(Collection[str]):
    """The origins that may read answers, as they are at this moment: a rebuild may change them."""

    def __init__(self, origins: Origins) -> None:
        """Ask `origins` each time."""
        self._origins = origins

    def __contains__(self, origin: object) -> bool:
        """Say whether an origin may read."""
        return origin in self._origins()

    def __iter__(self) -> Iterator[str]:
        """Yield the origins."""
        return iter(self._origins())

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._origins())


class Protect:
    """Middleware around everything: bounds what comes in, and puts the headers on all that goes out."""

    def __init__(self, app: ASGIApp, origins: Origins, is_alone: bool = True) -> None:
        """Protect `app`; pages of `origins` may embed it. `is_alone` says that no other process answers beside it."""
        self._app = app
        self._origins = origins
        self._is_alone = is_alone

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it before its body is read."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", "").rstrip("/"))
        origins, is_own = self._origins(), bool(_OWN_PATHS.fullmatch(path))
        held: Message | None = None  # the start of a page of Gradio's, until its scripts are known
        body = b""

        async def send_protected(message: Message) -> None:
            """Put the headers on; the page needs no cookie, so none is set."""
            nonlocal held, body
            if message["type"] == "http.response.start":
                out = MutableHeaders(scope=message)
                out.update(security_headers(origins, is_own=is_own))
                del out["set-cookie"]
                if not is_own and out.get("content-type", "").startswith("text/html"):
                    held = message
                    return
            elif held is not None:
                body += message.get("body", b"")
                if message.get("more_body"):
                    return
                MutableHeaders(scope=held).update(security_headers(origins, is_own=False, page=body))
                await send(held)
                message = {"type": "http.response.body", "body": body}
            await send(message)

        app = _refusal(path, Headers(scope=scope), self._is_alone) or self._app
        await app(scope, receive, send_protected)


def security_headers(origins: Sequence[str], *, is_own: bool, page: bytes = b"") -> dict[str, str]:
    """Return the headers of a response; `is_own` is everything but Gradio's page and its parts.

    Scripts that stand in `page` may run, because each is named by its hash.
    """
    policy = {**(_OWN if is_own else _PAGE), "frame-ancestors": " ".join(["'self'", *origins])}
    if hashes := dict.fromkeys(_script_hash(found[1]) for found in _INLINE_SCRIPT.finditer(page)):
        policy["script-src"] = " ".join([policy["script-src"], *hashes])
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Permissions-Policy": ", ".join(f"{one}=()" for one in _NOTHING_IS_ALLOWED),
    }


def _script_hash(script: bytes) -> str:
    """Return a script as a policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'"


def _refusal(path: str, headers: Headers, is_alone: bool) -> JSONResponse | None:
    """Return why a request is refused unread, or None when it may go on."""
    if _UNUSED_PATHS.fullmatch(path):
        return JSONResponse({"error": "There is nothing here."}, status_code=404)
    if not is_alone and _QUEUE_PATHS.fullmatch(path):  # else it would work now and then
        return JSONResponse({"error": _NO_QUEUE}, status_code=501)
    if "transfer-encoding" in headers:
        return JSONResponse({"error": ENGLISH.length_unknown}, status_code=411, headers={"Connection": "close"})
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length[:12]) > MOST_BYTES:
        return JSONResponse(
            {"error": ENGLISH.body_too_long.format(most=MOST_BYTES)}, status_code=413, headers={"Connection": "close"}
        )
    return None
