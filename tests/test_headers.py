"""What every response says to the browser: tell nobody, keep nothing, run nothing foreign."""

import base64
import hashlib
import re

import pytest
from starlette.testclient import TestClient

from tests.serving import client, small_blog

PATHS = [
    *("/", "/config", "/plain", "/plain.css", "/page.js", "/healthz"),
    *("/api/ask?question=why", "/api/openapi.json", "/nowhere"),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """Return a client of a small blog's server."""
    return client(small_blog(tmp_path_factory.mktemp("blog")))


@pytest.mark.parametrize("path", PATHS)
def test_on_every_response(server: TestClient, path: str) -> None:
    """Also on errors and on Gradio's own; no cookie is ever set."""
    response = server.get(path)
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "geolocation=()" in response.headers["permissions-policy"]
    assert "microphone=()" in response.headers["permissions-policy"]
    assert "frame-ancestors 'self'" in response.headers["content-security-policy"]
    assert (
        "object-src 'none'" in response.headers["content-security-policy"]
        or "default-src 'none'" in (response.headers["content-security-policy"])
    )
    assert "set-cookie" not in response.headers


def test_of_the_page_s_own_scripts_each_is_named(server: TestClient) -> None:
    """No other that stands in it may run, and nothing but what stands in it is named."""
    response = server.get("/")
    directives = dict(one.split(" ", 1) for one in response.headers["content-security-policy"].split("; "))
    scripts = re.findall(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", response.text, re.DOTALL)
    hashes = {f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in scripts}
    assert set(directives["script-src"].split()) == {"'self'", "'unsafe-eval'", *hashes}
    assert len(hashes) > 2


@pytest.mark.parametrize("path", ["/plain", "/api/ask?question=why", "/healthz"])
def test_what_is_ours_runs_no_script_at_all(server: TestClient, path: str) -> None:
    """Nothing inline, nothing evaluated, nothing from elsewhere."""
    policy = server.get(path).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src" not in policy


def test_no_cookie_comes_by_a_login(server: TestClient) -> None:
    """Gradio's login, which would set one, is not there."""
    response = server.post("/login", data={"username": "a", "password": "b"})
    assert response.status_code == 404
    assert "set-cookie" not in response.headers
