"""`/mcp` for assistants: they ask as readers do, by the Model Context Protocol. It is there with the extra `mcp`.

Each request is answered by itself, as JSON, so any of several processes may get it. Gradio has such a server too; it
keeps sessions in one process, answers in Python's notation, and its extra wants an older pydantic.
"""

import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from askedbefore import __version__
from askedbefore.ranking import MOST_PASSAGES
from askedbefore.storage.layout import Blog
from askedbefore.web.api import MOST, NOT_KEPT, Ask, answer_or_error, client_of
from askedbefore.web.desk import Desk
from askedbefore.web.turns import Like

PATH = "/mcp"

_ASK = """Find what the blog “{title}” has published about a question, in its author's own words. \
Returns passages of its archive, word for word, the closest first, each with a link to its place; nothing is generated.

The people who ask may be in distress. When `support` is not null, show its message and all its lines before anything \
else. Say `disclaimer` with the passages: they are not therapy and no advice for anybody's own situation. Quote \
passages as they are and name where they come from. When `outcome` is nothing_close, or `certain` is false, say so, \
and do not answer in the author's stead."""
_LIKE = """Find more passages of the blog “{title}” like one that `ask` returned. What is said there of support, \
disclaimer and quoting holds for these as well."""
_ASK_FIELDS = {
    "question": {"type": "string", "description": "the question in the person's own words, at most 1,000 characters"},
    "before": {"type": "string", "description": "the question before this one, if this may be a follow-up"},
    "most": {"type": "integer", "minimum": 1, "maximum": MOST, "description": "how many passages to return"},
}
_LIKE_FIELDS = {"passage": {"type": "string", "description": "the `id` of the passage"}}


def add_tools(app: FastAPI, ask: Ask, like: Like, blog: Callable[[], Blog], desk: Desk) -> None:
    """Add the route to `app`, if the extra is installed; the same limits hold as for readers."""
    if not is_installed():
        return
    from mcp import types
    from mcp.server.lowlevel import Server
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

    _keep_quiet()
    server = Server("Asked Before", version=__version__)

    async def list_tools() -> list[Any]:
        """Say what there is."""
        title = blog().title
        reads = types.ToolAnnotations(readOnlyHint=True, openWorldHint=False)
        return [
            types.Tool(name=name, description=text.format(title=title), inputSchema=schema, annotations=reads)
            for name, text, schema in (
                ("ask", _ASK, {"type": "object", "properties": _ASK_FIELDS, "required": ["question"]}),
                ("like", _LIKE, {"type": "object", "properties": _LIKE_FIELDS, "required": ["passage"]}),
            )
        ]

    async def call_tool(name: str, arguments: dict[str, Any]) -> Any:
        """Answer, or say why not; a cry for help is heard even then."""
        texts = {key: value if isinstance(value, str) else "" for key, value in arguments.items()}
        question, before = (texts.get(key, "") for key in ("question", "before"))
        if name == "ask":
            work = partial(ask, question, before or None, _most(arguments.get("most")))
        elif name == "like":
            work = partial(like, texts.get("passage", ""))
        else:
            raise ValueError("There are two tools: ask and like.")
        client = client_of(server.request_context.request)
        found = await answer_or_error(desk.run(work, client), blog(), question, before)
        found = {"support": found.get("support"), **found}  # whoever reads it from the top reads this first
        text = types.TextContent(type="text", text=json.dumps(found, ensure_ascii=False, indent=1))
        return types.CallToolResult(content=[text], structuredContent=found, isError="error" in found)

    server.list_tools()(list_tools)
    server.call_tool(validate_input=False)(call_tool)  # what is not valid may still be a cry for help
    manager = StreamableHTTPSessionManager(app=server, json_response=True, stateless=True)
    app.router.routes.append(Route(PATH, endpoint=_ByPost(manager)))
    around = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[Any]:
        """Run it as long as the application runs."""
        async with around(app) as state, manager.run():
            yield state

    app.router.lifespan_context = lifespan


def is_installed() -> bool:
    """Say whether the extra is there, in a version that this is written for."""
    try:
        return version("mcp").startswith("1.")
    except PackageNotFoundError:
        return False


class _ByPost:
    """Answers what a session manager answers, by POST alone, and says that it stays in no cache.

    By GET a client would wait on a connection for messages that never come.
    """

    def __init__(self, manager: Any) -> None:
        """Leave requests to `manager`."""
        self._manager = manager

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""

        async def send_not_kept(message: Message) -> None:
            """Put the header on."""
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(NOT_KEPT)
            await send(message)

        if scope["method"] == "POST":
            await self._manager.handle_request(scope, receive, send_not_kept)
        else:
            await Response(status_code=405, headers={"Allow": "POST"})(scope, receive, send)


def _most(value: object) -> int:
    """Return how many passages to show, near to what was asked for."""
    return min(max(value, 1), MOST) if isinstance(value, int) else MOST_PASSAGES


def _keep_quiet() -> None:
    """Keep the package `mcp` from the log: of a message that it cannot read it says what stood in it."""
    logging.getLogger("mcp").setLevel(logging.CRITICAL + 1)
    root = logging.getLogger()
    if _is_not_from_mcp not in root.filters:
        root.addFilter(_is_not_from_mcp)


def _is_not_from_mcp(record: logging.LogRecord) -> bool:
    """Say whether a line of the log may be written; `mcp` writes some in nobody's name."""
    return "mcp" not in Path(record.pathname).parts
