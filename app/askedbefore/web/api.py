"""`/api/ask` for programs: the JSON of `askedbefore ask --json`, and its description for OpenAPI."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Annotated, Any, Literal, Protocol

from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from askedbefore.guard import find_support
from askedbefore.ranking import MOST_PASSAGES
from askedbefore.records import Answer
from askedbefore.storage.layout import Blog
from askedbefore.web.desk import BusyError, Desk
from askedbefore.web.limiting import RETRY_AFTER_SECONDS
from askedbefore.wording import ENGLISH


class Ask(Protocol):
    """Answers a question."""

    def __call__(self, question: str, before: str | None, most: int = MOST_PASSAGES, language: str = "") -> Answer:
        """Return the answer; what is said besides the passages is in `language`, if that is one of the page's."""


MOST = 20
NOT_KEPT = {"Cache-Control": "no-store"}  # what a reader asked stays in no cache
_EXAMPLE = '{"question": "Why do I miss her so much?"}'
_UNREADABLE = f"The body is not readable JSON. Send it with Content-Type: application/json, such as {_EXAMPLE}"

_QUESTION = "the question in a reader's own words, at most 1,000 characters"
_BEFORE = "the question before this one, if this may be a follow-up"
_MOST = "how many passages to show"


class Question(BaseModel):
    """What is asked."""

    question: str = Field(description=_QUESTION)
    before: str | None = Field(default=None, description=_BEFORE)
    most: int = Field(default=MOST_PASSAGES, ge=1, le=MOST, description=_MOST)


class _Described(BaseModel):
    """A part of an answer. It only describes: what is sent is `Answer.to_json`."""

    model_config = ConfigDict(extra="allow")


class LineJson(_Described):
    """A help line."""

    region: str | None = Field(description="where it answers; lines of a region stand together")
    name: str
    phone: str | None
    text: str | None = Field(description="the number for text messages")
    text_word: str | None = Field(description="what the text message must say")
    chat: str | None = Field(description="an address")
    url: str | None
    hours: str | None = Field(description="24/7, or as the service says it")
    kind: str | None = Field(description="emergency, for an emergency number")


class SupportJson(_Described):
    """What to show above everything else when the question may be a cry for help."""

    tier: str = Field(description="acute or concern")
    kind: str = Field(description="such as suicide, self_harm or abuse")
    message: str = Field(description="paragraphs; the first belongs above the lines, the last may stand below")
    lines: list[LineJson]


class PassageJson(_Described):
    """A passage of the archive."""

    id: str
    kind: Literal["post", "reply", "letter", "comment"]
    voice: Literal["author", "reader"] = Field(description="who speaks in it")
    title: str = Field(description="of the post that it stands in or under")
    heading: str | None
    url: str | None = Field(description="leads to the very place")
    date: str | None = Field(description="YYYY-MM-DD")
    quote: str = Field(description="the archive's text, word for word")
    highlights: list[tuple[int, int]] = Field(description="ranges of `quote` that answer, in Unicode code points")
    cut: tuple[bool, bool] = Field(description="whether the passage goes on before the quote, and after it")
    asked: str | None = Field(description="the reader's words that it answers")
    score: float = Field(description="higher is closer")
    post: str
    comment: str | None


class AnswerJson(_Described):
    """The answer to a question."""

    question: str
    outcome: Literal["passages", "nothing_close", "invalid"]
    disclaimer: str = Field(description="to be shown with the passages")
    message: str | None = Field(description="in words: why there are no passages, or that they are perhaps off")
    certain: bool
    before: str | None = Field(description="the question before, if it was understood as a follow-up to that")
    support: SupportJson | None = Field(description="to be shown first, whatever else came of the question")
    suggestions: list[str] = Field(description="questions that the archive does answer")
    passages: list[PassageJson] = Field(description="the closest first")
    elapsed_ms: float


class ErrorJson(_Described):
    """Why there is no answer."""

    error: str
    support: SupportJson | None = None


_ERRORS: dict[int | str, dict[str, Any]] = {
    413: {"model": ErrorJson, "description": "The body is too long."},
    422: {"model": ErrorJson, "description": "The question cannot be read."},
    429: {"model": ErrorJson, "description": "This client has asked too much in the last minute."},
    500: {"model": ErrorJson, "description": "Something went wrong on this side."},
    503: {"model": ErrorJson, "description": "Too many are asking at this moment; Retry-After says when to ask again."},
}


def make_api(ask: Ask, blog: Callable[[], Blog], desk: Desk) -> APIRouter:
    """Return the routes of the API; `ask` answers a question about the `blog`, `desk` lends the machine."""
    router = APIRouter(prefix="/api", tags=["questions"])

    async def answer(request: Request, question: str, before: str | None, most: int) -> JSONResponse:
        """Answer as JSON, also when that fails: a cry for help is heard even then, and nothing of it is logged."""
        try:
            found = await desk.run(partial(ask, question, before, most), client_of(request))
        except BusyError as busy:
            return error_json(busy.status, ENGLISH.busy, blog(), question, before, {"Retry-After": RETRY_AFTER_SECONDS})
        except Exception:  # a program gets a sentence, never a traceback; what was asked is in no log
            return error_json(500, ENGLISH.failed, blog(), question, before)
        return JSONResponse(found.to_json(), headers=NOT_KEPT)

    @router.post("/ask", response_model=AnswerJson, responses=_ERRORS, summary="Answer a question")
    async def ask_by_post(request: Request, body: Question) -> JSONResponse:
        """Return the closest passages of the blog, word for word. Prefer this to GET, whose addresses others may log.

        A question that cannot be looked up (too long, no words) gets `outcome` `invalid` and says why in `message`.
        """
        return await answer(request, body.question, body.before, body.most)

    @router.get("/ask", response_model=AnswerJson, responses=_ERRORS, summary="Answer a question in the address")
    async def ask_by_get(
        request: Request,
        question: Annotated[str, Query(description=_QUESTION)],
        before: Annotated[str | None, Query(description=_BEFORE)] = None,
        most: Annotated[int, Query(description=_MOST, ge=1, le=MOST)] = MOST_PASSAGES,
    ) -> JSONResponse:
        """Return the same as POST. This server logs no address; a proxy or a browser's history may keep it."""
        return await answer(request, question, before, most)

    return router


async def answer_or_error(found: Awaitable[Answer], blog: Blog, question: str = "", before: str = "") -> dict[str, Any]:
    """Return an answer for a program, or why there is none; a cry for help is heard even then."""
    try:
        return (await found).to_json()
    except BusyError:
        problem = blog.wording.busy
    except Exception:  # a program gets a sentence too; what was asked is in no log
        problem = blog.wording.failed
    support = find_support(question, before, wording=blog.wording, signposts=blog.signposts)
    return {"error": problem, "support": support}


def client_of(request: Request) -> str:
    """Return the address of who asks, or "" where it is not known."""
    return request.client.host if request.client else ""


def explain_unreadable(app: FastAPI, blog: Callable[[], Blog]) -> None:
    """Let `app` say in one sentence what is wrong with a request, without repeating what was in it.

    `blog` says whose help lines are shown.
    """

    @app.exception_handler(RequestValidationError)
    async def explain(request: Request, error: RequestValidationError) -> JSONResponse:
        """Return the first problem; FastAPI's own answer would repeat the question."""
        sent = error.body if isinstance(error.body, dict) else request.query_params
        question, before = (str(sent.get(name) or "") for name in ("question", "before"))
        return error_json(422, _problem(error.errors()), blog(), question, before)

    @app.exception_handler(HTTPException)
    async def refuse(_: Request, error: HTTPException) -> JSONResponse:
        """Return what FastAPI itself refuses (bytes that are no text, a wrong method) in the same form."""
        message = _UNREADABLE if error.status_code == 400 else f"{error.detail}."
        status = 422 if error.status_code == 400 else error.status_code
        return error_json(status, message, blog(), headers=error.headers)


def error_json(
    status: int,
    message: str,
    blog: Blog,
    question: str = "",
    before: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Return an error as JSON, with help lines when the question calls for them."""
    support = find_support(question, before or "", signposts=blog.signposts)
    content: dict[str, Any] = {"error": message, "support": support}
    return JSONResponse(content, status_code=status, headers={**NOT_KEPT, **(headers or {})})


def _problem(errors: Sequence[Any]) -> str:
    """Say what is wrong with the first thing that is."""
    first = errors[0]
    place = [part for part in first["loc"] if part not in ("body", "query")]
    if first["type"] == "json_invalid" or not place:
        return _UNREADABLE
    name = json.dumps(str(place[0]))
    if first["type"] == "missing":
        return f"{name} is missing. Send JSON such as {_EXAMPLE}, or name it in the address."
    if place[0] == "most":
        return f"{name} must be a whole number from 1 to {MOST}."
    if place[0] in ("question", "before"):
        return f"{name} must be readable text."
    return f"{name} cannot be read."
