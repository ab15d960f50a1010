"""What is quoted: whole sentences around those that match, beginning where the sense begins."""

import json
from pathlib import Path

import pytest

from askedbefore.courtesy import is_courtesy
from askedbefore.quoting import FEWEST_WORDS, MOST_WORDS, cut_quote, sentences_to_mark
from askedbefore.sentences import count_words, sentence_spans
from tests.conftest import Blog
from tests.wxr import AUTHOR_ID, C, P, export

COURTESIES = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "courtesies.jsonl").read_text(encoding="utf-8").splitlines()
]


def sentence(number: int, words: int, begins: str = "Sentence") -> str:
    """Return a sentence of so many words."""
    return " ".join([begins, str(number), *["word"] * (words - 3), "end."])


def quote(text: str, closeness: list[float]) -> tuple[list[int], int]:
    """Return the numbers of the sentences that are quoted, and their words together."""
    spans = sentence_spans(text)
    chosen = cut_quote(text, spans, closeness)
    return list(chosen), count_words(text[spans[chosen.start][0] : spans[chosen.stop - 1][1]])


def test_a_short_passage_is_quoted_whole() -> None:
    """Whatever in it matches."""
    text = " ".join(sentence(number, 20) for number in range(5))
    assert quote(text, [0.1, 0.9, 0.1, 0.1, 0.1]) == ([0, 1, 2, 3, 4], 100)


def test_a_long_passage_is_cut_around_the_closest_sentence() -> None:
    """It grows to 60 words by its nearer neighbours, and no further when these are far from the question."""
    text = " ".join(sentence(number, 20) for number in range(9))
    assert quote(text, [0.1, 0.1, 0.1, 0.1, 0.9, 0.3, 0.1, 0.1, 0.1])[0] == [4, 5, 6]
    assert FEWEST_WORDS == 60


def test_a_passage_that_is_not_much_too_long_is_quoted_whole_when_all_of_it_matches() -> None:
    """There is nothing left to grow by before the quote is as long as it may be."""
    text = " ".join(sentence(number, 20) for number in range(6))
    assert quote(text, [0.9, 0.9, 0.9, 0.9, 0.9, 0.9]) == ([0, 1, 2, 3, 4, 5], 120)


def test_its_length_follows_what_matches() -> None:
    """Neighbours that are nearly as close come in, up to 130 words."""
    text = " ".join(sentence(number, 20) for number in range(9))
    places, words = quote(text, [0.1, 0.8, 0.85, 0.9, 0.85, 0.8, 0.8, 0.8, 0.1])
    assert places == [2, 3, 4, 5, 6, 7]
    assert words == 120 <= MOST_WORDS


@pytest.mark.parametrize("begins", ["But", "She", "That", "And so", "“This", "For example", "It"])
def test_it_begins_where_the_sense_begins(begins: str) -> None:
    """A sentence that hangs on the one before it is never the first."""
    parts = [sentence(number, 20) for number in range(9)]
    parts[4] = sentence(4, 20, begins)
    assert quote(" ".join(parts), [0.1, 0.1, 0.1, 0.1, 0.9, 0.3, 0.2, 0.1, 0.1])[0] == [3, 4, 5, 6]


def test_no_stub_is_cut_off() -> None:
    """A greeting before the quote or a last short word behind it stays."""
    text = "Dear Ann, " + " ".join(sentence(number, 25) for number in range(5)) + " Be well."
    spans = sentence_spans(text)
    closeness = [0.9, *[0.1] * (len(spans) - 1)]
    assert cut_quote(text, spans, closeness).start == 0
    assert cut_quote(text, spans, closeness[::-1]).stop == len(spans)


def test_the_marked_sentences_are_those_that_answer() -> None:
    """The closest that do not ask back; a second one only when it is nearly as close."""
    text = "Why so silent? Silence is a way to listen. Ask her. Tea is nice."
    spans = sentence_spans(text)
    assert sentences_to_mark(text, spans, [0.9, 0.7, 0.65, 0.1]) == (spans[1], spans[2])
    assert sentences_to_mark(text, spans, [0.9, 0.7, 0.5, 0.1]) == (spans[1],)
    assert sentences_to_mark("Only this.", [(0, 10)], [0.9]) == ()


def test_what_is_nearly_the_whole_quote_is_not_marked() -> None:
    """A mark under everything tells nothing: rather one sentence, rather none."""
    text = "Hm. Ask her why it hurts so much. Ask her now and not in a year."
    spans = [(0, 3), (4, 33), (34, 64)]
    assert sentences_to_mark(text, spans, [0.1, 0.9, 0.89]) == (spans[1],)
    assert sentences_to_mark(text[:33], spans[:2], [0.1, 0.9]) == ()


@pytest.mark.parametrize("row", COURTESIES, ids=lambda row: str(row["text"])[:30])
def test_a_courtesy_is_told_from_an_answer(row: dict[str, object]) -> None:
    """Thanks, wishes and promises, against replies that say something."""
    text = str(row["text"])
    assert is_courtesy(text, sentence_spans(text)) is row["courtesy"]


def test_a_courtesy_ranks_below_an_answer(blog: Blog) -> None:
    """Though the question of the courtesy is the very same."""
    comments = [
        C(2, "why does the radiator hum all night?"),
        C(3, "Good question. I want to write a post on the radiator soon.", 2, AUTHOR_ID),
        C(4, "my radiator hums and the night is long, why?"),
        C(5, "Air in the pipes makes it hum.", 4, AUTHOR_ID),
    ]
    blog.write("export.xml", export([P("heat", "<p>Of other things.</p>", comments=comments)]))
    blog.rebuild()
    replies = [hit.passage.id for hit in blog.ask("why does the radiator hum all night?").hits]
    assert replies.index("heat/c5") < replies.index("heat/c3")


def test_neighbours_that_both_match_are_one_quote(blog: Blog) -> None:
    """Word for word as in the archive, from the end of the one into the next."""
    filler = "Nothing about the matter stands in this long line of other words here. "
    first = f"<p>{filler * 7}The radiator hums in January.</p>"
    second = f"<p>The radiator hums in February. {filler * 7}</p>"
    blog.write("export.xml", export([P("heat", first + second, title="Heat")]))
    blog.rebuild()
    assert blog.library().manifest.counts.passages == 2
    hits = blog.ask("the radiator hums in").hits
    assert len(hits) == 1
    assert "The radiator hums in January.\n\nThe radiator hums in February." in hits[0].quote
    assert hits[0].cut == (True, True)
    assert [hits[0].quote[slice(*span)] for span in hits[0].highlights] == [
        "The radiator hums in January.",
        "The radiator hums in February.",
    ]


def test_what_says_nearly_the_same_is_shown_once(blog: Blog) -> None:
    """A paragraph that was used again with a word changed."""
    text = "The radiator hums all night because there is air in the pipes, and one can let it out with a key."
    posts = [P("one", f"<p>{text}</p>"), P("two", f"<p>{text.replace('night', 'day')}</p>"), P("x", "<p>Radiator.</p>")]
    blog.write("export.xml", export(posts))
    blog.rebuild()
    shown = [hit.passage.id for hit in blog.ask("why does the radiator hum?").hits]
    assert "x/1" in shown
    assert len({"one/1", "two/1"} & set(shown)) == 1
