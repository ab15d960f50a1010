"""The web server: the page, its API and `/healthz`, in one process that only reads the index."""

import logging
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gradio as gr
import uvicorn
from fastapi import FastAPI, Response
from fastapi.middleware.cors import CORSMiddleware

from askedbefore import __version__
from askedbefore.answer import answer_question, more_like
from askedbefore.embedding import Encoder
from askedbefore.errors import AskedBeforeError
from askedbefore.origins import allowed_origins
from askedbefore.ranking import MOST_PASSAGES
from askedbefore.records import Answer
from askedbefore.settings import quiet_packages
from askedbefore.storage.layout import Blog
from askedbefore.web.api import explain_unreadable, make_api
from askedbefore.web.desk import Desk
from askedbefore.web.embed import make_embed
from askedbefore.web.headers import LiveOrigins, Protect
from askedbefore.web.limiting import PER_MINUTE, Limiter
from askedbefore.web.live import LiveLibrary
from askedbefore.web.page import build_page, theme
from askedbefore.web.parts import accent_css, asset
from askedbefore.web.plain import make_plain
from askedbefore.web.proxies import ON_THIS_MACHINE, TrustProxies
from askedbefore.web.turns import Turns, make_turns

_FRESH = {"Cache-Control": "max-age=300"}


def make_app(index: Path, encoder: Encoder, *, per_minute: int = 0) -> FastAPI:
    """Make the web application around the live index. Raises IndexProblem when there is none that fits.

    `per_minute` is how often one client may ask in a minute; 0 is without end.
    """
    quiet_packages()
    live = LiveLibrary(index, encoder)

    def blog() -> Blog:
        """Say what blog it is at this moment."""
        return live.current().blog

    def origins() -> tuple[str, ...]:
        """Say whose pages may embed this one at this moment."""
        recipe = live.current().manifest.recipe
        return allowed_origins(recipe.settings.get("embed_origins"), recipe.blog.url)

    def ask(question: str, before: str | None, most: int = MOST_PASSAGES, language: str = "") -> Answer:
        """Answer from whichever build is live at this moment."""
        library = live.current()
        wording = library.blog.speaking(language).wording
        return answer_question(question, library, encoder, before=before, most=most, wording=wording)

    def like(passage: str, language: str = "") -> Answer:
        """Find more like a passage in whichever build is live at this moment."""
        library = live.current()
        return more_like(passage, library, wording=library.blog.speaking(language).wording)

    app = _bare_app()
    app.add_middleware(CORSMiddleware, allow_origins=LiveOrigins(origins), allow_methods=["GET", "POST"])
    app.add_middleware(Protect, origins=origins)
    explain_unreadable(app)
    desk = Desk(Limiter(per_minute))
    app.include_router(make_api(ask, desk))
    turns = Turns(ask, like, blog, desk)
    app.include_router(make_turns(turns))
    app.include_router(make_plain(turns, blog))
    app.include_router(make_embed(origins, blog))

    @app.get("/plain.css", include_in_schema=False)
    def plain_css() -> Response:
        """Return the style of the plain page."""
        return Response(asset("plain.css") + accent_css(blog().accent), media_type="text/css", headers=_FRESH)

    @app.get("/page.js", include_in_schema=False)
    def page_js() -> Response:
        """Return the page's script: a file of its own, so that the policy may forbid all that stand in the page."""
        return Response(asset("page.js"), media_type="text/javascript; charset=utf-8", headers=_FRESH)

    @app.get("/healthz", include_in_schema=False)
    def healthz() -> dict[str, Any]:
        """Say that the index is loaded, and which build answers."""
        manifest = live.current().manifest
        return {"status": "ok", "build": manifest.id, "passages": manifest.counts.passages}

    _mount(app, build_page(ask, like, blog, desk))
    return app


def _bare_app() -> FastAPI:
    """Return an application that nothing answers yet."""
    return FastAPI(
        title="Asked Before",
        description="Ask a blog a question; it answers in its author's own published words.",
        version=__version__,
        docs_url=None,  # FastAPI's own page loads its scripts from elsewhere
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )


def _mount(app: FastAPI, page: gr.Blocks) -> None:
    """Serve the readers' page at /, with Gradio's own history, analytics and links off."""
    gr.mount_gradio_app(
        app,
        page.queue(default_concurrency_limit=None),
        path="/",
        theme=theme(),
        css=asset("page.css"),
        head='<script src="page.js"></script>',
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
    )


def run(
    index: Path,
    encoder: Encoder,
    host: str,
    port: int,
    *,
    root_path: str = "",
    proxies: Sequence[str] = ON_THIS_MACHINE,
    per_minute: int = PER_MINUTE,
) -> None:
    """Serve until the process is told to end. No request is logged: what readers ask is health data.

    `root_path` is the folder that a proxy serves the page under; only `proxies` (addresses or networks) are believed
    when they say who asks and how the page is reached.
    """
    app = TrustProxies(make_app(index, encoder, per_minute=per_minute), proxies)
    logging.basicConfig(level=logging.WARNING, format="askedbefore: %(message)s")
    uvicorn.run(
        app,
        host=host,
        port=port,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=5,
        root_path=root_path,
        proxy_headers=False,  # TrustProxies does more
    )


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
