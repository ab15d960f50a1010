"""The page in a real browser, with the real model, cut off from every other machine."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from gradio_client import Client
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from askedbefore.embedding import SentenceTransformerEncoder
from askedbefore.rebuild import rebuild
from askedbefore.settings import Paths, load_settings
from askedbefore.watching import Unwatched
from tests.browsing import ARGUMENTS, Server, chromium, serving
from tests.conftest import EXAMPLE

pytestmark = [pytest.mark.browser, pytest.mark.model]

QUESTION = "is it ok to email my therapist between sessions?"
OFF_TOPIC = "how do I change the oil in my car?"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an index of the example archive."""
    paths = Paths(data=EXAMPLE, index=tmp_path_factory.mktemp("index"))
    rebuild([], paths, load_settings(EXAMPLE), SentenceTransformerEncoder(), Unwatched())
    return paths.index


@pytest.fixture(scope="module")
def server(index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a running server."""
    with serving(index, tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


class Visit:
    """A reader's visit: the page, every request that it made, and what the console complained of."""

    def __init__(self, browser: Browser, server: Server, width: int = 1000, path: str = "/") -> None:
        """Open the page."""
        self.requests: list[Request] = []
        self.complaints: list[str] = []
        self.page: Page = browser.new_context(viewport={"width": width, "height": 800}).new_page()
        self.page.on("request", lambda request: self.requests.append(request))
        self.page.on(
            "console", lambda message: self.complaints.append(message.text) if message.type == "error" else None
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(f"a script ran: {dialog.message}"))
        self.page.goto(server.url + path)
        self.box = self.page.get_by_label("Your question")
        expect(self.box).to_be_visible()

    def ask(self, question: str) -> None:
        """Type a question and send it."""
        self.box.fill(question)
        self.page.get_by_role("button", name="Ask", exact=True).click()

    def close(self) -> None:
        """End the visit."""
        self.page.context.close()


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Visit]:
    """Return a visit to the page."""
    visit = Visit(browser, server)
    yield visit
    visit.close()


def test_the_first_view(visit: Visit) -> None:
    """A labelled box without focus, three of the archive's questions, the disclaimer, the way to help."""
    page = visit.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Notes from the Second Chair")
    expect(page.locator(".ab-starts > ul button")).to_have_count(3)
    expect(page.get_by_text("not therapy or advice")).to_be_visible()
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    page.get_by_role("link", name="In crisis?").click()
    expect(page.get_by_role("link", name="findahelpline.com")).to_be_visible()


def test_a_question_gets_passages(visit: Visit) -> None:
    """Source line, quote with marks, link and disclaimer stand there; it is announced, and the box is free again."""
    visit.ask(QUESTION)
    answer = visit.page.locator("#ab-answer [data-outcome]")
    expect(answer.get_by_role("heading", level=2)).to_contain_text(QUESTION)
    assert 1 <= answer.locator("> article").count() <= 3
    expect(answer.locator("article h3").first).to_contain_text("Sent at 2:14 in the morning")
    expect(answer.locator("article mark").first).to_be_visible()
    assert "https://second-chair.example/" in str(answer.get_by_role("link").first.get_attribute("href"))
    expect(answer.get_by_text("not therapy or advice")).to_be_visible()
    expect(visit.page.locator("#ab-status")).to_contain_text("found")
    expect(visit.box).to_have_value("")


def test_earlier_questions_stand_above(visit: Visit) -> None:
    """It reads as a chat."""
    visit.ask(QUESTION)
    expect(visit.page.locator("#ab-answer .ab-question")).to_contain_text(QUESTION)
    expect(visit.page.locator("#ab-answer article").first).to_be_visible()
    visit.box.fill(OFF_TOPIC)
    visit.box.press("Enter")
    expect(visit.page.locator("#ab-answer .ab-question")).to_contain_text(OFF_TOPIC)
    expect(visit.page.locator("#ab-earlier .ab-question")).to_contain_text(QUESTION)
    expect(visit.page.locator("#ab-answer")).to_contain_text("Nothing in the archive is close")


def test_a_follow_up_is_understood_and_more_like_a_passage_is_found(visit: Visit) -> None:
    """The page sends the question before along, says so, and finds more like what stands there."""
    turn = visit.page.locator("#ab-answer [data-outcome]")
    visit.ask("what I tell my therapist is confidential, right?")
    expect(turn.locator(".ab-question")).to_contain_text("confidential")
    expect(turn.locator(".ab-with")).to_have_count(0)
    visit.ask("and by email?")
    expect(turn.locator(".ab-question")).to_contain_text("and by email?")
    expect(turn.locator(".ab-with")).to_be_visible()
    expect(turn.locator("article h3").first).to_contain_text("Sent at 2:14 in the morning")
    first = str(turn.locator("article").first.get_attribute("data-passage"))
    turn.get_by_role("button", name="More like this").first.click()
    expect(turn.locator(".ab-question")).to_contain_text("More like this, from “Sent at 2:14 in the morning”")
    found = [one.get_attribute("data-passage") for one in turn.locator("> article").all()]
    assert 1 <= len(found) <= 3
    assert first not in found
    assert visit.complaints == []


def test_what_readers_asked_is_offered_when_nothing_is_close(visit: Visit) -> None:
    """One click asks it, as a new subject."""
    visit.ask(OFF_TOPIC)
    offered = visit.page.locator("#ab-answer .ab-suggestion")
    expect(offered).to_have_count(3)
    question = str(offered.first.text_content())
    offered.first.click()
    expect(visit.page.locator("#ab-answer .ab-question")).to_contain_text(question)
    expect(visit.page.locator("#ab-answer article").first).to_be_visible()
    expect(visit.page.locator("#ab-answer .ab-with")).to_have_count(0)


def test_an_example_is_asked_with_one_click(visit: Visit) -> None:
    """In the reader's words that stand on the button."""
    example = visit.page.locator(".ab-starts > ul button").first
    words = example.inner_text()
    example.click()
    expect(visit.page.locator("#ab-answer .ab-question")).to_contain_text(words)
    expect(visit.page.locator("#ab-answer article").first).to_be_visible()


def test_a_question_that_is_none_stays_in_the_box(visit: Visit) -> None:
    """Too long, and without words."""
    visit.ask("so long " * 200)
    expect(visit.page.locator("#ab-answer")).to_contain_text("too long")
    expect(visit.box).to_have_value("so long " * 200)
    visit.ask("?!")
    expect(visit.page.locator("#ab-answer")).to_contain_text("no words")
    expect(visit.page.locator("#ab-earlier .ab-turn")).to_have_count(0)


def test_a_lost_connection_does_not_lose_the_question(visit: Visit) -> None:
    """The reader is told, and what she typed is still in the box."""
    visit.page.route("**/turn", lambda route: route.abort())
    visit.ask(QUESTION)
    expect(visit.page.locator("#ab-answer")).to_contain_text("did not come through", timeout=40_000)
    expect(visit.box).to_have_value(QUESTION)


def test_what_is_typed_is_only_text(visit: Visit) -> None:
    """No markup and no template in a question is ever run."""
    visit.ask("<img src=x onerror=alert(1)> ${alert(2)} {{alert}} why does she go away?")
    expect(visit.page.locator("#ab-answer .ab-question")).to_contain_text(
        "<img src=x onerror=alert(1)> ${alert(2)} {{alert}}"
    )
    assert visit.page.locator("#ab-answer img").count() == 0
    assert not [one for one in visit.complaints if "script ran" in one]


def test_nothing_leaves_and_nothing_stays(visit: Visit, server: Server) -> None:
    """Every request goes to our own server, storage and cookies stay empty, no host was tried, no question printed."""
    visit.ask(QUESTION)
    expect(visit.page.locator("#ab-answer article").first).to_be_visible()
    outside = [one.url for one in visit.requests if not one.url.startswith((server.url, "data:", "blob:"))]
    assert len(visit.requests) > 10
    assert outside == []
    assert visit.page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert visit.page.context.cookies() == []
    assert server.attempts.read_text() == ""
    assert "email" not in server.output.read_text()
    assert visit.complaints == []


@pytest.mark.parametrize("width", [280, 390, 1280])
def test_nothing_is_wider_than_the_column(browser: Browser, server: Server, width: int) -> None:
    """No sideways scrolling from a narrow sidebar to a desktop."""
    visit = Visit(browser, server, width)
    visit.ask(QUESTION)
    expect(visit.page.locator("#ab-answer article").first).to_be_visible()
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
    visit.close()


def test_health_and_headers(server: Server) -> None:
    """The server says when the index is loaded; only the blog may put the page in a frame."""
    response = httpx.get(f"{server.url}/healthz", headers={"Origin": "https://elsewhere.example"})
    assert response.json()["status"] == "ok"
    assert "frame-ancestors 'self' https://second-chair.example" in response.headers["content-security-policy"]
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in response.headers


def test_no_question_is_printed_whichever_way_it_comes(server: Server) -> None:
    """Not even one in an address, one that cannot be read, or one that nothing answers at."""
    secret = "xylophone"
    for path in ("/api/ask", "/plain", "/healthz", "/nowhere", "/gradio_api/nowhere"):
        httpx.get(f"{server.url}{path}", params={"question": f"a {secret} question", "most": "3"})
        httpx.post(f"{server.url}{path}", json={"question": f"a {secret} question"})
        httpx.post(
            f"{server.url}{path}", content=f'{{"question": {secret}', headers={"content-type": "application/json"}
        )
        httpx.post(f"{server.url}{path}", data={"question": f"a {secret} question"})
    assert httpx.get(f"{server.url}/api/ask", params={"question": f"a {secret} question"}).status_code == 200
    assert secret not in server.output.read_text()
    assert "/api/ask" not in server.output.read_text()


def test_the_api_answers_as_the_command_line_does(server: Server, index: Path) -> None:
    """The same JSON, but for the time that it took."""
    from_gradio = Client(server.url, verbose=False).predict(QUESTION, api_name="/ask")
    from_api = httpx.get(f"{server.url}/api/ask", params={"question": QUESTION}).json()
    command = [sys.executable, "-m", "askedbefore", "ask", "--json", "--index", str(index), QUESTION]
    from_command = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    for answer in (from_gradio, from_api, from_command):
        assert answer.pop("elapsed_ms") > 0
    assert from_gradio == from_api == from_command
