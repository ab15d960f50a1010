"""The address of a saved page: the post's own, the blog's, and what the program that saved the page noted."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from askedbefore.reading.dom import Element, article_record, link, meta

_SAVED_FROM = (
    re.compile(r"<!--\s*Page saved with SingleFile\s+url:\s*(?P<url>\S+)\s+saved date:\s*(?P<date>[^\n(]{10,60})"),
    re.compile(r"<!--\s*Mirrored from (?P<url>\S+) by HTTrack[^,]{0,80},\s*(?P<date>[^\n>]{10,40}?)\s*-->"),
    re.compile(r"<!--\s*saved from url=\(\d{4,6}\)(?P<url>\S+)\s*-->"),
)
_BROWSER_DATE = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2} \d{1,2} \d{4} \d\d:\d\d:\d\d) GMT([+-]\d{4})")
_COMMENT_PAGE = re.compile(r"/comment-page-\d+/?$")
_FEED = re.compile(r"/(?:comments/)?feed/?$")
_ENDING = re.compile(r"\.(?:html?|php|aspx?)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Saved:
    """What the program that saved a page noted: its address, and when ("" for what is not said)."""

    url: str
    made: str

    @classmethod
    def of(cls, head: str) -> "Saved":
        """Read the note of SingleFile, HTTrack or a browser."""
        match = next((found for pattern in _SAVED_FROM if (found := pattern.search(head))), None)
        if match is None:
            return cls("", "")
        url = match["url"] if "://" in match["url"] else f"http://{match['url']}"
        return cls(url, _iso(match.groupdict().get("date") or ""))


def _iso(date: str) -> str:
    """Return a date as browsers and mails write it, as ISO 8601 in universal time; "" for any other."""
    try:
        if match := _BROWSER_DATE.search(date):
            found = datetime.strptime(f"{match[1]} {match[2]}", "%b %d %Y %H:%M:%S %z")
        else:
            found = parsedate_to_datetime(date)
        return found.astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        return ""


def web_address(value: str | None) -> str | None:
    """Return the address without what does not belong to a post's own, if it is one of the web."""
    try:
        parts = urlsplit((value or "").strip())
    except ValueError:
        return None
    return parts._replace(fragment="").geturl() if parts.scheme in ("http", "https") and parts.netloc else None


def find_link(root: Element, written: str) -> str | None:
    """Return the address of the page: as it says itself, else as the program that saved it noted (`written`)."""
    said = (link(root, "canonical"), meta(root, "og:url"), article_record(root).get("url"), written)
    return next((found for one in said if isinstance(one, str) and (found := web_address(one))), None)


def own_address(address: str | None) -> str | None:
    """Return a post's address without the page of its comments, and without all that does not name it."""
    if address is None:
        return None
    parts = urlsplit(address)
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name in ("p", "page_id")]
    path = _COMMENT_PAGE.sub("/", parts.path)
    return parts._replace(query=urlencode(kept), path=path).geturl()


def blog_address(root: Element, address: str | None) -> str | None:
    """Return the blog's address, as it stands before the addresses of its parts."""
    service = link(root, "https://api.w.org/")
    if "/wp-json" in service:
        return _trimmed(service.partition("/wp-json")[0])
    short = link(root, "shortlink")
    if "?p=" in short or "?page_id=" in short:
        return _trimmed(short.partition("?")[0])
    feeds = (one.get("href") or "" for one in root.iter("link") if "rss" in (one.get("type") or ""))
    if feed := next((one for one in feeds if _FEED.search(one)), None):
        return _trimmed(_FEED.sub("", feed))
    parts = urlsplit(address) if address else None
    return f"{parts.scheme}://{parts.netloc}" if parts else None


def _trimmed(address: str) -> str | None:
    """Return a web address without its closing slash."""
    found = web_address(address)
    return found.rstrip("/") if found else None


def slug_of(address: str | None) -> str:
    """Return the last part of an address, "" when it has none."""
    path = urlsplit(address).path if address else ""
    return _ENDING.sub("", unquote(path).strip("/").rpartition("/")[2])


def slug_of_title(title: str) -> str:
    """Return a slug made of a title."""
    return re.sub(r"[\W_]+", "-", title.casefold()).strip("-")[:80]
