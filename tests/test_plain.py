"""The plain page: a form that works without scripts, and keeps to POST."""

import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from tests.conftest import Blog
from tests.serving import CRY, broken, client, small_blog

QUESTION = "is it childish to count the days?"


@pytest.fixture(scope="module")
def blog(tmp_path_factory: pytest.TempPathFactory) -> Blog:
    """Return a small blog."""
    return small_blog(tmp_path_factory.mktemp("blog"))


@pytest.fixture(scope="module")
def page(blog: Blog) -> TestClient:
    """Return a client of its server."""
    return client(blog)


def ask(page: TestClient, **fields: str) -> str:
    """Send the form and return the page that comes."""
    response = page.post("/plain", data=fields)
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    return response.text


def test_the_first_view_is_a_form_that_posts(page: TestClient) -> None:
    """Labelled, without focus, with disclaimer and help lines; nothing of it is a script."""
    html = page.get("/plain").text
    assert '<form method="post" action="plain" class="ab-form">' in html
    assert '<label for="ab-question">Your question</label>' in html
    assert "autofocus" not in html
    assert "not therapy or advice" in html
    assert "findahelpline.com" in html
    assert "<script" not in html
    assert 'method="get"' not in html
    assert '<html lang="en" dir="ltr">' in html


def test_a_question_in_the_address_is_not_taken(page: TestClient) -> None:
    """It would stand in histories and in the logs of proxies."""
    assert QUESTION not in page.get("/plain", params={"question": QUESTION}).text


def test_an_answer_shows_the_passages_and_takes_the_next_question(blog: Blog, page: TestClient) -> None:
    """The quotes of the API, the question only as text on the page and as what may be followed up."""
    html = ask(page, question=QUESTION)
    for hit in blog.ask(QUESTION).hits:
        assert f'data-passage="{hit.passage.id}"' in html
    assert html.count(f'<input type="hidden" name="before" value="{QUESTION}">') == 2
    assert QUESTION not in re.findall("<title>(.*?)</title>", html)[0]
    assert not re.search(r"<textarea[^>]*>\s*is it childish", html)
    assert 'type="button"' not in html


def test_more_like_a_passage_is_found_without_a_script(page: TestClient) -> None:
    """By the button under it, which sends the passage's id."""
    html = ask(page, question=QUESTION)
    passage = unescape(re.findall(r'form="ab-again" name="like" value="(.*?)"', html)[0])
    assert "More like this, from" in ask(page, like=passage, before=QUESTION)
    assert "not in the archive any more" in ask(page, like="nowhere/1")


def test_a_question_that_is_none_stays_in_the_box(page: TestClient) -> None:
    """As it was typed."""
    html = ask(page, question="?!")
    assert "no words" in html
    assert re.search(r"<textarea[^>]*>\n\?!</textarea>", html)


def test_a_cry_for_help_comes_before_all_else(page: TestClient) -> None:
    """Above passages, which are folded away, and above an error; also when it stood in the question before."""
    html = ask(page, question=CRY)
    assert html.index('class="ab-support"') < html.index("<form")
    with broken():
        response = page.post("/plain", data={"question": "and then?", "before": CRY})
    assert response.status_code == 500
    assert response.text.index('class="ab-support"') < response.text.index("Something went wrong")
    assert ">\nand then?</textarea>" in response.text
    assert "secret" not in response.text


@pytest.mark.parametrize("body", [b"", b"\xff\xfe=%ff", b"&".join(b"a=1" for _ in range(50)), b"question=%00"])
def test_any_bytes_get_a_page(page: TestClient, body: bytes) -> None:
    """Never a traceback."""
    response = page.post("/plain", content=body, headers={"content-type": "application/x-www-form-urlencoded"})
    assert response.status_code == 200
    assert '<p class="ab-message">' in response.text
