"""A rebuild costs only what changed, and whatever happens to it, the index that was live still answers."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from askedbefore.errors import AskedBeforeError, IndexProblem, RebuildStopped, SourceError
from askedbefore.report.text import describe
from askedbefore.storage import layout
from askedbefore.storage.builds import rebuild_lock
from tests.conftest import Blog
from tests.wxr import POSTS, P, export

QUESTION = "is a missed hour paid for because it was kept free for me?"
OTHERS = [P("other", "Quite another text."), P("third", "And a third text.")]

BUILD_FILES = (
    "passages.sqlite",
    "places.npz",
    "vectors.faiss",
    "units.npy",
    "sentences.npy",
    "measured.npz",
    "asked.json",
    "asked.npy",
    "pins.npy",
    "questions.npz",
)


def state(blog: Blog) -> dict[str, bytes]:
    """Return every file of the index but the lock."""
    files = [path for path in blog.paths.index.rglob("*") if path.is_file() and path.suffix != ".lock"]
    return {str(path.relative_to(blog.paths.index)): path.read_bytes() for path in files}


def test_the_first_rebuild_takes_all_in(blog: Blog) -> None:
    """The report and the manifest count the same."""
    blog.write("export.xml", export())
    report = blog.rebuild()
    assert (report.changes.new, report.changes.same) == (("breaks", "fees", "silence"), ())
    manifest = blog.library().manifest
    assert manifest.counts == report.counts
    assert (manifest.counts.posts, manifest.counts.comments, manifest.counts.replies) == (3, 5, 2)
    assert manifest.dimension == 512
    assert set(manifest.files) == set(BUILD_FILES)


def test_a_second_rebuild_embeds_nothing_and_writes_nothing(small_blog: Blog) -> None:
    """Nothing changed, so the build stays the one it was."""
    before = state(small_blog)
    small_blog.encoder.embedded.clear()
    report = small_blog.rebuild()
    assert report.unchanged
    assert small_blog.encoder.embedded == []
    assert state(small_blog) == before


def test_only_what_is_new_is_embedded(small_blog: Blog) -> None:
    """An edited sentence costs its passage and itself; a new post its own; the rest is taken over."""
    edited = [P("breaks", POSTS[0].content.replace("in July", "in May"), comments=POSTS[0].comments), POSTS[1]]
    small_blog.write("export.xml", export([*edited, P("new", "<p>Brand new text.</p>")]))
    small_blog.encoder.embedded.clear()
    report = small_blog.rebuild()
    assert (report.changes.new, report.changes.edited) == (("new",), ("breaks",))
    assert (report.changes.gone, report.changes.same) == (("silence",), ("fees",))
    assert report.embedded == 2
    assert [text for text in small_blog.encoder.embedded if "May" not in text] == ["Brand new text.", "New"]
    assert len(small_blog.encoder.embedded) == 4  # a passage and its sentence with May, the new text and its title


def test_vectors_taken_over_are_those_that_would_be_computed(small_blog: Blog) -> None:
    """An index made step by step equals one made at once."""
    small_blog.write("more.xml", export([P("new", "<p>Brand new text.</p>", id=99)]))
    small_blog.rebuild()
    step_by_step = small_blog.library()
    fresh = Blog(
        small_blog.paths.model_copy(update={"index": small_blog.paths.data.parent / "fresh"}), small_blog.encoder
    )
    fresh.rebuild()
    at_once = fresh.library()
    rows = range(step_by_step.manifest.counts.passages)
    assert [p for p, _, _ in step_by_step.all_passages()] == [p for p, _, _ in at_once.all_passages()]
    assert (step_by_step.passage_vectors(rows) == at_once.passage_vectors(rows)).all()
    sentences = range(step_by_step.manifest.counts.sentences)
    assert (step_by_step.sentence_vectors(sentences) == at_once.sentence_vectors(sentences)).all()
    assert (step_by_step.heading_vectors() == at_once.heading_vectors()).all()
    units = np.arange(len(step_by_step.shown_units))
    assert (step_by_step.unit_vectors(units) == at_once.unit_vectors(units)).all()


def test_what_is_gone_leaves_nothing(small_blog: Blog) -> None:
    """No ghost of a deleted post is in the live build; the build before is kept for going back, older ones are not."""
    small_blog.write("export.xml", export(POSTS[:2]))
    small_blog.rebuild()
    assert all("Silence" not in passage.text for passage, _, _ in small_blog.library().all_passages())
    small_blog.write("export.xml", export([*POSTS[:2], P("x", "Something else.", id=99)]))
    small_blog.rebuild()
    current = json.loads((small_blog.paths.index / "current.json").read_text())
    builds = {folder.name for folder in (small_blog.paths.index / "builds").iterdir()}
    assert builds == {current["build"], current["previous"]}
    assert not any(b"second sentence grows" in content for content in state(small_blog).values())


def test_who_commented_is_not_in_the_index(small_blog: Blog) -> None:
    """No name, e-mail or IP address of a commenter is in any byte of it."""
    for name, content in state(small_blog).items():
        assert not any(word in content for word in (b"A Reader's Name", b"reader@reader", b"192.0.2.77")), name


def test_changed_settings_make_a_new_build(small_blog: Blog) -> None:
    """The archive is the same, but what is shown of it is not."""
    small_blog.write("blog.toml", "show_unanswered_comments = true")
    report = small_blog.rebuild()
    assert not report.unchanged
    assert any("angry about the money" in passage.text for passage, _, _ in small_blog.library().all_passages())


def test_losing_most_posts_needs_a_yes(small_blog: Blog) -> None:
    """An author who drops the wrong file into the folder loses nothing; which posts would go is said."""
    before = state(small_blog)
    wrong = small_blog.write("wrong.xml", export([POSTS[2], P("else", "Else.")]))
    with pytest.raises(RebuildStopped, match=r"(?s)2 of the 3 posts.*breaks, fees.*--yes"):
        small_blog.rebuild(wrong)
    assert state(small_blog) == before
    assert small_blog.rebuild(wrong, yes=True).changes.gone == ("breaks", "fees")


def test_the_example_makes_way(small_blog: Blog) -> None:
    """An author's first own rebuild after trying the example needs no yes."""
    small_blog.write("blog.toml", "example = true")
    small_blog.rebuild()
    small_blog.write("blog.toml", "")
    small_blog.write("export.xml", export(OTHERS))
    assert small_blog.rebuild().changes.new == ("other", "third")


@pytest.mark.parametrize(
    "content", [b"", b"<rss>", b"%PDF", export([]).encode(), export([P("d", "x", status="draft")]).encode()]
)
def test_a_source_that_gives_nothing_changes_nothing(small_blog: Blog, content: bytes) -> None:
    """One message; the index is untouched."""
    before = state(small_blog)
    source = small_blog.write("bad", content)
    with pytest.raises(SourceError, match=r"Wanted: a WordPress export"):
        small_blog.rebuild(source)
    assert state(small_blog) == before


@pytest.mark.parametrize("content", ["<img src='/a.jpg'>", "", "<blockquote>Hers.</blockquote>"])
def test_a_post_without_words_of_the_author(small_blog: Blog, content: str) -> None:
    """A post of a picture is no error beside others; alone it is one message."""
    small_blog.write("more.xml", export([P("picture", content, id=99)]))
    assert small_blog.rebuild().counts.posts == 4
    before = state(small_blog)
    if "Hers" not in content:
        with pytest.raises(SourceError, match="no text of the author"):
            small_blog.rebuild(small_blog.paths.data / "more.xml", yes=True)
        assert state(small_blog) == before


def test_what_is_no_build_is_never_removed(blog: Blog) -> None:
    """An index folder that holds somebody's own work loses none of it, also when the rebuild fails."""
    precious = blog.paths.index / "builds" / "my-work" / "work.txt"
    precious.parent.mkdir(parents=True)
    precious.write_text("mine")
    with pytest.raises(SourceError):
        blog.rebuild()
    blog.write("export.xml", export())
    blog.rebuild()
    assert precious.read_text() == "mine"


@pytest.mark.parametrize(
    "note", ["", "[]", '{"build": "a\\u0000b"}', '{"build": "..", "previous": null}', '{"format": 2}']
)
def test_a_damaged_note_costs_no_build(small_blog: Blog, note: str) -> None:
    """A rebuild that fails leaves the builds; one that succeeds keeps the newest of them for going back."""
    (small_blog.paths.index / "current.json").write_text(note)
    builds = set((small_blog.paths.index / "builds").iterdir())
    with pytest.raises(SourceError):
        small_blog.rebuild(small_blog.paths.data / "absent.xml")
    assert set((small_blog.paths.index / "builds").iterdir()) == builds
    small_blog.rebuild()
    assert set((small_blog.paths.index / "builds").iterdir()) > builds


def test_a_large_loss_is_stopped_also_when_the_index_is_damaged(small_blog: Blog) -> None:
    """The manifest still says which posts there were."""
    vectors = next(small_blog.paths.index.rglob("vectors.faiss"))
    vectors.write_bytes(vectors.read_bytes()[:-1])
    small_blog.write("export.xml", export([POSTS[2]]))
    with pytest.raises(RebuildStopped, match="--yes"):
        small_blog.rebuild()


def test_a_missing_source_is_named(small_blog: Blog) -> None:
    """The message names the path."""
    with pytest.raises(SourceError, match=r"no file or folder .*absent\.xml"):
        small_blog.rebuild(small_blog.paths.data / "absent.xml")


def test_two_rebuilds_at_once(small_blog: Blog) -> None:
    """The second one says so."""
    with rebuild_lock(small_blog.paths.index), pytest.raises(RebuildStopped, match="Another rebuild"):
        small_blog.rebuild()


def test_a_damaged_index_is_made_anew_and_said(small_blog: Blog) -> None:
    """Damage is no reason to leave the author without an index."""
    vectors = next(small_blog.paths.index.rglob("vectors.faiss"))
    vectors.write_bytes(vectors.read_bytes()[:-1])
    report = small_blog.rebuild()
    assert "could not be used" in report.remarks[0]
    assert small_blog.ask(QUESTION).hits


def test_the_report_is_for_a_person(small_blog: Blog) -> None:
    """A golden report."""
    small_blog.write("notes.pdf", b"%PDF")
    small_blog.write("blog.toml", 'url = "https://elsewhere.example"')
    lines = list(describe(small_blog.rebuild(), verbose=True))
    assert lines[:14] == [
        "What was read",
        "  export.xml: WordPress export, 3 posts, 5 comments",
        "  taken in: 3 posts and 5 comments, 2 of them replies by the author",
        "What was left out, and why",
        "  1 × a file that is no archive: a PDF",
        "      notes.pdf",
        "What changed",
        "  new: 0 posts",
        "  edited: 0 posts",
        "  gone: 0 posts",
        "  same: 3 posts",
        "The index",
        f"  9 passages, 0 of them newly embedded, in {lines[12].split(' in ')[1]}",
        f"  {small_blog.paths.index}, build {small_blog.library().manifest.id}",
    ]


WORKER = """
import sys
from pathlib import Path
from tests.conftest import Blog, FakeEncoder
from askedbefore.settings import Paths
blog = Blog(Paths(data=Path(sys.argv[1]), index=Path(sys.argv[2])), FakeEncoder())
print("ready", flush=True)
sys.stdin.readline()
blog.rebuild()
print("done", flush=True)
"""


def start_worker(blog: Blog) -> subprocess.Popen[str]:
    """Start a rebuild in a process of its own, imports done, waiting for a line."""
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, blog.paths.data, blog.paths.index],
        cwd=Path(__file__).parent.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdout is not None
    assert worker.stdout.readline() == "ready\n"
    return worker


def test_killed_at_any_moment_the_old_index_answers(small_blog: Blog) -> None:
    """`kill -9` at 24 moments of a rebuild: the live build is whole, old or new, and the next rebuild succeeds."""
    worker = start_worker(small_blog)
    begun = time.monotonic()
    assert worker.communicate("go\n")[0] == "done\n"
    duration = time.monotonic() - begun
    killed = 0
    for moment in range(24):
        content = f"<p>Text number {moment} of a post that changes.</p>"
        small_blog.write("export.xml", export([*POSTS, P("changing", content)]))
        worker = start_worker(small_blog)
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
        time.sleep(duration * 1.1 * moment / 24)
        worker.send_signal(signal.SIGKILL)
        worker.communicate()
        killed += worker.returncode == -signal.SIGKILL
        small_blog.library().check_rows()
        assert small_blog.ask(QUESTION).hits
        small_blog.rebuild()
        assert any(content[3:-4] == passage.text for passage, _, _ in small_blog.library().all_passages())
    assert killed >= 12
    assert not list(small_blog.paths.index.rglob("*.partial"))


@pytest.mark.parametrize("limit", [0, 1_000, 20_000, 40_000])
def test_a_full_disk_is_one_message(small_blog: Blog, limit: int) -> None:
    """No file may grow beyond the limit, as on a full disk: the message says so and nothing half-written stays."""
    small_blog.write("export.xml", export([*POSTS, P("new", "<p>" + "A new sentence. " * 3000 + "</p>")]))
    before = state(small_blog)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        with pytest.raises(AskedBeforeError, match=r"could not be written .*disk full|cannot be written"):
            small_blog.rebuild()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert state(small_blog) == before
    assert small_blog.ask(QUESTION).hits
    assert not small_blog.rebuild().unchanged


@pytest.mark.parametrize("name", [*BUILD_FILES, "manifest.json"])
def test_a_damaged_file_is_refused(small_blog: Blog, name: str) -> None:
    """A byte flipped in any file is found; the message names the file and the command that repairs."""
    path = next(small_blog.paths.index.rglob(name))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(IndexProblem, match=rf"(?s){name}.*askedbefore rebuild"):
        small_blog.library()


def test_the_index_of_another_model_is_refused(small_blog: Blog) -> None:
    """What was found, what was expected, what to do."""
    small_blog.encoder.fingerprint = "0" * 64
    with pytest.raises(IndexProblem, match=r"made with the model fake .weights ffff.*0000.*askedbefore rebuild"):
        small_blog.library().check_fits(small_blog.encoder)
    report = small_blog.rebuild()
    assert report.embedded == 8


def test_no_index(blog: Blog) -> None:
    """The message names the folder and the command."""
    with pytest.raises(IndexProblem, match=r"There is no index in .*askedbefore rebuild"):
        blog.library()


def test_rows_in_the_database_are_vectors_in_the_index(small_blog: Blog) -> None:
    """The manifest's counts are checked against every file."""
    path = next(small_blog.paths.index.rglob("manifest.json"))
    manifest = layout.read_manifest(path.parent)
    counts = manifest.counts.model_copy(update={"passages": manifest.counts.passages + 1})
    path.write_text(layout.sealed(manifest.model_copy(update={"counts": counts})))
    with pytest.raises(IndexProblem, match=r"holds 9 passages, its manifest says 10"):
        small_blog.library()


def test_an_index_folder_that_is_a_file(blog: Blog) -> None:
    """The reason and a way out."""
    blog.write("export.xml", export())
    blog.paths.index.write_text("not a folder")
    with pytest.raises(RebuildStopped, match=r"cannot be written.*--index"):
        blog.rebuild()
    assert os.path.isfile(blog.paths.index)  # noqa: PTH113
