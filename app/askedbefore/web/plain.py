"""`/plain`: the page as a plain HTML form, for browsers without scripts. Questions come by POST, in no address."""

from collections.abc import Callable
from functools import partial
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from askedbefore.questions import MOST_CHARACTERS
from askedbefore.records import Answer, Outcome
from askedbefore.storage.layout import Blog
from askedbefore.web.api import NOT_KEPT, Ask, client_of
from askedbefore.web.desk import BusyError, Desk
from askedbefore.web.limiting import RETRY_AFTER_SECONDS
from askedbefore.web.render import answer_html, failure_html, footer_html, header_html, text_html
from askedbefore.wording import ASK, BUSY, PLAIN_BACK, PLAIN_TITLE, QUESTION_LABEL

_MOST_FIELDS = 10
_DEFAULT_PASSAGES = 3


def make_plain(ask: Ask, like: Callable[[str], Answer], blog: Callable[[], Blog], desk: Desk) -> APIRouter:
    """Return the routes of the plain page; the arguments are those of the page and the API."""
    router = APIRouter(include_in_schema=False)

    @router.get("/plain")
    async def show() -> HTMLResponse:
        """Return the form."""
        return HTMLResponse(plain_html(blog()))

    @router.post("/plain")
    async def answer(request: Request) -> HTMLResponse:
        """Return the answer, and under it the form for the next question."""
        question, before, passage = _fields(await request.body())
        try:
            if passage:
                found = await desk.run(partial(like, passage), client_of(request))
            else:
                found = await desk.run(partial(ask, question, before or None, _DEFAULT_PASSAGES), client_of(request))
        except BusyError as busy:
            html = failure_html(question, before, message=BUSY)
            headers = {**NOT_KEPT, "Retry-After": RETRY_AFTER_SECONDS}
            return HTMLResponse(plain_html(blog(), html, question, before), status_code=busy.status, headers=headers)
        except Exception:  # a reader gets a sentence, never a traceback; what she asked is in no log
            html = failure_html(question, before)
            return HTMLResponse(plain_html(blog(), html, question, before), status_code=500, headers=NOT_KEPT)
        html = answer_html(found, blog(), is_like=bool(passage), plain_form=_FORM)
        if found.outcome is Outcome.INVALID:  # what she typed stays in the box, as she typed it
            return HTMLResponse(plain_html(blog(), html, question, before), headers=NOT_KEPT)
        last = before if passage else f"{found.before} {found.question}" if found.before else found.question
        return HTMLResponse(plain_html(blog(), html, before=last), headers=NOT_KEPT)

    return router


def plain_html(blog: Blog, answer: str = "", question: str = "", before: str = "") -> str:
    """Return the page: `answer` is HTML, `question` stands in the box, and `before` may be followed up."""
    title = text_html(PLAIN_TITLE.format(title=blog.title))
    anew = f'<p class="ab-anew"><a href="plain">{text_html(PLAIN_BACK)}</a></p>' if answer else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">'
        f'<title>{title}</title><link rel="stylesheet" href="plain.css"></head><body>'
        f"{header_html(blog)}<main>{answer}"
        f'<form method="post" action="plain" class="ab-form">{_hidden(before)}'
        f'<label for="ab-question">{text_html(QUESTION_LABEL)}</label>'
        f'<textarea id="ab-question" name="question" rows="3" required autocomplete="off" spellcheck="true">'
        f"\n{text_html(question)}</textarea>"
        f'<button type="submit">{text_html(ASK)}</button></form>{anew}'
        f'<form method="post" action="plain" id="{_FORM}">{_hidden(before)}</form></main>{footer_html()}</body></html>'
    )


_FORM = "ab-again"


def _hidden(before: str) -> str:
    """Return the question before as a hidden field."""
    return f'<input type="hidden" name="before" value="{text_html(before[: 2 * MOST_CHARACTERS])}">' if before else ""


def _fields(body: bytes) -> tuple[str, str, str]:
    """Return the question, the question before and the passage to find more like, as the form sent them."""
    try:
        found = parse_qs(body.decode("utf-8", "replace"), max_num_fields=_MOST_FIELDS)
    except ValueError:  # it has more fields than this form
        found = {}
    question, before, passage = ((found.get(name) or [""])[0] for name in ("question", "before", "like"))
    return question.replace("\r\n", "\n"), before, passage
