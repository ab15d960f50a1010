"""Two servers for the tests of the sidebar: ours with a small blog, and a host page of the blog on another site."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import uvicorn

from askedbefore.web.server import make_app
from tests.browsing import free_port
from tests.conftest import Blog


@dataclass
class Host:
    """Serves pages at `localhost`, which is another site than `127.0.0.1`; `pages` are body, headers by path."""

    port: int
    pages: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        """Return its origin."""
        return f"http://localhost:{self.port}"

    def put(self, path: str, body: str, head: str = "", root: str = 'lang="en"', **headers: str) -> str:
        """Put a page there and return its address."""
        page = f"<!doctype html><html {root}><head><meta charset=utf-8><title>Blog</title>{head}</head>{body}</html>"
        self.pages[path] = page, {name.replace("_", "-"): value for name, value in headers.items()}
        return f"{self.origin}{path}"


@contextmanager
def hosting() -> Iterator[Host]:
    """Run a host for the blog's pages until the block ends."""
    host = Host(free_port())

    class Handler(BaseHTTPRequestHandler):
        """Answers with a page of the host."""

        def do_GET(self) -> None:
            """Send it."""
            page, headers = host.pages.get(self.path, ("", {}))
            self.send_response(200 if page else 404)
            for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: Any) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", host.port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield host
    finally:
        server.shutdown()


@contextmanager
def answering(blog: Blog) -> Iterator[str]:
    """Run our server around a blog in this process, without a model, and give its address."""
    port = free_port()
    app = make_app(blog.paths.index, blog.encoder)
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(20)
