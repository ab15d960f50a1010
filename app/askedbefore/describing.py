"""What a build says of itself: the recipe it was made by, and the manifest around it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from askedbefore import __version__
from askedbefore.asked import asked_recipe
from askedbefore.calibration import calibration_recipe
from askedbefore.embedding import Encoder
from askedbefore.reading.harvest import Archive
from askedbefore.records import Passage
from askedbefore.settings import Settings
from askedbefore.splitting import FEWEST_WORDS, GOOD_WORDS, MOST_WORDS, VERSION
from askedbefore.storage.build import Contents, new_build_id
from askedbefore.storage.layout import FORMAT, Blog, Counts, Manifest, Recipe, Splitting


def describe_recipe(hashes: Mapping[str, str], archive: Archive, settings: Settings, encoder: Encoder) -> Recipe:
    """Return everything that decides what a build holds: an equal recipe makes an equal build."""
    return Recipe(
        format=FORMAT,
        program=__version__,
        posts=dict(hashes),
        model=encoder.name,
        model_sha256=encoder.fingerprint,
        calibration=calibration_recipe(),
        asked=asked_recipe(),
        splitting=Splitting(version=VERSION, fewest_words=FEWEST_WORDS, good_words=GOOD_WORDS, most_words=MOST_WORDS),
        settings=settings.model_dump(mode="json"),
        blog=Blog(
            title=archive.title or "the blog",
            url=archive.url,
            author=archive.authors[0] if archive.authors else None,
            example=settings.example,
            example_questions=(),
        ),
        curation=archive.curation,
    )


def on_model(last: Manifest | None, encoder: Encoder) -> tuple[str, ...]:
    """Return a remark when the model is another one than that of the build before, so that nothing of it serves."""
    if last is None or last.recipe.model_sha256 == encoder.fingerprint:
        return ()
    return (
        f"The model is another one: {encoder.name} instead of {last.recipe.model}. So everything was embedded anew; "
        "a server that is running must be started again.",
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


def describe_build(recipe: Recipe, archive: Archive, contents: Contents, sources: Sequence[Path]) -> Manifest:
    """Return the manifest of a build that is about to be written."""
    return Manifest(
        id=new_build_id(),
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        made_by=f"askedbefore {__version__}",
        recipe=recipe,
        dimension=int(contents.vectors.shape[1]),
        counts=count_archive(archive, contents.passages, len(contents.sentence_vectors)),
        sources=tuple(str(source.absolute()) for source in sources),
        files={},
    )
