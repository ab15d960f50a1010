"""Find the files of an archive, look into packed ones, and say what each is by its first bytes."""

import gzip
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory, mkdtemp
from typing import IO

from askedbefore.errors import SourceError
from askedbefore.settings import FILE_NAME

HEAD_BYTES = 65_536
MOST_UNPACKED = 4 << 30  # bytes that may come out of one packed file, at most
MOST_GROWTH = 200  # times its own size; text becomes about ten times as large
LEAST_UNPACKED = 64 << 20  # bytes that may come out of any packed file
MOST_MEMBERS = 100_000
_PART = 1 << 20
_LONGEST_NAME = 60  # characters of an unpacked file's name, its end
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"

# What people drop into the folder by mistake: how such a file begins, and what to say of it.
OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"RIFF", "a picture, sound or film"),
    (b"ID3", "a sound"),
    (b"\xd0\xcf\x11\xe0", "an old office document; save its text"),
    (b"{\\rtf", "a word processor's document; save it as plain text"),
    (_ZIP, "a packed file inside of another; unpack it first"),
    (_GZIP, "a packed file inside of another; unpack it first"),
    (b"PK\x05\x06", "an empty packed file"),
    (b"7z\xbc\xaf", "a packed file of another kind; unpack it first"),
    (b"Rar!", "a packed file of another kind; unpack it first"),
    (b"BZh", "a packed file of another kind; unpack it first"),
    (b"SQLite format 3", "a database"),
    (b"bplist00", "a web archive of Safari; save the page as its source"),
    (b"-- ", "a database dump"),
    (b"/*!", "a database dump"),
    (b"CREATE TABLE", "a database dump"),
    (b"INSERT INTO", "a database dump"),
)

# All that the standard library raises on damaged packed files.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    NotImplementedError,
    OSError,
    EOFError,
    RuntimeError,
    ValueError,
    OverflowError,
)

Recognise = Callable[[bytes], bool]


@dataclass(frozen=True, slots=True)
class Document:
    """A file to read: where its bytes are, what the author knows it as, its first bytes, and whether she named it."""

    path: Path
    name: str
    head: bytes
    named: bool


@dataclass(frozen=True, slots=True)
class Passed:
    """A file that is not read: what the author knows it as, what it is, and whether she named it."""

    name: str
    what: str
    named: bool


@contextmanager
def open_sources(sources: Iterable[Path], is_known: Recognise) -> Iterator[Iterator[Document | Passed]]:
    """Give every file of the sources, sorted, those in packed files too; what is unpacked is removed at the end.

    Only a file whose first bytes are known is unpacked. Raises SourceError when a source cannot be read.
    """
    with TemporaryDirectory(prefix="askedbefore-") as folder:
        yield _documents(sources, is_known, Path(folder))


def describe(head: bytes) -> str:
    """Say what a file that no importer knows seems to be."""
    begins = head.lstrip()
    if not begins:
        return "an empty file"
    if begins.startswith((b"---\n", b"---\r", b"+++\n", b"+++\r", b"# ")):
        return "a text without whole front matter; wanted above it are a title and a date, between two lines of ---"
    found = next((name for start, name in OTHERS if begins[: len(start)].lower() == start.lower()), None)
    if found is None and head[4:8] == b"ftyp":
        return "a picture, sound or film"
    if found is None and (b"<rss" in head or b"<feed" in head):
        return "a feed without posts"
    if found is None and b"<html" in head.lower():
        return "a web page without a post"
    return found or "not a WordPress export nor anything else that is known"


def _documents(sources: Iterable[Path], is_known: Recognise, aside: Path) -> Iterator[Document | Passed]:
    """Yield every file, packed ones by their members."""
    for path, name, named in _find_files(sources):
        head = _head(path)
        if head.startswith(_ZIP):
            yield from _members(path, name, named, is_known, aside)
        elif head.startswith(_GZIP):
            yield _unpacked(path, name, named, is_known, aside)
        else:
            yield Document(path, name, head, named)


def _find_files(sources: Iterable[Path]) -> Iterator[tuple[Path, str, bool]]:
    """Yield every file to read, sorted, with its name below the folder that was named, and whether it was itself.

    A folder inside a folder that has its own `blog.toml` is another archive and is not entered.
    """
    for source in sources:
        if source.is_file():
            yield source, source.name, True
        elif source.is_dir():
            yield from ((path, path.relative_to(source).as_posix(), False) for path in _walk(source))
        else:
            what = (
                f"{source} is neither a file nor a folder"
                if source.exists()
                else f"There is no file or folder {source}"
            )
            raise SourceError(f"{what}. The index is as it was.")


def _walk(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder and of those below it that could be sources; links are not followed."""
    waiting = [folder]
    while waiting:
        folder = waiting.pop()
        try:
            entries = sorted(folder.iterdir())
            files = [entry for entry in entries if not _is_passed_over(entry.name) and entry.is_file()]
            folders = [
                one for one in entries if not _is_passed_over(one.name) and one.is_dir() and not one.is_symlink()
            ]
        except OSError as error:
            raise SourceError(
                f"The folder {folder} cannot be read: {error.strerror}. The index is as it was."
            ) from error
        yield from files
        waiting += [one for one in reversed(folders) if not (one / FILE_NAME).exists()]


def _most_unpacked(path: Path) -> int:
    """Return how many bytes may come out of a packed file."""
    return min(MOST_UNPACKED, max(LEAST_UNPACKED, MOST_GROWTH * path.stat().st_size))


def _is_passed_over(name: str) -> bool:
    """Say whether a file is none of the archive's by its name: hidden, a note on the folder, settings, half-written."""
    return name.startswith((".", "__MACOSX")) or name.lower().startswith("readme") or name.endswith((".toml", ".part"))


def _head(path: Path) -> bytes:
    """Return the first bytes of a file, without the byte order mark of UTF-8."""
    try:
        with path.open("rb") as file:
            return _without_mark(file.read(HEAD_BYTES))
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}. The index is as it was.") from error


def _without_mark(head: bytes) -> bytes:
    """Return first bytes without the byte order mark of UTF-8."""
    return head.removeprefix(b"\xef\xbb\xbf")


def _members(path: Path, name: str, named: bool, is_known: Recognise, aside: Path) -> Iterator[Document | Passed]:
    """Yield the files in a zip file. Those that are known are unpacked under names of our own, never of theirs."""
    try:
        with zipfile.ZipFile(path) as packed:
            members = [one for one in packed.infolist() if one.filename and not one.is_dir()]
            if any(one.filename == "[Content_Types].xml" for one in members):
                yield Passed(name, "an office document; save it as plain text", named)
                return
            if len(members) > MOST_MEMBERS:
                yield Passed(name, f"a packed file of {len(members):,} files; unpack what is meant first", named)
                return
            left = _most_unpacked(path)
            for member in sorted(members, key=lambda one: one.filename):
                parts = PurePosixPath(member.filename.replace("\\", "/")).parts
                if ".." in parts:
                    yield Passed(f"{name}: {member.filename}", "a path that leaves the packed file", False)
                    continue
                if any(_is_passed_over(part) for part in parts):
                    continue
                document = _member(packed, member, name, is_known, aside, left)
                left -= document.path.stat().st_size if isinstance(document, Document) else 0
                yield document
    except _DAMAGE as error:
        yield Passed(name, f"a damaged packed file ({error}); pack it again", named)


def _member(
    packed: zipfile.ZipFile, member: zipfile.ZipInfo, within: str, is_known: Recognise, aside: Path, left: int
) -> Document | Passed:
    """Unpack one file of a zip file if it is known, up to `left` bytes."""
    name = f"{within}: {member.filename}"
    if member.flag_bits & 1:
        return Passed(name, "locked with a password; unpack it first", False)
    try:
        with packed.open(member) as file:
            return _unpack(file, name, _harmless(member.filename), is_known, aside, left)
    except _DAMAGE as error:
        return Passed(name, f"damaged ({error}); pack it again", False)


def _harmless(name: str) -> str:
    """Return a packed file's name with its nearest folders, which say of some files what they are, and none above."""
    parts = PurePosixPath(name.replace("\\", "_").replace(":", "_")).parts
    return "/".join([part[-_LONGEST_NAME:] for part in parts if part.strip("./ ")][-4:])


def _unpacked(path: Path, name: str, named: bool, is_known: Recognise, aside: Path) -> Document | Passed:
    """Unpack a gzip file if what is in it is known."""
    try:
        with gzip.open(path, "rb") as file:
            inside = path.name.removesuffix(".gz")
            found = _unpack(file, name, inside, is_known, aside, _most_unpacked(path))
            return Passed(found.name, found.what, named) if isinstance(found, Passed) else found
    except _DAMAGE as error:
        return Passed(name, f"a damaged packed file ({error}); pack it again", named)


def _unpack(
    file: IO[bytes] | gzip.GzipFile, name: str, inside: str, is_known: Recognise, aside: Path, left: int
) -> Document | Passed:
    """Write an opened packed file aside if its first bytes are known, up to `left` bytes."""
    head = file.read(HEAD_BYTES)
    if not is_known(_without_mark(head)):
        return Passed(name, describe(_without_mark(head)), False)
    path = Path(mkdtemp(dir=aside)) / (inside or "file")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as unpacked:
        part, size = head, 0
        while part:
            size += len(part)
            if size > left:
                path.unlink()
                return Passed(name, "larger than can be unpacked here; unpack it first", False)
            unpacked.write(part)
            part = file.read(_PART)
    return Document(path, name, _without_mark(head), False)
