"""Cut running text into passages: whole sentences, 60 to 180 words, at paragraph ends where possible."""

from collections.abc import Sequence
from dataclasses import dataclass

from askedbefore.sentences import count_words, sentence_spans

FEWEST_WORDS, GOOD_WORDS, MOST_WORDS = 60, 110, 180
VERSION = 2  # raise it when the same text would be cut elsewhere, or other passages of it be shown

_OUT_OF_BOUNDS = 10.0  # the price of a passage that is too short or too long
_INSIDE_PARAGRAPH = 0.35  # the price of a cut inside a paragraph


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence's range in the text, its length in words, and whether a paragraph ends with it."""

    start: int
    end: int
    words: int
    ends_paragraph: bool


def split_text(paragraphs: Sequence[str]) -> list[str]:
    """Cut paragraphs into passages; joined by a blank line they are the text that each passage is part of.

    Of all ways to cut between sentences the cheapest is taken: every passage pays for its distance from a good
    length and for a cut inside a paragraph. A sentence longer than a passage stays whole.
    """
    text = "\n\n".join(paragraphs)
    sentences = _sentences(text)
    # best[n]: the price of the cheapest cut of the first n sentences, and where its last passage begins
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(sentences) + 1):
        options: list[tuple[float, int]] = []
        length = 0
        for begin in range(end - 1, -1, -1):
            length += sentences[begin].words
            if length > 2 * MOST_WORDS and begin < end - 1:
                break
            options.append((best[begin][0] + _price(length, sentences[end - 1], end == len(sentences)), begin))
        best.append(min(options))
    pieces: list[str] = []
    end = len(sentences)
    while end > 0:
        begin = best[end][1]
        pieces.append(text[sentences[begin].start : sentences[end - 1].end])
        end = begin
    return pieces[::-1]


def _sentences(text: str) -> list[_Sentence]:
    """Return the sentences of a text of several paragraphs."""
    spans = sentence_spans(text)
    following = [*(start for start, _ in spans[1:]), len(text)][: len(spans)]
    return [
        _Sentence(start, end, max(count_words(text[start:end]), 1), "\n\n" in text[end:after] or after == len(text))
        for (start, end), after in zip(spans, following, strict=True)
    ]


def _price(words: int, last: _Sentence, is_end: bool) -> float:
    """Return what a passage of so many words that ends with `last` costs."""
    price = ((words - GOOD_WORDS) / GOOD_WORDS) ** 2
    if words < FEWEST_WORDS:
        price += _OUT_OF_BOUNDS * (FEWEST_WORDS - words) / FEWEST_WORDS
    elif words > MOST_WORDS:
        price += _OUT_OF_BOUNDS * (1 + (words - MOST_WORDS) / MOST_WORDS)
    return price + (0.0 if last.ends_paragraph or is_end else _INSIDE_PARAGRAPH)
