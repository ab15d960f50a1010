"""WordPress exports (WXR 1.0 to 1.2), as written by Tools > Export.

The file is parsed as a stream, damage is passed over where possible, and no entity is expanded. Whatever is
not published to everybody stays out: drafts, private, scheduled and password-protected posts with all that
hangs on them, comments that wait, are spam or binned, pingbacks and trackbacks. Of who wrote a comment only
one thing is kept: whether it was the author.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

from lxml import etree

from askedbefore.errors import SourceError
from askedbefore.markup import html_blocks
from askedbefore.reading.harvest import Harvest, LeftOut
from askedbefore.records import Comment, Post
from askedbefore.settings import Settings

PUBLIC_TYPES = {"post", "page"}
NOT_PUBLISHED = {
    "draft": "a draft",
    "auto-draft": "a draft",
    "private": "a private post",
    "future": "a post scheduled for later",
    "pending": "a post waiting for review",
    "trash": "a post in the bin",
}
NOT_APPROVED = {"0": "a comment waiting for approval", "spam": "spam", "trash": "a comment in the bin"}

_CONTROL_BYTES = bytes(set(range(32)) - set(b"\t\n\r"))
_STRAY_CDATA_END = re.compile(
    rb"\]\]>(?!\s*(?:<!\[CDATA\[|</\w+:|</(?:title|link|category|description|guid|author|creator)>))"
)
_LOOKAHEAD_BYTES = 256
_TAIL_BYTES = 4096
_DATE = re.compile(r"(?!0000)\d{4}-\d\d-\d\d")

Fields = dict[str, str]


def recognise(head: bytes) -> bool:
    """Say whether a file that begins like this is a WordPress export."""
    return b"<rss" in head and (b"wordpress.org/export/" in head or b"<wp:" in head)


def read(path: Path, settings: Settings) -> Harvest:
    """Read an export file. Raises SourceError when the file cannot be read at all."""
    export = _Export(author_name=settings.author)
    try:
        for item in _items(path, export):
            export.take(item)
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror or error}. The index is as it was.") from error
    return Harvest(
        posts=tuple(export.posts),
        comments=export.comments,
        left_out=tuple(export.left_out),
        notes=tuple(f"{path.name}: {note}" for note in export.notes),
        held_back=frozenset(export.held_back),
        made=export.made,
        title=export.channel.get("title") or None,
        url=_web_address(export.channel.get("wp:base_blog_url") or export.channel.get("link")),
        author=settings.author or export.only_author(),
    )


@dataclass
class _Export:
    """What has been read so far."""

    author_name: str | None
    channel: Fields = field(default_factory=dict)
    authors: list[Fields] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    comments: int = 0
    left_out: list[LeftOut] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    held_back: set[str] = field(default_factory=set)

    @property
    def made(self) -> str:
        """Return the date of the export as ISO 8601, or ""."""
        try:
            return parsedate_to_datetime(self.channel.get("pubDate", "")).isoformat()
        except ValueError:
            return ""

    def only_author(self) -> str | None:
        """Return the blog's author's name, when it has just one."""
        names = {author.get("wp:author_display_name") or author.get("wp:author_login") for author in self.authors}
        return names.pop() if len(names) == 1 else None

    def take_channel_field(self, name: str, element: Any) -> None:
        """Note what the file says of the blog and its authors."""
        if name == "wp:author":
            self.authors.append(_fields(element))
        else:
            self.channel.setdefault(name, _text(element))

    def take(self, item: tuple[Fields, list[Fields]]) -> None:
        """Take an item in as a post, or note why not."""
        fields, comments = item
        if fields.get("wp:post_type", "post") not in PUBLIC_TYPES:
            self.left_out.append(LeftOut("a picture, menu or other item that is no post", _place(fields)))
            return
        if reason := _why_withheld(fields):
            self.left_out.append(LeftOut(reason, _place(fields)))
            self.left_out += [LeftOut(f"a comment under {reason}", _place(fields)) for _ in comments]
            self.held_back.add(_slug(fields))
            return
        post = Post(
            slug=_slug(fields),
            title=" ".join(block.text for block in html_blocks(fields.get("title", ""))) or "Untitled",
            url=_web_address(fields.get("link")),
            date=_date(fields.get("wp:post_date")),
            blocks=html_blocks(fields.get("content:encoded", "")),
            comments=tuple(self._comments(comments, fields)),
        )
        self.posts.append(post)
        self.comments += len(comments)

    def _comments(self, comments: list[Fields], post: Fields) -> Iterator[Comment]:
        """Yield the approved comments of a post, oldest first."""
        for fields in sorted(comments, key=lambda one: (one.get("wp:comment_date", ""), _number(one))):
            place = f"comment {fields.get('wp:comment_id', '?')} under {_slug(post)}"
            if reason := _why_comment_withheld(fields):
                self.left_out.append(LeftOut(reason, place))
                continue
            blocks = html_blocks(fields.get("wp:comment_content", ""))
            if not blocks:
                self.left_out.append(LeftOut("a comment without text", place))
                continue
            parent = fields.get("wp:comment_parent", "0")
            yield Comment(
                id=fields.get("wp:comment_id", ""),
                parent=None if parent in ("", "0") else parent,
                by_author=self._is_by_author(fields, post),
                blocks=blocks,
                date=_date(fields.get("wp:comment_date")),
            )

    def _is_by_author(self, fields: Fields, post: Fields) -> bool:
        """Say whether a comment is the author's: by account, or by the e-mail address that the export gives.

        A name proves nothing: any visitor can type it. Where an export lists no accounts (WXR 1.0), a
        logged-in comment under the name of the author, or of who wrote the post, counts.
        """
        user, email = fields.get("wp:comment_user_id", "0"), fields.get("wp:comment_author_email", "").lower()
        by_account = user not in ("", "0")
        if not self.authors:
            return by_account and fields.get("wp:comment_author") in (self.author_name, post.get("dc:creator"))
        return any(
            (by_account and user == author.get("wp:author_id"))
            or (email != "" and email == author.get("wp:author_email", "").lower())
            for author in self.authors
        )


class _Mended:
    """A file as it is read, mended where mending is sure.

    Control bytes, which XML does not allow, are left out; a `]]>` inside a CDATA section, which would end it too
    soon, is written as it should have been.
    """

    def __init__(self, file: BinaryIO) -> None:
        """Wrap an open file."""
        self._file = file
        self._held = b""
        self._tail = b""

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; b"" only at the end."""
        while True:
            part = self._file.read(size)
            text = self._held + part.translate(None, _CONTROL_BYTES)
            # What follows a `]]>` decides what it is, so one near the end of a part waits for the next part.
            near_end = text.find(b"]", max(len(text) - _LOOKAHEAD_BYTES, 0)) if part else -1
            ready = text if near_end < 0 else text[:near_end].rstrip(b"]")
            self._held = text[len(ready) :]
            mended = _STRAY_CDATA_END.sub(b"]]]]><![CDATA[>", ready)
            self._tail = (self._tail + mended)[-_TAIL_BYTES:]
            if mended or not part:
                return mended

    def ends_between_items(self) -> bool:
        """Say whether what was read ends as an export does, or at least not in the middle of an item."""
        return b"</rss>" in self._tail or self._tail.rstrip().endswith((b"</channel>", b"</item>"))


def _items(path: Path, export: _Export) -> Iterator[tuple[Fields, list[Fields]]]:
    """Yield each complete item of the file, its own fields and its comments', and note damage in `export`.

    The last item is held back until the end of the file is seen: one that the file breaks off in may have lost the
    very field that makes it private.
    """
    last: tuple[Fields, list[Fields]] | None = None
    with path.open("rb") as file:
        text = _Mended(file)
        events = etree.iterparse(
            text, recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
        )
        try:
            for _, element in events:
                parent = element.getparent()
                if _name(element) == "item":
                    if last:
                        yield last
                    last = _fields(element), [_fields(one) for one in element if _name(one) == "wp:comment"]
                    element.clear()
                    while parent is not None and element.getprevious() is not None:
                        del parent[0]
                elif parent is not None and _name(parent) == "channel":
                    export.take_channel_field(_name(element), element)
        except etree.XMLSyntaxError:
            pass  # nothing of it could be parsed; the error log says where
    if last and text.ends_between_items():
        yield last
    elif last:
        export.left_out.append(LeftOut("an item that the damaged file breaks off in", "the end of the file"))
    for error in list(events.error_log)[:1]:
        export.notes.append(
            f"damaged at line {error.line} ({error.message.strip()}); what could be read was. "
            "Export it again if you can."
        )


def _fields(element: Any) -> Fields:
    """Return an element's simple children by name; of several with one name, the first that says something."""
    fields: Fields = {}
    for child in element:
        if text := _text(child):
            fields.setdefault(_name(child), text)
    return fields


def _text(element: Any) -> str:
    """Return the text of an element without what stands around it; entity references are dropped."""
    return (
        "".join(element.itertext(etree.Element, with_tail=True)).strip()
        if len(element)
        else (element.text or "").strip()
    )


def _name(element: Any) -> str:
    """Return an element's name with its usual prefix, whatever version or damage of namespaces the file has."""
    if not isinstance(element.tag, str):
        return ""
    namespace, _, local = element.tag.rpartition("}")
    if "wordpress.org/export/" in namespace:
        return f"{'excerpt' if 'excerpt' in namespace else 'wp'}:{local}"
    if "rss/1.0/modules/content" in namespace:
        return f"content:{local}"
    if "purl.org/dc/" in namespace:
        return f"dc:{local}"
    return local if not namespace else f"other:{local}"


def _why_withheld(fields: Fields) -> str | None:
    """Say why a post is not for readers, or return None. What has no status is not taken for published."""
    status = fields.get("wp:status", "")
    if status != "publish":
        return NOT_PUBLISHED.get(status, "a post that is not published")
    return "a password-protected post" if fields.get("wp:post_password") else None


def _why_comment_withheld(fields: Fields) -> str | None:
    """Say why a comment is not for readers, or return None."""
    kind = fields.get("wp:comment_type", "")
    if kind in ("pingback", "trackback"):
        return "a pingback"
    if kind not in ("", "comment"):
        return "a message that is no comment"
    approved = fields.get("wp:comment_approved", "")
    return None if approved == "1" else NOT_APPROVED.get(approved, "a comment that is not approved")


def _place(fields: Fields) -> str:
    """Say which item it is, without its title or text."""
    return f"{fields.get('wp:post_type', 'item')} {fields.get('wp:post_id', '?')}"


def _slug(fields: Fields) -> str:
    """Return a post's slug: its own, or the last part of its link, or its number."""
    path = urlsplit(fields.get("link", "")).path.strip("/").rpartition("/")[2]
    return unquote(fields.get("wp:post_name") or path) or f"post-{fields.get('wp:post_id', '0')}"


def _number(fields: Fields) -> int:
    """Return a comment's id as a number for sorting."""
    number = fields.get("wp:comment_id", "")
    return int(number) if number.isdecimal() else 0


def _date(value: str | None) -> str | None:
    """Return the day of a WordPress date as YYYY-MM-DD; WordPress writes 0000-00-00 for none."""
    return value[:10] if value and _DATE.match(value) else None


def _web_address(value: str | None) -> str | None:
    """Return the address if it is http or https."""
    return value if value and urlsplit(value).scheme in ("http", "https") else None
