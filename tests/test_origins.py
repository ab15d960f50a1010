"""Who may embed the page: by default the blog itself, else whom the author named."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from askedbefore.errors import SettingsError
from askedbefore.origins import allowed_origins, origin_of
from askedbefore.settings import load_settings
from tests.serving import client, small_blog


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://münchen.example/x", "https://xn--mnchen-3ya.example"),
        ("https://blog.example:8443", "https://blog.example:8443"),
        ("HTTPS://Blog.Example:443/a?b#c", "https://blog.example"),
        ("http://blog.example:80", "http://blog.example"),
        ("https://a;b.example", None),
        ("https://*.example", None),
        ("javascript:alert(1)", None),
        ("http://[::1", None),
        ("https://blog.example:99999", None),
        (None, None),
    ],
)
def test_an_origin_is_written_as_browsers_write_it(url: str | None, origin: str | None) -> None:
    """In any script; what a header cannot hold is none."""
    assert origin_of(url) == origin


def test_the_default_is_the_blog_and_a_list_replaces_it() -> None:
    """An old http address stands for its https twin; an empty list allows nobody."""
    assert allowed_origins(None, "https://blog.example/en") == ("https://blog.example",)
    assert allowed_origins(None, "http://blog.example") == ("http://blog.example", "https://blog.example")
    assert allowed_origins(None, "http://blog.example:8080") == ("http://blog.example:8080",)
    assert allowed_origins(["https://a.example"], "https://blog.example") == ("https://a.example",)
    assert allowed_origins([], "https://blog.example") == ()
    assert allowed_origins(None, None) == ()


def test_the_setting_is_checked(tmp_path: Path) -> None:
    """Written as browsers write it; a path, a wildcard or another scheme is refused with the place of it."""
    path = tmp_path / "blog.toml"
    path.write_text('embed_origins = ["https://WWW.Blog.Example/", "http://localhost:8080"]')
    assert load_settings(tmp_path).embed_origins == ("https://www.blog.example", "http://localhost:8080")
    for wrong in (
        "blog.example",
        "https://*.blog.example",
        "https://blog.example/path",
        "https://me@blog.example",
        "*",
    ):
        path.write_text(f'embed_origins = ["https://right.example", "{wrong}"]')
        with pytest.raises(SettingsError, match=r"embed_origins, number 2: must be an address without a path"):
            load_settings(tmp_path)


def test_headers_name_exactly_those_who_may(tmp_path: Path) -> None:
    """In `frame-ancestors` and in CORS, on page, API and Gradio's own endpoints, and after a rebuild the new ones."""
    blog = small_blog(tmp_path, 'embed_origins = ["https://one.example"]')
    server = client(blog)
    assert frames(server, "/") == frames(server, "/plain") == "'self' https://one.example"
    for origin, allowed in (("https://one.example", "https://one.example"), ("https://other.example", None)):
        for path in ("/api/ask?question=why", "/healthz", "/gradio_api/info", "/config"):
            response = server.get(path, headers={"origin": origin})
            assert response.status_code == 200
            assert response.headers.get("access-control-allow-origin") == allowed
            assert "access-control-allow-credentials" not in response.headers
        asked = server.options(
            "/api/ask",
            headers={
                "origin": origin,
                "access-control-request-method": "POST",
                "access-control-request-headers": "content-type",
            },
        )
        assert asked.status_code == (200 if allowed else 400)
        assert asked.headers.get("access-control-allow-origin") == allowed
    blog.write("blog.toml", 'embed_origins = ["https://two.example"]')
    blog.rebuild()
    assert frames(server, "/") == "'self' https://two.example"


def frames(server: TestClient, path: str) -> str:
    """Return what `frame-ancestors` says."""
    policy = server.get(path).headers["content-security-policy"]
    return str(policy.partition("frame-ancestors ")[2].partition(";")[0])


def test_a_list_of_origins_does_not_make_a_build_look_old(tmp_path: Path) -> None:
    """A list comes back from the manifest as it went in, so that an equal rebuild is skipped."""
    blog = small_blog(tmp_path, 'embed_origins = ["https://one.example"]\nauthor = ["Ada", "Bea"]')
    first = blog.library().manifest.id
    blog.rebuild()
    assert blog.library().manifest.id == first
