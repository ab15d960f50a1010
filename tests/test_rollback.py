"""Going back to the build before: in one step, verified, forward again, and never to what is to be forgotten."""

import shutil

import pytest
from typer.testing import CliRunner

from askedbefore.cli import app
from askedbefore.curation import load_curation
from askedbefore.errors import IndexProblem, RebuildStopped
from askedbefore.storage import layout
from askedbefore.storage.builds import rebuild_lock
from askedbefore.storage.rollback import Rollback, describe_rollback, roll_back
from askedbefore.web.live import LiveLibrary
from tests.conftest import Blog
from tests.test_forgetting import THREAD, TRACES
from tests.test_rebuild import state
from tests.wxr import POSTS, P, export


def go_back(blog: Blog) -> Rollback:
    """Go back as the command does."""
    return roll_back(blog.paths.index, load_curation(blog.paths.data))


def slugs(blog: Blog) -> set[str]:
    """Return the posts of the live build."""
    return {passage.post for passage, _, _ in blog.library().all_passages()}


@pytest.fixture
def twice(small_blog: Blog) -> Blog:
    """Return a blog with a second build, in which a post is gone."""
    small_blog.write("export.xml", export(POSTS[:2]))
    small_blog.rebuild()
    return small_blog


def test_back_and_forward_again(twice: Blog) -> None:
    """Both builds stay whole; the note names them the other way round each time."""
    before = layout.read_current(twice.paths.index)
    files = {name: content for name, content in state(twice).items() if name != layout.CURRENT}
    assert go_back(twice).live.id == before.previous
    assert slugs(twice) == {"breaks", "fees", "silence"}
    assert layout.read_current(twice.paths.index) == layout.Current(build=before.previous or "", previous=before.build)
    go_back(twice)
    assert slugs(twice) == {"breaks", "fees"}
    assert layout.read_current(twice.paths.index) == before
    assert {name: content for name, content in state(twice).items() if name != layout.CURRENT} == files


def test_a_running_server_takes_it(twice: Blog) -> None:
    """Without a restart, and an answer that has begun keeps to its build."""
    live = LiveLibrary(twice.paths.index, twice.encoder)
    begun = live.current()
    assert begun.manifest.counts.posts == 2
    go_back(twice)
    assert live.current().manifest.counts.posts == 3
    assert begun.manifest.counts.posts == 2
    begun.check_rows()
    go_back(twice)
    assert live.current().manifest.counts.posts == 2


def test_the_next_rebuild_reads_the_archive_again(twice: Blog) -> None:
    """So it comes to what the archive holds, as if nobody had gone back."""
    go_back(twice)
    report = twice.rebuild()
    assert report.changes.gone == ("silence",)
    assert slugs(twice) == {"breaks", "fees"}


def test_what_is_said(twice: Blog) -> None:
    """Which build is live now, its date and counts, and what the next rebuild does; also as a command."""
    text = "\n".join(describe_rollback(go_back(twice)))
    manifest = twice.library().manifest
    assert f"Live now: build {manifest.id}, made {manifest.made} by" in text
    assert "3 posts, 5 comments, 2 of them replies by the author; 9 passages" in text
    assert "The next  askedbefore rebuild  reads the archive again" in text
    assert "hides more today" not in text
    twice.write("curation.toml", 'hide = ["fees"]')
    places = ["--data", str(twice.paths.data), "--index", str(twice.paths.index)]
    done = CliRunner().invoke(app, ["rollback", *places])
    assert done.exit_code == 0
    assert f"Build {manifest.id} is kept" in done.stdout
    assert "curation.toml hides more today than when this build was made" in done.stdout
    assert slugs(twice) == {"breaks", "fees"}


def test_there_is_none_to_go_back_to(small_blog: Blog) -> None:
    """One message, and nothing changes; where there is no index, none is begun."""
    before = state(small_blog)
    with pytest.raises(IndexProblem, match=r"no build to go back to.*askedbefore rebuild"):
        go_back(small_blog)
    assert state(small_blog) == before
    shutil.rmtree(small_blog.paths.index)
    with pytest.raises(IndexProblem, match="There is no index"):
        go_back(small_blog)
    assert not small_blog.paths.index.exists()


def test_never_to_what_is_to_be_forgotten(blog: Blog) -> None:
    """Neither when the rebuild removed the build before, nor when the comment was named only after it."""
    blog.write("export.xml", export(TRACES))
    blog.rebuild()
    blog.write("export.xml", export([P("names", TRACES[0].content, comments=THREAD[3:]), TRACES[1]]))
    blog.rebuild()
    blog.write("curation.toml", 'forget = ["#comment-21"]')
    before = state(blog)
    with pytest.raises(IndexProblem, match=r"may hold what curation\.toml says is to be forgotten.*as it was"):
        go_back(blog)
    assert state(blog) == before
    blog.rebuild()
    with pytest.raises(IndexProblem, match="no build to go back to"):
        go_back(blog)


def test_a_damaged_build_is_not_gone_back_to(twice: Blog) -> None:
    """It is verified first, as a rebuild verifies; also one of another format."""
    current = layout.read_current(twice.paths.index)
    older = layout.builds_folder(twice.paths.index) / str(current.previous)
    vectors = (older / layout.VECTORS).read_bytes()
    (older / layout.VECTORS).write_bytes(vectors[:-1])
    with pytest.raises(RebuildStopped, match=r"The build before did not pass its check.*The index is as it was"):
        go_back(twice)
    (older / layout.VECTORS).write_bytes(vectors)
    manifest = layout.read_manifest(older)
    recipe = manifest.recipe.model_copy(update={"format": layout.FORMAT - 1})
    (older / layout.MANIFEST).write_text(layout.sealed(manifest.model_copy(update={"recipe": recipe})))
    with pytest.raises(RebuildStopped, match=f"has format {layout.FORMAT - 1}"):
        go_back(twice)
    assert layout.read_current(twice.paths.index) == current
    assert slugs(twice) == {"breaks", "fees"}


def test_not_while_a_rebuild_runs(twice: Blog) -> None:
    """The rebuild has the index."""
    with rebuild_lock(twice.paths.index), pytest.raises(RebuildStopped, match="Another rebuild"):
        go_back(twice)
