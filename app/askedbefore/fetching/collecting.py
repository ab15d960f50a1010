"""Read the collections of a WordPress through wp/v2, page by page: all of them, or what changed since."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from askedbefore.errors import FetchError
from askedbefore.fetching.discovering import Closed, Site, ask
from askedbefore.fetching.kept import (
    CategoryRecord,
    CommentRecord,
    PageMark,
    Part,
    PostRecord,
    Record,
    Records,
    UserRecord,
)
from askedbefore.fetching.web import Params, Web
from askedbefore.watching import Watcher

PER_PAGE = 100
_BEYOND_THE_LAST = "invalid_page_number"


@dataclass(frozen=True, slots=True)
class Collection:
    """A route of wp/v2: the kind of its records, the fields that are asked for, and how an item becomes a record.

    `since` names the parameter that asks for what changed after a date, and `dated` the field with that date; a
    collection without them is small and read anew each time. One that is `needed` must be open.
    """

    route: str
    kind: str
    fields: str
    convert: Callable[[Mapping[str, Any]], Record | None]
    since: str = ""
    dated: str = ""
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a collection: its items, how many pages there are, and how many items the blog counts in all."""

    items: Sequence[Mapping[str, Any]]
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class Reader:
    """What all requests of a fetch have in common."""

    web: Web
    site: Site
    watcher: Watcher

    def page(self, collection: Collection, page: int = 1, **params: str | int) -> Page:
        """Ask for one page of a collection, in the order of its numbers. Raises Closed when it is not open."""
        asked: Params = {
            "per_page": PER_PAGE,
            "orderby": "id",
            "order": "asc",
            "_fields": collection.fields,
            "page": page,
            **params,
        }
        try:
            items, response = ask(self.web, self.site.root, f"wp/v2/{collection.route}", asked)
        except Closed as error:
            if page > 1 and _BEYOND_THE_LAST in error.answer:
                return Page([], page - 1, 0)
            raise
        if not isinstance(items, list):
            raise Closed(f"wp/v2/{collection.route} answers with no list")
        total, pages = (_count(response.headers.get(name)) for name in ("X-WP-Total", "X-WP-TotalPages"))
        found = [item for item in items if isinstance(item, dict)]
        return Page(found, pages if pages is not None else page + bool(items), total if total is not None else -1)

    def pages(self, collection: Collection, start: int = 1, **params: str) -> Iterator[tuple[int, Page]]:
        """Yield the pages of a collection with their numbers, from `start` to the last."""
        number, last = start, start
        while number <= last:
            page = self.page(collection, number, **params)
            yield number, page
            number, last = number + 1, page.pages

    def records(self, collection: Collection, **params: str) -> list[Record]:
        """Return all records that a question to a collection gives."""
        return [one for _, page in self.pages(collection, 1, **params) for one in convert(collection, page.items)]

    def total(self, collection: Collection) -> int:
        """Return how many items the blog counts in a collection; -1 when it does not say."""
        return self.page(collection, per_page=1, _fields="id").total

    def numbers(self, collection: Collection) -> set[int]:
        """Return the numbers of all items that the blog lists."""
        listed = (item for _, page in self.pages(collection, _fields="id") for item in page.items)
        return {number for item in listed if (number := _whole(item.get("id")))}

    def by_number(self, collection: Collection, numbers: Iterable[int]) -> list[Record]:
        """Return the records with these numbers."""
        wanted = sorted(numbers)
        batches = (wanted[at : at + PER_PAGE] for at in range(0, len(wanted), PER_PAGE))
        return [
            one
            for batch in batches
            for one in self.records(collection, include=",".join(str(number) for number in batch))
        ]


def convert(collection: Collection, items: Iterable[Mapping[str, Any]]) -> list[Record]:
    """Return the items as records, without what is not for everybody. Raises FetchError for what makes no sense."""
    records: list[Record] = []
    for item in items:
        try:
            record = collection.convert(item)
        except (ValidationError, AttributeError, TypeError) as error:
            where = f"{collection.kind} {item.get('id', '?')}"
            raise FetchError(f"The blog's answer about {where} is not as WordPress writes it.") from error
        if record is not None:
            records.append(record)
    return records


def read_whole(reader: Reader, part: Part) -> dict[str, str]:
    """Read every collection into `part`, from where it stops; return what the blog answered where it is closed."""
    closed: dict[str, str] = {}
    for collection in COLLECTIONS:
        mark = part.marks.get(collection.route)
        if mark and mark.page >= mark.pages:
            continue
        start = mark.page + 1 if mark else 1
        reader.watcher.stage(f"Reading {collection.route}", mark.pages if mark else None)
        try:
            for number, page in reader.pages(collection, start):
                reader.watcher.stage(f"Reading {collection.route}", page.pages)
                reader.watcher.advance(number)
                done = PageMark(of=collection.route, page=number, pages=page.pages, total=page.total)
                part.add(convert(collection, page.items), done)
        except Closed as error:
            if collection.needed or collection.route in part.marks:
                raise
            closed[collection.route] = error.answer
    return closed


def newest(collection: Collection, have: Mapping[int, Record]) -> str | None:
    """Return the second before the newest date of a collection, by the blog's own dates; None when it has none."""
    dates = [date for record in have.values() if (date := getattr(record, collection.dated, ""))]
    try:
        return (datetime.fromisoformat(max(dates)) - timedelta(seconds=1)).isoformat() if dates else None
    except (ValueError, OverflowError):
        return None


def changed(reader: Reader, collection: Collection, have: Mapping[int, Record]) -> list[Record]:
    """Ask for what changed since the newest that we have; of a collection without dates for all."""
    date = newest(collection, have) if collection.since else None
    return reader.records(collection, **({collection.since: date} if date else {}))


def by_key(records: Iterable[Record]) -> Records:
    """Return records by kind and number."""
    return {(record.kind, record.id): record for record in records if not isinstance(record, PageMark)}


def _post(item: Mapping[str, Any]) -> PostRecord | None:
    """Return a post or page; of a password-protected one only where it stands."""
    if item.get("status", "publish") != "publish":
        return None
    content = item.get("content") or {}
    is_protected = bool(content.get("protected"))
    return PostRecord(
        kind="page" if item.get("type") == "page" else "post",
        id=item.get("id", -1),
        slug=item.get("slug") or "",
        title="" if is_protected else (item.get("title") or {}).get("rendered") or "",
        link=item.get("link") or "",
        date=item.get("date") or "",
        modified=item.get("modified") or "",
        author=0 if is_protected else item.get("author") or 0,
        categories=() if is_protected else tuple(item.get("categories") or ()),
        content="" if is_protected else content.get("rendered") or "",
        protected=is_protected,
    )


def _comment(item: Mapping[str, Any]) -> CommentRecord | None:
    """Return a comment if it is approved and no pingback."""
    if item.get("status", "approved") != "approved" or item.get("type", "comment") not in ("", "comment"):
        return None
    return CommentRecord(
        id=item.get("id", -1),
        post=item.get("post") or 0,
        parent=item.get("parent") or 0,
        author=item.get("author") or 0,
        name=item.get("author_name") or "",
        date=item.get("date") or "",
        content=(item.get("content") or {}).get("rendered") or "",
    )


def _user(item: Mapping[str, Any]) -> UserRecord:
    """Return somebody who has published."""
    return UserRecord(id=item.get("id", -1), name=item.get("name") or "", slug=item.get("slug") or "")


def _category(item: Mapping[str, Any]) -> CategoryRecord:
    """Return a category."""
    return CategoryRecord(id=item.get("id", -1), name=item.get("name") or "")


def _count(header: str | None) -> int | None:
    """Return a count that a header gives."""
    return int(header) if header and header.isascii() and header.isdigit() and len(header) < 12 else None


def _whole(number: Any) -> int:
    """Return a number, 0 for anything else."""
    return number if isinstance(number, int) else 0


_POST_FIELDS = "id,date,modified,slug,link,title,content,author,categories,status,type"
_COMMENT_FIELDS = "id,post,parent,author,author_name,date,content,status,type"

COLLECTIONS = (
    Collection("users", "user", "id,name,slug", _user),
    Collection("categories", "category", "id,name", _category),
    Collection("posts", "post", _POST_FIELDS, _post, "modified_after", "modified", needed=True),
    Collection("pages", "page", _POST_FIELDS, _post, "modified_after", "modified"),
    Collection("comments", "comment", _COMMENT_FIELDS, _comment, "after", "date"),
)
