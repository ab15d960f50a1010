"""Ghost's JSON export (Settings > Import/Export): posts, pages, who wrote them, and their tags.

An export holds no comments; a copy of the whole database in the same form does, and those are taken. A member logs in
by mail, so one whose address a writer of the blog has too is that writer; addresses are compared, and not kept.

The file is read whole: for a moment it takes some five times its size in memory.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from askedbefore.cleantext import clean_text
from askedbefore.errors import SourceError
from askedbefore.markup import plain_blocks
from askedbefore.reading.authorship import name_words
from askedbefore.reading.ghosteditor import html_of_lexical, html_of_mobiledoc
from askedbefore.reading.harvest import Account, Harvest, LeftOut
from askedbefore.reading.webtext import day_of, nearest_kept, web_blocks
from askedbefore.records import Block, Comment, Post
from askedbefore.settings import FILE_NAME, Settings

NOT_PUBLISHED = {"draft": "a draft", "scheduled": "a post scheduled for later", "sent": "a post sent by mail only"}
AGAIN = "Export it from Ghost again"

_BEGINS = re.compile(rb'\s*\{\s*"(?:db"\s*:\s*\[\s*\{\s*"(?:meta|data)"|meta"\s*:\s*\{|data"\s*:\s*\{)')
_GATE = re.compile(r"<!--\s*kg-gated-block:(begin|end)([^>]{0,500})-->")
_FOR_ALL = re.compile(r"\bnonMember:true\b")

Row = dict[str, Any]


def recognise(head: bytes) -> bool:
    """Say whether a file that begins like this is a Ghost export."""
    return bool(_BEGINS.match(head)) and (b'"exported_on"' in head or b'"posts"' in head)


def read(path: Path, settings: Settings) -> Harvest:
    """Read an export. Raises OSError when the file cannot be read, SourceError when it is not whole."""
    meta, tables = _load(path)
    export = _Export(tables, settings)
    posts = list(export.posts())
    notes = []
    if posts and not settings.url:
        notes.append(
            f"an export from Ghost does not say where the blog is, so nothing has a link; set url in {FILE_NAME}"
        )
    return Harvest(
        posts=tuple(posts),
        comments=export.comments,
        left_out=tuple(export.left_out),
        notes=tuple(notes),
        held_back=frozenset(export.held_back),
        held_back_comments=frozenset(export.held_back_comments),
        made=_moment(meta.get("exported_on")),
        complete="comments" in tables,
        numbering="ghost",
        title=export.setting("title") or None,
        url=settings.url,
        accounts=tuple(export.accounts()),
    )


def _load(path: Path) -> tuple[Row, Row]:
    """Return what an export says of itself, and its tables."""
    try:
        loaded = json.loads(path.read_bytes().decode("utf-8-sig", "replace"))
    except json.JSONDecodeError as error:
        raise SourceError(
            f"it is damaged or breaks off at line {error.lineno}, column {error.colno}. {AGAIN}"
        ) from None
    except (ValueError, RecursionError):
        raise SourceError(f"it holds what no export holds. {AGAIN}") from None
    outer = _row(loaded)
    first = outer["db"][0] if isinstance(outer.get("db"), list) and outer["db"] else outer
    meta, tables = _row(_row(first).get("meta")), _row(_row(first).get("data"))
    if not isinstance(tables.get("posts"), list):
        raise SourceError(f"it has no list of posts. {AGAIN}")
    return meta, tables


@dataclass
class _Export:
    """The tables of an export, and what comes of them."""

    tables: Row
    settings: Settings
    comments: int = 0
    left_out: list[LeftOut] = field(default_factory=list)
    held_back: set[str] = field(default_factory=set)
    held_back_comments: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Find what belongs to each post."""
        self._settings = {_text(row, "key"): _text(row, "value") for row in _rows(self.tables, "settings")}
        tags = {_text(row, "id"): row for row in _rows(self.tables, "tags")}
        self._tags = {post: [tags[one] for one in ids if one in tags] for post, ids in self._linked("tag").items()}
        self._authors = self._linked("author")
        self._by_mail = {
            _text(row, "post_id")
            for row in _rows(self.tables, "posts_meta")
            if _text(row, "email_only") in ("1", "true")
        }
        self._has_visibility = any("visibility" in row for row in _rows(self.tables, "posts"))
        self._members = {_text(row, "id"): row for row in _rows(self.tables, "members")}
        self._users = {
            mail: _text(row, "id")
            for row in _rows(self.tables, "users")
            if (mail := _text(row, "email").casefold()) and _text(row, "id")
        }
        self._said: dict[str, list[Row]] = defaultdict(list)
        for row in _rows(self.tables, "comments"):
            self._said[_text(row, "post_id")].append(row)

    def setting(self, key: str) -> str:
        """Return one of the blog's own settings, "" without it."""
        return self._settings.get(key, "")

    def posts(self) -> Iterator[Post]:
        """Yield the public posts and pages with their comments."""
        for row in _rows(self.tables, "posts"):
            number, comments = _text(row, "id"), self._said.pop(_text(row, "id"), [])
            blocks = _blocks(row)
            reason = self._why_withheld(row) or (None if blocks else "a post without text")
            if reason:
                self.left_out.append(LeftOut(reason, f"post {number or '?'}"))
                self.left_out += [
                    LeftOut(f"a comment under {reason}", f"comment {_text(one, 'id')}") for one in comments
                ]
                if blocks:
                    self.held_back |= {name for name in (self._slug(row), self._address(row)) if name}
                self.held_back_comments |= {_anchor(one) for one in comments}
                continue
            yield Post(
                slug=self._slug(row),
                title=" ".join(_text(row, "title").split()) or "Untitled",
                url=self._address(row),
                date=_moment(row.get("published_at"))[:10] or None,
                blocks=blocks,
                comments=tuple(self._comments(comments, number)),
                categories=tuple(self._categories(number)),
                account=next(iter(self._authors.get(number, [])), None) or _text(row, "author_id") or None,
            )
        for comments in self._said.values():
            self.left_out += [
                LeftOut("a comment whose post is in no source", f"comment {_text(one, 'id')}") for one in comments
            ]

    def accounts(self) -> Iterator[Account]:
        """Yield who can write posts."""
        for row in _rows(self.tables, "users"):
            names = (" ".join(_text(row, "name").split()), _text(row, "slug"))
            if _text(row, "id"):
                yield Account(_text(row, "id"), tuple(dict.fromkeys(name for name in names if name)))

    def _linked(self, what: str) -> dict[str, list[str]]:
        """Return for each post the ids of its tags or authors, in their order."""
        found: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for row in _rows(self.tables, f"posts_{what}s"):
            place = row.get("sort_order")
            found[_text(row, "post_id")].append((place if isinstance(place, int) else 0, _text(row, f"{what}_id")))
        return {post: [one for _, one in sorted(linked, key=lambda pair: pair[0])] for post, linked in found.items()}

    def _why_withheld(self, row: Row) -> str | None:
        """Say why a post is not for readers, or return None. What does not say that it is, is not public."""
        if self.setting("is_private") in ("1", "true"):
            return "a post of a blog that is locked with a password"
        if _text(row, "type") not in ("", "post", "page"):
            return "an item that is no post"
        if (status := _text(row, "status")) != "published":
            return NOT_PUBLISHED.get(status, "a post that is not published")
        # Where other posts say who may see them, one that does not is damaged.
        if _text(row, "visibility") not in (("public",) if self._has_visibility else ("", "public")):
            return "a post for members only"
        return NOT_PUBLISHED["sent"] if _text(row, "id") in self._by_mail else None

    def _slug(self, row: Row) -> str:
        """Return a post's slug."""
        return _text(row, "slug") or f"post-{_text(row, 'id') or '0'}"

    def _address(self, row: Row) -> str | None:
        """Return a post's link: the blog's address with its slug, dated where the blog's own setting says so."""
        slug = _text(row, "slug")
        if not self.settings.url or not slug:
            return None
        day = _moment(row.get("published_at"))[:10]
        pattern = self.setting("permalinks") if day and _text(row, "page") in ("", "0", "false") else ""
        if pattern == "/:year/:month/:day/:slug/":
            return f"{self.settings.url}/{day.replace('-', '/')}/{slug}/"
        return f"{self.settings.url}/{slug}/"

    def _categories(self, number: str) -> Iterator[str]:
        """Yield the tags that a post's readers see; one that begins with # is the author's own."""
        for tag in self._tags.get(number, []):
            name = " ".join(_text(tag, "name").split())
            if name and not name.startswith("#") and _text(tag, "visibility") in ("", "public"):
                yield name

    def _comments(self, rows: Sequence[Row], under: str) -> Iterator[Comment]:
        """Yield the public comments of a post, oldest first."""
        self.comments += len(rows)
        ordered = sorted(rows, key=lambda one: (_moment(one.get("created_at")), _text(one, "id")))
        kept: dict[str, Comment] = {}
        for row in ordered:
            number, blocks = _text(row, "id"), web_blocks(_text(row, "html"))
            reason = None if _text(row, "status") == "published" else "a comment that is hidden or deleted"
            if reason is None and not blocks:
                reason = "a comment without text"
            if reason is None and (not number or number in kept):
                reason = "a comment without a number of its own"
            if reason:
                self.left_out.append(LeftOut(reason, f"comment {number or '?'} under post {under}"))
                self.held_back_comments |= {_anchor(row)} if number not in kept else set()
                continue
            member = self._members.get(_text(row, "member_id"), {})
            kept[number] = Comment(
                id=number,
                parent=None,
                by_author=False,
                blocks=blocks,
                date=_moment(row.get("created_at"))[:10] or None,
                names=name_words(_text(member, "name")),
                anchor=_anchor(row),
                account=self._users.get(_text(member, "email").casefold()),
            )
        answered = {
            _text(one, "id"): _text(one, "in_reply_to_id") or _text(one, "parent_id") or None for one in ordered
        }
        above = nearest_kept(answered, kept)
        yield from (replace(comment, parent=above[number]) for number, comment in kept.items())


def _blocks(row: Row) -> tuple[Block, ...]:
    """Return a post's text: its HTML, else its plain text, else what its editor stored."""
    if _text(row, "html"):
        return web_blocks(_without_gated(_text(row, "html")))
    if _text(row, "plaintext"):
        return plain_blocks(_text(row, "plaintext"))
    return web_blocks(html_of_lexical(_text(row, "lexical")) or html_of_mobiledoc(_text(row, "mobiledoc")))


def _without_gated(html: str) -> str:
    """Return HTML without the blocks that only some readers see, each to its end."""
    kept: list[str] = []
    at, hidden = 0, False
    for gate in _GATE.finditer(html):
        if not hidden:
            kept.append(html[at : gate.start()])
        at = gate.end()
        hidden = gate[1] == "begin" and not _FOR_ALL.search(gate[2])
    return "".join(kept) + ("" if hidden else html[at:])


def _anchor(row: Row) -> str:
    """Return where Ghost's page has a comment."""
    return f"ghost-comments-{_text(row, 'id')}"


def _moment(value: Any) -> str:
    """Return a date of Ghost's, text or milliseconds, as ISO 8601; "" for anything else."""
    if isinstance(value, str):
        return clean_text(value) if day_of(value.strip()) else ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(value / 1000, UTC).isoformat()
        except (ValueError, OverflowError, OSError):
            return ""
    return ""


def _row(value: Any) -> Row:
    """Return a JSON object, an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def _rows(tables: Row, name: str) -> list[Row]:
    """Return the rows of a table, none when it is not there."""
    table = tables.get(name)
    return [row for row in table if isinstance(row, dict)] if isinstance(table, list) else []


def _text(row: Row, key: str) -> str:
    """Return a value as text, "" when it is missing or no plain value. A number may be an id, true and false flags."""
    value = row.get(key)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and abs(value) < 1 << 64:
        return str(value)
    return value if key in _LONG and isinstance(value, str) else clean_text(value) if isinstance(value, str) else ""


_LONG = {"html", "plaintext", "lexical", "mobiledoc"}  # cleaned where they are read
