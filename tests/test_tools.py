"""What assistants may ask by the Model Context Protocol, with its own client, against several processes."""

import asyncio
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from askedbefore.web.tools import is_installed
from tests.processes import LONG, Running, running
from tests.serving import CRY, client, small_blog

pytestmark = pytest.mark.skipif(not is_installed(), reason="the extra mcp is not installed")
several = pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX")

QUESTION = "Why is a break hard?"
PRIVATE = "xylophonic"  # a word that stands in questions and must stand nowhere else


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Return two processes behind one socket; one client may ask twenty times."""
    index = small_blog(tmp_path_factory.mktemp("blog"), 'title = "A Small Blog"').paths.index
    with running(index, tmp_path_factory.mktemp("two"), workers=2, per_minute=20) as server:
        yield server


def call(server: Running, *calls: tuple[str, dict[str, Any]]) -> tuple[list[Any], list[Any]]:
    """Return the tools and what some calls of them give, by the protocol's own client."""
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async def speak() -> tuple[list[Any], list[Any]]:
        """Ask in one session."""
        async with (
            streamable_http_client(f"{server.url}/mcp") as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            tools = (await session.list_tools()).tools
            return tools, [await session.call_tool(name, arguments) for name, arguments in calls]

    return asyncio.run(speak())


def post(url: str, method: str, params: object) -> httpx.Response:
    """Send one message as it stands."""
    message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    return httpx.post(f"{url}/mcp", json=message, headers={"Accept": "application/json"}, timeout=LONG)


@several
def test_there_are_two_tools_and_they_say_how_to_use_them(two: Running) -> None:
    """With the blog's name, and what an assistant owes to those who ask."""
    tools, _ = call(two)
    assert [tool.name for tool in tools] == ["ask", "like"]
    assert all("A Small Blog" in tool.description and tool.annotations.readOnlyHint for tool in tools)
    assert all(word in tools[0].description for word in ("support", "disclaimer", "nothing_close", "word for word"))
    assert tools[0].inputSchema["required"] == ["question"]


@several
def test_an_answer_is_that_of_the_api(two: Running) -> None:
    """As JSON in text and as a structure, with the disclaimer; and more like a passage of it."""
    from_api = httpx.post(f"{two.url}/api/ask", json={"question": QUESTION}, timeout=LONG).json()
    _, (asked,) = call(two, ("ask", {"question": QUESTION}))
    assert not asked.isError
    assert asked.structuredContent == json.loads(asked.content[0].text)
    assert {**asked.structuredContent, "elapsed_ms": 0} == {**from_api, "elapsed_ms": 0}
    assert asked.structuredContent["disclaimer"]
    _, (more, one) = call(
        two,
        ("like", {"passage": from_api["passages"][0]["id"]}),
        ("ask", {"question": QUESTION, "before": "Why?", "most": 1}),
    )
    assert more.structuredContent["outcome"] in ("passages", "nothing_close")
    assert len(one.structuredContent["passages"]) == 1


@several
def test_a_cry_for_help_is_heard_first_and_always(two: Running) -> None:
    """Its help lines stand above everything, also when the rest cannot be read, and when somebody asks too often."""
    _, (heard, wrong) = call(two, ("ask", {"question": CRY}), ("ask", {"question": CRY, "most": "many"}))
    for one in (heard, wrong):
        assert one.structuredContent["support"]["lines"]
        assert one.content[0].text.startswith('{\n "support": {')
    _, many = call(two, *[("ask", {"question": CRY})] * 25)
    assert sum(one.isError for one in many) >= 5
    assert all(one.structuredContent["support"]["kind"] == "suicide" for one in many)
    assert "try again" in many[-1].structuredContent["error"]


@several
def test_nothing_that_is_sent_is_logged(two: Running) -> None:
    """Not even of what cannot be read, of which the package `mcp` by itself says what it was."""
    for method, params in (
        ("tools/call", {"name": [PRIVATE], "arguments": {"question": PRIVATE}}),
        ("tools/call", {"name": "ask", "arguments": PRIVATE}),
        ("tools/call", {"name": PRIVATE, "arguments": {}}),
        (PRIVATE, {"question": PRIVATE}),
        ("notifications/cancelled", PRIVATE),
    ):
        sent = post(two.url, method, params)
        assert sent.status_code in (200, 202, 400)
    headers = {"Accept": "application/json", "Content-Type": "application/json"}
    assert httpx.post(f"{two.url}/mcp", content=f'{{"{PRIVATE}', headers=headers).status_code == 400
    assert PRIVATE not in two.output()


@several
def test_it_is_kept_in_no_cache_and_holds_no_connection(two: Running) -> None:
    """A GET would wait for messages that never come."""
    answered = post(two.url, "tools/list", {})
    assert answered.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answered.headers["content-security-policy"]
    assert httpx.get(f"{two.url}/mcp", headers={"Accept": "text/event-stream"}).status_code == 405
    assert httpx.get(f"{two.url}/gradio_api/mcp/schema").status_code == 404


def test_pages_of_others_may_not_use_it(tmp_path: Path) -> None:
    """A browser asks first, and is refused."""
    asked = client(small_blog(tmp_path)).options(
        "/mcp", headers={"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    )
    assert asked.status_code == 400
    assert "access-control-allow-origin" not in asked.headers
