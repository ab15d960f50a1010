"""The API for programs: the JSON of the command line, and one clear error for what cannot be read."""

import json
from pathlib import Path
from typing import Any

import anyio
import pytest
from starlette.testclient import TestClient

from askedbefore.answer import answer_question
from askedbefore.web.api import AnswerJson
from askedbefore.web.desk import BusyError, Desk
from tests.conftest import Blog
from tests.serving import CRY, broken, client, small_blog

QUESTION = "is it childish to count the days?"


@pytest.fixture(scope="module")
def blog(tmp_path_factory: pytest.TempPathFactory) -> Blog:
    """Return a small blog."""
    return small_blog(tmp_path_factory.mktemp("blog"))


@pytest.fixture(scope="module")
def api(blog: Blog) -> TestClient:
    """Return a client of its server."""
    return client(blog)


def expected(blog: Blog, question: str, **more: Any) -> dict[str, Any]:
    """Return what `ask --json` prints, but for the time that it took."""
    answer = answer_question(question, blog.library(), blog.encoder, **more).to_json()
    del answer["elapsed_ms"]
    return dict(json.loads(json.dumps(answer)))


@pytest.mark.parametrize("more", [{}, {"most": 1}, {"before": "why pay a fee for a missed hour?"}])
def test_post_and_get_answer_as_the_command_line_does(blog: Blog, api: TestClient, more: dict[str, Any]) -> None:
    """The same keys and values, whichever way the question comes."""
    sent = {"question": QUESTION, **more}
    for response in (api.post("/api/ask", json=sent), api.get("/api/ask", params=sent)):
        assert response.status_code == 200
        answer = response.json()
        assert answer.pop("elapsed_ms") > 0
        assert answer == expected(blog, QUESTION, **more)
        assert response.headers["cache-control"] == "no-store"


def test_the_length_limit_is_inside_and_a_cry_for_help_comes_first(api: TestClient) -> None:
    """A question too long to be looked up is an answer like any other, with help lines when it calls for them."""
    answer = api.post("/api/ask", json={"question": f"{CRY} {'so long ' * 200}"}).json()
    assert answer["outcome"] == "invalid"
    assert "too long" in answer["message"]
    assert answer["support"]["kind"] == "suicide"


def test_half_a_character_is_no_readable_text(api: TestClient) -> None:
    """JSON can hold what text cannot; it is an answer, and can be sent back."""
    body, headers = b'{"question": "why \\ud800 me?"}', {"content-type": "application/json"}
    answer = api.post("/api/ask", content=body, headers=headers).json()
    assert answer["outcome"] == "invalid"
    assert "not readable text" in answer["message"]


UNREADABLE: dict[str, tuple[dict[str, Any], str]] = {
    "no JSON": ({"content": b"{question: no}", "headers": {"content-type": "application/json"}}, "not readable JSON"),
    "no text": ({"content": b'{"question": "\xff"}', "headers": {"content-type": "application/json"}}, "not readable"),
    "nothing": ({}, "not readable JSON"),
    "a list": ({"json": ["a secret"]}, "not readable JSON"),
    "plain text": ({"content": '{"question": "a secret"}', "headers": {"content-type": "text/plain"}}, "not readable"),
    "no question": ({"json": {"qestion": "a secret"}}, '"question" is missing'),
    "a number": ({"json": {"question": 7}}, '"question" must be readable text'),
    "too many": ({"json": {"question": "a secret", "most": 21}}, '"most" must be a whole number from 1 to 20'),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_one_clear_error(api: TestClient, name: str) -> None:
    """In JSON, and nothing of what was sent is repeated."""
    sent, says = UNREADABLE[name]
    response = api.post("/api/ask", **sent)
    assert response.status_code == 422
    assert says in response.json()["error"]
    assert "secret" not in response.text


def test_an_error_does_not_hide_a_cry_for_help(api: TestClient) -> None:
    """Help lines come with a request that asks for too much, and with a server that fails."""
    too_many = api.post("/api/ask", json={"question": CRY, "most": 99})
    with broken():
        failed = api.post("/api/ask", json={"question": "why?", "before": CRY})
    for response, status in ((too_many, 422), (failed, 500)):
        assert response.status_code == status
        assert response.json()["support"]["kind"] == "suicide"
        assert "secret" not in response.text


@pytest.mark.parametrize("path", ["/api/ask", "/plain", "/gradio_api/queue/join"])
def test_a_flood_is_refused_unread(api: TestClient, path: str) -> None:
    """Too long a body, or one of unknown length, on every way in."""
    too_long = api.post(path, content=b"x" * (256 * 1024 + 1))
    assert too_long.status_code == 413
    assert "262,144 bytes" in too_long.json()["error"]
    assert api.post(path, content=iter([b"x"])).status_code == 411


def test_nothing_can_be_uploaded(api: TestClient) -> None:
    """Gradio would take files from anybody and keep them on the disk."""
    response = api.post("/gradio_api/upload", files={"files": ("a.txt", b"kept?")})
    assert response.status_code == 404


def test_too_many_at_once_are_told_to_come_again(blog: Blog, api: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """With 503 and Retry-After, and with help lines all the same."""

    async def busy(*_: object) -> None:
        raise BusyError

    monkeypatch.setattr(Desk, "run", busy)
    response = api.post("/api/ask", json={"question": CRY})
    assert response.status_code == 503
    assert response.headers["retry-after"] == "5"
    assert "try again" in response.json()["error"]
    assert response.json()["support"]["kind"] == "suicide"


def test_a_desk_lets_only_so_many_wait() -> None:
    """One works, one waits, the third is turned away; all that were taken on are answered."""

    async def three() -> list[str]:
        desk, begun, go_on, results = Desk(at_once=1, waiting=1), anyio.Event(), anyio.Event(), []

        def work() -> str:
            anyio.from_thread.run_sync(begun.set)
            anyio.from_thread.run(go_on.wait)
            return "answered"

        async def come() -> None:
            try:
                results.append(await desk.run(work))
            except BusyError:
                results.append("turned away")
                go_on.set()

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(come)
            await begun.wait()
            tasks.start_soon(come)
            await anyio.sleep(0.01)
            tasks.start_soon(come)
        return results

    assert anyio.run(three) == ["turned away", "answered", "answered"]


def test_openapi_describes_all_that_an_answer_holds(blog: Blog, api: TestClient) -> None:
    """Both ways in, every key of an answer and of a passage, and nothing from another host."""
    described = api.get("/api/openapi.json").json()
    assert set(described["paths"]) == {"/api/ask"}
    assert set(described["paths"]["/api/ask"]) == {"get", "post"}
    schemas = described["components"]["schemas"]
    answer = expected(blog, QUESTION)
    assert set(schemas["AnswerJson"]["properties"]) == {*answer, "elapsed_ms"}
    assert set(schemas["PassageJson"]["properties"]) == set(answer["passages"][0])
    assert AnswerJson.model_validate({**answer, "elapsed_ms": 1.0}).model_dump(mode="json", exclude={"elapsed_ms"}) == (
        answer
    )
    for path in ("/docs", "/redoc", "/api/docs", "/openapi.json"):
        assert "cdn." not in api.get(path).text


def test_behind_a_folder_of_a_proxy(tmp_path: Path) -> None:
    """`--root-path /ask`: the same routes, the same strict headers."""
    response = client(small_blog(tmp_path), root_path="/ask").get("/ask/api/ask", params={"question": QUESTION})
    assert response.json()["outcome"] == "passages"
    assert "default-src 'none'" in response.headers["content-security-policy"]
