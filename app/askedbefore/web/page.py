"""The readers' page as a function of three functions: `build_page(ask, like, blog, desk)`."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any
from zlib import crc32

import gradio as gr
from gradio.events import api

from askedbefore import __version__
from askedbefore.ranking import MOST_PASSAGES
from askedbefore.storage.layout import Blog
from askedbefore.web.api import Ask, answer_or_error
from askedbefore.web.desk import Desk
from askedbefore.web.escaping import text_html
from askedbefore.web.parts import accent_css, footer_html, header_html, starts_html
from askedbefore.web.turns import Like

_SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "sans-serif")
_MONO = ("ui-monospace", "Consolas", "monospace")
_SAID_BY_SCRIPT = (
    "language", "direction", "you_asked", "looking", "one_found", "many_found", "lost", "trying_again", "try_again",
    "copied", "not_copied", "new_begun",
)  # fmt: skip


def theme() -> gr.themes.Base:
    """Return a theme whose fonts are all on the reader's machine."""
    return gr.themes.Base(primary_hue="stone", neutral_hue="stone", font=_SANS, font_mono=_MONO)


def build_page(ask: Ask, like: Like, blog: Callable[[], Blog], desk: Desk) -> gr.Blocks:
    """Build the page; `blog` says what blog it is at this moment. Nothing is loaded or started here.

    The page's script asks at `/turn`. `ask` and `like` answer programs that ask by Gradio, on the machine that `desk`
    lends. Gradio's own client takes two requests for that, which must reach the same process.
    """

    async def ask_json(question: str, request: gr.Request, before: str | None = None) -> dict[str, Any]:
        """Answer a question; the same JSON as `askedbefore ask --json`. `before` is the one that it may follow."""
        question, before = _text(question), _text(before)
        found = desk.run(partial(ask, question, before, MOST_PASSAGES), _client_of(request))
        return await answer_or_error(found, blog(), question, before)

    async def like_json(passage: str, request: gr.Request) -> dict[str, Any]:
        """Return more passages like the one with this id, in the same JSON."""
        return await answer_or_error(desk.run(partial(like, _text(passage)), _client_of(request)), blog())

    def open_page(request: gr.Request) -> list[Any]:
        """Return what the page says now: the index may have been rebuilt since the start. `?lang=` asks for a language.

        A blog that has the page in a frame asks for its own.
        """
        now = blog().speaking(str(request.query_params.get("lang", "")))
        wording = now.wording
        box = gr.Textbox(label=wording.question_label, placeholder=wording.placeholder)
        return [head_html(now), box, gr.Button(wording.ask), _begin_anew(now), starts_html(now), _foot(now)]

    page: gr.Blocks
    with gr.Blocks(title=blog().title, analytics_enabled=False) as page:
        head = _html(head_html(blog()))
        _html('<div id="ab-earlier"></div><div id="ab-answer"></div>')
        box, button = _form(blog())
        anew = _html(_begin_anew(blog()), elem_id="ab-anew")
        starts = _html(starts_html(blog()))
        foot = _html(_foot(blog()))

        for trigger in (box.submit, button.click):
            trigger(None, inputs=box, js="(text) => window.askedBefore.ask(text)", api_visibility="private")
        page.load(
            open_page,
            outputs=[head, box, button, anew, starts, foot],
            api_visibility="private",
            show_progress="hidden",
            queue=False,
        )
        api(ask_json, api_name="ask", queue=False)
        api(like_json, api_name="like", queue=False)
    # By chance otherwise; and a page that lost its connection loads anew when a process with another number answers.
    page.app_id = crc32(f"{__version__} {gr.__version__}".encode())
    return page


def _html(html: str, elem_id: str | None = None) -> gr.HTML:
    """Return a place for HTML of our own, which has all its style from `page.css` and its behaviour from `page.js`."""
    return gr.HTML(html, elem_id=elem_id, apply_default_css=False, js_on_load=None)


def _form(blog: Blog) -> tuple[gr.Textbox, gr.Button]:
    """Return the question box and its button."""
    wording = blog.wording
    with gr.Row(elem_id="ab-form"):
        box = gr.Textbox(
            label=wording.question_label,
            placeholder=wording.placeholder,
            lines=1,
            max_lines=5,
            scale=5,
            elem_id="ab-box",
            container=True,
        )
        return box, gr.Button(wording.ask, variant="primary", scale=1, min_width=90, elem_id="ab-ask")


def _text(value: object) -> str:
    """Return what a program sent as text, or nothing when it is none."""
    return value if isinstance(value, str) else ""


def _client_of(request: gr.Request) -> str:
    """Return the address of who asks, or "" where it is not known."""
    return str(request.client.host) if request.client else ""


def head_html(blog: Blog) -> str:
    """Return the head of the page, with the author's colour, and as data what the page's script says."""
    said = json.dumps({name: getattr(blog.wording, name) for name in _SAID_BY_SCRIPT})
    words = f'<div id="ab-words" data-words="{text_html(said)}"></div>'
    return f"<style>{accent_css(blog.accent)}</style>{words}{header_html(blog)}"


def _begin_anew(blog: Blog) -> str:
    """Return the button that empties the page."""
    return f'<button type="button" class="ab-new">{text_html(blog.wording.new_question)}</button>'


def _foot(blog: Blog) -> str:
    """Return what stands below, and the place from which screen readers are told what happens."""
    return footer_html(blog) + '<div id="ab-status" role="status" aria-live="polite"></div>'
