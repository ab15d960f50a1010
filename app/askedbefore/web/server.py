"""The web application: the page, its API and `/healthz`. It only reads the index; `serving.py` runs it."""

from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI, Response
from fastapi.middleware.cors import CORSMiddleware

from askedbefore import __version__
from askedbefore.answer import answer_question, more_like
from askedbefore.embedding import Encoder
from askedbefore.origins import allowed_origins
from askedbefore.ranking import MOST_PASSAGES
from askedbefore.records import Answer
from askedbefore.settings import quiet_packages
from askedbefore.storage.layout import Blog
from askedbefore.web.api import explain_unreadable, make_api
from askedbefore.web.desk import Desk
from askedbefore.web.embed import make_embed
from askedbefore.web.headers import LiveOrigins, Protect
from askedbefore.web.limiting import Limits
from askedbefore.web.live import LiveLibrary, OneBuild
from askedbefore.web.page import build_page, theme
from askedbefore.web.parts import accent_css, asset
from askedbefore.web.plain import make_plain
from askedbefore.web.tools import add_tools
from askedbefore.web.turns import Turns, make_turns

_FRESH = {"Cache-Control": "max-age=300"}


def make_app(index: Path, encoder: Encoder, limits: Limits | None = None, *, is_alone: bool = True) -> FastAPI:
    """Make the web application around the live index. Raises IndexProblem when there is none that fits.

    `limits` says who asks too often; without it nobody does. `is_alone` says that no other process answers beside this
    one.
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
    app.add_middleware(Protect, origins=origins, is_alone=is_alone)
    app.add_middleware(OneBuild, live=live)
    explain_unreadable(app, blog)
    desk = Desk(limits)
    app.include_router(make_api(ask, blog, desk))
    turns = Turns(ask, like, blog, desk)
    app.include_router(make_turns(turns))
    app.include_router(make_plain(turns, blog))
    app.include_router(make_embed(origins, blog))
    add_tools(app, ask, like, blog, desk)

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
