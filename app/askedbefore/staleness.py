"""Whether a build is what its sources would make now, and if not, what has changed since."""

from collections.abc import Iterator
from pathlib import Path

from askedbefore.changes import Changes, compare, hash_posts
from askedbefore.counting import count
from askedbefore.curation import Curation
from askedbefore.describing import archive_files, describe_recipe, on_recipe
from askedbefore.embedding import Encoder
from askedbefore.errors import AskedBeforeError, IndexProblem
from askedbefore.reading import read_archive
from askedbefore.reading.harvest import Archive
from askedbefore.settings import Settings
from askedbefore.storage.layout import REPAIR, Manifest
from askedbefore.storage.library import Library

_MOST_NAMED = 5


def compare_with_sources(library: Library, settings: Settings, curation: Curation, encoder: Encoder) -> str:
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
