"""A small blog behind the whole web application, without a network: what the tests of the API and its kin share."""

from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

from starlette.testclient import TestClient

from askedbefore.settings import Paths
from askedbefore.web.server import make_app
from tests.conftest import Blog, FakeEncoder
from tests.wxr import export

CRY = "I want to kill myself"


def small_blog(folder: Path, settings: str = "") -> Blog:
    """Return a rebuilt blog of three posts with this `blog.toml`."""
    blog = Blog(Paths(data=folder / "data", index=folder / "index"), FakeEncoder())
    blog.write("export.xml", export())
    blog.write("blog.toml", settings)
    blog.rebuild()
    return blog


def client(blog: Blog, root_path: str = "") -> TestClient:
    """Return a client of the application around a blog, as a browser would be one."""
    return TestClient(make_app(blog.paths.index, blog.encoder), base_url="https://ask.example", root_path=root_path)


def broken() -> ExitStack:
    """Let every question fail inside, as a damaged disk would."""
    stack = ExitStack()
    stack.enter_context(
        patch("askedbefore.web.server.answer_question", side_effect=RuntimeError("at /secret/place: my own question"))
    )
    return stack
