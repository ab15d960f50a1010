"""A conversation: a follow-up is understood with the question before it, a new subject by itself."""

import json
from pathlib import Path

import numpy as np
import pytest

from askedbefore.answer import answer_question, look_up, more_like
from askedbefore.embedding import SentenceTransformerEncoder
from askedbefore.rebuild import rebuild
from askedbefore.settings import Paths, load_settings
from askedbefore.storage.library import Library
from askedbefore.storage.served import open_live
from askedbefore.watching import Unwatched
from tests.conftest import EXAMPLE, Blog
from tests.wxr import P, export

PAIRS = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "example-follow-ups.jsonl").read_text(encoding="utf-8").splitlines()
]
HEAT = [
    P("radiator", "<p>The radiator hums all night.</p>"),
    P("kettle", "<p>The kettle whistles in the morning.</p>"),
    P("heater", "<p>A radiator that hums all night wants air.</p>"),
]


@pytest.fixture
def heat(blog: Blog) -> Blog:
    """Return a blog of three posts."""
    blog.write("export.xml", export(HEAT))
    blog.rebuild()
    return blog


def follow_up(blog: Blog, question: str, before: str) -> tuple[list[str], str | None]:
    """Return the passages found for a question after another, and what it was understood with."""
    answer = answer_question(question, blog.library(), blog.encoder, before=before)
    return [hit.passage.id for hit in answer.hits], answer.before


def test_a_follow_up_is_understood_with_the_question_before(heat: Blog) -> None:
    """By itself "and when it's cold?" is about nothing; the answer says that it was understood as a follow-up."""
    found, before = follow_up(heat, "and when it's cold?", "why does the radiator hum all night?")
    assert found[0] == "radiator/1"
    assert before == "why does the radiator hum all night?"


def test_a_new_subject_is_not_dragged_back(heat: Blog) -> None:
    """What is close by itself is looked up by itself."""
    found, before = follow_up(heat, "why does the kettle whistle in the morning?", "why does the radiator hum?")
    assert (found[0], before) == ("kettle/1", None)


@pytest.mark.parametrize("before", ["", "  ", "?!", "x" * 1001, "a\x00b"])
def test_what_was_no_question_before_is_not_looked_at(heat: Blog, before: str) -> None:
    """The answer is the same as without it."""
    answer = answer_question("the radiator hums", heat.library(), heat.encoder, before=before)
    assert answer.before is None
    assert answer.to_json()["passages"] == heat.ask("the radiator hums").to_json()["passages"]


def test_more_gives_what_was_not_shown(blog: Blog) -> None:
    """The next passages for the question before, and in the end a sentence that there are no more."""
    posts = [
        P(room, f"<p>The radiator hums. {' '.join([room] * 9)}.</p>")
        for room in ("attic", "cellar", "hall", "loft", "porch")
    ]
    blog.write("export.xml", export(posts))
    blog.rebuild()
    first = {hit.passage.id for hit in blog.ask("the radiator hums").hits}
    found, _ = follow_up(blog, "tell me more", "the radiator hums")
    assert len(first) == 3
    assert first | set(found) == {f"{post.slug}/1" for post in posts}
    assert len(found) == 2


def test_a_cry_for_help_is_not_forgotten_at_the_next_question(heat: Blog) -> None:
    """What follows it may be about the same."""
    cry = "I want to kill myself"
    for before in (cry, f"{cry} {'and I cannot sleep ' * 60}"):  # the second is too long to be looked up with
        assert answer_question("and then?", heat.library(), heat.encoder, before=before).support is not None


def test_more_like_a_passage(heat: Blog) -> None:
    """What is closest to it, and not itself; an id that is not there is told in words."""
    answer = more_like("radiator/1", heat.library())
    assert [hit.passage.id for hit in answer.hits][:1] == ["heater/1"]
    assert "radiator/1" not in [hit.passage.id for hit in answer.hits]
    assert more_like("nothing/1", heat.library()).outcome == "invalid"


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> tuple[Library, SentenceTransformerEncoder]:
    """Return the example archive's library and the packaged model."""
    encoder = SentenceTransformerEncoder()
    paths = Paths(data=EXAMPLE, index=tmp_path_factory.mktemp("index"))
    rebuild([], paths, load_settings(EXAMPLE), encoder, Unwatched())
    return open_live(paths.index), encoder


def share_found(example: tuple[Library, SentenceTransformerEncoder], kind: str, *, with_before: bool) -> float:
    """Return the share of labelled second questions whose right place is among the first three units."""
    library, encoder = example
    hits = []
    for pair in (pair for pair in PAIRS if pair["kind"] == kind):
        before = pair["before"] if with_before else None
        found, _, _ = look_up(pair["question"], library, encoder, before=before)
        rows = [row for one in found[:3] for row in library.rows_of(one.unit)]
        places = {
            f"{passage.post}#comment-{passage.comment}" if passage.comment else passage.post
            for passage, _, _ in library.passages(rows).values()
        }
        hits.append(bool(places & set(pair["relevant"])))
    return float(np.mean(hits))


@pytest.mark.model
def test_labelled_conversations(example: tuple[Library, SentenceTransformerEncoder]) -> None:
    """Follow-ups gain far more from the question before than new subjects lose by it. docs/retrieval.md has figures."""
    assert sum(pair["kind"] == "follow_up" for pair in PAIRS) >= 40
    gained = share_found(example, "follow_up", with_before=True) - share_found(example, "follow_up", with_before=False)
    lost = share_found(example, "new_subject", with_before=False) - share_found(
        example, "new_subject", with_before=True
    )
    assert gained > 0.2
    assert lost < 0.15
