"""`/turn` for the page's script: a question comes by POST, and its answer goes back as a piece of HTML.

Not by an event of Gradio: when a connection breaks, Gradio makes its page anew, and with it goes what a reader typed
and all that she was answered. A plain request can be sent once more.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from askedbefore.records import Answer, Outcome
from askedbefore.storage.layout import Blog
from askedbefore.web.api import NOT_KEPT, Ask, client_of
from askedbefore.web.desk import BusyError, Desk
from askedbefore.web.limiting import RETRY_AFTER_SECONDS
from askedbefore.web.render import MOST_ON_PAGE, answer_html, failure_html


class Like(Protocol):
    """Finds more like a passage."""

    def __call__(self, passage: str, language: str = "") -> Answer:
        """Return passages close to the one with this id, and what is said besides in `language`."""


_MOST_FIELDS = 10


@dataclass(frozen=True, slots=True)
class Sent:
    """What a reader sent: her question and the one before it, or the passage that she wants more like."""

    question: str
    before: str
    like: str
    language: str = ""  # that the page around it speaks, if another than the blog's


@dataclass(frozen=True, slots=True)
class Turn:
    """What came of it as HTML, and the answer if there is one; then `status` is 200 (HTTP)."""

    html: str
    status: int
    answer: Answer | None = None

    @property
    def headers(self) -> dict[str, str]:
        """Return what the response says of itself."""
        return {**NOT_KEPT, "Retry-After": RETRY_AFTER_SECONDS} if self.status in (429, 503) else NOT_KEPT

    @property
    def stays_in_box(self) -> bool:
        """Say whether the question has to be asked anew."""
        return self.answer is None or self.answer.outcome is Outcome.INVALID


class Turns:
    """Answers what readers send, in whichever way the page is shown."""

    def __init__(self, ask: Ask, like: Like, blog: Callable[[], Blog], desk: Desk) -> None:
        """Answer with `ask` and `like`, on the machine that `desk` lends, about the `blog` of the moment."""
        self._ask, self._like, self._blog, self._desk = ask, like, blog, desk

    async def take(self, request: Request, sent: Sent, plain_form: str | None = None) -> Turn:
        """Return what comes of a question. A reader gets a sentence, never a traceback; her question is in no log."""
        work = (
            partial(self._like, sent.like, sent.language)
            if sent.like
            else partial(self._ask, sent.question, sent.before or None, MOST_ON_PAGE, sent.language)
        )
        blog = self._blog().speaking(sent.language)
        fail = partial(failure_html, sent.question, sent.before, blog=blog, retry=plain_form is None)
        try:
            answer = await self._desk.run(work, client_of(request))
        except BusyError as busy:
            return Turn(fail(message=blog.wording.busy), busy.status)
        except Exception:
            return Turn(fail(), 500)
        html = answer_html(answer, blog, is_like=bool(sent.like), plain_form=plain_form)
        return Turn(html, 200, answer)


async def read_sent(request: Request) -> Sent:
    """Return what a form sent; a field that is not there is empty."""
    try:
        found = parse_qs((await request.body()).decode("utf-8", "replace"), max_num_fields=_MOST_FIELDS)
    except ValueError:  # it has more fields than this form
        found = {}
    names = ("question", "before", "like", "language")
    question, before, like, language = ((found.get(name) or [""])[0] for name in names)
    return Sent(question.replace("\r\n", "\n"), before, like, language)


def make_turns(turns: Turns) -> APIRouter:
    """Return the route."""
    router = APIRouter(include_in_schema=False)

    @router.post("/turn")
    async def take(request: Request) -> HTMLResponse:
        """Return a question with what came of it."""
        turn = await turns.take(request, await read_sent(request))
        return HTMLResponse(turn.html, status_code=turn.status, headers=turn.headers)

    return router
