"""What one entry of a feed says of itself: its text, its writer, its links, its day. Pure, whatever the entry holds."""

import re
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from lxml import etree, html

from askedbefore.markup import html_blocks, plain_blocks

_ANCHOR = re.compile(r"^(?:comment-?\d+|c\d{6,})$")
_BREAKS_OFF = re.compile(r"(?:\[?(?:…|\.\.\.)\]?|continue reading\W*|read more\W*)\s*$", re.IGNORECASE)
_BY = re.compile(r"^\s*(?:By:\s*|Comment on .* by )(.{1,100}?)\s*$", re.IGNORECASE | re.DOTALL)
_TRACKING = re.compile(r"(?<=[?&])(?:utm_\w+=[^&#]*|source=rss-[^&#]*)&?")
_EMAIL = re.compile(r"\S{1,100}@\S+")
_LONGEST_REPLY_LINE = 40  # characters besides the name in "In reply to Name."
POST_NUMBER = ("p", "page_id")


def content_of(entry: Any) -> tuple[str, bool]:
    """Return an entry's text as HTML, and whether it is only a beginning."""
    for content in entry.get("content", ()):
        if isinstance(content, dict) and (value := text_of(content.get("value"))).strip():
            return _as_html(value, text_of(content.get("type"))), False
    detail = entry.get("summary_detail")
    kind = text_of(detail.get("type")) if isinstance(detail, dict) else ""
    summary = _as_html(text_of(entry.get("summary")), kind)
    # Some makers (Tumblr, Squarespace) have no content but put the whole post here, as HTML.
    is_whole = re.search(r"<(?:p|div|br|h\d|ul|ol|blockquote)\b", summary, re.IGNORECASE)
    words = plain_words(summary)
    return summary, bool(words) and (not is_whole or bool(_BREAKS_OFF.search(words)))


def _as_html(text: str, kind: str) -> str:
    """Return text as HTML; plain text's signs are escaped and its lines kept."""
    if kind != "text/plain":
        return text
    paragraphs = ("<br>".join(_escape(line) for line in block.text.split("\n")) for block in plain_blocks(text))
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def _escape(text: str) -> str:
    """Escape what HTML would take for markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def answered(source: str) -> tuple[str | None, str]:
    """Return which comment is replied to by WordPress's first line, "In reply to Name.", and the text without it."""
    match = re.match(r"\s*<p>(.{0,2000}?)</p>", source, re.DOTALL)
    if match is None:
        return None, source
    try:
        first = html.fragment_fromstring(match[1], create_parent="p")
    except (etree.ParserError, ValueError, AssertionError):
        return None, source
    links = list(first.iter("a"))
    anchor = anchor_in(links[0].get("href") or "") if len(links) == 1 else None
    besides = len(first.text_content()) - len(links[0].text_content()) if anchor else 0
    if anchor is None or besides > _LONGEST_REPLY_LINE or not (first.text or "").strip():
        return None, source
    return re.sub(r"\D", "", anchor), source[match.end() :]


def writer_of(entry: Any) -> str:
    """Return the name over a comment: as a field, else from a title such as "By: Name"."""
    named = author_of(entry)
    by = _BY.match(plain_words(text_of(entry.get("title"))))
    return named or (by[1] if by else "")


def author_of(entry: Any) -> str:
    """Return the name of an entry's author, never an e-mail address."""
    detail = entry.get("author_detail")
    name = text_of(detail.get("name")) if isinstance(detail, dict) else text_of(entry.get("author"))
    return plain_words(_EMAIL.sub("", name)).strip(" ()")


def own_link(entry: Any) -> str | None:
    """Return an entry's own web address: its link, or a guid that is one."""
    link = web_address(text_of(entry.get("link"))) or (
        web_address(text_of(entry.get("id"))) if entry.get("guidislink") else None
    )
    return _TRACKING.sub("", link).rstrip("?&") if link else None


def anchor_in(link: str | None) -> str | None:
    """Return the fragment of a link to a comment."""
    try:
        fragment = urlsplit(link or "").fragment
    except ValueError:
        return None
    return fragment if _ANCHOR.match(fragment) else None


def without_fragment(link: str | None) -> str | None:
    """Return the address of the page that a link leads into."""
    page = (link or "").partition("#")[0]
    return re.sub(r"/comment-page-\d+/?$", "/", re.sub(r"\?showComment=\d+$", "", page)) or None


def slug_in(link: str | None, origin: str | None, place: str) -> str:
    """Return a post's slug: the last part of its link, or its number."""
    try:
        path = urlsplit(link or "").path.strip("/").rpartition("/")[2]
    except ValueError:
        path = ""
    number = next((value for name, value in parse_qsl(urlsplit(link or "").query) if name in POST_NUMBER), "")
    if number and (not path or path == "index.php"):
        return f"post-{number}"
    return unquote(path) or (f"post-{origin.rpartition('=')[2]}" if origin else f"post-{place.rpartition(' ')[2]}")


def plain_words(source: str) -> str:
    """Return the words of a title or name."""
    return " ".join(block.text for block in html_blocks(source, rendered=True))


def moments_in(element: Any) -> list[tuple[int, ...]]:
    """Return when an entry or feed was published, then when it was last changed, each as a time tuple in world time."""
    # Asked with `in`, because feedparser would give the one for the other, and warn of it.
    found = [element[name] for name in ("published_parsed", "updated_parsed") if name in element]
    return [tuple(moment)[:6] for moment in found if moment]


def day_of(entry: Any) -> str | None:
    """Return the day of an entry as YYYY-MM-DD, by world time: a feed knows no other."""
    return next((f"{y:04}-{m:02}-{d:02}" for y, m, d, *_ in moments_in(entry) if 1900 <= y <= 9999), None)


def text_of(value: Any) -> str:
    """Return a value that should be text as text."""
    return value if isinstance(value, str) else ""


def web_address(value: str | None) -> str | None:
    """Return the address if it is http or https."""
    try:
        return value if value and urlsplit(value).scheme in ("http", "https") else None
    except ValueError:
        return None
