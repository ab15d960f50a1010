"""Blogger's backup: the one of Settings > Back up content (`blog-01-31-2020.xml`), and Google Takeout's `feed.atom`.

Both are one Atom feed of posts, pages and comments. Who wrote a comment is proven by the profile that a post's author
has too. A visitor may type any name and any address, a profile's too, so a profile counts only where nothing speaks
against it: Takeout says of each writer what kind of account it was; the older backup has a picture that says so, and
a number for each account, which one profile has only one of, and shares with no other.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from askedbefore.errors import SourceError
from askedbefore.reading.authorship import name_words
from askedbefore.reading.bloggerfeed import Entry, feed_fields, open_feed, read_entry
from askedbefore.reading.harvest import Account, Harvest, LeftOut
from askedbefore.reading.webtext import day_of, nearest_kept, plain_title, slug_of, web_address, web_blocks
from askedbefore.records import Comment, Post
from askedbefore.settings import FILE_NAME, Settings

NOT_LIVE = {
    "draft": "a draft",
    "scheduled": "a post scheduled for later",
    "soft_trashed": "a post in the bin",
    "trashed": "a post in the bin",
}
WRITTEN = ("post", "page")
AGAIN = "Make a new backup in Blogger"

_REMOVED = re.compile(r"This comment has been removed by (?:the author|a blog administrator)\.?|Comment deleted")
_ANCHOR = re.compile(r"c\d+")
# What Blogger shows for those who typed a name and an address, or logged in elsewhere.
_VISITORS_PICTURE = re.compile(r"/(?:blank|anon\d*|openid[\w-]*|lj[\w-]*|wordpress[\w-]*|aim[\w-]*)\.(?:gif|png)$")


def recognise(head: bytes) -> bool:
    """Say whether a file that begins like this is a backup of a Blogger blog."""
    return b"<feed" in head and (b"blogger/2008/kind#" in head or b"schemas.google.com/blogger/2018" in head)


def read(path: Path, settings: Settings) -> Harvest:
    """Read a backup. Raises OSError when the file cannot be read, SourceError when nothing in it can be."""
    file = open_feed(path)
    entries = list(file.records(lambda _, element: read_entry(file, element)))
    if not entries and file.damage:
        raise SourceError(f"{file.damage}, and nothing before that is whole. {AGAIN}")
    feed = feed_fields(file)
    backup = _Backup(entries, web_address(feed.get("alternate", "")) or settings.url)
    posts = list(backup.posts())
    threads = list(backup.threads())
    if file.breaks_off:
        backup.left_out.append(LeftOut("an item that the damaged file breaks off in", "the end of the file"))
    if file.damage:
        backup.notes.append(f"{file.damage}; what could be read was. {AGAIN} if you can")
    if any(post.url is None for post in posts):
        backup.notes.append(f"its posts have no address, so their passages have no link; set url in {FILE_NAME}")
    return Harvest(
        posts=tuple(posts),
        threads=tuple(threads),
        comments=backup.comments,
        left_out=tuple(backup.left_out),
        notes=tuple(backup.notes),
        guesses=tuple(backup.guesses()),
        held_back=frozenset(backup.held_back),
        held_back_comments=frozenset(backup.held_back_comments),
        made=feed.get("updated", "") if day_of(feed.get("updated", "")) else "",
        complete=not (file.damage or file.breaks_off),
        numbering="blogger",
        title=plain_title(feed.get("title", "")) or None,
        url=backup.url,
        accounts=tuple(backup.accounts()),
    )


class _Writers:
    """Which comments are proven to be written from the profile that they carry."""

    def __init__(self, comments: Sequence[Entry]) -> None:
        """Learn which number Blogger has for each profile."""
        profiles: dict[str, set[str]] = defaultdict(set)
        numbers: dict[str, Counter[str]] = defaultdict(Counter)
        for comment in comments:
            profiles[comment.writer.person].add(comment.writer.profile)
            numbers[comment.writer.profile][comment.writer.person] += 1
        self._shared = {number for number, known in profiles.items() if number and len(known) > 1}
        self._own = {profile: _most_frequent(counts) for profile, counts in numbers.items()}

    def account(self, comment: Entry) -> str | None:
        """Return the profile that a comment was written from, if a visitor cannot have typed it."""
        writer = comment.writer
        if not writer.profile or (writer.kind and writer.kind != "blogger"):
            return None
        if writer.person in self._shared or writer.person != self._own.get(writer.profile):
            return None
        return None if _VISITORS_PICTURE.search(writer.picture) else writer.profile


@dataclass
class _Backup:
    """The entries of a backup, and what comes of them. `url` is the blog's address."""

    entries: list[Entry]
    url: str | None
    comments: int = 0
    left_out: list[LeftOut] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    held_back: set[str] = field(default_factory=set)
    held_back_comments: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Sort the entries by what they are; what is none of them is left out."""
        self._written = [entry for entry in self.entries if entry.kind in WRITTEN]
        self._said = _under_posts([entry for entry in self.entries if entry.kind == "comment"])
        self._writers = _Writers([entry for entry in self.entries if entry.kind == "comment"])
        self.left_out += [
            LeftOut("a setting, template or other item that is no post", f"item {entry.number or '?'}")
            for entry in self.entries
            if entry.kind not in (*WRITTEN, "comment")
        ]

    def posts(self) -> Iterator[Post]:
        """Yield the public posts with their comments."""
        now = datetime.now(UTC)
        for entry in self._written:
            comments = self._said.pop(entry.number, [])
            if reason := _why_withheld(entry, now):
                self._hold_back(entry, reason, comments)
                continue
            yield Post(
                slug=self._slug(entry),
                title=plain_title(entry.title) or "Untitled",
                url=self._address(entry),
                date=entry.day,
                blocks=web_blocks(entry.content),
                comments=tuple(self._comments(comments, entry.number)),
                origin=_origin(entry.blog, entry.number),
                categories=entry.labels,
                account=_author_key(entry) or None,
            )

    def threads(self) -> Iterator[Post]:
        """Yield the comments whose posts are not in the file, once those that are have been taken."""
        for number, entries in self._said.items():
            address = web_address(entries[0].post_link)
            comments = tuple(self._comments(entries, number or "?"))
            slug = slug_of(address or "") or f"post-{number or '0'}"
            yield Post(slug, "Untitled", address, None, (), comments, origin=_origin(entries[0].blog, entries[0].post))

    def accounts(self) -> Iterator[Account]:
        """Yield who wrote posts; only whom the blog lets in does, so where there is no profile a name will do."""
        names: dict[str, dict[str, None]] = defaultdict(dict)
        for entry in self._written:
            if (key := _author_key(entry)) and entry.writer.name:
                names[key][entry.writer.name] = None
        yield from (Account(key, tuple(known)) for key, known in names.items())

    def guesses(self) -> Iterator[str]:
        """Say how many comments carry the profile of somebody who writes posts, and are not taken for theirs."""
        profiles = {entry.writer.profile for entry in self._written} - {""}
        comments = [entry for entry in self.entries if entry.kind == "comment" and entry.writer.profile in profiles]
        if doubted := sum(self._writers.account(entry) is None for entry in comments):
            yield (
                f"{doubted:,} of its comments {'is' if doubted == 1 else 'are'} taken for a reader's, although under "
                "the profile of somebody who writes posts: a visitor can type the address of a profile."
            )

    def _hold_back(self, entry: Entry, reason: str, comments: Sequence[Entry]) -> None:
        """Note a post that is not public, with all that hangs on it."""
        self.left_out.append(LeftOut(reason, f"{entry.kind} {entry.number or '?'}"))
        self.left_out += [LeftOut(f"a comment under {reason}", f"comment {one.number or '?'}") for one in comments]
        names = (self._address(entry), _origin(entry.blog, entry.number), self._slug(entry))
        self.held_back |= {name for name in names if name}
        self.held_back_comments |= {_anchor(one) for one in comments}

    def _comments(self, entries: Sequence[Entry], under: str) -> Iterator[Comment]:
        """Yield the public comments of a post, oldest first."""
        self.comments += len(entries)
        ordered = sorted(entries, key=lambda one: (one.published, len(one.number), one.number))
        kept: dict[str, Comment] = {}
        for entry in ordered:
            comment = Comment(
                id=entry.number,
                parent=None,
                by_author=False,
                blocks=web_blocks(entry.content),
                date=entry.day,
                names=name_words(entry.writer.name),
                anchor=_anchor(entry),
                account=self._writers.account(entry),
            )
            reason = _why_comment_withheld(entry, comment.text)
            if reason is None and (not entry.number or entry.number in kept):
                reason = "a comment without a number of its own"
            if reason is None:
                kept[entry.number] = comment
                continue
            self.left_out.append(LeftOut(reason, f"comment {entry.number or '?'} under post {under}"))
            if entry.number not in kept:
                self.held_back_comments.add(_anchor(entry))
        above = nearest_kept({entry.number: entry.parent for entry in ordered}, kept)
        yield from (replace(comment, parent=above[number]) for number, comment in kept.items())

    def _address(self, entry: Entry) -> str | None:
        """Return a post's link: its own, or the blog's address with the file name that Takeout gives."""
        if own := web_address(entry.link):
            return own
        return f"{self.url.rstrip('/')}/{entry.file_name.lstrip('/')}" if self.url and entry.file_name else None

    def _slug(self, entry: Entry) -> str:
        """Return a post's slug."""
        return slug_of(self._address(entry) or entry.file_name) or f"{entry.kind}-{entry.number or '0'}"


def _most_frequent(counts: Counter[str]) -> str | None:
    """Return what is counted most often, None when that is not one."""
    first, *others = counts.most_common(2)
    return None if others and others[0][1] == first[1] else first[0]


def _under_posts(comments: Sequence[Entry]) -> dict[str, list[Entry]]:
    """Return the comments by the number of their post, else by its link.

    What answers a comment may name that one as what it stands under.
    """
    by_number = {comment.number: comment for comment in comments if comment.number}
    found: dict[str, list[Entry]] = defaultdict(list)
    posts: dict[str, str] = {}  # of each comment that stands under another, the post in the end
    for comment in comments:
        path: dict[str, None] = {}
        at = comment.post
        while at in by_number and at not in posts and at not in path:
            path[at] = None
            at = by_number[at].post
        post = posts.get(at, at)
        posts.update(dict.fromkeys(path, post))
        answered = comment.parent or (comment.post if comment.post in by_number else None)
        found[post or comment.post_link].append(replace(comment, parent=answered, post=post))
    return found


def _why_withheld(entry: Entry, now: datetime) -> str | None:
    """Say why a post is not for readers, or return None. What does not say that it is public is not taken for it."""
    for status in entry.statuses:
        if status != "live":
            return NOT_LIVE.get(status, "a post that is not published")
    try:
        published = datetime.fromisoformat(entry.published)
        is_later = (published if published.tzinfo else published.replace(tzinfo=UTC)) > now
    except (ValueError, OverflowError):
        return "a post without a date, as damage leaves it"
    if not entry.number or not _author_key(entry):
        return "a post without a number or author, as damage leaves it"
    return "a post scheduled for later" if is_later else None


def _why_comment_withheld(entry: Entry, text: str) -> str | None:
    """Say why a comment is not for readers, or return None."""
    for status in entry.statuses:
        if status != "live":
            return "spam" if "spam" in status else "a comment that is not published"
    if entry.is_removed or _REMOVED.fullmatch(text):
        return "a comment that was removed"
    return None if text else "a comment without text"


def _author_key(entry: Entry) -> str:
    """Return what a post's author is known by."""
    return entry.writer.profile or (f"name {entry.writer.name}" if entry.writer.name else "")


def _anchor(entry: Entry) -> str:
    """Return where the page has a comment: as its own link says, else as Blogger makes it of the number."""
    own = entry.link.partition("#")[2]
    return own if _ANCHOR.fullmatch(own) else f"c{entry.number}"


def _origin(blog: str, number: str) -> str | None:
    """Return what Blogger knows a post by, in the form of an address."""
    return f"https://www.blogger.com/{blog}/?p={number}" if blog and number else None
