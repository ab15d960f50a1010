"""WordPress exports (WXR 1.0 to 1.2), as written by Tools > Export.

The file is parsed as a stream, damage is passed over where possible, and no entity is expanded. Whatever is
not published to everybody stays out: drafts, private, scheduled and password-protected posts with all that
hangs on them, comments that wait, are spam or binned, pingbacks and trackbacks. Of who wrote a comment only two
things are taken: whether it was the author, and the words of the name, so that they can be kept out of what is shown.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from html import unescape
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

from lxml import etree

from askedbefore.errors import SourceError
from askedbefore.markup import html_blocks
from askedbefore.reading.harvest import Harvest, LeftOut
from askedbefore.records import Comment, Post, Voice
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
DECIDING = {"wp:status", "wp:post_type", "wp:post_password", "wp:comment_approved", "wp:comment_type"}
RESTRICTING_META = {"_jetpack_newsletter_access"}
NOT_APPROVED = {"0": "a comment waiting for approval", "spam": "spam", "trash": "a comment in the bin"}

_LINE_ENDS = bytes.maketrans(b"\x0b\x0c", b"\n\n")
_CONTROL_BYTES = bytes(set(range(32)) - set(b"\t\n\r\x0b\x0c"))
_STRAY_CDATA_END = re.compile(
    rb"\]\]>(?!\s*(?:<!\[CDATA\[|</\w+:|</(?:title|link|category|description|guid|author|creator)>))"
)
_LOOKAHEAD_BYTES = 256
_TAIL_BYTES = 4096
_BINNED = re.compile(r"__trashed(?:-\d+)?$")
_DATE = re.compile(r"(?!0000)\d{4}-\d\d-\d\d")

Fields = dict[str, str]


def recognise(head: bytes) -> bool:
    """Say whether a file that begins like this is a WordPress export."""
    return b"<rss" in head and (b"wordpress.org/export/" in head or b"<wp:" in head)


def read(path: Path, settings: Settings) -> Harvest:
    """Read an export file. Raises SourceError when the file cannot be read at all."""
    export = _Export(settings.author)
    try:
        with path.open("rb") as file:
            export.has_passwords = any(b"post_password" in line for line in file)
        for item in _items(path, export):
            export.take(item)
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror or error}. The index is as it was.") from error
    posts = export.posts_by_author()
    return Harvest(
        posts=tuple(posts),
        comments=export.comments,
        left_out=tuple(export.left_out),
        notes=tuple(f"{path.name}: {note}" for note in export.notes),
        held_back=frozenset(export.held_back),
        made=export.made,
        title=export.channel.get("title") or None,
        url=_web_address(export.channel.get("wp:base_blog_url") or export.channel.get("link")),
        authors=tuple(export.author_names()),
    )


@dataclass
class _Export:
    """What has been read so far. `author_name` is the author's as set in blog.toml."""

    author_name: str | None
    has_passwords: bool = False
    channel: Fields = field(default_factory=dict)
    accounts: list[Fields] = field(default_factory=list)
    items: list[tuple[Fields, list[Fields]]] = field(default_factory=list)
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

    def take_channel_field(self, name: str, element: Any) -> None:
        """Note what the file says of the blog and its authors."""
        if name == "wp:author":
            self.accounts.append(_fields(element))
        else:
            self.channel.setdefault(name, _text(element))

    def take(self, item: tuple[Fields, list[Fields]]) -> None:
        """Keep a post that readers may see, or note why not."""
        fields, comments = item
        if reason := _why_withheld(fields, self.has_passwords):
            self.left_out.append(LeftOut(reason, _place(fields)))
            if fields.get("wp:post_type") in PUBLIC_TYPES:
                self.left_out += [LeftOut(f"a comment under {reason}", _place(fields)) for _ in comments]
                self.held_back |= {_slug(fields), self._origin(fields)}
            return
        self.items.append(item)
        self.comments += len(comments)

    def author_names(self) -> list[str]:
        """Return every name that the author goes by: as set, displayed and logged in."""
        own = [name for account in self._own_accounts() for name in _account_names(account)]
        return list(dict.fromkeys([*([self.author_name] if self.author_name else []), *own]))

    def posts_by_author(self) -> list[Post]:
        """Return the posts, once all accounts are known; what another account wrote is not the author's voice."""
        own = self._own_accounts()
        if len(self.accounts) > len(own) and own:
            others = ", ".join(_account_names(one)[0] for one in self.accounts if one not in own)
            mine = _account_names(own[0])[0]
            self.notes.append(
                f"“{mine}” is taken for the author, not {others}. If that is wrong, set author in blog.toml"
            )
        users = {account.get("wp:author_id", "") for account in own}
        logins = {account.get("wp:author_login", "") for account in own}
        emails = self._emails_that_prove(own, users)
        return [self._post(fields, comments, users | emails, logins) for fields, comments in self.items]

    def _emails_that_prove(self, own: list[Fields], users: set[str]) -> set[str]:
        """Return the author's addresses, if she never comments logged in: WordPress asks nobody to prove an address."""
        written = [comment for _, comments in self.items for comment in comments]
        if any(comment.get("wp:comment_user_id") in users for comment in written):
            return set()
        emails = {account.get("wp:author_email", "").casefold() for account in own} - {""}
        if any(comment.get("wp:comment_author_email", "").casefold() in emails for comment in written):
            self.notes.append(
                "no comment was written from the author's account; those with her e-mail address are hers"
            )
        return emails

    def _own_accounts(self) -> list[Fields]:
        """Return the author's account: the one with the name that is set, else the one that wrote the most posts."""
        named = [one for one in self.accounts if self.author_name and self.author_name in _account_names(one)]
        if named or len(self.accounts) < 2:
            return named or self.accounts
        written = Counter(fields.get("dc:creator") for fields, _ in self.items)
        return [max(self.accounts, key=lambda one: written[one.get("wp:author_login")])]

    def _post(self, fields: Fields, comments: list[Fields], users: set[str], logins: set[str]) -> Post:
        """Return one item as a post."""
        is_own = not self.accounts or fields.get("dc:creator") in {None, *logins}
        voice = Voice.AUTHOR if is_own else Voice.READER
        return Post(
            slug=_slug(fields),
            title=" ".join(block.text for block in html_blocks(fields.get("title", ""))) or "Untitled",
            url=_web_address(fields.get("link")),
            date=_date(fields.get("wp:post_date")),
            blocks=tuple(replace(block, voice=voice) for block in html_blocks(fields.get("content:encoded", ""))),
            comments=tuple(self._comments(comments, fields, users)),
            origin=self._origin(fields),
        )

    def _comments(self, comments: list[Fields], post: Fields, users: set[str]) -> Iterator[Comment]:
        """Yield the approved comments of a post, oldest first."""
        seen: set[str] = set()
        for fields in sorted(comments, key=lambda one: (one.get("wp:comment_date", ""), _number(one))):
            number = fields.get("wp:comment_id", "")
            place = f"comment {number or '?'} under {_slug(post)}"
            blocks = html_blocks(fields.get("wp:comment_content", ""))
            reason = _why_comment_withheld(fields)
            if reason is None and not blocks:
                reason = "a comment without text"
            if reason is None and (not number or number in seen):
                reason = "a comment without a number of its own"
            if reason:
                self.left_out.append(LeftOut(reason, place))
                continue
            seen.add(number)
            parent = fields.get("wp:comment_parent", "0")
            name = fields.get("wp:comment_author", "")
            by_author = self._is_by_author(fields, post, users)
            yield Comment(
                id=number,
                parent=None if parent in ("", "0") else parent,
                by_author=by_author,
                blocks=blocks,
                date=_date(fields.get("wp:comment_date")),
                names=frozenset() if by_author else frozenset(re.findall(r"[^\W\d_]{2,}", name.casefold())),
            )

    def _is_by_author(self, fields: Fields, post: Fields, users: set[str]) -> bool:
        """Say whether a comment is the author's: by account, or by address where that has to do; never by name alone.

        Where an export lists no accounts (WXR 1.0), a logged-in comment under the name of the author, or of who
        wrote the post, counts.
        """
        user = fields.get("wp:comment_user_id", "0")
        if self.accounts and user in ("", "0"):
            return fields.get("wp:comment_author_email", "").casefold() in users
        if self.accounts or user in ("", "0"):
            return user in users
        return fields.get("wp:comment_author", "") in {self.author_name, post.get("dc:creator")} - {None, ""}

    def _origin(self, fields: Fields) -> str:
        """Return what the blog itself knows a post by; its slug may change, when it is binned for one."""
        blog = self.channel.get("wp:base_blog_url") or self.channel.get("link", "")
        return f"{blog}?p={fields.get('wp:post_id', '')}"


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
            text = self._held + part.translate(_LINE_ENDS, _CONTROL_BYTES)
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
                    inside = any(_name(one) == "item" for one in element.iterancestors())
                    last = None if inside else (_fields(element), _comments_of(element))
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
    """Return an element's simple children by name; of several with one name, the first.

    Of a field that decides who may see it every value is kept: one that withholds is not lost behind one that allows.
    """
    fields: Fields = {}
    for child in element:
        name, text = _name(child), _text(child)
        if name == "wp:post_password" and not text and (len(child) or child.text):
            text = "unreadable"
        if name in DECIDING and fields.get(name, text) != text:
            fields[name] = f"{fields[name]} and {text}"
        elif text or name == "wp:post_password":
            fields.setdefault(name, text)
        if name == "wp:postmeta" and _fields(child).get("wp:meta_key") in RESTRICTING_META:
            fields["restricted"] = _fields(child).get("wp:meta_value", "")
    return fields


def _comments_of(item: Any) -> list[Fields]:
    """Return the fields of an item's comments."""
    return [_fields(one) for one in item if _name(one) == "wp:comment"]


def _account_names(account: Fields) -> list[str]:
    """Return the names of an account: as displayed, and as logged in."""
    found = [account.get("wp:author_display_name"), account.get("wp:author_login")]
    return [name for name in found if name] or ["?"]


def _text(element: Any) -> str:
    """Return the text of an element. HTML's own entities are read, any other is dropped, and none is expanded."""
    parts = [element.text or ""]
    for child in element:
        if child.tag is etree.Entity:
            character = unescape(f"&{child.name};")
            parts.append(character if not character.startswith("&") else "")
        elif isinstance(child.tag, str):
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts).strip()


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


def _why_withheld(fields: Fields, has_passwords: bool) -> str | None:
    """Say why an item is not for readers, or return None. What does not say that it is public is not taken for it.

    `has_passwords` says that the export has a field for passwords; an item without it is damaged.
    """
    status, kind = fields.get("wp:status", ""), fields.get("wp:post_type", "")
    if kind not in PUBLIC_TYPES:
        return "a picture, menu or other item that is no post"
    if status != "publish":
        return NOT_PUBLISHED.get(status, "a post that is not published")
    if fields.get("restricted", "everybody") not in ("", "everybody"):
        return "a post for subscribers only"
    if fields.get("wp:post_password", "unreadable" if has_passwords else ""):
        return "a password-protected post"
    return None


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
    address = _web_address(fields.get("link"))
    path = urlsplit(address).path.strip("/").rpartition("/")[2] if address else ""
    slug = _BINNED.sub("", unquote(fields.get("wp:post_name") or path))
    return slug or f"post-{fields.get('wp:post_id', '0')}"


def _number(fields: Fields) -> int:
    """Return a comment's id as a number for sorting."""
    number = fields.get("wp:comment_id", "")
    return int(number) if number.isdecimal() and len(number) < 20 else 0


def _date(value: str | None) -> str | None:
    """Return the day of a WordPress date as YYYY-MM-DD; WordPress writes 0000-00-00 for none."""
    return value[:10] if value and _DATE.match(value) else None


def _web_address(value: str | None) -> str | None:
    """Return the address if it is http or https."""
    try:
        return value if value and urlsplit(value).scheme in ("http", "https") else None
    except ValueError:
        return None
