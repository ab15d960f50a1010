"""What a rebuild would do, decided before anything is embedded or written."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from askedbefore.changes import Changes, compare, hash_posts, reading_recipe, stop_before_large_loss
from askedbefore.curation import load_curation
from askedbefore.describing import describe_recipe, on_recipe
from askedbefore.embedding import Encoder
from askedbefore.reading import read_archive
from askedbefore.reading.harvest import Archive
from askedbefore.settings import Paths, Settings
from askedbefore.storage.builds import last_manifest
from askedbefore.storage.layout import Manifest, Recipe


@dataclass(frozen=True, slots=True)
class Plan:
    """What was read, what of it is other than in the last build, and the recipe of the build that it makes."""

    archive: Archive
    changes: Changes
    recipe: Recipe
    last: Manifest | None
    remarks: tuple[str, ...]

    def stop_before_large_loss(self) -> None:
        """Raise RebuildStopped when most of the live posts would go, unless they are an invented example."""
        makes_way = self.last is not None and self.last.recipe.blog.example and not self.recipe.blog.example
        if self.last is not None and not makes_way:
            stop_before_large_loss(self.changes, len(self.last.recipe.posts))


def make_plan(sources: Sequence[Path], paths: Paths, settings: Settings, encoder: Encoder) -> Plan:
    """Read the sources, or without any all of `paths.data`, and compare them with the last build."""
    archive = read_archive(sources, paths.data, settings, load_curation(paths.data))
    last = last_manifest(paths.index)
    hashes = hash_posts(archive.posts)
    same_reading = last is None or last.recipe.reading == reading_recipe()
    changes = compare(last.recipe.posts if last else {}, hashes, same_reading=same_reading)
    recipe = describe_recipe(hashes, archive, settings, encoder)
    return Plan(archive, changes, recipe, last, on_recipe(last, recipe, changes))
