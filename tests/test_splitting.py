"""Passages are whole sentences of 60 to 180 words; sentences are found without losing a character."""

import random
from itertools import pairwise

import pytest

from askedbefore.sentences import count_words, sentence_spans
from askedbefore.splitting import FEWEST_WORDS, MOST_WORDS, split_text


def sentences(text: str) -> list[str]:
    """Return the sentences of a text."""
    return [text[start:end] for start, end in sentence_spans(text)]


def test_sentences() -> None:
    """Abbreviations, quotes and line ends are understood; a bare number goes with its sentence."""
    assert sentences("Dr. Adams said so. “Really?” I asked… Yes.") == [
        "Dr. Adams said so.",
        "“Really?”",
        "I asked… Yes.",
    ]
    assert sentences("1. One thing. 2. Another.\nAnd a line") == ["1. One thing.", "2. Another.", "And a line"]
    assert sentences("今日は寒い。明日は？") == ["今日は寒い。", "明日は？"]


def test_every_character_is_in_a_sentence() -> None:
    """Spans are in order, do not overlap, and leave out nothing but white space."""
    random.seed(7)
    pieces = [
        "Dr. ",
        "word ",
        "“Yes.” ",
        "e.g. ",
        "no! ",
        "\n",
        "\n\n",
        "… ",
        "2. ",
        "café ",
        "今日。",
        "שלום. ",
        "😠 ",
        " (a) ",
        "x" * 50,
    ]
    for _ in range(300):
        text = "".join(random.choices(pieces, k=40))
        spans = sentence_spans(text)
        assert all(start < end for start, end in spans)
        assert all(before[1] <= after[0] for before, after in pairwise(spans))
        covered = "".join(text[start:end] for start, end in spans)
        assert "".join(covered.split()) == "".join(text.split())


def test_words_are_counted_also_without_spaces() -> None:
    """An apostrophe or hyphen does not part a word; two characters of Japanese count as one."""
    assert count_words("I can’t e-mail her.") == 4
    assert count_words("今日は寒い。") == 3


def paragraph(words: int, sentence: int = 10) -> str:
    """Return a paragraph of so many words in sentences of ten."""
    return " ".join(("word " * (min(sentence, words - at) - 1) + "end.") for at in range(0, words, sentence))


@pytest.mark.parametrize(
    ("paragraphs", "lengths"),
    [
        ([30], [30]),  # a short section stays short
        ([100, 100], [100, 100]),  # paragraphs are kept whole
        ([40, 40, 40], [120]),  # short ones go together
        ([150, 30], [180]),  # a short rest is never left alone
        ([170, 30], [100, 100]),  # and where both together are too long, they are cut evenly
        ([240], [120, 120]),  # a long one is cut evenly
    ],
)
def test_where_text_is_cut(paragraphs: list[int], lengths: list[int]) -> None:
    """The cheapest cut, worked out by hand."""
    assert [count_words(piece) for piece in split_text([paragraph(n) for n in paragraphs])] == lengths


def test_passages_are_verbatim_and_within_bounds() -> None:
    """Each is a substring of the whole, in order, together everything, and of a good length."""
    random.seed(3)
    for _ in range(50):
        paragraphs = [paragraph(random.randint(5, 300)) for _ in range(random.randint(1, 8))]
        whole = "\n\n".join(paragraphs)
        pieces = split_text(paragraphs)
        assert all(piece in whole for piece in pieces)
        assert "".join("".join(pieces).split()) == "".join(whole.split())
        if count_words(whole) >= 2 * FEWEST_WORDS:
            assert all(FEWEST_WORDS <= count_words(piece) <= MOST_WORDS for piece in pieces)


def test_a_sentence_longer_than_a_passage_stays_whole() -> None:
    """No sentence is ever cut."""
    giant = "word " * 400 + "end."
    assert split_text([f"Short one. {giant} Short two."]) == ["Short one.", giant, "Short two."]


def test_odd_white_space_and_many_lines_without_words() -> None:
    """Neither breaks the sentence splitter nor takes long."""
    for text in ("A\u3000. J\u2028.", "A\xa0.", "lone \udc00 surrogate."):
        assert "".join(sentences(text)).replace(" ", "") == text.replace(" ", "")
    assert len(split_text(["\n".join(["—"] * 5_000)])) > 20


def test_no_text_no_passage() -> None:
    """Nothing comes of nothing."""
    assert split_text([]) == []
