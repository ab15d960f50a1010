"""Who speaks in a post. A reader's words must never come out as the author's."""

import pytest

from askedbefore.cleaning import clean_blocks, ends_with_sign_off, guess_sign_off, without_sign_off
from askedbefore.markup import html_blocks, plain_blocks
from askedbefore.voices import tell_voices


def voices(text: str, *authors: str) -> list[str]:
    """Return each block's first word with a mark: = the author's, > a reader's, # a letter of a reader's."""
    blocks = html_blocks(text) if "<" in text else plain_blocks(text)
    marked = tell_voices(clean_blocks(blocks), authors or ("Ada Example",)).blocks
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
    "a letter with a heading in it": (
        "<p>Dear Ada,</p><p>Mine is long.</p><h3>My past</h3><p>More.</p><p>Bo</p><p>Dear Bo, mine is short.</p>",
        ["#Dear", "#Mine", "#My", "#More.", "#Bo", "=Dear"],
    ),
    "question and answer": (
        "<h3>Question</h3><p>Why?</p><h3>Answer</h3><p>So.</p>",
        ["#Question", "#Why?", "=Answer", "=So."],
    ),
    "Q and A": ("Q: Why?\n\nA: So.\n\nMore of it.", ["#Q:", "=A:", "=More"]),
    "a letter announced": ("I received this letter from a reader:\n\nWhy?\n\nDear Bo, so.", ["#I", "#Why?", "=Dear"]),
    "a name with a place, in capitals, or with an accent": (
        "Bea from Ohio writes: why?\n\nDear Bea, so.\n\nÉva writes: why?\n\nDear Éva, so."
        "\n\nBO WRITES: why?\n\nDear Bo, so.",
        ["#Bea", "=Dear", "#Éva", "=Dear", "#BO", "=Dear"],
    ),
    "addressed as a doctor": ("Dear Doctor,\n\nwhy?\n\nBo\n\nDear Bo, so.", ["#Dear", "#why?", "#Bo", "=Dear"]),
    "further down and without an end": (
        "One.\n\nTwo.\n\nThree.\n\nFour.\n\nBea writes: why?\n\nAnd why?",
        ["=One.", "=Two.", "=Three.", "=Four.", "#Bea", "#And"],
    ),
    "a sentence of somebody's, quoted to its end": (
        "Freud wrote: “So it is.” And so it is.\n\nMine again.",
        ["#Freud", "=Mine"],
    ),
    "a letter that quotes somebody": (
        "Bea writes: he said “go away” to me.\n\nAnd “never come back”.\n\nDear Bea, he did?",
        ["#Bea", "#And", "=Dear"],
    ),
    "a letter that quotes somebody and shows no end": (
        "Bea writes: he said “go” to me.\n\nSo I went.",
        ["#Bea", "#So"],
    ),
    "a letter of which each paragraph is quoted": (
        "Bea writes: “One.”\n\n“Two.”\n\nMine again.",
        ["#Bea", "#“Two.”", "=Mine"],
    ),
    "the author's own asking": ("I asked: why?\n\nWhat matters: this.\n\nMy answer: so.", ["=I", "=What", "=My"]),
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


def test_two_salutations_tell_a_letter_also_without_the_authors_name() -> None:
    """A page saved as text may not say who the author is."""
    told = tell_voices(plain_blocks("Dear Ada,\n\nwhy?\n\nBo\n\nDear Bo, so."))
    assert [block.voice.value for block in told.blocks] == ["reader", "reader", "reader", "author"]


def test_prose_that_looks_like_boilerplate_stays() -> None:
    """Only a whole short block is a pointer or a banner."""
    for text in (
        "Last part of therapy: the goodbye. I always ask for it early.",
        "**Never** do that, and **always** ask**",
    ):
        assert [block.text for block in clean_blocks(plain_blocks(text))] == [text]


def test_a_sign_off_is_the_end_of_a_text_not_a_name_in_it() -> None:
    """Thanking somebody is not signing as her; and no pattern is slow on a long run of lines."""
    assert not ends_with_sign_off("Thank you so much XY", "XY")
    assert ends_with_sign_off("So it is. XY", "XY")
    assert without_sign_off("So it is.\n\n– XY", "XY") == "So it is."
    assert without_sign_off("a" + "\n" * 20_000 + "b", "XY").endswith("b")


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
    assert guess_sign_off(["I have it. PTSD", "Me too. PTSD"]) is None
    assert guess_sign_off(["So. XY", "So. XY"], others=["Me. XY", "Me. XY"]) is None
