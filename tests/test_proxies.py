"""Only a proxy that was named may say who asks and how the page is reached."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from askedbefore.errors import AskedBeforeError
from askedbefore.web.proxies import TrustProxies
from askedbefore.web.server import make_app
from tests.serving import small_blog

FORWARDED = {"x-forwarded-host": "ask.example", "x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.7"}


async def _noted(scope: Scope, _: Receive, send: Send) -> None:
    """Note what the application is told."""
    SEEN.append((scope["client"][0], scope["scheme"], dict(scope["headers"]).get(b"x-forwarded-host")))
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


SEEN: list[tuple[str, str, bytes | None]] = []


@pytest.mark.parametrize(
    ("client", "proxies", "seen"),
    [
        ("127.0.0.1", ["127.0.0.0/8"], ("203.0.113.7", "https", b"ask.example")),
        ("172.18.0.2", ["172.16.0.0/12"], ("203.0.113.7", "https", b"ask.example")),
        ("198.51.100.1", ["127.0.0.0/8"], ("198.51.100.1", "http", None)),
        ("not-an-address", ["127.0.0.0/8"], ("not-an-address", "http", None)),
    ],
)
def test_who_is_believed(client: str, proxies: list[str], seen: tuple[str, str, bytes | None]) -> None:
    """A named proxy; of others the headers are taken away, so that nothing behind believes them."""
    SEEN.clear()
    TestClient(TrustProxies(_noted, proxies), client=(client, 1), base_url="http://x").get("/", headers=FORWARDED)
    assert [seen] == SEEN


def test_gradio_does_not_send_the_page_elsewhere(tmp_path: Path) -> None:
    """By itself it would take its own address from anybody's header."""
    blog = small_blog(tmp_path)
    app = TrustProxies(make_app(blog.paths.index, blog.encoder))
    assert TestClient(app, client=("127.0.0.1", 1), base_url="http://x").get("/config", headers=FORWARDED).json()[
        "root"
    ] == ("https://ask.example")
    assert "ask.example" not in (
        TestClient(app, client=("198.51.100.1", 1), base_url="http://x").get("/config", headers=FORWARDED).text
    )


def test_a_proxy_that_is_no_address() -> None:
    """Is refused when the server starts."""
    with pytest.raises(AskedBeforeError, match=r"--proxy proxy\.example is no address"):
        TrustProxies(_noted, ["proxy.example"])
