"""`/embed.js` for the blog and `/frame.js` for the page that it shows, with the words and origins of the moment."""

import gzip
import json
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from fastapi import APIRouter, Request, Response

from askedbefore.web.render import asset
from askedbefore.wording import (
    ASK,
    CRISIS_LINES,
    CRISIS_TEXT,
    CRISIS_TITLE,
    EMBED_CLOSE,
    EMBED_LOST,
    EMBED_NOTE,
    EMBED_OPEN,
    EMBED_TITLE,
    LOOKING,
    PLACEHOLDER,
    QUESTION_LABEL,
)

_FRESH_SECONDS = 300  # how long a browser may go without asking whether words or origins have changed


def make_embed(origins: Callable[[], Sequence[str]]) -> APIRouter:
    """Return the routes of the two scripts; `origins` are those that may embed the page at this moment."""
    router = APIRouter(include_in_schema=False)

    @router.get("/embed.js")
    async def embed(request: Request) -> Response:
        """Return the script for the blog. Any page may load it; it shows a link where the frame would be refused."""
        response = _script(request, embed_script(tuple(origins())))
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    @router.get("/frame.js")
    async def frame(request: Request) -> Response:
        """Return the script for the page, when a blog has it in a frame."""
        return _script(request, frame_script(tuple(origins())))

    return router


@lru_cache(maxsize=4)
def embed_script(origins: tuple[str, ...]) -> str:
    """Return the script for the blog."""
    words = {
        "title": EMBED_TITLE,
        "label": QUESTION_LABEL,
        "placeholder": PLACEHOLDER,
        "ask": ASK,
        "looking": LOOKING,
        "lost": EMBED_LOST,
        "open": EMBED_OPEN,
        "close": EMBED_CLOSE,
        "note": EMBED_NOTE,
        "crisis": CRISIS_TITLE,
        "help": CRISIS_TEXT,
    }
    config = {
        "style": _bare_style(asset("embed.css")),
        "words": {"en": words},
        "allowed": origins,
        "lines": [*map(_line, CRISIS_LINES)],
    }
    return _filled(asset("embed.js"), "CONFIG", config)


@lru_cache(maxsize=4)
def frame_script(origins: tuple[str, ...]) -> str:
    """Return the script for the page in a frame."""
    return _filled(asset("frame.js"), "ALLOWED", origins)


def _line(line: dict[str, str | None]) -> tuple[str, str, str]:
    """Return a help line as its text, what a reader touches, and where that leads."""
    text = f"{line['region']}: {line['name']}"
    if number := line["phone"]:
        return text, number, f"tel:{number.replace(' ', '')}"
    address = line["url"] or ""
    return text, re.sub(r"^https?://|/$", "", address), address


def _bare_style(style: str) -> str:
    """Return a style sheet without comments and white space that says nothing."""
    return re.sub(r"\s*([{};,])\s*|(?<=\w:)\s+", r"\1", re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)).strip()


def _filled(script: str, place: str, value: Any) -> str:
    """Return a script with a value put in, and without what only programmers read."""
    lines = (line.strip() for line in script.splitlines())
    bare = "\n".join(re.sub(r"\s*//  ?.*$|^//.*$", "", line) for line in lines if line and not line.startswith("//"))
    return bare.replace(f"({place})", f"({json.dumps(value, ensure_ascii=False)})")


def _script(request: Request, script: str) -> Response:
    """Return a script, packed where the browser can unpack it."""
    body = script.encode()
    headers = {"Cache-Control": f"public, max-age={_FRESH_SECONDS}", "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        body = _packed(body)
        headers["Content-Encoding"] = "gzip"
    return Response(body, media_type="text/javascript; charset=utf-8", headers=headers)


@lru_cache(maxsize=4)
def _packed(body: bytes) -> bytes:
    """Return bytes packed with gzip."""
    return gzip.compress(body, 9, mtime=0)
