"""Disqus's XML (Community > Export): comments whose posts are in other sources, joined to them by their link.

Anybody can have an account at Disqus, under any display name, so an account alone does not make its owner the author.
Known as somebody who can write posts is the account that opened the threads, which is the blog's own, and one whose
user name stands as `author` in `blog.toml`.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from askedbefore.cleantext import clean_text
from askedbefore.errors import SourceError
from askedbefore.places import read_address
from askedbefore.reading.authorship import name_words
from askedbefore.reading.harvest import Account, Harvest, LeftOut
from askedbefore.reading.webtext import day_of, nearest_kept, plain_title, slug_of, web_address, web_blocks
from askedbefore.reading.xmlrecords import RecordFile, attribute, text_of
from askedbefore.records import Comment, Post
from askedbefore.settings import FILE_NAME, Settings

AGAIN = "Export it from Disqus again"
_POST_NUMBER = re.compile(r"\d+\s+(https?://\S+)")  # how the WordPress plugin names a thread: "12 https://…/?p=12"


@dataclass(frozen=True, slots=True)
class _User:
    """Who wrote something: the name shown, and the user name of an account, "" without one."""

    name: str
    account: str


@dataclass(frozen=True, slots=True)
class _Thread:
    """The comments of one page."""

    number: str
    identifier: str
    link: str
    title: str
    is_deleted: bool
    opened_by: _User


@dataclass(frozen=True, slots=True)
class _Said:
    """A comment; `withheld` says why it is not for readers."""

    number: str
    thread: str
    parent: str | None
    message: str
    created: str
    withheld: str | None
    user: _User


def recognise(head: bytes) -> bool:
    """Say whether a file that begins like this is an export from Disqus."""
    return b"<disqus" in head and b"disqus.com" in head


def read(path: Path, settings: Settings) -> Harvest:
    """Read an export. Raises OSError when the file cannot be read, SourceError when nothing in it can be."""
    file = RecordFile(path, "disqus", frozenset({"thread", "post"}), {})
    export = _Export(settings)
    records: Iterator[_Thread | _Said] = file.records(lambda name, element: _read_record(file, name, element))
    for record in records:
        if isinstance(record, _Thread):
            export.threads.setdefault(record.number, record)
        else:
            export.said[record.thread].append(record)
    if not export.threads and file.damage:
        raise SourceError(f"{file.damage}, and no thread before that is whole. {AGAIN}")
    threads = list(export.posts())
    if file.breaks_off:
        export.left_out.append(LeftOut("an item that the damaged file breaks off in", "the end of the file"))
    if file.damage:
        export.notes.append(f"{file.damage}; what could be read was. {AGAIN} if you can")
    return Harvest(
        threads=tuple(threads),
        comments=export.comments,
        left_out=tuple(export.left_out),
        notes=tuple(export.notes),
        guesses=tuple(export.guesses()),
        held_back_comments=frozenset(export.held_back_comments),
        complete=not (file.damage or file.breaks_off),
        numbering="disqus",
        accounts=tuple(export.accounts()),
    )


@dataclass
class _Export:
    """What has been read so far: threads by number, and comments by the number of their thread."""

    settings: Settings
    threads: dict[str, _Thread] = field(default_factory=dict)
    said: dict[str, list[_Said]] = field(default_factory=lambda: defaultdict(list))
    comments: int = 0
    left_out: list[LeftOut] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    held_back_comments: set[str] = field(default_factory=set)

    def posts(self) -> Iterator[Post]:
        """Yield what hangs on each page: the threads of one page, which Disqus may have several of, are one."""
        for number, comments in self.said.items():
            thread = self.threads.get(number)
            if thread is None or thread.is_deleted:
                reason = "a comment under a deleted thread" if thread else "a comment whose thread is not in the file"
                self.left_out += [LeftOut(reason, f"comment {one.number or '?'}") for one in comments]
                self.held_back_comments |= {f"comment-{one.number}" for one in comments if thread}
        pages: dict[object, list[_Thread]] = defaultdict(list)
        for thread in self.threads.values():
            if not thread.is_deleted and self.said.get(thread.number):
                pages[self._page(thread)].append(thread)
        for threads in pages.values():
            first = threads[0]
            comments = [one for thread in threads for one in self.said[thread.number]]
            link = web_address(first.link)
            yield Post(
                slug=slug_of(link or "") or f"thread-{first.number}",
                title=plain_title(first.title) or "Untitled",
                url=link,
                date=None,
                blocks=(),
                comments=tuple(self._comments(comments, f"thread {first.number}")),
                origin=next((one for thread in threads if (one := self._origin(thread))), None),
            )

    def accounts(self) -> Iterator[Account]:
        """Yield the accounts that can be the author's."""
        names: dict[str, dict[str, None]] = defaultdict(dict)
        for thread in self.threads.values():
            if thread.opened_by.account:
                names[thread.opened_by.account][thread.opened_by.name] = None
        users = {one.user.account for comments in self.said.values() for one in comments} - {""}
        for user in users & set(self.settings.authors):
            names[user][user] = None
        for user in sorted(names):
            yield Account(user, tuple(dict.fromkeys([*(name for name in names[user] if name), user])))

    def guesses(self) -> Iterator[str]:
        """Say whose comments can be the author's."""
        opened_by = {thread.opened_by.account for thread in self.threads.values()} - {""}
        if not self.comments or set(self.settings.authors) & opened_by:
            return
        if not opened_by:
            yield (
                "No account opened the threads, so no comment is taken for the author's. "
                f"Add the author's Disqus user name to author in {FILE_NAME}."
            )
            return
        names = ", ".join(f"{', '.join(account.names)}" for account in self.accounts())
        yield (
            f"Only an account that opened threads can be the author's, and is if it has her name: {names}. "
            f"If she writes there under another, add its user name to author in {FILE_NAME}."
        )

    def _page(self, thread: _Thread) -> object:
        """Return what threads of one page have in common."""
        for link in (thread.link, self._origin(thread) or ""):
            try:
                host, path = read_address(link) if web_address(link) else ("", "")
            except ValueError:
                continue
            if path:
                return host, path
        return thread.number

    def _origin(self, thread: _Thread) -> str | None:
        """Return what the blog itself knows the page by, if the thread's identifier says so."""
        if found := _POST_NUMBER.fullmatch(thread.identifier):
            return web_address(found[1])
        if thread.identifier.startswith("/"):
            try:
                return web_address(urljoin(web_address(thread.link) or self.settings.url or "", thread.identifier))
            except ValueError:
                return None
        return web_address(thread.identifier)

    def _comments(self, said: Sequence[_Said], under: str) -> Iterator[Comment]:
        """Yield the public comments of a page, oldest first."""
        self.comments += len(said)
        ordered = sorted(said, key=lambda one: (one.created, len(one.number), one.number))
        kept: dict[str, Comment] = {}
        for one in ordered:
            anchor = f"comment-{one.number}"
            blocks = web_blocks(one.message)
            reason = one.withheld or (None if blocks else "a comment without text")
            if reason is None and (not one.number or one.number in kept):
                reason = "a comment without a number of its own"
            if reason:
                self.left_out.append(LeftOut(reason, f"comment {one.number or '?'} under {under}"))
                self.held_back_comments |= {anchor} if one.number not in kept else set()
                continue
            kept[one.number] = Comment(
                id=one.number,
                parent=None,
                by_author=False,
                blocks=blocks,
                date=day_of(one.created),
                names=name_words(one.user.name),
                anchor=anchor,
                account=one.user.account or None,
            )
        above = nearest_kept({one.number: one.parent for one in ordered}, kept)
        yield from (replace(comment, parent=above[number]) for number, comment in kept.items())


def _read_record(file: RecordFile, name: str, element: Any) -> "_Thread | _Said":
    """Return a thread or a comment."""
    return _read_thread(file, element) if name == "thread" else _read_post(file, element)


def _read_thread(file: RecordFile, element: Any) -> _Thread:
    """Return a thread as it stands in the file."""
    inner = _inner(file, element)
    return _Thread(
        number=attribute(element, "id"),
        identifier=clean_text(_text(inner, "id")),
        link=clean_text(_text(inner, "link")),
        title=_text(inner, "title"),
        is_deleted=not _says(inner, "isDeleted", "false", without=True) or not _says(inner, "isKilled", "false", True),
        opened_by=_user(file, inner),
    )


def _read_post(file: RecordFile, element: Any) -> _Said:
    """Return a comment, which Disqus calls a post, as it stands in the file."""
    inner = _inner(file, element)
    withheld = None
    if not _says(inner, "isSpam", "false", without=False):
        withheld = "spam"
    elif not _says(inner, "isDeleted", "false", without=False):
        withheld = "a comment in the bin"
    elif not _says(inner, "isApproved", "true", without=True):
        withheld = "a comment waiting for approval"
    elif any(name in ("post", "thread") and len(child) for name, child in file.children(element)):
        withheld = "a comment that damage has made one with another"
    return _Said(
        number=attribute(element, "id"),
        thread=attribute(inner["thread"][0], "id") if inner["thread"] else "",
        parent=attribute(inner["parent"][0], "id") or None if inner["parent"] else None,
        message=_text(inner, "message"),
        created=_text(inner, "createdAt"),
        withheld=withheld,
        user=_user(file, inner),
    )


def _inner(file: RecordFile, element: Any) -> dict[str, list[Any]]:
    """Return the elements in an element by name."""
    inner: dict[str, list[Any]] = defaultdict(list)
    for name, child in file.children(element):
        inner[name].append(child)
    return inner


def _text(inner: dict[str, list[Any]], name: str) -> str:
    """Return the text of the first element of a name, "" without one."""
    return text_of(inner[name][0]) if inner[name] else ""


def _says(inner: dict[str, list[Any]], name: str, wanted: str, without: bool) -> bool:
    """Say whether all elements of a name say what is wanted; `without` is the answer where there is none."""
    return all(text_of(one).lower() == wanted for one in inner[name]) if inner[name] else without


def _user(file: RecordFile, inner: dict[str, list[Any]]) -> _User:
    """Return who wrote something; not the mail address, which nothing here needs."""
    if not inner["author"]:
        return _User("", "")
    author = _inner(file, inner["author"][0])
    is_known = _says(author, "isAnonymous", "false", without=False)
    return _User(clean_text(_text(author, "name")), clean_text(_text(author, "username")) if is_known else "")
