"""Go back to the build before the live one, in one step; done twice, forward again."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from askedbefore.counting import count
from askedbefore.curation import FILE_NAME, Curation
from askedbefore.errors import IndexProblem
from askedbefore.storage import layout
from askedbefore.storage.build import verify
from askedbefore.storage.builds import has_forgotten, name_live, rebuild_lock
from askedbefore.storage.layout import Current, Manifest


@dataclass(frozen=True, slots=True)
class Rollback:
    """What came of going back: the build that is live now, and the one that was.

    `unhidden` says that `curation.toml` hides more today than it did when the live build was made.
    """

    live: Manifest
    left: str
    unhidden: bool


def roll_back(index: Path, curation: Curation) -> Rollback:
    """Make the build before the live one live again and keep the one that is left; `curation` is today's.

    Raises IndexProblem when there is no build to go back to, or none that may be gone back to, and RebuildStopped when
    a rebuild is running or the build would not answer. The index is then as it was.
    """
    layout.read_current(index)  # without an index nothing is made, not even the lock
    with rebuild_lock(index):
        current = layout.read_current(index)
        if current.previous is None or not (layout.builds_folder(index) / current.previous).is_dir():
            raise IndexProblem(
                f"There is no build to go back to in {index}: none was made before the live one, or it was removed "
                f"because it may have held what {FILE_NAME} says is to be forgotten. Mend what is wrong with "
                "the archive and run  askedbefore rebuild . The index is as it was."
            )
        build = layout.builds_folder(index) / current.previous
        if not has_forgotten(build, curation.forget):
            raise IndexProblem(
                f"The build before, {current.previous}, may hold what {FILE_NAME} says is to be forgotten, so it does "
                "not become the live one. Run  askedbefore rebuild . The index is as it was."
            )
        manifest = verify(build, "The build before")
        name_live(index, Current(build=current.previous, previous=current.build))
    hides_more = not set(curation.hide) <= set(manifest.recipe.curation.hide)
    return Rollback(manifest, current.build, hides_more)


def describe_rollback(done: Rollback) -> Iterator[str]:
    """Yield line by line what came of going back, as plain text."""
    live, counts = done.live, done.live.counts
    yield f"Live now: build {live.id}, made {live.made} by {live.made_by}"
    yield (
        f"  {count(counts.posts, 'post')}, {count(counts.comments, 'comment')}, "
        f"{count(counts.replies, 'of them a reply', 'of them replies')} by the author; "
        f"{count(counts.passages, 'passage')}"
    )
    yield "A server that runs takes it by itself."
    yield f"Build {done.left} is kept: a second  askedbefore rollback  goes forward to it again."
    if done.unhidden:
        yield f"{FILE_NAME} hides more today than when this build was made: that may be shown until the next rebuild."
    yield "The next  askedbefore rebuild  reads the archive again, so mend there first what was wrong."
