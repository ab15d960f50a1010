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
from pathlib import Path
from urllib.parse import unquote, urlsplit

from askedbefore.errors import SourceError
from askedbefore.markup import html_blocks
from askedbefore.reading.harvest import Harvest, LeftOut
from askedbefore.reading.wxr import ExportFile, Fields, Item
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
NOT_APPROVED = {"0": "a comment waiting for approval", "spam": "spam", "trash": "a comment in the bin"}

_BINNED = re.compile(r"__trashed(?:-\d+)?$")
_DATE = re.compile(r"(?!0000)\d{4}-\d\d-\d\d")


def recognise(head: bytes) -> bool:
    """Say whether a file that begins like this is a WordPress export."""
    return b"<rss" in head and (b"wordpress.org/export/" in head or b"<wp:" in head)


def read(path: Path, settings: Settings) -> Harvest:
    """Read an export file. Raises SourceError when the file cannot be read at all."""
    file = ExportFile(path)
    export = _Export(file, settings.author)
    try:
        for item in file.items():
            export.take(item)
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror or error}. The index is as it was.") from error
    posts = export.posts_by_author()
    if file.breaks_off:
        export.left_out.append(LeftOut("an item that the damaged file breaks off in", "the end of the file"))
    if file.damage:
        export.notes.append(f"{file.damage}; what could be read was. Export it again if you can.")
    return Harvest(
        posts=tuple(posts),
        comments=export.comments,
        left_out=tuple(export.left_out),
        notes=tuple(f"{path.name}: {note}" for note in export.notes),
        held_back=frozenset(export.held_back),
        made=export.made,
        title=file.channel.get("title") or None,
        url=_web_address(file.channel.get("wp:base_blog_url") or file.channel.get("link")),
        authors=tuple(export.author_names()),
    )


@dataclass
class _Export:
    """What has been read so far. `author_name` is the author's as set in blog.toml."""

    file: ExportFile
    author_name: str | None
    items: list[Item] = field(default_factory=list)
    comments: int = 0
    left_out: list[LeftOut] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    held_back: set[str] = field(default_factory=set)

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
                self.held_back |= {_slug(fields), self._origin(fields) or _slug(fields)}
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
        if len(self.file.accounts) > len(own) and own:
            others = ", ".join(_account_names(one)[0] for one in self.file.accounts if one not in own)
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
        named = [one for one in self.file.accounts if self.author_name and self.author_name in _account_names(one)]
        if named or len(self.file.accounts) < 2:
            return named or self.file.accounts
        written = Counter(fields.get("dc:creator") for fields, _ in self.items)
        return [max(self.file.accounts, key=lambda one: written[one.get("wp:author_login")])]

    def _post(self, fields: Fields, comments: list[Fields], users: set[str], logins: set[str]) -> Post:
        """Return one item as a post."""
        is_own = not self.file.accounts or fields.get("dc:creator") in {None, *logins}
        voice = Voice.AUTHOR if is_own else Voice.READER
        return Post(
            slug=_slug(fields),
            title=" ".join(block.text for block in html_blocks(fields.get("title", ""))) or "Untitled",
            url=_web_address(fields.get("link")),
            date=_date(fields.get("wp:post_date")),
            blocks=tuple(replace(block, voice=voice) for block in html_blocks(fields.get("content:encoded", ""))),
            comments=tuple(self._comments(comments, fields, users)),
            origin=self._origin(fields),
            categories=tuple(_categories(fields.get("category", ""))),
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
        if self.file.accounts and user in ("", "0"):
            return fields.get("wp:comment_author_email", "").casefold() in users
        if self.file.accounts or user in ("", "0"):
            return user in users
        return fields.get("wp:comment_author", "") in {self.author_name, post.get("dc:creator")} - {None, ""}

    def _origin(self, fields: Fields) -> str | None:
        """Return what the blog itself knows a post by; its slug may change, when it is binned for one."""
        blog = self.file.channel.get("wp:base_blog_url") or self.file.channel.get("link")
        number = fields.get("wp:post_id")
        return f"{blog}?p={number}" if blog and number else None


def _account_names(account: Fields) -> list[str]:
    """Return the names of an account: as displayed, and as logged in."""
    found = [account.get("wp:author_display_name"), account.get("wp:author_login")]
    return [name for name in found if name] or ["?"]


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
