"""Read an archive: find the sources, recognise each by its content, unite what they hold."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from askedbefore.cleaning import clean_blocks, guess_sign_off
from askedbefore.curating import curate
from askedbefore.curation import Curation
from askedbefore.errors import SourceError
from askedbefore.links import flatten
from askedbefore.reading import pagetext, wordpress
from askedbefore.reading.harvest import Archive, Harvest, LeftOut, Source
from askedbefore.records import Comment, Post, Voice
from askedbefore.settings import FILE_NAME, Settings
from askedbefore.voices import tell_voices

HEAD_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Importer:
    """One format: what it is called, how a file of it is known by its first bytes, and how it is read."""

    name: str
    recognise: Callable[[bytes], bool]
    read: Callable[[Path, Settings], Harvest]


IMPORTERS = (
    Importer("WordPress export", wordpress.recognise, wordpress.read),
    Importer("page saved as text", pagetext.recognise, pagetext.read),
)
# What people drop into the folder by mistake: how such a file begins, and what to say of it.
OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"PK\x03\x04", "a zip or office file; unpack it first"),
    (b"\x1f\x8b", "a compressed file; unpack it first"),
    (b"SQLite format 3", "a database"),
    (b"-- ", "a database dump"),
    (b"<!doctype html", "a web page; save it as text, or use WordPress's export"),
    (b"<html", "a web page; save it as text, or use WordPress's export"),
)
WANTED = "Wanted: a WordPress export (Tools > Export > All content), or a page saved as text."


def read_archive(sources: Sequence[Path], data: Path, settings: Settings, curation: Curation | None = None) -> Archive:
    """Read the named sources, or without any all of the folder `data`, into one archive, as the author's hand wants it.

    Raises SourceError when a source cannot be read, a named one is no archive, or no post is found at all.
    """
    if not sources and not data.is_dir():
        raise SourceError(f"There is no folder {data}. Make it and put the blog's export into it. {WANTED}")
    harvests: list[Harvest] = []
    read: list[Source] = []
    passed_over: list[LeftOut] = []
    for path, named in _find_files(sources or [data]):
        if importer := _importer_for(path):
            harvests.append(harvest := importer.read(path, settings))
            read.append(Source(path, importer.name, len(harvest.posts), harvest.comments))
        elif named:
            raise SourceError(f"{path} is {_describe(path)}. {WANTED} The index is as it was.")
        else:
            passed_over.append(LeftOut(f"a file that is no archive: {_describe(path)}", path.name))
    archive = _unite(harvests, passed_over, read, settings)
    if not archive.posts:
        where = ", ".join(str(source) for source in sources or [data])
        found = "no published post in it" if harvests else "no archive in it"
        damage = "".join(f" ({note})" for note in archive.notes)
        raise SourceError(f"Nothing to read: {where} has {found}{damage}. {WANTED} The index is as it was.")
    return curate(archive, curation or Curation())


def _find_files(sources: Iterable[Path]) -> Iterator[tuple[Path, bool]]:
    """Yield every file to read, sorted, and whether it was named itself.

    A folder inside a folder that has its own `blog.toml` is another archive and is not entered.
    """
    for source in sources:
        if source.is_file():
            yield source, True
        elif source.is_dir():
            yield from ((path, False) for path in _walk(source))
        else:
            raise SourceError(f"There is no file or folder {source}. The index is as it was.")


def _walk(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder and of those below it that could be sources."""
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise SourceError(f"The folder {folder} cannot be read: {error.strerror}. The index is as it was.") from error
    for entry in entries:
        if entry.name.startswith(".") or entry.name.lower().startswith("readme") or entry.suffix == ".toml":
            continue
        if entry.is_file():
            yield entry
        elif entry.is_dir() and not (entry / FILE_NAME).exists():
            yield from _walk(entry)


def _importer_for(path: Path) -> Importer | None:
    """Return the importer that knows this file by its first bytes, if any does."""
    head = _head(path)
    return next((importer for importer in IMPORTERS if importer.recognise(head)), None)


def _head(path: Path) -> bytes:
    """Return the first bytes of a file, without the byte order mark of UTF-8."""
    try:
        with path.open("rb") as file:
            return file.read(HEAD_BYTES).removeprefix(b"\xef\xbb\xbf")
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}. The index is as it was.") from error


def _describe(path: Path) -> str:
    """Say what a file that no importer knows seems to be."""
    head = _head(path)
    begins = head.lstrip().lower()
    if not begins:
        return "an empty file"
    for start, name in OTHERS:
        if begins.startswith(start.lower()):
            return name
    if b"<rss" in head or b"<feed" in head:
        return "a feed, which holds only the latest posts, not an export"
    return "not a WordPress export nor a page saved as text"


def _unite(harvests: Sequence[Harvest], passed_over: list[LeftOut], read: list[Source], settings: Settings) -> Archive:
    """Make one archive of all sources; of a post that stands in several, the newest export's counts.

    A post that a newer export holds back (made private, say) is held back from older ones too.
    """
    posts: dict[str, Post] = {}
    left_out = [*passed_over, *(item for harvest in harvests for item in harvest.left_out)]
    notes = [note for harvest in harvests for note in harvest.notes]
    known: set[str | None] = set()
    newest_first = sorted(harvests, key=lambda one: one.made, reverse=True)
    for harvest in newest_first:
        for post in harvest.posts:
            if {post.slug, post.origin} & known or (post.slug in posts and _same(post, posts[post.slug])):
                left_out.append(LeftOut("a post that a newer source has too, or holds back", f"“{post.title}”"))
            else:
                slug = _free_slug(post.slug, posts)
                posts[slug] = replace(post, slug=slug)
        known |= harvest.held_back | {post.origin for post in harvest.posts if post.origin}
    title = settings.title or next((one.title for one in newest_first if one.title), None)
    url = settings.url or next((one.url for one in newest_first if one.url), None)
    own = [settings.author] if settings.author else []
    authors = tuple(dict.fromkeys([*own, *(name for one in newest_first for name in one.authors)]))
    finished, doubts = _finish(list(posts.values()), settings, authors)
    return Archive(tuple(read), tuple(finished), tuple(left_out), (*notes, *doubts), title, url, authors)


def _same(one: Post, other: Post) -> bool:
    """Say whether two posts with one slug are the same post."""
    return one.url == other.url or one.title == other.title


def _free_slug(slug: str, taken: dict[str, Post]) -> str:
    """Return the slug, numbered when another post has it already."""
    number, free = 2, slug
    while free in taken:
        free, number = f"{slug}-{number}", number + 1
    return free


def _finish(posts: list[Post], settings: Settings, authors: tuple[str, ...]) -> tuple[list[Post], list[str]]:
    """Take boilerplate and sign-offs out of every post and its replies and tell who speaks; return doubts too."""
    replies = [comment.text for post in posts for comment in post.comments if comment.by_author]
    sign_off = settings.sign_off or guess_sign_off(replies)
    finished, doubts = [], []
    for post in posts:
        voices = tell_voices(clean_blocks(post.blocks, sign_off), authors)
        doubts += [f"In “{post.title}”: {doubt}." for doubt in voices.doubts]
        said = {flatten(block.text) for one in post.comments if not one.by_author for block in one.blocks}
        comments = (_finish_reply(one, sign_off, authors, said) if one.by_author else one for one in post.comments)
        finished.append(replace(post, blocks=voices.blocks, comments=tuple(comments)))
    return finished, doubts


def _finish_reply(reply: Comment, sign_off: str | None, authors: tuple[str, ...], said: set[str]) -> Comment:
    """Take the sign-off out of a reply and tell what in it is quoted; `said` is what readers said there."""
    blocks = tell_voices(clean_blocks(reply.blocks, sign_off), authors).blocks
    return replace(
        reply,
        blocks=tuple(
            replace(block, voice=Voice.READER) if flatten(block.text).strip('“”"') in said else block
            for block in blocks
        ),
    )
