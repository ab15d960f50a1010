"""A blog fetched from the network (`askedbefore fetch`): one JSON record a line, as `fetching/kept.py` writes them.

It gives the same as an export of the blog would, but for the signs that WordPress makes typographic on its pages.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast
from urllib.parse import unquote, urlsplit

from askedbefore.errors import FetchError, SourceError
from askedbefore.fetching.kept import CategoryRecord, CommentRecord, Kept, PostRecord, UserRecord, is_kept, read_kept
from askedbefore.markup import html_blocks
from askedbefore.reading.authorship import name_words
from askedbefore.reading.harvest import Account, Harvest, LeftOut
from askedbefore.records import Comment, Post
from askedbefore.settings import Settings


def recognise(head: bytes) -> bool:
    """Say whether a file that begins like this is a fetched blog."""
    return is_kept(head)


def read(path: Path, _: Settings) -> Harvest:
    """Read a fetched blog. Raises OSError when the file cannot be read, SourceError when it cannot be used."""
    try:
        kept = read_kept(path)
    except FetchError as error:
        raise SourceError(str(error)) from error
    posts = cast(list[PostRecord], [*kept.of_kind("post").values(), *kept.of_kind("page").values()])
    open_posts = sorted((post for post in posts if not post.protected), key=lambda post: post.id)
    under: dict[int, list[CommentRecord]] = {post.id: [] for post in open_posts}
    left_out = [LeftOut("a password-protected post", f"{post.kind} {post.id}") for post in posts if post.protected]
    comments = cast(dict[int, CommentRecord], kept.of_kind("comment"))
    for comment in comments.values():
        if comment.post in under:
            under[comment.post].append(comment)
        else:
            left_out.append(LeftOut("a comment under something that is no post", f"comment {comment.id}"))
    reader = _Reader(kept, left_out)
    return Harvest(
        posts=tuple(reader.post(post, under[post.id]) for post in open_posts),
        comments=sum(len(some) for some in under.values()),
        left_out=tuple(left_out),
        notes=tuple(_notes(kept)),
        held_back=frozenset(reader.held_back(posts)),
        held_back_comments=frozenset(reader.without_text),
        made=kept.header.fetched,
        complete=_is_whole(kept) and "comments" not in kept.header.closed,
        numbering="wordpress",
        title=kept.header.name or None,
        url=_web_address(kept.header.blog),
        accounts=tuple(_accounts(kept, posts)),
    )


class _Reader:
    """Makes posts and comments of the records."""

    def __init__(self, kept: Kept, left_out: list[LeftOut]) -> None:
        """Take the file, and the list that grows with what is left out."""
        self._blog = kept.header.blog
        categories = cast(dict[int, CategoryRecord], kept.of_kind("category"))
        self._categories = {number: _plain(category.name) for number, category in categories.items()}
        self._gone = sorted(kept.of_kind("gone"))
        self._left_out = left_out
        self.without_text: list[str] = []

    def post(self, record: PostRecord, comments: Iterable[CommentRecord]) -> Post:
        """Return a post with its comments."""
        names = (self._categories.get(number, "") for number in record.categories)
        return Post(
            slug=_slug(record),
            title=_plain(record.title) or "Untitled",
            url=_web_address(record.link),
            date=_day(record.date),
            blocks=html_blocks(record.content, rendered=True),
            comments=tuple(self._comments(comments, _slug(record))),
            origin=self._origin(record.id),
            # WordPress files what has no category under one that says so.
            categories=tuple(name for name in names if name and name.casefold() != "uncategorized"),
            account=str(record.author) if record.author else None,
        )

    def held_back(self, posts: Iterable[PostRecord]) -> Iterator[str]:
        """Yield where the posts stand that readers may not see, or that the blog has no more."""
        yield from (self._origin(number) for number in self._gone)
        for post in posts:
            if post.protected:
                yield from (name for name in (_slug(post), post.link, self._origin(post.id)) if name)

    def _comments(self, records: Iterable[CommentRecord], slug: str) -> Iterator[Comment]:
        """Yield the comments of a post, oldest first."""
        for record in sorted(records, key=lambda one: (one.date, one.id)):
            blocks = html_blocks(record.content, rendered=True)
            if not blocks:
                self._left_out.append(LeftOut("a comment without text", f"comment {record.id} under {slug}"))
                self.without_text.append(f"comment-{record.id}")
                continue
            yield Comment(
                id=str(record.id),
                parent=str(record.parent) if record.parent else None,
                by_author=False,
                blocks=blocks,
                date=_day(record.date),
                names=name_words(record.name),
                anchor=f"comment-{record.id}",
                account=str(record.author) if record.author else None,
            )

    def _origin(self, number: int) -> str:
        """Return what the blog itself knows a post by, as an export has it."""
        return f"{self._blog}?p={number}"


def _accounts(kept: Kept, posts: Iterable[PostRecord]) -> Iterator[Account]:
    """Yield who can write posts; where the blog does not list them, by the name over what they wrote logged in."""
    users = cast(dict[int, UserRecord], kept.of_kind("user"))
    names: dict[int, dict[str, None]] = {
        number: dict.fromkeys(name for name in (user.name, user.slug) if name) for number, user in users.items()
    }
    written = {post.author for post in posts if post.author}
    for comment in cast(dict[int, CommentRecord], kept.of_kind("comment")).values():
        if comment.author in written - users.keys() and comment.name:
            names.setdefault(comment.author, {})[comment.name] = None
    for number in sorted({*names, *written}):
        yield Account(str(number), tuple(names.get(number, ())))


def _notes(kept: Kept) -> Iterator[str]:
    """Yield what is wrong with the file."""
    for number in kept.damaged[:1]:
        more = f" and {len(kept.damaged) - 1:,} more lines" if len(kept.damaged) > 1 else ""
        yield f"damaged at line {number}{more}; what could be read was. Fetch the blog anew with --all"
    if not kept.damaged and not _is_whole(kept):
        yield "not all there: it says that it holds more. Fetch the blog anew with --all"
    for collection, answer in kept.header.closed.items():
        yield f"the blog does not let its {collection} be read: {answer}"


def _is_whole(kept: Kept) -> bool:
    """Say whether the file holds what its first line says."""
    counts = Counter(kind for kind, _ in kept.records)
    return not kept.damaged and all(counts[kind] == number for kind, number in kept.header.counts.items())


def _slug(post: PostRecord) -> str:
    """Return a post's slug, or the last part of its link, or its number."""
    address = _web_address(post.link)
    path = urlsplit(address).path.strip("/").rpartition("/")[2] if address else ""
    return unquote(post.slug or path) or f"post-{post.id}"


def _plain(source: str) -> str:
    """Return the words of a title or name."""
    return " ".join(block.text for block in html_blocks(source, rendered=True))


def _day(date: str) -> str | None:
    """Return the day of a date as YYYY-MM-DD."""
    day = date[:10]
    parts = day.split("-")
    return day if [len(part) for part in parts] == [4, 2, 2] and day.isascii() and "".join(parts).isdigit() else None


def _web_address(value: str) -> str | None:
    """Return the address if it is http or https."""
    try:
        return value if urlsplit(value).scheme in ("http", "https") else None
    except ValueError:
        return None
