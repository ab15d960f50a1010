"""The entries of a Blogger backup as plain fields, whichever of Blogger's two formats they are in."""

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from askedbefore.cleantext import clean_text
from askedbefore.reading.webtext import day_of
from askedbefore.reading.xmlrecords import RecordFile, attribute, text_of

PREFIXES = {
    "google.com/blogger": "blogger:",
    "purl.org/syndication/thread": "thr:",
    "schemas.google.com/g/": "gd:",
    "w3.org/2007/app": "app:",
    "purl.org/atom/app": "app:",
}
_KIND = re.compile(r"blogger/2008/kind#(\w+)$")
_LABELS = re.compile(r"blogger\.com/atom/ns#$|^tag:blogger\.com,1999:blog-\d*$")
_NUMBER = re.compile(r"(?:post|page|comment)-(\d+)$")
_PARENT = re.compile(r"/comments/default/(\d+)(?:\?|$)")
_PROFILE = re.compile(r"https?://(?:[\w-]+\.)?(?:(blogger)\.com/(?:profile|user)|(plus)\.google\.com(?:/u/0)?)/(\d+)/?")

Elements = dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Writer:
    """Who wrote an entry: the name, a profile ("" for any other address), and what else the feed says of the account.

    `kind` is Takeout's ("blogger", "anonymous"); `picture` and `person` are the older backup's: a small picture, and a
    number for each account ("pid-12").
    """

    name: str = ""
    profile: str = ""
    kind: str = ""
    picture: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A post, page or comment. `kind` is "" where the entry does not say, or contradicts itself.

    `statuses` are all that it says of who may see it, "live" for everybody. `post` and `parent` are numbers of what a
    comment stands under, and of the one that it answers; `post_link` is the address of the post.
    """

    kind: str
    number: str
    blog: str
    title: str
    published: str
    statuses: tuple[str, ...]
    content: str
    link: str
    file_name: str
    labels: tuple[str, ...]
    writer: Writer
    post: str
    post_link: str
    parent: str | None
    is_removed: bool

    @property
    def day(self) -> str | None:
        """Return the day on which it was published."""
        return day_of(self.published)


def open_feed(path: Path) -> RecordFile:
    """Return a backup as a stream of entries, each to be read by `read_entry`."""
    return RecordFile(path, "feed", frozenset({"entry"}), PREFIXES)


def read_entry(file: RecordFile, element: Any) -> Entry:
    """Return an entry as it stands in the feed."""
    inner: Elements = defaultdict(list)
    for name, child in file.children(element):
        inner[name].append(child)
    properties = {attribute(one, "name"): attribute(one, "value") for one in inner["gd:extendedProperty"]}
    links = {attribute(one, "rel"): attribute(one, "href") for one in reversed(inner["link"])}
    reply = inner["thr:in-reply-to"][0] if inner["thr:in-reply-to"] else None
    tag = _first(inner, "id")
    blog = re.search(r"blog-(\d+)", tag)
    return Entry(
        kind=_kind(inner),
        number=_number(tag),
        blog=blog[1] if blog else "",
        title=_first(inner, "title"),
        published=_first(inner, "published"),
        statuses=_statuses(file, inner),
        content=_content(inner["content"][0]) if inner["content"] else "",
        link=links.get("alternate", ""),
        file_name=clean_text(_first(inner, "blogger:filename")),
        labels=_labels(inner),
        writer=_writer(file, inner, properties.get("blogger.itemClass", "")),
        post=_number(_first(inner, "blogger:parent"))
        or (_number(attribute(reply, "ref")) if reply is not None else ""),
        post_link=attribute(reply, "href") if reply is not None else "",
        parent=_number(_first(inner, "blogger:inReplyTo")) or _comment_in(links.get("related", "")),
        is_removed=properties.get("blogger.contentRemoved", "").lower() == "true",
    )


def feed_fields(file: RecordFile) -> dict[str, str]:
    """Return what the feed says of the blog: its title, address ("alternate") and when it was updated."""
    fields: dict[str, str] = {}
    for name, element in file.root_fields:
        if name == "link" and attribute(element, "rel") == "alternate":
            fields.setdefault("alternate", attribute(element, "href"))
        elif name in ("title", "updated"):
            fields.setdefault(name, text_of(element))
    return fields


def _first(inner: Elements, name: str) -> str:
    """Return the text of the first element of a name, "" without one."""
    return text_of(inner[name][0]) if inner[name] else ""


def _kind(inner: Elements) -> str:
    """Return what an entry says that it is. One that holds another, or two ids, is two that damage has made one."""
    kinds = {text_of(one).lower() for one in inner["blogger:type"]}
    kinds |= {found[1].lower() for one in inner["category"] if (found := _KIND.search(attribute(one, "term")))}
    is_one = not inner["entry"] and len(inner["id"]) == 1 and len(kinds) == 1
    return kinds.pop() if is_one else ""


def _statuses(file: RecordFile, inner: Elements) -> tuple[str, ...]:
    """Return all that an entry says of who may see it. Takeout says so of each, the older format of drafts."""
    statuses = [text_of(one).lower() for one in inner["blogger:status"]]
    if inner["blogger:type"] and not statuses:
        statuses.append("unknown")
    statuses += ["trashed" for one in inner["blogger:trashed"] if text_of(one)]
    marks = [text_of(one) for control in inner["app:control"] for name, one in file.children(control) if name]
    return (*statuses, *("draft" for mark in marks if mark.lower() != "no"))


def _labels(inner: Elements) -> tuple[str, ...]:
    """Return the names that a post is filed under."""
    terms = (attribute(one, "term") for one in inner["category"] if _LABELS.search(attribute(one, "scheme")))
    return tuple(dict.fromkeys(label for term in terms if (label := clean_text(term))))


def _writer(file: RecordFile, inner: Elements, person: str) -> Writer:
    """Return who wrote an entry; not the mail address, which nothing here needs."""
    if not inner["author"]:
        return Writer()
    author: Elements = defaultdict(list)
    for name, child in file.children(inner["author"][0]):
        author[name].append(child)
    picture = attribute(author["gd:image"][0], "src") if author["gd:image"] else ""
    return Writer(
        name=clean_text(_first(author, "name")),
        profile=_profile(_first(author, "uri")),
        kind=_first(author, "blogger:type").lower(),
        picture=picture.partition("?")[0],
        person=person,
    )


def _content(element: Any) -> str:
    """Return the HTML of an entry's content."""
    if attribute(element, "type") != "xhtml":
        return text_of(element)
    return "".join(
        etree.tostring(one, method="html", encoding="unicode") for one in element if isinstance(one.tag, str)
    )


def _number(tag: str) -> str:
    """Return the number at the end of `tag:blogger.com,1999:blog-1.post-2`."""
    found = _NUMBER.search(tag)
    return found[1] if found else ""


def _comment_in(link: str) -> str | None:
    """Return the number of the comment that another one's `related` link points to."""
    found = _PARENT.search(link)
    return found[1] if found else None


def _profile(address: str) -> str:
    """Return a profile at Blogger or, of the years when it used them, at Google+; "" for any other address."""
    found = _PROFILE.fullmatch(address)
    return f"{found[1] or found[2]} {found[3]}" if found else ""
