"""`/embed.js` for the blog and `/frame.js` for the page that it shows, with the words and origins of the moment."""

import gzip
import json
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any

import minify_html
from fastapi import APIRouter, Request, Response

from askedbefore.helplines import Signposts, general_lines
from askedbefore.helplines.saying import digits, host
from askedbefore.storage.layout import Blog
from askedbefore.web.parts import asset
from askedbefore.wording import Words, languages, words_in

_FRESH_SECONDS = 300  # how long a browser may go without asking whether words or origins have changed


def make_embed(origins: Callable[[], Sequence[str]], blog: Callable[[], Blog]) -> APIRouter:
    """Return the routes of the two scripts; `origins` are those that may embed the page at this moment."""
    router = APIRouter(include_in_schema=False)

    @router.get("/embed.js")
    async def embed(request: Request) -> Response:
        """Return the script for the blog. Any page may load it; it shows a link where the frame would be refused."""
        response = _script(request, embed_script(tuple(origins()), blog().language, blog().signposts))
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    @router.get("/frame.js")
    async def frame(request: Request) -> Response:
        """Return the script for the page, when a blog has it in a frame."""
        return _script(request, frame_script(tuple(origins())))

    return router


@lru_cache(maxsize=4)
def embed_script(origins: tuple[str, ...], language: str, signposts: Signposts) -> str:
    """Return the script for the blog; `language` is spoken where the blog's page asks for none that there is."""
    config = {
        "style": _bare("style", asset("embed.css")),
        "words": {one: _said(words_in(one)) for one in languages()},
        "language": language,
        "allowed": origins,
        "lines": _short_lines(signposts, language),
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


def _short_lines(signposts: Signposts, language: str) -> list[tuple[str, str, str]]:
    """Return help lines as a region, what a reader touches there, and where that leads: one for each region.

    The emergency number stands in brackets. Regions with the same number stand together, and the author's own lines by
    their names.
    """
    regions: dict[tuple[str, str], list[str]] = {}
    for region, group in groupby(general_lines(signposts, language), key=lambda line: line["region"]):
        lines = [line for line in group if line["phone"] or line["url"]]
        others = [line for line in lines if line["kind"] != "emergency"]
        for line in others[: 1 if region else None] or lines[:1]:
            phone, url = line["phone"], line["url"] or ""
            way = (phone, f"tel:{digits(phone)}") if phone else (host(url), url)
            numbers = [f" ({one['phone']})" for one in lines if one["kind"] == "emergency" and one is not line]
            regions.setdefault(way, []).append((region or line["name"] or "") + "".join(numbers[:1]))
    return [(", ".join(names), shown, address) for (shown, address), names in regions.items()]


def _filled(script: str, place: str, value: Any) -> str:
    """Return a script with a value put in, and no larger than need be: all readers of the blog load it."""
    said = re.sub(r"^ *//.*\n", "", script, flags=re.MULTILINE)  # the minifier keeps some of the comments
    return _bare("script", said).replace(
        f"({place})", f"({json.dumps(value, ensure_ascii=False, separators=(',', ':'))})"
    )


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
