"""Fetch a blog's feeds, where nothing better is open: posts and comments of all feeds as two feeds in one zip file.

What an earlier fetch had and the feeds hold no more stays, as they hold only the latest; but what is missing between
others that a feed does hold was taken off the blog, and goes.
"""

import os
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx

from askedbefore.errors import FetchError
from askedbefore.fetching.discovering import links
from askedbefore.fetching.fetch import file_name
from askedbefore.fetching.web import Web, check_address
from askedbefore.reading.feedxml import Feed, child_text, local_name
from askedbefore.watching import Watcher

MOST_PAGES = 1_000
POSTS, COMMENTS = "posts.xml", "comments.xml"
_TYPES = ("application/rss+xml", "application/atom+xml")


@dataclass(frozen=True, slots=True)
class FeedsReport:
    """What feeds brought: how many posts and comments are in the file now, how many only stay, how many went."""

    home: str
    path: Path
    posts: int
    comments: int
    kept: int
    gone: int


@dataclass(frozen=True, slots=True)
class Window:
    """What a feed surely holds: all items newer than `oldest`, of one post's comments when `link` names the post."""

    oldest: datetime
    link: str | None = None

    def covers(self, item: Any) -> bool:
        """Say whether the feed would hold an item, were it still on the blog."""
        date = item_date(item)
        is_of_it = self.link is None or item_link(item).partition("#")[0] == self.link
        return is_of_it and date is not None and date > self.oldest


def fetch_feeds(address: str, data: Path, web: Web, watcher: Watcher) -> FeedsReport:
    """Read all feeds of a blog into one zip file in the folder `data`, over what an earlier fetch had.

    Raises FetchError when there is no feed, or the file cannot be written; it is then as it was.
    """
    asked = check_address(address)
    watcher.stage("Finding the feeds")
    page = web.get(asked)
    path = data / file_name(str(page.url), "-feeds.zip")
    watcher.stage("Reading the feed of posts")
    posts = _read_pages(web, _feed_addresses(page))
    if posts is None:
        raise FetchError(f"{asked} offers no feed that can be read. Save its pages into the data folder instead.")
    watcher.stage("Reading the feed of comments")
    comments = _read_pages(web, _comment_addresses(page))
    watcher.stage("Reading the comments of each post", len(posts.items()))
    comments, windows = _with_comments_of_posts(web, watcher, posts, comments)
    old_posts, old_comments = _read_old(path)
    kept_posts, gone_posts = still_there(old_posts, posts, [_window(posts.items())])
    kept_comments, gone_comments = still_there(old_comments, comments, windows)
    _append(posts, kept_posts)
    if comments is None and kept_comments:
        comments = old_comments
    elif comments is not None:
        _append(comments, kept_comments)
    _write(path, posts, comments)
    return FeedsReport(
        home=asked,
        path=path,
        posts=len(posts.items()),
        comments=len(comments.items()) if comments else 0,
        kept=len(kept_posts) + len(kept_comments),
        gone=gone_posts + gone_comments,
    )


def still_there(old: Feed | None, new: Feed | None, windows: Sequence[Window | None]) -> tuple[list[Any], int]:
    """Return the items of an earlier fetch that a new one does not have but that stay, and how many were taken off."""
    have = {item_key(item) for item in new.items()} if new else set()
    missing = [item for item in old.items() if item_key(item) not in have] if old else []
    gone = [item for item in missing if any(window and window.covers(item) for window in windows)]
    return [item for item in missing if item not in gone], len(gone)


def item_key(item: Any) -> str:
    """Return what tells an item from all others."""
    return child_text(item, "guid", "id") or item_link(item) or child_text(item, "title")


def item_link(item: Any) -> str:
    """Return the link of an item, RSS or Atom."""
    for child in item:
        if local_name(child) == "link" and child.get("rel", "alternate") == "alternate":
            return (child.text or child.get("href") or "").strip()
    return ""


def item_date(item: Any) -> datetime | None:
    """Return when an item was published."""
    text = child_text(item, "pubdate", "published", "date", "updated")
    try:
        date = datetime.fromisoformat(text) if re.match(r"\d{4}-", text) else parsedate_to_datetime(text)
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _feed_addresses(page: httpx.Response) -> Iterator[str]:
    """Yield where the feed of posts may be, as the page says first."""
    for kind in _TYPES:
        yield from (str(page.url.join(link)) for link in links(page, "alternate", kind) if "comments" not in link)
    base = page.url.copy_with(query=None, path=page.url.path.rstrip("/") + "/")
    yield from (str(base.join("feed/")), f"{base}?feed=rss2", str(base.join("feed.xml")), str(base.join("rss")))


def _comment_addresses(page: httpx.Response) -> Iterator[str]:
    """Yield where the feed of all comments may be."""
    for kind in _TYPES:
        yield from (str(page.url.join(link)) for link in links(page, "alternate", kind) if "comments" in link)
    base = page.url.copy_with(query=None, path=page.url.path.rstrip("/") + "/")
    yield from (str(base.join("comments/feed/")), f"{base}?feed=comments-rss2")


def _read_pages(web: Web, addresses: Iterator[str]) -> Feed | None:
    """Return the first feed that can be read, with the items of all its pages; None when there is none."""
    for address in dict.fromkeys(addresses):
        feed = _read_feed(web, address)
        if feed is None:
            continue
        have = {item_key(item) for item in feed.items()}
        for number in range(2, MOST_PAGES):
            following = _read_feed(web, address, number) if have else None
            more = [item for item in following.items() if item_key(item) not in have] if following else []
            if not more:  # the last page, or a maker that knows no pages and gives the first again
                break
            _append(feed, more)
            have |= {item_key(item) for item in more}
        return feed
    return None


def _read_feed(web: Web, address: str, page: int = 1) -> Feed | None:
    """Return a page of a feed, None when there is none."""
    try:
        response = web.get(address, {"paged": page} if page > 1 else None)
    except FetchError:
        if page > 1:
            raise  # half a feed would look as if the rest had been taken off
        return None
    if response.status_code != 200:
        return None
    feed = Feed(response.content)
    return feed if feed.text() and local_name(feed.root) in ("rss", "feed", "rdf") else None


def _with_comments_of_posts(
    web: Web, watcher: Watcher, posts: Feed, comments: Feed | None
) -> tuple[Feed | None, list[Window | None]]:
    """Add the comments of each post's own feed, where the blog offers one; return what the feeds surely hold."""
    windows = [_window(comments.items())] if comments else []
    for item in posts.items():
        watcher.advance()
        address = child_text(item, "commentrss")
        if not address or _count_of_comments(item) == "0":
            continue
        feed = _read_feed(web, address)
        if feed is None:
            continue
        window = _window(feed.items())
        windows.append(Window(window.oldest, item_link(item)) if window else None)
        if comments is None:
            comments = feed
        else:
            have = {item_key(one) for one in comments.items()}
            _append(comments, [one for one in feed.items() if item_key(one) not in have])
    return comments, windows


def _count_of_comments(item: Any) -> str:
    """Return how many comments a post says that it has (slash:comments), "" when it does not say."""
    return next(
        ((child.text or "").strip() for child in item if local_name(child) == "comments" and "slash" in str(child.tag)),
        "",
    )


def _window(items: Sequence[Any]) -> Window | None:
    """Return what a feed of these items surely holds."""
    dates = [date for item in items if (date := item_date(item))]
    return Window(min(dates)) if dates else None


def _append(feed: Feed, items: Sequence[Any]) -> None:
    """Put items behind those of a feed."""
    there = feed.items()
    parent = (
        there[-1].getparent() if there else next((one for one in feed.root if local_name(one) == "channel"), feed.root)
    )
    for item in items:
        parent.append(item)


def _read_old(path: Path) -> tuple[Feed | None, Feed | None]:
    """Return the posts and comments of an earlier fetch. Raises FetchError when its file is damaged."""
    if not path.exists():
        return None, None
    try:
        with zipfile.ZipFile(path) as packed:
            names = packed.namelist()
            old = [Feed(packed.read(name)) if name in names else None for name in (POSTS, COMMENTS)]
    except (OSError, zipfile.BadZipFile, ValueError) as error:
        raise FetchError(f"{path} cannot be read ({error}). Move it away and fetch again.") from error
    return old[0], old[1]


def _write(path: Path, posts: Feed, comments: Feed | None) -> None:
    """Write the file beside its place and put it there when it is whole. Raises FetchError."""
    aside = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
                for name, feed in ((POSTS, posts), (COMMENTS, comments)):
                    if feed is not None and feed.items():
                        packed.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), feed.text(), zipfile.ZIP_DEFLATED)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError as error:
        raise FetchError(f"{path} cannot be written: {error.strerror or error}.") from error
