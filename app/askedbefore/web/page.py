"""The readers' page as a function of two functions: `build_page(ask, blog)`."""

from collections.abc import Callable
from typing import Any

import gradio as gr
from gradio.events import api

from askedbefore.examples import MOST_EXAMPLES
from askedbefore.records import Answer, Outcome
from askedbefore.storage.layout import Blog
from askedbefore.web.render import answer_html, failure_html, footer_html, header_html
from askedbefore.wording import ASK, EXAMPLES_TITLE, PLACEHOLDER, QUESTION_LABEL

Ask = Callable[[str], Answer]

_SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "sans-serif")
_MONO = ("ui-monospace", "Consolas", "monospace")


def theme() -> gr.themes.Base:
    """Return a theme whose fonts are all on the reader's machine."""
    return gr.themes.Base(primary_hue="stone", neutral_hue="stone", font=_SANS, font_mono=_MONO)


def build_page(ask: Ask, blog: Callable[[], Blog]) -> gr.Blocks:
    """Build the page around `ask`, which answers a question, and `blog`, which says what blog it is at this moment.

    Nothing is loaded or started here.
    """

    def respond(question: str) -> tuple[str, str]:
        """Return the answer as HTML, and what stays in the question box: nothing, unless it must be asked anew."""
        try:
            answer = ask(question or "")
        except Exception:  # a reader gets a sentence, never a traceback; what she asked is in no log
            return failure_html(question), question
        return answer_html(answer, blog()), question if answer.outcome is Outcome.INVALID else ""

    def ask_json(question: str) -> dict[str, Any]:
        """Answer a question; the same JSON as `askedbefore ask --json`."""
        return ask(question if isinstance(question, str) else "").to_json()

    def open_page() -> list[Any]:
        """Return what the head and the example buttons say now: the index may have been rebuilt since the start."""
        return [header_html(blog()), *(gr.Button(**one) for one in _buttons(blog()))]

    page: gr.Blocks
    with gr.Blocks(title=blog().title, analytics_enabled=False) as page:
        header = gr.HTML(header_html(blog()))
        gr.HTML('<div id="ab-earlier"></div><div id="ab-pending"></div>')
        answer = gr.HTML("", elem_id="ab-answer")
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
            button = gr.Button(ASK, variant="primary", scale=1, min_width=90, elem_id="ab-ask")
        examples = _examples(blog())
        gr.HTML(footer_html() + '<div id="ab-status" role="status" aria-live="polite"></div>')

        for trigger, source in [(box.submit, box), (button.click, box), *((one.click, one) for one in examples)]:
            asked = trigger(
                respond,
                inputs=source,
                outputs=[answer, box],
                js="(question) => { window.askedBefore.begin(question); return [question]; }",
                api_visibility="private",
                show_progress="hidden",
            )
            asked.success(None, js="() => window.askedBefore.finish()", api_visibility="private")
            asked.failure(None, js="() => window.askedBefore.fail()", api_visibility="private")
        page.load(open_page, outputs=[header, *examples], api_visibility="private", show_progress="hidden")
        api(ask_json, api_name="ask")
    return page


def _examples(blog: Blog) -> list[gr.Button]:
    """Return a button for each of the archive's own example questions."""
    with gr.Column(elem_id="ab-examples"):
        gr.HTML(f'<p class="ab-examples-title">{EXAMPLES_TITLE}</p>')
        return [gr.Button(**one, size="sm", elem_classes="ab-example") for one in _buttons(blog)]


def _buttons(blog: Blog) -> list[dict[str, Any]]:
    """Return words and visibility of the example buttons; there are always as many, some perhaps unseen."""
    questions = [*blog.example_questions, *[""] * MOST_EXAMPLES][:MOST_EXAMPLES]
    return [{"value": question, "visible": bool(question)} for question in questions]
