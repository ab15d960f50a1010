"""The file that a fetched blog is kept in: a line on the blog, then one JSON record a line.

Of a password-protected post only its address is kept, and of a post that is gone only its number, so that no older
source brings it back. Nothing is kept of commenters but the name that they gave, which is needed to keep it out.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from askedbefore.errors import FetchError
from askedbefore.places import read_address

FORMAT = "askedbefore fetched blog"
VERSION = 1

Number = Annotated[int, Field(ge=0, le=2**63)]


class _Record(BaseModel):
    """What all records have in common."""

    model_config = ConfigDict(frozen=True)


class Header(_Record):
    """The first line: which blog it is, when it was read, and what could not be.

    `unlisted` is how many of a collection the blog counts but shows to nobody (comments under protected posts);
    `closed` what it answered where it would not be read; `counts` how many records of each kind follow.
    """

    format: Literal["askedbefore fetched blog"] = "askedbefore fetched blog"
    version: int = VERSION
    blog: str
    name: str = ""
    fetched: str = ""
    unlisted: dict[str, int] = {}
    closed: dict[str, str] = {}
    counts: dict[str, int] = {}


class PostRecord(_Record):
    """A published post or page. `date` and `modified` are in the blog's own time."""

    kind: Literal["post", "page"]
    id: Number
    slug: str = ""
    title: str = ""
    link: str = ""
    date: str = ""
    modified: str = ""
    author: Number = 0
    categories: tuple[Number, ...] = ()
    content: str = ""
    protected: bool = False


class CommentRecord(_Record):
    """An approved comment; `author` is the account of its writer, 0 for none."""

    kind: Literal["comment"] = "comment"
    id: Number
    post: Number
    parent: Number = 0
    author: Number = 0
    name: str = ""
    date: str = ""
    content: str = ""


class UserRecord(_Record):
    """Somebody who has published."""

    kind: Literal["user"] = "user"
    id: Number
    name: str = ""
    slug: str = ""


class CategoryRecord(_Record):
    """What posts are filed under."""

    kind: Literal["category"] = "category"
    id: Number
    name: str = ""


class GoneRecord(_Record):
    """The number of a post or page that the blog had once and has no more."""

    kind: Literal["gone"] = "gone"
    id: Number


class PageMark(_Record):
    """In a file that is not whole yet: so far was a collection read."""

    kind: Literal["read"] = "read"
    of: str
    page: int
    pages: int
    total: int = 0


Record = PostRecord | CommentRecord | UserRecord | CategoryRecord | GoneRecord | PageMark
RECORD: TypeAdapter[Record] = TypeAdapter(Annotated[Record, Field(discriminator="kind")])

Records = dict[tuple[str, int], Record]


@dataclass(frozen=True, slots=True)
class Kept:
    """What a file holds: the blog, its records by kind and number, and the lines that could not be read."""

    header: Header
    records: Records = field(default_factory=dict)
    damaged: tuple[int, ...] = ()

    def of_kind(self, kind: str) -> dict[int, Record]:
        """Return the records of a kind by number."""
        return {number: record for (its_kind, number), record in self.records.items() if its_kind == kind}


def is_kept(head: bytes) -> bool:
    """Say whether a file that begins like this holds a fetched blog."""
    return head.startswith(f'{{"format":"{FORMAT}"'.encode())


def read_kept(path: Path) -> Kept:
    """Read a file, what is damaged passed over. Raises OSError, and FetchError when its first line is not readable."""
    records: Records = {}
    damaged: list[int] = []
    with path.open("rb") as file:
        header = read_header(file.readline())
        for number, line in enumerate(file, start=2):
            try:
                record = RECORD.validate_json(line)
            except ValidationError:
                damaged.append(number)
                continue
            if not isinstance(record, PageMark):
                records[record.kind, record.id] = record
    return Kept(header, records, tuple(damaged))


def read_header(line: bytes) -> Header:
    """Read the first line. Raises FetchError when it is damaged or of a newer version."""
    try:
        header = Header.model_validate_json(line)
    except ValidationError:
        raise FetchError("its first line is damaged. Fetch the blog again with --all") from None
    if header.version > VERSION:
        raise FetchError("it was written by a newer version of Asked Before. Install that")
    return header


def write_kept(path: Path, kept: Kept) -> None:
    """Write a file beside its place and put it there when it is whole. Raises OSError."""
    aside = path.with_name(f"{path.name}.new.part")
    with aside.open("wb") as file:
        file.writelines(lines(kept))
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def lines(kept: Kept) -> Iterator[bytes]:
    """Yield a file's lines, by kind and number, so that the same blog gives the same file."""
    yield line_of(kept.header)
    for _, record in sorted(kept.records.items()):
        yield line_of(record)


def line_of(record: _Record) -> bytes:
    """Return a record as a line."""
    return record.model_dump_json().encode() + b"\n"


def same_blog(one: str, other: str) -> bool:
    """Say whether two addresses are of one blog, whatever the scheme and with or without www."""
    try:
        return read_address(one) == read_address(other)
    except ValueError:
        return False


class Part:
    """The beginning of a file whose fetch goes on or was cut: what it holds whole, and up to which page it goes."""

    def __init__(self, path: Path, blog: str, name: str) -> None:
        """Take up a cut fetch of this blog, or begin anew. Raises OSError."""
        self.path = path
        self.records: Records = {}
        self.marks: dict[str, PageMark] = {}
        whole = self._take_up(blog)
        self.resumed = bool(self.marks)
        self._file = path.open("r+b" if whole else "wb")
        self._file.truncate(whole)
        self._file.seek(whole)
        if not whole:
            self._file.write(line_of(Header(blog=blog, name=name)))

    def add(self, records: Iterable[Record], mark: PageMark) -> None:
        """Keep a page of records and flush it to the disk."""
        for record in (*records, mark):
            self._file.write(line_of(record))
            self._keep(record)
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file; it stays for the next try."""
        self._file.close()

    def _keep(self, record: Record) -> None:
        """Note a record or how far a collection was read."""
        if isinstance(record, PageMark):
            self.marks[record.of] = record
        else:
            self.records[record.kind, record.id] = record

    def _take_up(self, blog: str) -> int:
        """Read what was kept before; return how many bytes of it are whole, up to the last full page."""
        if not self.path.is_file():
            return 0
        with self.path.open("rb") as file:
            try:
                if not same_blog(read_header(first := file.readline()).blog, blog):
                    return 0
            except FetchError:
                return 0
            at = whole = len(first)
            page: list[Record] = []
            for line in file:
                try:
                    record = RECORD.validate_json(line)
                except ValidationError:
                    break  # what follows was not written to its end
                at += len(line)
                page.append(record)
                if isinstance(record, PageMark) and line.endswith(b"\n"):
                    for one in page:
                        self._keep(one)
                    page, whole = [], at
            return whole
