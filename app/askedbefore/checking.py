"""Say whether the index is sound, answers, and is what the sources would make now."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from askedbefore.answer import answer_question
from askedbefore.changes import Changes, compare, hash_posts
from askedbefore.curation import Curation, load_curation
from askedbefore.describing import archive_files, describe_recipe, on_recipe
from askedbefore.embedding import Encoder
from askedbefore.errors import AskedBeforeError, IndexProblem
from askedbefore.helplines import EVERYWHERE, help_book
from askedbefore.reading import read_archive
from askedbefore.reading.harvest import Archive
from askedbefore.report import count
from askedbefore.settings import Paths, Settings
from askedbefore.storage.layout import REPAIR, Manifest
from askedbefore.storage.library import Library, open_live

_MOST_NAMED = 5
_LINES_STAY_GOOD = timedelta(days=365)


def check_index(paths: Paths, settings: Settings, encoder: Encoder, today: date | None = None) -> Iterator[str]:
    """Yield what was checked and found right, line by line. Raises AskedBeforeError at the first thing that is not.

    Help lines that were checked too long ago, by the day that it is `today`, are only warned of.
    """
    with closing(open_live(paths.index)) as library:
        manifest = library.manifest
        yield f"Build {manifest.id}, made {manifest.made} by {manifest.made_by} with {manifest.recipe.model}"
        library.check_rows()
        yield (
            f"Sound: every file is as it was written, and {count(manifest.counts.passages, 'passage')} of "
            f"{count(manifest.counts.posts, 'post')} can be read."
        )
        library.check_fits(encoder)
        elapsed = answer_question("Is it sound?", library, encoder).elapsed_ms
        yield f"Servable: a question was answered in {elapsed:.0f} ms."
        yield _describe_lines(settings, today or datetime.now(UTC).date())
        yield _compare_with_sources(library, settings, load_curation(paths.data), encoder)


def _describe_lines(settings: Settings, today: date) -> str:
    """Say whose help lines readers see and when those were checked, and what to do when that is too long ago."""
    regions = settings.signposts.regions_for(settings.language)
    checked = help_book().checked((*regions, EVERYWHERE))
    said = f"Help lines: of {', '.join(regions)}; the oldest was checked on {checked.isoformat()}."
    if not settings.regions:
        said += " Name your readers' as regions in blog.toml, so that nobody in distress has to look for hers."
    if today - checked <= _LINES_STAY_GOOD:
        return said
    return (
        f"{said} WARNING: that is more than a year ago, and numbers change. Install a newer version, or dial or "
        "open each line that docs/helplines.md lists, and correct what is wrong in lines.toml. Until then put "
        "lines that you know into blog.toml, under [[lines]]."
    )


def _compare_with_sources(library: Library, settings: Settings, curation: Curation, encoder: Encoder) -> str:
    """Say that the index is what its sources would make now. Raises IndexProblem when it is not."""
    recipe = library.manifest.recipe
    sources = [Path(source) for source in library.manifest.sources]
    if not all(source.exists() for source in sources):
        return "Current? The archive that it was made from is not on this machine, so that cannot be told."
    try:
        archive = read_archive(sources, sources[0], settings, curation)
    except AskedBeforeError as error:
        raise IndexProblem(f"Not current: what the index was made from cannot be read now. {error}") from error
    now = describe_recipe(hash_posts(archive.posts), archive, settings, encoder)
    if recipe.curation != now.curation:
        raise IndexProblem(f"Not current: curation.toml has changed since it was made. {REPAIR}")
    changes = compare(recipe.posts, now.posts, same_reading=recipe.reading == now.reading)
    files = "".join(f" {one}" for one in _files_said(library.manifest, archive))
    if changes.new or changes.edited or changes.gone:
        raise IndexProblem(f"Not current: since it was made {_posts_said(changes)}.{files} {REPAIR}")
    if recipe.settings != settings.model_dump(mode="json"):
        raise IndexProblem(f"Not current: blog.toml has changed since it was made. {REPAIR}")
    if recipe != now:
        why = " ".join(on_recipe(library.manifest, now, changes)) or "What is said of the blog has changed."
        raise IndexProblem(f"Not current: since it was made the program or the blog has changed. {why} {REPAIR}")
    return f"Current: it holds what the archive holds now.{files}"


def _posts_said(changes: Changes) -> str:
    """Say how many posts came, changed and went, and name the first few of each."""
    came, changed, went = (
        (f" ({', '.join(slugs[:_MOST_NAMED])}{', …' if len(slugs) > _MOST_NAMED else ''})" if slugs else "")
        for slugs in (changes.new, changes.edited, changes.gone)
    )
    return (
        f"{count(len(changes.new), 'post')} came{came}, {len(changes.edited):,} changed{changed}, "
        f"{len(changes.gone):,} went{went}"
    )


def _files_said(manifest: Manifest, archive: Archive) -> Iterator[str]:
    """Say which files of the archive are newly there and which are gone."""
    before, now = manifest.archives, archive_files(archive)
    for names, state in (
        ([one for one in now if one not in before], "newly there"),
        ([one for one in before if one not in now], "gone"),
    ):
        if names:
            named = ", ".join(names[:_MOST_NAMED])
            more = ", …" if len(names) > _MOST_NAMED else ""
            yield f"{'This file is' if len(names) == 1 else f'{len(names):,} files are'} {state}: {named}{more}."
