"""Labelled posts: somebody else's words never come out as the author's, and few of the author's are given away."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from askedbefore.cleaning import clean_blocks
from askedbefore.errors import EvaluationError
from askedbefore.evaluation.voices import LabelledPost, measure_voices, read_labelled_posts
from askedbefore.markup import html_blocks, plain_blocks
from askedbefore.records import BlockKind, Voice
from askedbefore.voices import tell_voices

DATA = Path(__file__).parent / "data" / "voices"
KNOWN_FAULTS: dict[str, set[str]] = {"development.toml": set(), "held-out.toml": set()}
RIGHT = {"development.toml": 1.0, "held-out.toml": 1.0}  # as scripts/measure_voices.py prints it
POSTS = {"development.toml": 40, "held-out.toml": 25}


@pytest.mark.parametrize("name", RIGHT)
def test_voices_of_labelled_posts(name: str) -> None:
    """No fault but the known ones, no text lost, and the share of right voices as it was measured."""
    posts = read_labelled_posts(DATA / name)
    assert len(posts) >= POSTS[name]
    told = measure_voices(posts)
    assert {f"{one.post}: {one.text}" for one in told if one.is_fault} == KNOWN_FAULTS[name]
    assert [one.text for one in told if one.missing] == []
    counted = [one for one in told if one.label != "any"]
    assert sum(one.is_right for one in counted) / len(counted) >= RIGHT[name]


def test_a_fault_is_counted_with_its_words() -> None:
    """Two words of a reader's in the author's paragraph are a fault of two words; lost text and a caption read too."""
    post = LabelledPost(
        name="p", kind="k", html="<p>{author}One two {reader}three four</p>{author}<s>five</s>{nothing}six"
    )
    told = measure_voices([post])
    assert [(one.label, one.words, one.as_author, one.is_fault, one.missing) for one in told] == [
        ("author", 2, 2, False, False),
        ("reader", 2, 2, True, False),
        ("author", 1, 0, False, True),
        ("nothing", 1, 0, False, True),
    ]


def test_a_file_that_is_none_of_labelled_posts_is_refused(tmp_path: Path) -> None:
    """The message names the file."""
    (tmp_path / "x.toml").write_text("[[post]]\nname = 1")
    with pytest.raises(EvaluationError, match=r"x\.toml"):
        read_labelled_posts(tmp_path / "x.toml")


def test_a_guests_post_stays_a_guests() -> None:
    """What came in as a reader's is never made the author's."""
    guest = html_blocks("<h2>Mine</h2><p>A: So I did.</p><p>Ada: No.</p>")
    told = tell_voices([replace(one, voice=Voice.READER) for one in guest], ["Ada Example"])
    assert {one.voice for one in told.blocks} == {Voice.READER}


def test_a_title_may_say_that_it_is_an_interview() -> None:
    """Without it, an answer is the author's; with it, it is the guest's."""
    blocks = plain_blocks("Q: Why?\n\nA: So.")
    assert [one.voice for one in tell_voices(blocks, ["Ada Example"]).blocks] == ["reader", "author"]
    told = tell_voices(blocks, ["Ada Example"], title="An interview with Max Muster")
    assert [one.voice for one in told.blocks] == ["reader", "reader"]


def test_an_interview_in_which_it_is_unclear_who_answers_is_said_so() -> None:
    """In doubt both sides are somebody else's, and the report names the place."""
    told = tell_voices(plain_blocks("An interview.\n\nQ: Why?\n\nA: So."), ["Ada Example"])
    assert [one.voice for one in told.blocks] == ["author", "reader", "reader"]
    assert "not clear who answers" in told.doubts[0]


def test_notes_and_their_signs() -> None:
    """A note's sign is no text, but a browser finds it there; a note is a block of its own."""
    text, note = html_blocks(
        '<p>So it is<sup><a href="#n1">1</a></sup>.</p><div class="footnotes"><p>Or not.</p></div>'
    )
    assert (text.text, text.on_page) == ("So it is.", "So it is1.")
    assert (note.kind, note.text) == (BlockKind.NOTE, "Or not.")
    assert html_blocks("<p>10<sup>2</sup> ways</p>")[0].text == "102 ways"


def test_bold_lines_are_parted_from_what_follows() -> None:
    """A question in bold and its answer are two blocks, also in one paragraph."""
    blocks = html_blocks("<p><b>Is it?</b><br>It is.<br>Mostly.</p>")
    assert [(one.kind.value, one.text, one.bold) for one in blocks] == [
        ("heading", "Is it?", True),
        ("paragraph", "It is.\nMostly.", False),
    ]


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "piece",
    ["Q: ", '"', "“", "“a” ", "„a“ ", "— A ", "Bea writes ", "Q: a\nA: b\n", "Bea writes: I.\n\n", "Anna: a\n\n"],
)
def test_no_run_of_marks_is_slow(piece: str) -> None:
    """A megabyte of one mark takes seconds, not minutes."""
    blocks = clean_blocks(plain_blocks(piece * (1_000_000 // len(piece))))
    begun = time.monotonic()
    tell_voices(blocks, ["Ada Example"])
    assert time.monotonic() - begun < 20
