"""Find where a WordPress blog can be read: its REST root, its name, and what to say when it is closed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any

import httpx
from lxml import etree, html

from askedbefore.errors import FetchError
from askedbefore.fetching.web import Params, Web, check_address, without_query

API = "https://api.w.org/"
_TAG = re.compile(r"<[^>]*>")


class Closed(FetchError):
    """A blog does not let a part of itself be read. `answer` says what was asked and what came back."""

    def __init__(self, answer: str) -> None:
        """Keep the answer."""
        super().__init__(answer)
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Site:
    """A blog: the address of its front page, its REST root, its name, and the time by its own clock (ISO 8601)."""

    home: str
    root: str
    name: str
    now: str


def find_site(web: Web, address: str) -> Site:
    """Return the blog at an address. Raises FetchError when there is none, or it cannot be read through REST."""
    asked = check_address(address)
    page = web.get(asked)
    refused = ""
    for root in _roots(page):
        try:
            index, response = ask(web, root, "", {"_fields": "name,home,url,namespaces"})
        except Closed as error:
            refused = refused or error.answer
            continue
        if isinstance(index, dict) and "wp/v2" in (index.get("namespaces") or ()):
            home = index.get("home") or index.get("url") or str(page.url)
            name = html_text(str(index.get("name") or ""))
            return Site(str(home).rstrip("/"), root, name, _now(response))
        refused = refused or f"{without_query(response.url)} answers without the posts (wp/v2)"
    if page.status_code >= 400 and not is_wordpress(page):
        raise FetchError(f"{asked} answers {page.status_code}. Is the address right?")
    if not is_wordpress(page):
        raise FetchError(
            f"{asked} shows no sign of WordPress ({refused}). What else can be read: its feed, if it has one "
            f"(askedbefore fetch {asked} --feeds), or its pages, saved into the data folder."
        )
    raise FetchError(f"{asked} does not let its posts be read: {refused}. {instead(asked)}")


def instead(address: str) -> str:
    """Say what else an author can do when her blog is closed."""
    return (
        "Most complete is an export from the blog itself: Tools > Export > All content, saved into the data folder. "
        f"Or read its feeds, which hold the latest posts only:  askedbefore fetch {address} --feeds"
    )


def ask(web: Web, root: str, route: str, params: Params) -> tuple[Any, httpx.Response]:
    """Return the JSON that a route of the REST root answers. Raises Closed for anything else."""
    url = httpx.URL(root)
    if "rest_route" in url.params:
        response = web.get(str(url.copy_set_param("rest_route", f"/{route}")), params)
    else:
        response = web.get(str(url.join(route)), params)
    try:
        answer = response.json()
    except ValueError:
        kind = response.headers.get("content-type", "").partition(";")[0] or "something else"
        at = f" after leading to {without_query(response.url)}" if "login" in response.url.path else ""
        raise Closed(f"{_asked(url, route)} answers {response.status_code} with {kind}, not JSON{at}") from None
    if response.status_code >= 400 or (isinstance(answer, dict) and "code" in answer and "message" in answer):
        said = answer if isinstance(answer, dict) else {}
        words = " ".join(html_text(str(said.get(key) or ""))[:150] for key in ("code", "message")).strip()
        raise Closed(f"{_asked(url, route)} answers {response.status_code}{f' ({words})' if words else ''}")
    return answer, response


def _asked(root: httpx.URL, route: str) -> str:
    """Say which route was asked for."""
    return without_query(root.join(route)) if "rest_route" not in root.params else f"?rest_route=/{route}"


def _roots(page: httpx.Response) -> Iterator[str]:
    """Yield where the REST root may be, what the page itself says first, each once."""
    found: dict[str, None] = {}
    named = page.links.get(API, {}).get("url") or next(iter(links(page, API)), None)
    base = page.url.copy_with(query=None, path=page.url.path.rstrip("/") + "/")
    for root in (named, base.join("wp-json/"), f"{base}?rest_route=/", base.join("/wp-json/")):
        if root is None:
            continue
        try:
            url = page.url.join(str(root))
        except httpx.InvalidURL:
            continue
        if url.scheme in ("http", "https") and str(url) not in found:
            found[str(url)] = None
            yield str(url) if "rest_route" in url.params else f"{str(url).rstrip('/')}/"


def links(page: httpx.Response, relation: str, kind: str = "") -> list[str]:
    """Return the targets of a page's `<link>` elements of a relation (and a media type), in their order."""
    try:
        tree = html.document_fromstring(page.content)
    except (etree.ParserError, ValueError):
        return []
    found = (one for one in tree.iter("link") if relation in (one.get("rel") or "").split())
    return [str(one.get("href")) for one in found if one.get("href") and (not kind or one.get("type") == kind)]


def is_wordpress(page: httpx.Response) -> bool:
    """Say whether a page looks like WordPress's."""
    return API in page.links or any(
        sign in page.content for sign in (b"/wp-content/", b"/wp-includes/", b"https://api.w.org/", b"WordPress")
    )


def html_text(text: str) -> str:
    """Return the words of a short piece of HTML."""
    return " ".join(unescape(_TAG.sub(" ", text)).split())


def _now(response: httpx.Response) -> str:
    """Return the time by the blog's clock, as its dates are; by ours when it does not say."""
    try:
        now = parsedate_to_datetime(response.headers.get("Date", ""))
    except ValueError:
        now = datetime.now(UTC)
    return now.astimezone(UTC).isoformat(timespec="seconds")
