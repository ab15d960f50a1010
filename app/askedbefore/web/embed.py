"""`/embed.js` for the blog and `/frame.js` for the page that it shows, with the words and origins of the moment."""

import gzip
import json
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import minify_html
from fastapi import APIRouter, Request, Response

from askedbefore.storage.layout import Blog
from askedbefore.web.parts import asset
from askedbefore.wording import CRISIS_LINES, Words, languages, words_in

_FRESH_SECONDS = 300  # how long a browser may go without asking whether words or origins have changed


def make_embed(origins: Callable[[], Sequence[str]], blog: Callable[[], Blog]) -> APIRouter:
    """Return the routes of the two scripts; `origins` are those that may embed the page at this moment."""
    router = APIRouter(include_in_schema=False)

    @router.get("/embed.js")
    async def embed(request: Request) -> Response:
        """Return the script for the blog. Any page may load it; it shows a link where the frame would be refused."""
        response = _script(request, embed_script(tuple(origins()), blog().language))
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    @router.get("/frame.js")
    async def frame(request: Request) -> Response:
        """Return the script for the page, when a blog has it in a frame."""
        return _script(request, frame_script(tuple(origins())))

    return router


@lru_cache(maxsize=4)
def embed_script(origins: tuple[str, ...], language: str) -> str:
    """Return the script for the blog; `language` is spoken where the blog's page asks for none that there is."""
    config = {
        "style": _bare("style", asset("embed.css")),
        "words": {one: _said(words_in(one)) for one in languages()},
        "language": language,
        "allowed": origins,
        "lines": [*map(_line, CRISIS_LINES)],
    }
    return _filled(asset("embed.js"), "CONFIG", config)


@lru_cache(maxsize=4)
def frame_script(origins: tuple[str, ...]) -> str:
    """Return the script for the page in a frame."""
    return _filled(asset("frame.js"), "ALLOWED", origins)


def _said(wording: Words) -> dict[str, str]:
    """Return what the box says."""
    return {
        "title": wording.embed_title,
        "label": wording.question_label,
        "placeholder": wording.placeholder,
        "ask": wording.ask,
        "looking": wording.looking,
        "lost": wording.embed_lost,
        "open": wording.embed_open,
        "close": wording.embed_close,
        "note": wording.embed_note,
        "crisis": wording.crisis_title,
        "help": wording.embed_help,
    }


def _line(line: dict[str, str | None]) -> tuple[str, str, str]:
    """Return a help line as its text, what a reader touches, and where that leads."""
    text = f"{line['region']}: {line['name']}"
    if number := line["phone"]:
        return text, number, f"tel:{number.replace(' ', '')}"
    address = line["url"] or ""
    return text, re.sub(r"^https?://|/$", "", address), address


def _filled(script: str, place: str, value: Any) -> str:
    """Return a script with a value put in, and no larger than need be: all readers of the blog load it."""
    said = re.sub(r"^ *//.*\n", "", script, flags=re.MULTILINE)  # the minifier keeps some of the comments
    return _bare("script", said).replace(f"({place})", f"({json.dumps(value, ensure_ascii=False)})")


def _bare(element: str, text: str) -> str:
    """Return what stands in a script or style element without what only programmers read."""
    bare = minify_html.minify(f"<{element}>{text}</{element}>", minify_js=True, minify_css=True)
    return bare.removeprefix(f"<{element}>").removesuffix(f"</{element}>")


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
