"""Who speaks in a post. A reader's words must never come out as the author's."""

import pytest

from askedbefore.cleaning import clean_blocks, guess_sign_off
from askedbefore.markup import html_blocks, plain_blocks
from askedbefore.voices import tell_voices


def voices(text: str, author: str | None = "Ada Example") -> list[str]:
    """Return each block's first word with a mark: = the author's, > a reader's, # a letter of a reader's."""
    blocks = html_blocks(text) if "<" in text else plain_blocks(text)
    marked = tell_voices(clean_blocks(blocks), author).blocks
    return [
        ("#" if block.letter else "=" if block.voice == "author" else ">") + block.text.split()[0] for block in marked
    ]


CASES = {
    "a letter up to the salutation of the answer": (
        "Bea writes: I am stuck.\n\nLater: still stuck. Thank you. Bea\n\nDear Bea, so was I.\n\nMore of mine.",
        ["#Bea", "#Later:", "=Dear", "=More"],
    ),
    "a nickname in the answer": (
        "Beatrice writes: I am stuck.\n\nMuch more of it.\n\nDear Bea, so was I.",
        ["#Beatrice", "#Much", "=Dear"],
    ),
    "an unnamed reader, ended by a signature of its own": (
        "A reader from Leeds asks: is it me?\n\nOr is it him?\n\nSleepless\n\nIt is neither.",
        ["#A", "#Or", "#Sleepless", "=It"],
    ),
    "a letter to the author at the head of the post": (
        "Dear Ada,\n\nhow do you do it?\n\nBest, Bo\n\nDear Bo, badly.",
        ["#Dear", "#how", "#Best,", "=Dear"],
    ),
    "ended by a heading": (
        "<p>Bea asks: why?</p><p>And when?</p><h2>My view</h2><p>Never.</p>",
        ["#Bea", "#And", "=My", "=Never."],
    ),
    "ended by the announcement of an answer": (
        "A reader writes: why?\n\nAnd when?\n\nMy answer: never.",
        ["#A", "#And", "=My"],
    ),
    "an announced quotation is the letter": (
        "<p>A reader asks:</p><blockquote><p>Is it me?</p></blockquote><p>It is not.</p>",
        ["#A", "#Is", "=It"],
    ),
    "a quotation is somebody else's": (
        "<p>Mine.</p><blockquote>Hers.</blockquote><p>Mine.</p>",
        ["=Mine.", ">Hers.", "=Mine."],
    ),
    "a salutation by the author is no letter": ("Dear Bea, here is what I think.\n\nAnd more.", ["=Dear", "=And"]),
    "two letters": (
        "Bea writes: one.\n\nDear Bea, two.\n\nTom writes: three.\n\nDear Tom, four.",
        ["#Bea", "=Dear", "#Tom", "=Dear"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_voice_of_each_block(name: str) -> None:
    """Letters and quotations are told from the author's text."""
    text, expected = CASES[name]
    assert voices(text) == expected


def test_a_letter_without_an_end_is_taken_whole_and_said_so() -> None:
    """In doubt nothing becomes the author's."""
    told = tell_voices(
        plain_blocks("Bea writes: I am stuck.\n\nStill stuck here.\n\nNo end in sight here."), "Ada Example"
    )
    assert {block.voice.value for block in told.blocks} == {"reader"}
    assert "no end found" in told.doubts[0]


def test_boilerplate_and_sign_offs_go_headings_are_known() -> None:
    """Banners, pointers to other posts and a sign-off on its own are nobody's answer."""
    text = "*** Now out: a book. ***\n\nWhat can go wrong:\n\nMuch can.\n\nNext post in the series: Shame.\n\nXY\n\nXY"
    blocks = clean_blocks(plain_blocks(text), "XY")
    assert [(block.kind.value, block.text) for block in blocks] == [
        ("heading", "What can go wrong:"),
        ("paragraph", "Much can."),
    ]


def test_sign_off_is_guessed_from_at_least_two() -> None:
    """One pair of initials proves nothing."""
    assert guess_sign_off(["So it is. XY", "Indeed.\n\nXY", "All my best, AG"]) == "XY"
    assert guess_sign_off(["So it is. XY", "I live in the USA"]) is None
