"""A rebuild gives the model only what is new, makes what one from nothing makes, and says what is made anew and why."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest

from askedbefore.changes import compare
from askedbefore.checking import check_index
from askedbefore.clustering import unite
from askedbefore.embedding import Vectors
from askedbefore.errors import IndexProblem
from askedbefore.guard.passages import may_be_shown
from askedbefore.settings import Settings
from askedbefore.standalone import standalone_questions
from askedbefore.storage import layout
from askedbefore.storage.questions import load_questions
from tests.conftest import OFF_TOPIC, Blog, FakeEncoder
from tests.synthetic import synthetic_posts, with_edited_post
from tests.wxr import AUTHOR_ID, POSTS, C, P, export

ANSWER = (
    "You may say that you do not know it yet, and then you look at it together for as long as it takes the two of you."
)


class Recording(FakeEncoder):
    """The fake encoder, which also remembers what questions it was asked."""

    def __init__(self) -> None:
        """Start with nothing asked."""
        super().__init__()
        self.asked: list[str] = []

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Take note and encode."""
        self.asked += texts
        return super().encode_questions(texts)

    def clear(self) -> None:
        """Forget what was given so far."""
        self.embedded.clear()
        self.asked.clear()


@pytest.fixture
def recorded(blog: Blog) -> tuple[Blog, Recording]:
    """Return a blog of 40 invented posts, rebuilt with an encoder that remembers all it is given."""
    encoder = Recording()
    blog.encoder = encoder
    blog.write("export.xml", export(synthetic_posts(40, words=60, comments=4)))
    blog.rebuild()
    assert blog.library().asked
    assert len(set(encoder.asked)) > 85  # the pairs, the off-topic questions, and what readers asked
    encoder.clear()
    return blog, encoder


def test_an_edited_post_costs_what_is_new_in_it_and_nothing_else(recorded: tuple[Blog, Recording]) -> None:
    """Its passage and the new sentence; of questions, none: neither readers' nor the pairs nor the off-topic ones."""
    blog, encoder = recorded
    said = "A sentence that nobody wrote before."
    posts = with_edited_post(synthetic_posts(40, words=60, comments=4), 20, said)
    blog.write("export.xml", export(posts))
    assert blog.rebuild().changes.edited == ("post-21",)
    passage = next(one.text for one, _, _ in blog.library().all_passages() if said in one.text)
    assert encoder.embedded == [passage, said]
    assert encoder.asked == []


def test_a_new_question_is_asked_once(recorded: tuple[Blog, Recording]) -> None:
    """Also when two readers ask it in the same words; a pin asks its own question."""
    blog, encoder = recorded
    ask = "How can I whistle a lullaby for my grandmother?"
    thread = [C(9001, ask), C(9002, f"{ANSWER} XY", 9001, AUTHOR_ID), C(9003, ask), C(9004, ANSWER, 9003, AUTHOR_ID)]
    blog.write("more.xml", export([P("lullabies", "<p>Some text.</p>", id=900, comments=thread)]))
    blog.write("curation.toml", '[[pin]]\nquestion = "where do lullabies come from"\nplace = "lullabies"')
    blog.rebuild()
    assert encoder.asked == [ask, "where do lullabies come from"]
    assert set(encoder.embedded) == {ask, ANSWER, "Some text.", "Lullabies", *ANSWER.split("\n")}
    encoder.clear()
    blog.write("more.xml", export([P("lullabies", "<p>Other text.</p>", id=900, comments=thread)]))
    blog.rebuild()
    assert (encoder.asked, encoder.embedded) == ([], ["Other text."])


def test_questions_taken_over_are_those_that_would_be_asked(recorded: tuple[Blog, Recording]) -> None:
    """The list and everything measured come out equal step by step and from nothing; what is gone is not kept."""
    blog, _ = recorded
    posts = synthetic_posts(40, words=60, comments=4)[:-5]
    blog.write("export.xml", export(posts))
    blog.rebuild()
    step_by_step = blog.library()
    at_once = fresh(blog).library()
    assert step_by_step.asked == at_once.asked
    assert (step_by_step.asked_vectors == at_once.asked_vectors).all()
    assert (step_by_step.measured.hubness == at_once.measured.hubness).all()
    assert step_by_step.measured.line == at_once.measured.line
    one, other = load_questions(step_by_step.folder), load_questions(at_once.folder)
    assert {key.tobytes() for key in one.digests} == {key.tobytes() for key in other.digests}
    assert len(one.digests) == len(one.vectors) == len({key.tobytes() for key in one.digests})


def files(blog: Blog) -> dict[str, bytes]:
    """Return the live build's files, but for what says when it was made."""
    folder = blog.library().folder
    return {name: (folder / name).read_bytes() for name in layout.FILES}


def fresh(blog: Blog) -> Blog:
    """Return the same blog with an index of its own, rebuilt from nothing."""
    index = blog.paths.data.parent / "fresh"
    shutil.rmtree(index, ignore_errors=True)
    other = Blog(blog.paths.model_copy(update={"index": index}), blog.encoder)
    other.rebuild()
    return other


LETTER = P(
    "letter",
    "<p>Ann writes:</p><blockquote>May a therapist take a jar of honey at Christmas?</blockquote>"
    f"<p>Dear Ann,</p><p>{ANSWER}</p>",
    id=700,
)


def edits() -> Iterator[tuple[list[P], str]]:
    """Yield an archive as it is edited, again and again, and settings or curation."""
    posts = [*synthetic_posts(20, words=150, comments=6), LETTER]
    yield posts, ""
    yield with_edited_post(posts, 5, "A sentence that nobody wrote before."), ""
    first, *others = posts
    yield [replace(first, comments=first.comments[:-3]), *others[3:], replace(others[0], title="Renamed")], ""
    asks = C(9001, "How can I whistle a lullaby for my grandmother?")
    told = replace(posts[7], comments=[*posts[7].comments, asks, C(9002, ANSWER, 9001, AUTHOR_ID)])
    yield [*posts[:7], told, replace(LETTER, content=LETTER.content.replace("honey", "jam")), *posts[8:12]], ""
    yield posts, "comments_per_page = 2"
    yield posts, "show_unanswered_comments = true"
    yield posts[3:], "show_unanswered_comments = true"


def test_a_build_is_the_same_to_the_byte_whatever_was_there_before(blog: Blog) -> None:
    """What is taken over of posts that have not changed is what would be made: passages, questions, vectors, words."""
    for posts, settings in edits():
        blog.write("export.xml", export(posts))
        blog.write("blog.toml", settings)
        blog.rebuild(yes=True)
        assert blog.library().standalone_questions()
        assert files(blog) == files(fresh(blog))


def test_only_what_has_changed_is_split_and_listened_to(recorded: tuple[Blog, Recording]) -> None:
    """The guard reads nothing but the passages of the post that was edited."""
    blog, _ = recorded
    posts = with_edited_post(synthetic_posts(40, words=60, comments=4), 20, "A sentence that nobody wrote before.")
    blog.write("export.xml", export(posts))
    with (
        patch("askedbefore.passages.may_be_shown", wraps=may_be_shown) as shown,
        patch("askedbefore.asked.standalone_questions", wraps=standalone_questions) as asked,
    ):
        blog.rebuild()
    of_post = [one.text for one, _, _ in blog.library().all_passages() if one.post == "post-21"]
    assert {call.args[0] for call in shown.call_args_list} >= set(of_post)
    assert len(shown.call_args_list) <= 2 * len(of_post)
    assert len(asked.call_args_list) <= 2


def test_what_is_to_be_shown_to_nobody_is_decided_anew_with_the_phrases_that_decide_it(small_blog: Blog) -> None:
    """Also of posts that have not changed: a passage that another version keeps back must not stay in sight."""
    first = next(one.text for one, _, _ in small_blog.library().all_passages() if one.shown)
    with (
        patch("askedbefore.describing.guarding_recipe", lambda: "another"),
        patch("askedbefore.passages.may_be_shown", lambda text, _: text != first),
    ):
        small_blog.rebuild()
    assert not any(one.shown for one, _, _ in small_blog.library().all_passages() if one.text == first)


def test_a_text_in_two_places_is_embedded_once_and_kept_twice(blog: Blog) -> None:
    """Each place has its own row, with the same vector."""
    twice = "<p>The same words stand in two posts, and nobody minds.</p>"
    blog.write("export.xml", export([P("one", twice), P("two", twice)]))
    assert blog.rebuild().embedded == 1
    text = "The same words stand in two posts, and nobody minds."
    assert blog.encoder.embedded.count(text) == 1
    library = blog.library()
    assert [(one.post, one.text) for one, _, _ in library.all_passages()] == [("one", text), ("two", text)]
    first, second = library.passage_vectors([0, 1])
    assert (first == second).all()
    assert (library.sentence_vectors([0]) == library.sentence_vectors([1])).all()


RECIPES = {
    "splitting": ("askedbefore.describing.GOOD_WORDS", 100, "Texts are cut in another way: 60 to 180 words, best 100"),
    "reading": ("askedbefore.changes.VERSION", 99, "This version reads archives in another way."),
    "program": ("askedbefore.describing.__version__", "99.0", "The program is another version: 99.0 instead of"),
    "asked": ("askedbefore.asked.VERSION", 99, "finds in another way what readers have often asked"),
    "guarding": ("askedbefore.describing.guarding_recipe", lambda: "another", "what of the archive is shown to nobody"),
    "calibration": ("askedbefore.calibration.LOST", 0.2, "measures in another way where"),
}


@pytest.mark.parametrize("name", RECIPES)
def test_what_is_made_anew_is_said_with_its_reason(small_blog: Blog, name: str) -> None:
    """One remark, no post counts as edited, and no text is embedded that is there already."""
    target, value, says = RECIPES[name]
    small_blog.encoder.embedded.clear()
    with patch(target, value):
        report = small_blog.rebuild()
        assert not report.unchanged
        assert [says in remark for remark in report.remarks] == [True]
        assert (report.changes.edited, report.changes.same) == ((), ("breaks", "fees", "silence"))
        assert small_blog.encoder.embedded == []
        assert small_blog.rebuild().remarks == ()


def test_posts_that_are_only_read_otherwise_are_not_edited(small_blog: Blog) -> None:
    """Their text differs because of the program, so whether she edited them cannot be told, and that is said."""
    small_blog.write("export.xml", export([P("breaks", "<p>Read otherwise.</p>"), *POSTS[1:]]))
    with patch("askedbefore.changes.VERSION", 99):
        report = small_blog.rebuild()
    assert (report.changes.edited, report.changes.reread) == ((), ("breaks",))
    assert any("whether you have edited any of 1 cannot be told" in remark for remark in report.remarks)
    assert compare({"a": "1"}, {"a": "2"}).edited == ("a",)


def test_another_format_is_one_remark(small_blog: Blog) -> None:
    """Not two, and none that tells the author to do what she is doing."""
    folder = small_blog.library().folder
    manifest = layout.read_manifest(folder)
    old = manifest.recipe.model_copy(update={"format": layout.FORMAT - 1})
    (folder / layout.MANIFEST).write_text(layout.sealed(manifest.model_copy(update={"recipe": old})))
    (remark,) = small_blog.rebuild().remarks
    assert f"another form, {layout.FORMAT} instead of {layout.FORMAT - 1}" in remark
    assert "must be started again" in remark


def test_check_names_what_has_drifted(small_blog: Blog) -> None:
    """Posts by name, the first few; a file that is newly there and one that is gone."""

    def said() -> str:
        """Return what `check` ends with."""
        try:
            return list(check_index(small_blog.paths, Settings(), small_blog.encoder))[-1]
        except IndexProblem as problem:
            return str(problem)

    with patch("askedbefore.calibration.off_topic_questions", lambda: OFF_TOPIC):
        assert said() == "Current: it holds what the archive holds now."
        small_blog.write("again.xml", export())
        assert said().startswith("Current:")
        assert "This file is newly there: again.xml." in said()
        (small_blog.paths.data / "again.xml").unlink()
        new = [P(f"new-{number}", f"<p>Text {number}.</p>", id=100 + number) for number in range(7)]
        small_blog.write("later.xml", export([P("fees", "Edited.", id=2), replace(POSTS[2], id=3), *new]))
        (small_blog.paths.data / "export.xml").unlink()
        assert (
            "Not current: since it was made 7 posts came (new-0, new-1, new-2, new-3, new-4, …), "
            "2 changed (fees, silence), 1 went (breaks). This file is newly there: later.xml. "
            "This file is gone: export.xml." in said()
        )


def cosines(*angles: float) -> Vectors:
    """Return unit vectors in the plane at these angles, in degrees."""
    radians = np.radians(angles)
    return np.stack([np.cos(radians), np.sin(radians)], axis=1).astype(np.float32)


def test_uniting_is_average_linkage() -> None:
    """By hand, with cos 40° = .77 the line: 0 and 30 are one (.87); 65 is .82 from 30, but .62 from both on average."""
    assert unite(cosines(0, 90, 30, 65, 92), 0.77) == [[0, 2], [1, 3, 4]]
    assert unite(cosines(0, 90, 30, 180), 0.77) == [[0, 2], [1], [3]]
    assert unite(cosines(0), 0.77) == [[0]]


def test_an_island_that_is_too_large_is_parted_more_strictly() -> None:
    """Six questions, each near to the next; memory for three: what is closest stays together."""
    chain = cosines(0, 1, 29, 30, 61, 62)
    assert unite(chain, 0.7) == [[0, 1, 2, 3], [4, 5]]
    with patch("askedbefore.clustering.LARGEST_ISLAND", 3):
        assert unite(chain, 0.7) == [[0, 1], [2, 3], [4, 5]]
        assert unite(cosines(*[10] * 5, 80), 0.7) == [[0, 1, 2, 3, 4], [5]]
