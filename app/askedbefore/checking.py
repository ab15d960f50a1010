"""Say whether the index is sound, answers, and is what the sources would make now."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

from askedbefore.answer import answer_question
from askedbefore.counting import count
from askedbefore.curation import load_curation
from askedbefore.embedding import Encoder
from askedbefore.extras import has_rebuild_extra
from askedbefore.helplines import EVERYWHERE, help_book
from askedbefore.settings import Paths, Settings
from askedbefore.storage import layout
from askedbefore.storage.served import open_live
from askedbefore.storage.vectorindex import describe_nearest

_LINES_STAY_GOOD = timedelta(days=365)


def check_index(
    paths: Paths, settings: Settings, encoder: Encoder, today: date | None = None, *, installed: Encoder | None = None
) -> Iterator[str]:
    """Yield what was checked and found right, line by line. Raises AskedBeforeError at the first thing that is not.

    `encoder` is the one that answers; `installed` is the model as a rebuild would use it, where it is another.
    Help lines that were checked too long ago, by the day that it is `today`, are only warned of.
    """
    with closing(open_live(paths.index)) as library:
        manifest = library.manifest
        yield f"Build {manifest.id}, made {manifest.made} by {manifest.made_by} with {manifest.recipe.model}"
        layout.check_models(library.folder, manifest)
        library.check_rows()
        yield (
            f"Sound: every file is as it was written, and {count(manifest.counts.passages, 'passage')} of "
            f"{count(manifest.counts.posts, 'post')} can be read."
        )
        if manifest.nearest.lists or manifest.nearest.why:
            yield describe_nearest(manifest.nearest)
        library.check_fits(installed or encoder)
        elapsed = answer_question("Is it sound?", library, encoder).elapsed_ms
        yield f"Servable: a question was answered in {elapsed:.0f} ms."
        yield _describe_lines(settings, today or datetime.now(UTC).date())
        if not has_rebuild_extra():
            yield "Current? What reads archives is not installed on this machine, so that cannot be told."
            return
        from askedbefore.staleness import compare_with_sources

        yield compare_with_sources(library, settings, load_curation(paths.data), installed or encoder)


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
