"""What a build says of itself: the recipe it was made by, and the manifest around it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from askedbefore import __version__
from askedbefore.asked import asked_recipe
from askedbefore.calibration import calibration_recipe
from askedbefore.changes import Changes, reading_recipe
from askedbefore.embedding import Encoder
from askedbefore.guard.passages import guarding_recipe
from askedbefore.preparing import Prepared
from askedbefore.reading.harvest import Archive
from askedbefore.records import Passage
from askedbefore.settings import Settings
from askedbefore.splitting import FEWEST_WORDS, GOOD_WORDS, MOST_WORDS, VERSION
from askedbefore.storage.build import Contents, new_build_id
from askedbefore.storage.layout import EXPORT, FORMAT, Blog, Counts, Manifest, Recipe, Splitting


def describe_recipe(hashes: Mapping[str, str], archive: Archive, settings: Settings, encoder: Encoder) -> Recipe:
    """Return everything that decides what a build holds: an equal recipe makes an equal build."""
    return Recipe(
        format=FORMAT,
        program=__version__,
        reading=reading_recipe(),
        posts=dict(hashes),
        model=encoder.name,
        model_sha256=encoder.fingerprint,
        calibration=calibration_recipe(),
        asked=asked_recipe(),
        export=EXPORT,
        guarding=guarding_recipe(),
        splitting=Splitting(version=VERSION, fewest_words=FEWEST_WORDS, good_words=GOOD_WORDS, most_words=MOST_WORDS),
        settings=settings.model_dump(mode="json"),
        blog=Blog(
            title=archive.title or "the blog",
            url=archive.url,
            author=archive.authors[0] if archive.authors else None,
            example=settings.example,
            example_questions=(),
            language=settings.language,
            accent=settings.accent,
            leave_to=settings.leave_to,
            regions=settings.regions or (),
            lines=settings.lines,
        ),
        curation=archive.curation,
    )


def on_recipe(last: Manifest | None, now: Recipe, changes: Changes) -> tuple[str, ...]:
    """Return a remark on each thing that makes all of a build anew though the author has not touched the archive."""
    if last is None or last.recipe == now:
        return ()
    before = last.recipe
    embedded = "everything is made and embedded anew; a server that is running must be started again."
    unknown = f", and whether you have edited any of {len(changes.reread):,} cannot be told" if changes.reread else ""
    remarks = (
        (
            before.model_sha256 != now.model_sha256,
            f"The model is another one: {now.model} instead of {before.model}. So {embedded}",
        ),
        (
            before.format != now.format,
            f"This version keeps the index in another form, {now.format} instead of {before.format}. So {embedded}",
        ),
        (
            before.program != now.program,
            f"The program is another version: {now.program} instead of {before.program}. So the build is made anew.",
        ),
        (
            before.reading != now.reading,
            f"This version reads archives in another way. So every post is taken in anew{unknown}.",
        ),
        (
            before.splitting != now.splitting,
            f"Texts are cut in another way: {_in_words(now.splitting)} instead of {_in_words(before.splitting)}. "
            "So all posts and comments are cut anew; what is cut as before is not embedded again.",
        ),
        (
            before.asked != now.asked,
            "This version finds in another way what readers have often asked. So the list is made anew.",
        ),
        (
            before.export != now.export,
            "This version exports the model in another way, for servers without PyTorch. So that is made anew.",
        ),
        (
            before.guarding != now.guarding,
            "This version decides in another way what of the archive is shown to nobody. So that is decided anew.",
        ),
        (
            before.calibration != now.calibration,
            "This version measures in another way where “nothing is close” begins. So that is measured anew.",
        ),
    )
    return tuple(remark for differs, remark in remarks if differs)


def _in_words(splitting: Splitting) -> str:
    """Return what decides where passages begin and end."""
    return (
        f"{splitting.fewest_words} to {splitting.most_words} words, best {splitting.good_words}, "
        f"by rule {splitting.version}"
    )


def count_archive(archive: Archive, passages: Sequence[Passage], sentences: int = 0) -> Counts:
    """Count what a build of the archive holds; sentences are only counted once they are embedded."""
    comments = [comment for post in archive.posts for comment in post.comments if not comment.hidden]
    return Counts(
        posts=len(archive.posts),
        comments=len(comments),
        replies=sum(comment.by_author for comment in comments),
        passages=len(passages),
        sentences=sentences,
    )


def describe_build(
    recipe: Recipe, archive: Archive, contents: Contents, sources: Sequence[Path], prepared: Prepared
) -> Manifest:
    """Return the manifest of a build that is about to be written."""
    return Manifest(
        id=new_build_id(),
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        made_by=f"askedbefore {__version__}",
        recipe=recipe,
        dimension=int(contents.vectors.shape[1]),
        counts=count_archive(archive, contents.passages, len(contents.sentence_vectors)),
        sources=tuple(str(source.absolute()) for source in sources),
        archives=archive_files(archive),
        models=prepared.models,
        not_exported=prepared.not_exported,
        files={},
    )


def archive_files(archive: Archive) -> tuple[str, ...]:
    """Return the names of the files that an archive was read from, in order."""
    return tuple(sorted({source.name for source in archive.sources}))
