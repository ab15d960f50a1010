"""A small WordPress in memory, for tests: REST, feeds and front page, over httpx's own stand-in for the network."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import httpx

HOME = "https://blog.example"
API = '<https://blog.example/wp-json/>; rel="https://api.w.org/"'


def post(number: int, slug: str, content: str, **more: Any) -> dict[str, Any]:
    """Return a published post as REST gives it."""
    return {
        "id": number,
        "date": "2020-03-01T08:00:00",
        "modified": f"2020-03-01T08:{number % 60:02}:00",
        "slug": slug,
        "link": f"{HOME}/{slug}/",
        "title": {"rendered": slug.capitalize()},
        "content": {"rendered": content, "protected": False},
        "author": 1,
        "categories": [7],
        "status": "publish",
        "type": "post",
        **more,
    }


def comment(number: int, under: int, text: str, **more: Any) -> dict[str, Any]:
    """Return an approved comment as REST gives it."""
    return {
        "id": number,
        "post": under,
        "parent": 0,
        "author": 0,
        "author_name": "Robin Quill",
        "author_avatar_urls": {"24": "https://gravatar.example/avatar/5f3a"},
        "date": f"2020-04-{number % 28 + 1:02}T10:00:00",
        "content": {"rendered": f"<p>{text}</p>"},
        "status": "approved",
        "type": "comment",
        **more,
    }


@dataclass
class FakeWordPress:
    """A blog that answers requests and remembers them.

    `refuse` may answer in its place; `hidden` comments are counted and not listed; `feeds` has the pages of each feed.
    """

    items: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {
            "users": [{"id": 1, "name": "Ada Example", "slug": "ada"}],
            "categories": [{"id": 7, "name": "Endings"}],
            "posts": [],
            "pages": [],
            "comments": [],
        }
    )
    hidden: int = 0
    home: str = HOME
    page: str = "<html><body>WordPress</body></html>"
    refuse: Callable[[httpx.Request], httpx.Response | None] = lambda request: None
    feeds: dict[str, list[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def transport(self) -> httpx.MockTransport:
        """Return what takes the network's place."""
        return httpx.MockTransport(self.answer)

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        self.asked.append(request.url.raw_path.decode())
        if (refusal := self.refuse(request)) is not None:
            return refusal
        query = {name: values[0] for name, values in parse_qs(request.url.query.decode()).items()}
        path = request.url.path
        if path in self.feeds:
            number = int(query.get("paged", "1"))
            pages = self.feeds[path]
            return httpx.Response(200, text=pages[number - 1]) if number <= len(pages) else httpx.Response(404)
        if path == "/wp-json/":
            return httpx.Response(200, json={"name": "A &amp; B", "home": self.home, "namespaces": ["wp/v2"]})
        if path.startswith("/wp-json/wp/v2/"):
            return self._collection(path.rpartition("/")[2], query)
        if path == "/":
            return httpx.Response(200, text=self.page, headers={"Link": API, "Date": "Fri, 01 May 2020 12:00:00 GMT"})
        return httpx.Response(404, text="<html>not here</html>")

    def _collection(self, name: str, query: dict[str, str]) -> httpx.Response:
        """Answer a page of a collection, as WordPress counts and filters."""
        found = self.items[name]
        if "include" in query:
            found = [one for one in found if str(one["id"]) in query["include"].split(",")]
        for parameter, key in (("modified_after", "modified"), ("after", "date")):
            if parameter in query:
                found = [one for one in found if one[key] > query[parameter]]
        assert (query["orderby"], query["order"]) == ("id", "asc")
        found = sorted(found, key=lambda one: int(one["id"]))
        size, number = int(query["per_page"]), int(query["page"])
        total = len(found) + (self.hidden if name == "comments" and "include" not in query else 0)
        pages = -(-total // size)
        if number > max(pages, 1) and name != "comments":
            return httpx.Response(400, json={"code": "rest_post_invalid_page_number", "message": "No such page."})
        shown = found[(number - 1) * size : number * size]
        wanted = query["_fields"].split(",")
        body = [{key: one[key] for key in wanted if key in one} for one in shown]
        headers = {"X-WP-Total": str(total), "X-WP-TotalPages": str(pages), "Content-Type": "application/json"}
        return httpx.Response(200, content=json.dumps(body).encode(), headers=headers)
