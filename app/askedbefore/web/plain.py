"""`/plain`: the page as a plain HTML form, for browsers without scripts. Questions come by POST, in no address."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from askedbefore.questions import MOST_CHARACTERS
from askedbefore.storage.layout import Blog
from askedbefore.web.escaping import text_html
from askedbefore.web.parts import footer_html, header_html, starts_html
from askedbefore.web.turns import Turns, read_sent


def make_plain(turns: Turns, blog: Callable[[], Blog]) -> APIRouter:
    """Return the routes of the plain page."""
    router = APIRouter(include_in_schema=False)

    @router.get("/plain")
    async def show() -> HTMLResponse:
        """Return the form."""
        return HTMLResponse(plain_html(blog()))

    @router.post("/plain")
    async def answer(request: Request) -> HTMLResponse:
        """Return the answer, and under it the form for the next question."""
        sent = await read_sent(request)
        turn = await turns.take(request, sent, plain_form=_FORM)
        if turn.answer is None or turn.stays_in_box:  # as she typed it
            html = plain_html(blog(), turn.html, sent.question, sent.before)
        else:
            asked = turn.answer.question
            last = f"{turn.answer.before} {asked}" if turn.answer.before else asked
            html = plain_html(blog(), turn.html, before=sent.before if sent.like else last)
        return HTMLResponse(html, status_code=turn.status, headers=turn.headers)

    return router


def plain_html(blog: Blog, answer: str = "", question: str = "", before: str = "") -> str:
    """Return the page: `answer` is HTML, `question` stands in the box, and `before` may be followed up."""
    wording = blog.wording
    title = text_html(wording.plain_title.format(title=blog.title))
    anew = f'<p class="ab-anew"><a href="plain">{text_html(wording.plain_back)}</a></p>' if answer else ""
    starts = "" if answer else starts_html(blog, plain_form=_FORM)
    return (
        f'<!doctype html><html lang="{wording.language}" dir="{wording.direction}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">'
        f'<title>{title}</title><link rel="stylesheet" href="plain.css"></head><body>'
        f"{header_html(blog)}<main>{answer}"
        f'<form method="post" action="plain" class="ab-form">{_hidden(before)}'
        f'<label for="ab-question">{text_html(wording.question_label)}</label>'
        f'<textarea id="ab-question" name="question" rows="3" required autocomplete="off" spellcheck="true">'
        f"\n{text_html(question)}</textarea>"
        f'<button type="submit">{text_html(wording.ask)}</button></form>{anew}{starts}'
        f'<form method="post" action="plain" id="{_FORM}">{_hidden(before)}</form></main>'
        f"{footer_html(blog)}</body></html>"
    )


_FORM = "ab-again"


def _hidden(before: str) -> str:
    """Return the question before as a hidden field."""
    return f'<input type="hidden" name="before" value="{text_html(before[: 2 * MOST_CHARACTERS])}">' if before else ""
