"""Feeds, RSS and Atom: the posts or the comments that a blog offers to feed readers, the latest only.

Comments are known by a link to themselves or by what they reply to, and are joined to posts of other sources. A feed
knows writers by their names alone.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from askedbefore.errors import SourceError
from askedbefore.markup import html_blocks
from askedbefore.reading.authorship import name_words
from askedbefore.reading.feedentry import (
    POST_NUMBER,
    anchor_in,
    answered,
    author_of,
    content_of,
    day_of,
    moments_in,
    own_link,
    plain_words,
    slug_in,
    text_of,
    web_address,
    without_fragment,
    writer_of,
)
from askedbefore.reading.feedxml import Feed
from askedbefore.reading.harvest import Account, Fullness, Harvest, LeftOut, Proof
from askedbefore.records import Comment, Post
from askedbefore.settings import Settings

PROTECTED = "a password-protected post"
_MOST_OF_A_NOTICE = 40  # words that stand in place of a protected post
NO_TEXT = "a post without text: a picture, sound or film"

# How a root of a feed begins, and what other engines' exports, which are no feeds, hold.
_ROOT = re.compile(rb"<(?:rss|feed|rdf:RDF)\b", re.IGNORECASE)
_NO_FEED = (
    b"wordpress.org/export/",
    b"<wp:",
    b"schemas.google.com/blogger/2008/kind#",
    b"<disqus",
    b"disqus.com/disqus-internals",
)
_FEED_WITHIN = 4096  # bytes before the root
_PROTECTED = re.compile(
    r"action=postpass|post-password-form|There is no excerpt because this is a protected post|"
    r"Protected Comments: Please enter your password"
)


def recognise(head: bytes) -> bool:
    """Say whether a file that begins like this is a feed with posts or comments."""
    root = _ROOT.search(head[:_FEED_WITHIN])
    if root is None or any(mark in head for mark in _NO_FEED):
        return False
    before = head[: root.start()].lower()
    return b"<html" not in before and b"<body" not in before


def read(path: Path, _: Settings) -> Harvest:
    """Read a feed. Raises OSError when the file cannot be read, SourceError when it holds no text at all."""
    feed = Feed(path.read_bytes())
    parsed = _parse(feed)
    reader = _FeedReader(parsed, feed)
    entries = list(parsed.get("entries", ()))
    for entry in entries[:-1] if feed.breaks_off else entries:
        reader.take(entry)
    if feed.breaks_off and entries:
        reader.left_out.append(LeftOut("an item that the damaged file breaks off in", "the end of the file"))
    is_held_back = any(PROTECTED in one.reason for one in reader.left_out)
    if not reader.posts and not reader.comments and not is_held_back:
        raise SourceError("it holds no post with text, and no comment")
    return reader.harvest()


def _parse(feed: Feed) -> Any:
    """Return what feedparser reads; given well-formed XML without entities, it never takes its loose parser."""
    import io

    import feedparser  # type: ignore[import-untyped]

    try:
        return feedparser.parse(io.BytesIO(feed.text()), sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # whatever it may raise on bytes that nobody meant as a feed
        raise SourceError(f"it is damaged ({type(error).__name__}). Save the feed again") from error


@dataclass
class _FeedReader:
    """What has been read of a feed so far."""

    parsed: Any
    feed: Feed
    posts: list[Post] = field(default_factory=list)
    comments: list[tuple[str, Comment]] = field(default_factory=list)  # each with the link of its post
    left_out: list[LeftOut] = field(default_factory=list)
    held_back: set[str] = field(default_factory=set)
    beginnings: int = 0
    ids: dict[str, str] = field(default_factory=dict)  # what a feed knows a comment by, and its id here

    @property
    def blog(self) -> str | None:
        """Return the blog's address, that of a comment feed too."""
        about = self.parsed.get("feed", {})
        link = web_address(text_of(about.get("link")))
        return link.partition("#")[0].partition("?")[0].rstrip("/") if link else None

    @property
    def is_wordpress(self) -> bool:
        """Say whether WordPress made the feed, which numbers comments through the whole blog."""
        return "wordpress" in text_of(self.parsed.get("feed", {}).get("generator")).casefold()

    def take(self, entry: Any) -> None:
        """Take an entry as a comment or as a post."""
        link = own_link(entry)
        place = f"item {len(self.posts) + len(self.comments) + len(self.left_out) + 1}"
        anchor = anchor_in(link) or anchor_in(text_of(entry.get("id")))
        reply = entry.get("thr_in-reply-to")
        if anchor or reply is not None:
            self._take_comment(entry, link, anchor, reply, place)
        else:
            self._take_post(entry, link, place)

    def _take_post(self, entry: Any, link: str | None, place: str) -> None:
        """Take a post, or note why not."""
        source, is_beginning = content_of(entry)
        origin = self._origin(entry)
        slug = slug_in(link, origin, place)
        title = plain_words(text_of(entry.get("title"))) or "Untitled"
        is_announced = title.startswith("Protected: ") and len(plain_words(source).split()) < _MOST_OF_A_NOTICE
        if _PROTECTED.search(source) or is_announced:
            self.left_out.append(LeftOut(PROTECTED, place))
            self.held_back |= {name for name in (slug, link, origin) if name}
            return
        blocks = html_blocks(source, rendered=True)
        if not blocks:
            self.left_out.append(LeftOut(NO_TEXT, place))
            return
        self.beginnings += is_beginning
        author = author_of(entry)
        tags = (plain_words(text_of(tag.get("term"))) for tag in entry.get("tags", ()) if isinstance(tag, dict))
        self.posts.append(
            Post(
                slug=slug,
                title=title,
                url=link,
                date=day_of(entry),
                blocks=blocks,
                origin=origin,
                categories=tuple(dict.fromkeys(tag for tag in tags if tag and tag.casefold() != "uncategorized")),
                account=author or None,
            )
        )

    def _take_comment(self, entry: Any, link: str | None, anchor: str | None, reply: Any, place: str) -> None:
        """Take a comment with the link of its post, or note why not."""
        source, _ = content_of(entry)
        known_as = text_of(entry.get("id")) or link or place
        number = re.sub(r"\D", "", anchor) if anchor else f"f{len(self.comments) + 1}"
        target = reply if isinstance(reply, dict) else {}
        under = without_fragment(link) or without_fragment(web_address(text_of(target.get("href")))) or ""
        parent, source = answered(source)
        parent = parent or self._parent(target)
        blocks = html_blocks(source, rendered=True)
        if _PROTECTED.search(source):
            self.left_out.append(LeftOut(f"a comment under {PROTECTED}", place))
        elif not blocks or not under:
            self.left_out.append(LeftOut("a comment without text" if under else "a comment without a link", place))
        elif known_as in self.ids:
            self.left_out.append(LeftOut("a comment that stands in the feed twice", place))
        else:
            self.ids[known_as] = number
            comment = Comment(
                id=number,
                parent=parent if parent != number else None,
                by_author=False,
                blocks=blocks,
                date=day_of(entry),
                names=name_words(writer_of(entry)),
                anchor=anchor,
            )
            self.comments.append((under, comment))

    def _parent(self, target: dict[str, Any]) -> str | None:
        """Return what a comment replies to by `thr:in-reply-to`: a comment, by its link or its name here."""
        for key in ("ref", "href"):
            if anchor := anchor_in(text_of(target.get(key))):
                return re.sub(r"\D", "", anchor)
        ref = text_of(target.get("ref"))
        return f"ref {ref}" if ref else None

    def _origin(self, entry: Any) -> str | None:
        """Return what WordPress itself knows a post by, from its guid."""
        guid = web_address(text_of(entry.get("id")))
        if not guid or not self.is_wordpress:
            return None
        number = next((value for name, value in parse_qsl(urlsplit(guid).query) if name in POST_NUMBER), None)
        blog = self.blog or guid.partition("?")[0].rstrip("/")
        return f"{blog}?p={number}" if number and number.isdecimal() else None

    def harvest(self) -> Harvest:
        """Return all that was read, and say what a feed is not."""
        about = self.parsed.get("feed", {})
        names = dict.fromkeys(post.account for post in self.posts if post.account)
        title = plain_words(text_of(about.get("title")))
        return Harvest(
            posts=tuple(self.posts),
            threads=tuple(self._threads()),
            comments=len(self.comments) + sum("comment" in one.reason for one in self.left_out),
            left_out=tuple(self.left_out),
            notes=tuple(self._notes()),
            held_back=frozenset(self.held_back),
            made=_made(about, self.parsed.get("entries", ())),
            numbering="wordpress" if self.is_wordpress else "",
            title=title if self.posts and title else None,
            url=self.blog if self.posts else None,
            accounts=tuple(Account(name, (name,)) for name in names if name),
            proof=Proof.NAME,
            fullness=Fullness.SUMMARY if self.beginnings else Fullness.PAGE,
        )

    def _threads(self) -> Iterator[Post]:
        """Yield the comments under the posts that they belong to, oldest first, each with its parent in this feed."""
        under: dict[str, list[Comment]] = {}
        for link, comment in self.comments:
            under.setdefault(link, []).append(comment)
        for link, comments in under.items():
            slug = slug_in(link, None, "")
            tied = [replace(one, parent=self._here(one.parent)) for one in reversed(comments)]
            yield Post(slug, slug, link, None, (), tuple(sorted(tied, key=lambda one: one.date or "")))

    def _here(self, parent: str | None) -> str | None:
        """Return a parent's id; what the feed calls it is looked up, and the post itself is no parent."""
        if parent is None or not parent.startswith("ref "):
            return parent
        return self.ids.get(parent.removeprefix("ref "))

    def _notes(self) -> Iterator[str]:
        """Yield what is wrong, and what a feed does not hold."""
        if self.feed.damage:
            yield f"{self.feed.damage}; what could be read was. Save the feed again if you can"
        if self.posts:
            number = len(self.posts)
            yield f"a feed holds only the latest posts, this one {number:,}; an export of the blog holds all"
        if self.comments:
            number = len(self.comments)
            yield f"a feed holds only the latest comments, this one {number:,}; an export of the blog holds all"
        if self.beginnings:
            yield f"{self.beginnings:,} of its posts are only beginnings, not whole texts"


def _made(about: Any, entries: Iterable[Any]) -> str:
    """Return when a feed was made, as ISO 8601: as it says, else the newest date in it, else ""."""
    moments = moments_in(about) or [moment for entry in entries for moment in moments_in(entry)]
    try:
        year, month, day, hour, minute, second = max(moments, default=(0,) * 6)
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC).isoformat() if year else ""
    except (ValueError, OverflowError):
        return ""
