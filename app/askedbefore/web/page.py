"""The readers' page as a function of three functions: `build_page(ask, like, blog)`."""

from collections.abc import Callable
from typing import Any

import gradio as gr
from gradio.events import api

from askedbefore.examples import MOST_EXAMPLES
from askedbefore.records import Answer, Outcome
from askedbefore.storage.layout import Blog
from askedbefore.web.render import answer_html, failure_html, footer_html, header_html
from askedbefore.wording import ASK, EXAMPLES_TITLE, PLACEHOLDER, QUESTION_LABEL

Ask = Callable[[str, str | None], Answer]
Like = Callable[[str], Answer]

_SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "sans-serif")
_MONO = ("ui-monospace", "Consolas", "monospace")


def theme() -> gr.themes.Base:
    """Return a theme whose fonts are all on the reader's machine."""
    return gr.themes.Base(primary_hue="stone", neutral_hue="stone", font=_SANS, font_mono=_MONO)


def build_page(ask: Ask, like: Like, blog: Callable[[], Blog]) -> gr.Blocks:
    """Build the page; `blog` says what blog it is at this moment. Nothing is loaded or started here.

    `ask` answers a question, which may follow the one before it; `like` finds more like a passage, by its id.
    """

    def respond(question: str, before: str) -> tuple[str, str]:
        """Return the answer as HTML, and what stays in the question box: nothing, unless it must be asked anew."""
        try:
            answer = ask(question or "", before)
        except Exception:  # a reader gets a sentence, never a traceback; what she asked is in no log
            return failure_html(question, before or ""), question
        return answer_html(answer, blog()), question if answer.outcome is Outcome.INVALID else ""

    def respond_like(passage: str) -> str:
        """Return more passages like one as HTML."""
        try:
            return answer_html(like(passage), blog(), is_like=True)
        except Exception:  # as above
            return failure_html("")

    def ask_json(question: str, before: str | None = None) -> dict[str, Any]:
        """Answer a question; the same JSON as `askedbefore ask --json`. `before` is the one that it may follow."""
        return ask(_text(question), _text(before)).to_json()

    def like_json(passage: str) -> dict[str, Any]:
        """Return more passages like the one with this id, in the same JSON."""
        return like(_text(passage)).to_json()

    def open_page() -> list[Any]:
        """Return what the head and the example buttons say now: the index may have been rebuilt since the start."""
        return [header_html(blog()), *(gr.Button(**one) for one in _buttons(blog()))]

    page: gr.Blocks
    with gr.Blocks(title=blog().title, analytics_enabled=False) as page:
        header = gr.HTML(header_html(blog()))
        gr.HTML('<div id="ab-earlier"></div><div id="ab-pending"></div>')
        answer = gr.HTML("", elem_id="ab-answer")
        box, button = _form()
        examples = _examples(blog())
        gr.HTML(footer_html() + '<div id="ab-status" role="status" aria-live="polite"></div>')

        # What the page's script puts in: the question before, and the passage to find more like.
        before, passage = gr.Textbox(visible=False), gr.Textbox(visible=False)
        more = gr.Button("", elem_id="ab-like", elem_classes="ab-unseen")
        for trigger, source in [(box.submit, box), (button.click, box), *((one.click, one) for one in examples)]:
            _on(trigger, respond, [source, before], [answer, box], "(text) => [text, window.askedBefore.begin(text)]")
        _on(more.click, respond_like, [passage], [answer], "() => [window.askedBefore.beginLike()]")
        page.load(open_page, outputs=[header, *examples], api_visibility="private", show_progress="hidden")
        api(ask_json, api_name="ask")
        api(like_json, api_name="like")
    return page


def _form() -> tuple[gr.Textbox, gr.Button]:
    """Return the question box and its button."""
    with gr.Row(elem_id="ab-form"):
        box = gr.Textbox(
            label=QUESTION_LABEL,
            placeholder=PLACEHOLDER,
            lines=1,
            max_lines=5,
            scale=5,
            elem_id="ab-box",
            container=True,
        )
        return box, gr.Button(ASK, variant="primary", scale=1, min_width=90, elem_id="ab-ask")


def _on(
    trigger: Callable[..., Any], respond: Callable[..., Any], inputs: list[Any], outputs: list[Any], begin: str
) -> None:
    """Answer when something is triggered; the page's script begins, and is told how it ended."""
    event = trigger(respond, inputs=inputs, outputs=outputs, js=begin, api_visibility="private", show_progress="hidden")
    event.success(None, js="() => window.askedBefore.finish()", api_visibility="private")
    event.failure(None, js="() => window.askedBefore.fail()", api_visibility="private")


def _text(value: object) -> str:
    """Return what a program sent as text, or nothing when it is none."""
    return value if isinstance(value, str) else ""


def _examples(blog: Blog) -> list[gr.Button]:
    """Return a button for each of the archive's own example questions."""
    with gr.Column(elem_id="ab-examples"):
        gr.HTML(f'<p class="ab-examples-title">{EXAMPLES_TITLE}</p>')
        return [gr.Button(**one, size="sm", elem_classes="ab-example") for one in _buttons(blog)]


def _buttons(blog: Blog) -> list[dict[str, Any]]:
    """Return words and visibility of the example buttons; there are always as many, some perhaps unseen."""
    questions = [*blog.example_questions, *[""] * MOST_EXAMPLES][:MOST_EXAMPLES]
    return [{"value": question, "visible": bool(question)} for question in questions]
