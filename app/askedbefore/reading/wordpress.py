"""WordPress exports (WXR 1.0 to 1.2), as written by Tools > Export.

The file is read item by item, damage is passed over where possible, and no entity is expanded. Whatever is
not published to everybody stays out: drafts, private, scheduled and password-protected posts with all that
hangs on them, comments that wait, are spam or binned, pingbacks and trackbacks. Of who wrote a comment only two
things are taken: whether it was the author, and the words of the name, so that they can be kept out of what is shown.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from askedbefore.markup import html_blocks
from askedbefore.reading.authorship import name_words
from askedbefore.reading.harvest import Harvest, LeftOut
from askedbefore.reading.published import PUBLIC_TYPES, item_place, why_comment_withheld, why_withheld
from askedbefore.reading.writers import GUESS, Writers
from askedbefore.reading.wxr import CUT, RUN_TOGETHER, ExportFile, Fields, Item, Record, number_of
from askedbefore.reading.xmltext import decode_head
from askedbefore.records import Comment, Post
from askedbefore.settings import Settings

TWICE = "a post that stands in the file twice"
CONTRADICTED = "a post that is held back in another place of the file"

_BINNED = re.compile(r"__trashed(?:-\d+)?$")
_DATE = re.compile(r"(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2}")


def recognise(head: bytes) -> bool:
    """Say whether a file that begins like this is a WordPress export, or some items of one."""
    text = decode_head(head)
    return ("<rss" in text or "<item" in text) and ("wordpress.org/export/" in text or "<wp:" in text)


def read(path: Path, _: Settings) -> Harvest:
    """Read an export file. Raises OSError when the file cannot be read at all."""
    file = ExportFile(path)
    export = _Export(file, Writers(file.accounts))
    for item in file.items():
        export.take(item)
    addressed = export.writers.tell_addressed(export.posts)
    posts = tuple(export.finished_posts())
    return Harvest(
        posts=posts,
        comments=export.comments,
        left_out=tuple(export.left_out),
        notes=tuple(_notes(file)),
        guesses=(GUESS,) if addressed else (),
        held_back=frozenset(export.held_back),
        held_back_comments=frozenset(export.held_back_comments),
        made=_made(file.channel),
        complete=not file.lost.number,
        numbering="wordpress",
        title=file.channel.get("title") or None,
        url=_web_address(_blog(file.channel)),
        accounts=tuple(export.writers.accounts(posts)),
        by_address=frozenset(addressed),
    )


@dataclass
class _Export:
    """What has been read so far."""

    file: ExportFile
    writers: Writers
    posts: list[Post] = field(default_factory=list)
    comments: int = 0
    left_out: list[LeftOut] = field(default_factory=list)
    held_back: set[str] = field(default_factory=set)
    held_back_comments: set[str] = field(default_factory=set)

    def take(self, item: Item) -> None:
        """Keep a post that readers may see, or note why not."""
        record = item.record
        reason = why_withheld(record, self.file.has_passwords)
        if reason is None:
            self.posts.append(self._post(record.fields, item.comments))
            return
        place = item_place(record)
        self.left_out.append(LeftOut(reason, place))
        for comment in item.comments:
            self.writers.account_of(comment.fields, 0, "")
            self.left_out.append(LeftOut(f"a comment under {reason}", place))
        if record.fields.get("wp:post_type") in PUBLIC_TYPES and record.damage not in (CUT, RUN_TOGETHER):
            link, slug = _web_address(record.fields.get("link")), _slug(record.fields)
            self.held_back |= {slug, self._origin(record.fields) or slug, link or slug}

    def finished_posts(self) -> Iterator[Post]:
        """Yield the posts, once all is known of accounts and of what else the file says of a post."""
        keys = self.writers.keys()
        kept: dict[tuple[str | int, str], Post] = {}
        for place, post in enumerate(self.posts):
            key = (post.origin or place, post.slug)
            if post.origin in self.held_back:
                number = _number_in(post)
                self.left_out.append(LeftOut(CONTRADICTED, number))
                self.left_out += [LeftOut(f"a comment under {CONTRADICTED}", number) for _ in post.comments]
            elif key in kept:
                self.left_out.append(LeftOut(TWICE, _number_in(post)))
                kept[key] = _united(kept[key], post)
            else:
                kept[key] = replace(post, account=keys.get(post.account, post.account) if post.account else None)
        yield from kept.values()

    def _post(self, fields: Fields, comments: Iterable[Record]) -> Post:
        """Return one item as a post. Its account is the name of one, until all are known."""
        return Post(
            slug=_slug(fields),
            title=_in_one_line(fields.get("title", "")) or "Untitled",
            url=_web_address(fields.get("link")),
            date=_date(fields.get("wp:post_date")),
            blocks=html_blocks(fields.get("content:encoded", "")),
            comments=tuple(self._comments(comments, _slug(fields))),
            origin=self._origin(fields),
            categories=tuple(_categories(fields.get("category", ""))),
            account=fields.get("dc:creator"),
        )

    def _comments(self, records: Iterable[Record], slug: str) -> Iterator[Comment]:
        """Yield the approved comments of a post, oldest first."""
        read = sorted(((_order(record), self._comment(record)) for record in records), key=lambda one: one[0])
        self.comments += len(read)
        seen: set[str] = set()
        for (_, number, line), comment in read:
            if isinstance(comment, Comment) and comment.id not in seen:
                seen.add(comment.id)
                yield comment
                continue
            place = f"comment {number}" if number else f"the comment at line {line:,}"
            reason = "a comment without a number of its own" if isinstance(comment, Comment) else comment
            self.left_out.append(LeftOut(reason, f"{place} under {slug}"))
            if number and str(number) not in seen:
                self.held_back_comments.add(f"comment-{number}")

    def _comment(self, record: Record) -> Comment | str:
        """Return a comment that readers may see, or why this is none."""
        fields = record.fields
        number, parent = number_of(fields, "wp:comment_id"), number_of(fields, "wp:comment_parent")
        account = self.writers.account_of(fields, len(self.posts), number)
        if reason := why_comment_withheld(record):
            return reason
        blocks = html_blocks(fields.get("wp:comment_content", ""))
        if not blocks:
            return "a comment without text"
        return Comment(
            id=number or f"line-{record.line}",
            parent=parent if parent.strip("0") else None,
            by_author=False,
            blocks=blocks,
            date=_date(fields.get("wp:comment_date")),
            names=name_words(fields.get("wp:comment_author", "")),
            anchor=f"comment-{number}" if number else None,
            account=account,
        )

    def _origin(self, fields: Fields) -> str | None:
        """Return what the blog itself knows a post by; its slug may change, when it is binned for one."""
        blog, number = _blog(self.file.channel), number_of(fields, "wp:post_id")
        return f"{blog}?p={number}" if blog and number.strip("0") else None


def _notes(file: ExportFile) -> Iterator[str]:
    """Yield what is to be said of damage."""
    if file.lost.number:
        yield f"damaged at {file.lost.describe()}. What could be read was. Export it again if you can."
    if file.mended.number:
        yield f"damaged at {file.mended.describe()}. Nothing else is lost by that."


def _united(one: Post, other: Post) -> Post:
    """Return a post that stands in the file twice as one: the longer text, and the comments of both."""
    longer = max(one, other, key=lambda post: sum(len(block.text) for block in post.blocks))
    ids = {comment.id for comment in one.comments}
    comments = (*one.comments, *(comment for comment in other.comments if comment.id not in ids))
    return replace(longer, comments=comments, account=one.account)


def _number_in(post: Post) -> str:
    """Say which post it is by its number alone."""
    return f"post {(post.origin or '').rpartition('=')[2]}"


def _order(record: Record) -> tuple[str, int, int]:
    """Return what sorts comments: date, number (0 for none), and line."""
    return record.fields.get("wp:comment_date", ""), int(number_of(record.fields, "wp:comment_id") or 0), record.line


def _blog(channel: Fields) -> str | None:
    """Return the address that a blog knows itself by."""
    return channel.get("wp:base_blog_url") or channel.get("link")


def _made(channel: Fields) -> str:
    """Return the date of the export as ISO 8601, or ""."""
    try:
        return parsedate_to_datetime(channel.get("pubDate", "")).isoformat()
    except (ValueError, IndexError, OverflowError):
        return ""


def _slug(fields: Fields) -> str:
    """Return a post's slug: its own, or the last part of its link, or its number."""
    address = _web_address(fields.get("link"))
    path = urlsplit(address).path.strip("/").rpartition("/")[2] if address else ""
    slug = _BINNED.sub("", unquote(fields.get("wp:post_name") or path))
    return slug or f"post-{number_of(fields, 'wp:post_id') or '0'}"


def _categories(lines: str) -> Iterator[str]:
    """Yield the names of a post's categories; WordPress files what has none under one that says so."""
    for line in lines.split("\n"):
        name = _in_one_line(line)
        if name and name.casefold() != "uncategorized":
            yield name


@lru_cache
def _in_one_line(source: str) -> str:
    """Return the text of some HTML in one line."""
    return " ".join(block.text for block in html_blocks(source))


def _date(value: str | None) -> str | None:
    """Return the day of a WordPress date as YYYY-MM-DD; WordPress writes 0000-00-00 for none."""
    return value[:10] if value and _DATE.match(value) else None


def _web_address(value: str | None) -> str | None:
    """Return the address if it is http or https."""
    try:
        return value if value and urlsplit(value).scheme in ("http", "https") else None
    except ValueError:
        return None
