"""WordPress exports (WXR 1.0 to 1.2), as written by Tools > Export.

The file is parsed as a stream, damage is passed over where possible, and no entity is expanded. Whatever is
not published to everybody stays out: drafts, private, scheduled and password-protected posts with all that
hangs on them, comments that wait, are spam or binned, pingbacks and trackbacks. Of who wrote a comment only two
things are taken: whether it was the author, and the words of the name, so that they can be kept out of what is shown.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from askedbefore.markup import html_blocks
from askedbefore.reading.authorship import name_words
from askedbefore.reading.harvest import Account, Harvest, LeftOut
from askedbefore.reading.wxr import ExportFile, Fields, Item
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

_BINNED = re.compile(r"__trashed(?:-\d+)?$")
_DATE = re.compile(r"(?!0000)\d{4}-\d\d-\d\d")


def recognise(head: bytes) -> bool:
    """Say whether a file that begins like this is a WordPress export."""
    return b"<rss" in head and (b"wordpress.org/export/" in head or b"<wp:" in head)


def read(path: Path, _: Settings) -> Harvest:
    """Read an export file. Raises OSError when the file cannot be read at all."""
    file = ExportFile(path)
    export = _Export(file)
    for item in file.items():
        export.take(item)
    posts = export.posts()
    if file.breaks_off:
        export.left_out.append(LeftOut("an item that the damaged file breaks off in", "the end of the file"))
    if file.damage:
        export.notes.append(f"{file.damage}; what could be read was. Export it again if you can.")
    return Harvest(
        posts=tuple(posts),
        comments=export.comments,
        left_out=tuple(export.left_out),
        notes=tuple(export.notes),
        guesses=tuple(export.guesses),
        held_back=frozenset(export.held_back),
        held_back_comments=frozenset(export.held_back_comments),
        made=export.made,
        complete=not (file.damage or file.breaks_off),
        numbering="wordpress",
        title=file.channel.get("title") or None,
        url=_web_address(file.channel.get("wp:base_blog_url") or file.channel.get("link")),
        accounts=tuple(export.accounts()),
    )


@dataclass
class _Export:
    """What has been read so far."""

    file: ExportFile
    items: list[Item] = field(default_factory=list)
    comments: int = 0
    left_out: list[LeftOut] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    guesses: list[str] = field(default_factory=list)
    held_back: set[str] = field(default_factory=set)
    held_back_comments: set[str] = field(default_factory=set)

    @property
    def made(self) -> str:
        """Return the date of the export as ISO 8601, or ""."""
        try:
            return parsedate_to_datetime(self.file.channel.get("pubDate", "")).isoformat()
        except ValueError:
            return ""

    def take(self, item: Item) -> None:
        """Keep a post that readers may see, or note why not."""
        fields, comments = item
        if reason := _why_withheld(fields, self.file.has_passwords):
            self.left_out.append(LeftOut(reason, _place(fields)))
            if fields.get("wp:post_type") in PUBLIC_TYPES:
                self.left_out += [LeftOut(f"a comment under {reason}", _place(fields)) for _ in comments]
                link = _web_address(fields.get("link"))
                self.held_back |= {_slug(fields), self._origin(fields) or _slug(fields), link or _slug(fields)}
            return
        self.items.append(item)
        self.comments += len(comments)

    def accounts(self) -> Iterator[Account]:
        """Yield who can write posts. An export without a list (WXR 1.0) names them only over what they wrote."""
        for fields in self.file.accounts:
            names = (fields.get("wp:author_display_name"), fields.get("wp:author_login"))
            yield Account(_account_key(fields), tuple(dict.fromkeys(name for name in names if name)))
        if not self.file.accounts:
            creators = dict.fromkeys(fields.get("dc:creator") for fields, _ in self.items)
            yield from (Account(name, (name,)) for name in creators if name)

    def posts(self) -> list[Post]:
        """Return the posts, once all accounts are known."""
        keys = {fields.get("wp:author_login", ""): _account_key(fields) for fields in self.file.accounts}
        emails = self._emails_that_prove()
        return [self._post(fields, comments, keys, emails) for fields, comments in self.items]

    def _emails_that_prove(self) -> dict[str, str]:
        """Return the addresses of accounts that never comment logged in: WordPress asks nobody to prove an address."""
        written = [comment for _, comments in self.items for comment in comments]
        logged_in = {comment.get("wp:comment_user_id", "0") for comment in written}
        emails = {
            email: _account_key(fields)
            for fields in self.file.accounts
            if (email := _email(fields.get("wp:author_email", ""))) and _account_key(fields) not in logged_in
        }
        if any(_email(comment.get("wp:comment_author_email", "")) in emails for comment in written):
            self.guesses.append(
                "Comments that were not written from an account, but under an e-mail address that an account has, are "
                "taken for that account's. Only the blog knows such addresses, but it asks nobody to prove one."
            )
        return emails

    def _post(self, fields: Fields, comments: list[Fields], keys: dict[str, str], emails: dict[str, str]) -> Post:
        """Return one item as a post."""
        creator = fields.get("dc:creator")
        return Post(
            slug=_slug(fields),
            title=" ".join(block.text for block in html_blocks(fields.get("title", ""))) or "Untitled",
            url=_web_address(fields.get("link")),
            date=_date(fields.get("wp:post_date")),
            blocks=html_blocks(fields.get("content:encoded", "")),
            comments=tuple(self._comments(comments, fields, emails)),
            origin=self._origin(fields),
            categories=tuple(_categories(fields.get("category", ""))),
            account=keys.get(creator, creator) if creator else None,
        )

    def _comments(self, comments: list[Fields], post: Fields, emails: dict[str, str]) -> Iterator[Comment]:
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
                self.held_back_comments |= {f"comment-{number}"} - {f"comment-{one}" for one in seen}
                continue
            seen.add(number)
            parent = fields.get("wp:comment_parent", "0")
            yield Comment(
                id=number,
                parent=None if parent in ("", "0") else parent,
                by_author=False,
                blocks=blocks,
                date=_date(fields.get("wp:comment_date")),
                names=name_words(fields.get("wp:comment_author", "")),
                anchor=f"comment-{number}",
                account=self._account_of(fields, emails),
            )

    def _account_of(self, fields: Fields, emails: dict[str, str]) -> str | None:
        """Return the key of the account that a comment is by: logged in, or by address where that has to do."""
        user = fields.get("wp:comment_user_id", "0")
        if user not in ("", "0"):
            return user if self.file.accounts else fields.get("wp:comment_author")
        return emails.get(_email(fields.get("wp:comment_author_email", "")))

    def _origin(self, fields: Fields) -> str | None:
        """Return what the blog itself knows a post by; its slug may change, when it is binned for one."""
        blog = self.file.channel.get("wp:base_blog_url") or self.file.channel.get("link")
        number = fields.get("wp:post_id")
        return f"{blog}?p={number}" if blog and number else None


def _account_key(fields: Fields) -> str:
    """Return what comments and posts know an account by."""
    return fields.get("wp:author_id") or fields.get("wp:author_login", "")


def _email(address: str) -> str:
    """Return a hash of an e-mail address, "" for none; the address itself is not kept."""
    plain = address.strip().casefold()
    return hashlib.sha256(plain.encode()).hexdigest() if plain else ""


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


def _categories(lines: str) -> Iterator[str]:
    """Yield the names of a post's categories; WordPress files what has none under one that says so."""
    for line in lines.split("\n"):
        name = " ".join(block.text for block in html_blocks(line))
        if name and name.casefold() != "uncategorized":
            yield name


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
