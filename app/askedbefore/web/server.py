"""The web server: the page, its API and `/healthz`, in one process that only reads the index."""

import json
import logging
import re
import socket
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import gradio as gr
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from starlette.middleware.base import RequestResponseEndpoint

from askedbefore.answer import answer_question, more_like
from askedbefore.embedding import Encoder
from askedbefore.errors import AskedBeforeError
from askedbefore.records import Answer
from askedbefore.settings import quiet_packages
from askedbefore.storage.layout import Blog
from askedbefore.web.live import LiveLibrary
from askedbefore.web.page import build_page, theme
from askedbefore.web.render import asset
from askedbefore.wording import LOOKING, LOST, MANY_FOUND, ONE_FOUND, YOU_ASKED

MOST_AT_ONCE = 8
LONGEST_QUEUE = 64


def make_app(index: Path, encoder: Encoder) -> FastAPI:
    """Make the web application around the live index. Raises IndexProblem when there is none that fits."""
    quiet_packages()
    live = LiveLibrary(index, encoder)

    def blog() -> Blog:
        """Say what blog it is at this moment."""
        return live.current().blog

    def ask(question: str, before: str | None) -> Answer:
        """Answer from whichever build is live at this moment."""
        return answer_question(question, live.current(), encoder, before=before)

    def like(passage: str) -> Answer:
        """Find more like a passage in whichever build is live at this moment."""
        return more_like(passage, live.current())

    app = FastAPI(title="Asked Before", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(CORSMiddleware, allow_origins=[])

    @app.middleware("http")
    async def protect(request: Request, call_next: RequestResponseEndpoint) -> Response:
        """Add the headers that keep the page to itself."""
        response = await call_next(request)
        response.headers.update(_security_headers(blog()))
        return response

    @app.get("/healthz")
    def healthz() -> dict[str, Any]:
        """Say that the index is loaded, and which build answers."""
        manifest = live.current().manifest
        return {"status": "ok", "build": manifest.id, "passages": manifest.counts.passages}

    page = build_page(ask, like, blog).queue(default_concurrency_limit=MOST_AT_ONCE, max_size=LONGEST_QUEUE)
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        theme=theme(),
        css=asset("page.css"),
        head=_script(),
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
    )
    return app


def run(index: Path, encoder: Encoder, host: str, port: int) -> None:
    """Serve until the process is told to end. No request is logged: what readers ask is health data."""
    app = make_app(index, encoder)
    logging.basicConfig(level=logging.WARNING, format="askedbefore: %(message)s")
    uvicorn.run(app, host=host, port=port, access_log=False, log_level="warning", timeout_graceful_shutdown=5)


def check_port(host: str, port: int) -> None:
    """Raise AskedBeforeError when nothing can listen there, before time goes into loading."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.create_server((host, port), family=family):
            pass
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise AskedBeforeError(
            f"The page cannot be served on {host}:{port}: {reason}. "
            "Is it running already? Another port can be named with --port."
        ) from error


def _security_headers(blog: Blog) -> dict[str, str]:
    """Return the headers of every response. Gradio's page needs inline scripts and styles, and evaluates templates."""
    policy = {
        "default-src": "'self'",
        "script-src": "'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": f"'self' {_origin(blog.url)}".strip(),
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }


def _origin(url: str | None) -> str:
    """Return an address's origin as a header can hold it, or "" when it has none."""
    try:
        parts = urlsplit(url or "")
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    return f"{parts.scheme}://{host}{port}" if re.fullmatch(r"[a-z0-9.-]+", host) else ""


def _script() -> str:
    """Return the page's script, and as data the sentences that it needs."""
    found = {"asked": YOU_ASKED, "looking": LOOKING, "one": ONE_FOUND, "many": MANY_FOUND, "failed": LOST}
    words = json.dumps(found).replace("<", "\\u003c")
    return f'<script type="application/json" id="ab-words">{words}</script><script>{asset("page.js")}</script>'
