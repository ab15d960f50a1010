"""Origins: what a browser calls the place that a page comes from, and which of them may show the answers' page."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

_USUAL_PORTS = {"http": 80, "https": 443}


def origin_of(url: str | None) -> str | None:
    """Return an address's origin as a browser writes it ("https://blog.example"), or None when it has none.

    The host is in small letters and in ASCII, and the scheme's own port is left out.
    """
    try:
        parts = urlsplit(url or "")
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _USUAL_PORTS or not re.fullmatch(r"[a-z0-9.-]+", host):
        return None
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != _USUAL_PORTS[parts.scheme] else "")


def allowed_origins(named: Sequence[str] | None, blog_url: str | None) -> tuple[str, ...]:
    """Return the origins that may embed the page: those that the author named, else the blog's own.

    An old address with http stands for the same with https too, as it does for browsers in `frame-ancestors`.
    """
    own = origin_of(blog_url)
    origins = named if named is not None else [own] if own else []
    secure = [one.replace("http://", "https://", 1) for one in origins if one.count(":") == 1]
    return tuple(dict.fromkeys([*origins, *secure]))
