"""Read an archive: find the sources, recognise each by its content, tell the author, unite what they hold."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from askedbefore.cleaning import guess_sign_off
from askedbefore.curating import curate
from askedbefore.curation import Curation
from askedbefore.errors import SourceError
from askedbefore.reading import (
    blogger,
    disqus,
    feeds,
    fetched,
    ghost,
    markdownfile,
    pagetext,
    webpage,
    wordpress,
)
from askedbefore.reading.authorship import find_author, tell_author
from askedbefore.reading.finding import Document, Passed, describe, open_sources
from askedbefore.reading.finishing import finish_posts, finish_replies
from askedbefore.reading.harvest import Archive, Harvest, LeftOut, Source
from askedbefore.reading.uniting import unite
from askedbefore.records import Voice
from askedbefore.settings import Settings


@dataclass(frozen=True, slots=True)
class Importer:
    """One format: what it is called, how a file of it is known by its first bytes, and how it is read.

    `read` raises OSError when the file cannot be read, and SourceError, with what is wrong as its text, when the file
    is not what it begins as.
    """

    name: str
    recognise: Callable[[bytes], bool]
    read: Callable[[Path, Settings], Harvest]


# The first that knows a file reads it, so the more special stand first.
IMPORTERS = (
    Importer("blog fetched from the network", fetched.recognise, fetched.read),
    Importer("WordPress export", wordpress.recognise, wordpress.read),
    Importer("Blogger backup", blogger.recognise, blogger.read),
    Importer("Disqus export", disqus.recognise, disqus.read),
    Importer("Ghost export", ghost.recognise, ghost.read),
    Importer("file with front matter", markdownfile.recognise, markdownfile.read),
    Importer("feed", feeds.recognise, feeds.read),
    Importer("saved web page", webpage.recognise, webpage.read),
    Importer("page saved as text", pagetext.recognise, pagetext.read),
)
WANTED = (
    "Wanted: a WordPress export (Tools > Export > All content), or another export, saved pages, a feed, Markdown or "
    "text, as docs/sources.md lists them."
)
AS_IT_WAS = "The index is as it was."


def read_archive(sources: Sequence[Path], data: Path, settings: Settings, curation: Curation | None = None) -> Archive:
    """Read the named sources, or without any all of the folder `data`, into one archive, as the author's hand wants it.

    Raises SourceError when a source cannot be read, a named one is no archive, or no post is found at all.
    """
    if not sources and not data.is_dir():
        raise SourceError(f"There is no folder {data}. Make it and put the blog's export into it. {WANTED}")
    read, passed_over = _read_all(sources or [data], settings)
    archive = _make_archive(read, passed_over, settings)
    if not archive.posts:
        where = ", ".join(str(source) for source in sources or [data])
        found = "no published post in it" if read else "no archive in it"
        if comments := sum(len(thread.comments) for _, harvest in read for thread in harvest.threads):
            found = (
                f"comments in it ({comments:,}), but not the posts that they belong to: read it with the blog's export"
            )
        damage = "".join(f" ({note})" for note in archive.notes)
        raise SourceError(f"Nothing to read: {where} has {found}{damage}. {WANTED} {AS_IT_WAS}")
    return curate(archive, curation or Curation())


def importer_for(head: bytes) -> Importer | None:
    """Return the importer that knows a file by its first bytes, if any does."""
    return next((importer for importer in IMPORTERS if importer.recognise(head)), None)


def _read_all(sources: Sequence[Path], settings: Settings) -> tuple[list[tuple[Source, Harvest]], list[LeftOut]]:
    """Return what every file holds that an importer knows, and what was passed over."""
    read: list[tuple[Source, Harvest]] = []
    passed_over: list[LeftOut] = []
    with open_sources(sources, lambda head: importer_for(head) is not None) as documents:
        for document in documents:
            found = _read(document, settings)
            if not isinstance(found, Passed):
                read.append(found)
            elif found.named:
                raise SourceError(f"{found.name} is {found.what}. {WANTED} {AS_IT_WAS}")
            else:
                passed_over.append(LeftOut(f"a file that is no archive: {found.what}", found.name))
    return read, passed_over


def _read(document: Document | Passed, settings: Settings) -> tuple[Source, Harvest] | Passed:
    """Read one file with the importer that knows it."""
    if isinstance(document, Passed):
        return document
    importer = importer_for(document.head)
    if importer is None:
        return Passed(document.name, describe(document.head), document.named)
    try:
        harvest = importer.read(document.path, settings)
    except SourceError as error:
        return Passed(document.name, f"a {importer.name} that cannot be read: {error}", document.named)
    except OSError as error:
        raise SourceError(f"{document.path} cannot be read: {error.strerror or error}. {AS_IT_WAS}") from error
    return Source(document.name, importer.name, len(harvest.posts), harvest.comments), harvest


def _make_archive(read: Sequence[tuple[Source, Harvest]], passed_over: list[LeftOut], settings: Settings) -> Archive:
    """Make one archive of all that was read: who is the author, what is hers, each post once."""
    authorship = find_author([harvest for _, harvest in read], settings)
    told = [tell_author(harvest, authorship, settings.trust_names) for _, harvest in read]
    sign_off = settings.sign_off or guess_sign_off(list(_replies(told)))
    harvests = [finish_posts(harvest, sign_off, authorship.names) for harvest in told]
    sources = tuple(_describe_source(source, harvest) for (source, _), harvest in zip(read, harvests, strict=True))
    united = unite(harvests)
    posts = finish_replies(united.posts, sign_off, authorship.names)
    newest_first = sorted(harvests, key=lambda one: one.made, reverse=True)
    return Archive(
        sources=sources,
        posts=tuple(posts),
        left_out=(*passed_over, *(item for source in sources for item in source.left_out), *united.left_out),
        notes=tuple(dict.fromkeys(f"{source.name}: {note}" for source in sources for note in source.notes)),
        title=settings.title or next((one.title for one in newest_first if one.title), None),
        url=settings.url or next((one.url for one in newest_first if one.url), None),
        authors=authorship.names,
        united=united.united,
        guesses=(*authorship.guesses, *(f"{source.name}: {one}" for source in sources for one in source.guesses)),
    )


def _replies(harvests: Sequence[Harvest]) -> Iterator[str]:
    """Yield the author's comments."""
    for harvest in harvests:
        for post in (*harvest.posts, *harvest.threads):
            yield from (comment.text for comment in post.comments if comment.by_author)


def _describe_source(source: Source, harvest: Harvest) -> Source:
    """Return a source with all that is to be said of it."""
    posts = (*harvest.posts, *harvest.threads)
    comments = [comment for post in posts for comment in post.comments]
    voices = Counter(block.voice for post in posts for block in post.blocks)
    for comment in comments:
        voices[Voice.AUTHOR if comment.by_author else Voice.READER] += len(comment.blocks)
    return replace(
        source,
        replies=sum(comment.by_author for comment in comments),
        voices=tuple((voice.value, voices[voice]) for voice in Voice),
        left_out=harvest.left_out,
        notes=harvest.notes,
        guesses=harvest.guesses,
    )
