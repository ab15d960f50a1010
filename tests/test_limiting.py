"""One client cannot take the machine from the others, and is told to come again, with help lines all the same."""

import time
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from askedbefore.web.limiting import Limiter
from askedbefore.web.server import make_app
from tests.serving import CRY, small_blog


def test_so_many_a_minute_for_each() -> None:
    """The third of two is refused; another client is not; a network of IPv6 counts as one; 0 is without end."""
    limiter = Limiter(2)
    assert [limiter.admits("203.0.113.7") for _ in range(3)] == [True, True, False]
    assert limiter.admits("203.0.113.8")
    assert [limiter.admits(f"2001:db8::{last}") for last in (1, 2, 3)] == [True, True, False]
    assert limiter.admits("2001:db8:0:1::1")
    assert not limiter.admits("::ffff:203.0.113.7")
    assert all(Limiter(0).admits("203.0.113.7") for _ in range(100))


def test_the_clock_may_go_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader who had asked all that she may before the clock was set back by an hour waits a minute, not an hour."""
    now, earlier = time.monotonic(), time.time() - 3600
    limiter = Limiter(2)
    assert [limiter.admits("203.0.113.7") for _ in range(3)] == [True, True, False]
    monkeypatch.setattr(time, "time", lambda: earlier)
    assert not limiter.admits("203.0.113.7")
    monkeypatch.setattr(limiter, "_clock", lambda: now + 62)
    assert limiter.admits("203.0.113.7")


def test_the_minute_moves_and_nobody_is_remembered_longer() -> None:
    """What was asked 61 seconds ago counts no more, what was asked 59 seconds ago does; then all is forgotten."""
    now = 0.0
    limiter = Limiter(2, clock=lambda: now)
    assert limiter.admits("one")
    now = 30.0
    assert limiter.admits("one")
    now = 59.0
    assert not limiter.admits("one")
    now = 61.0
    assert limiter.admits("one")
    assert not limiter.admits("one")
    now = 200.0
    assert limiter.admits("other")
    assert list(limiter._asked) == ["other"]


def test_every_way_in_counts_and_says_when_to_come_again(tmp_path: Path) -> None:
    """API, plain page and Gradio's; looking at pages and scripts counts nothing."""
    blog = small_blog(tmp_path)
    app = make_app(blog.paths.index, blog.encoder, Limiter(2))

    def visitor(number: int) -> TestClient:
        return TestClient(app, base_url="https://ask.example", client=(f"203.0.113.{number}", 1))

    def api(client: TestClient) -> int:
        return client.post("/api/ask", json={"question": CRY}).status_code

    one = visitor(1)
    for _ in range(5):
        assert one.get("/plain").status_code == one.get("/embed.js").status_code == one.get("/").status_code == 200
    assert [api(one), api(one), api(one)] == [200, 200, 429]
    refused = one.get("/api/ask", params={"question": CRY})
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "5"
    assert "try again" in refused.json()["error"]
    assert refused.json()["support"]["kind"] == "suicide"
    plain = one.post("/plain", data={"question": CRY})
    assert plain.status_code == 429
    assert plain.text.index('class="ab-support"') < plain.text.index("try again")
    assert f">\n{CRY}</textarea>" in plain.text
    turn = one.post("/turn", data={"question": CRY})
    assert turn.status_code == 429
    assert turn.headers["retry-after"] == "5"
    assert turn.text.index('class="ab-support"') < turn.text.index("try again") < turn.text.index('class="ab-retry"')
    said = one.post("/gradio_api/run/ask", json={"data": [CRY, None]}).json()["data"][0]
    assert "try again" in said["error"]
    assert said["support"]["kind"] == "suicide"
    assert "frame-ancestors" in turn.headers["content-security-policy"]
    assert api(visitor(2)) == 200
