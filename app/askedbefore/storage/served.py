"""Which build of an index is opened: the live one, or where that is damaged the one before it."""

from pathlib import Path

from askedbefore.errors import IndexProblem
from askedbefore.storage import layout
from askedbefore.storage.library import Library


def open_live(index: Path) -> Library:
    """Open the live build. Raises IndexProblem when there is no index or it cannot be used."""
    return Library(layout.builds_folder(index) / layout.read_current(index).build)


def open_served(index: Path) -> tuple[Library, str | None]:
    """Open what readers are to be answered from: the live build, or if it is damaged the one before, and then say so.

    Raises IndexProblem when neither can be used, or when the live one hides what the one before shows.
    """
    current = layout.read_current(index)
    live = layout.builds_folder(index) / current.build
    try:
        return _open_whole(live), None
    except IndexProblem as problem:
        if current.previous is None or _hides_more(live, live.with_name(current.previous)):
            raise
        try:
            before = _open_whole(live.with_name(current.previous))
        except IndexProblem:
            raise problem from None
        made = f"build {before.manifest.id}, made {before.manifest.made}"
        return before, f"THE LIVE INDEX CANNOT BE USED. Readers are answered from the one before it ({made}). {problem}"


def _open_whole(build: Path) -> Library:
    """Open a build with the models in it. Raises IndexProblem when a file is damaged."""
    library = Library(build)
    try:
        layout.check_models(build, library.manifest)
    except IndexProblem:
        library.close()
        raise
    return library


def _hides_more(live: Path, before: Path) -> bool:
    """Say whether a build hides what the one before it shows, as far as that can be told."""
    try:
        hidden, hidden_before = (set(layout.read_manifest(one).recipe.curation.hide) for one in (live, before))
    except IndexProblem:
        return False
    return not hidden <= hidden_before
