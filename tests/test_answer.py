"""An answer: the right passages, in a fixed order, verbatim, with scores that can be worked out by hand."""

import math
from unittest.mock import patch

import pytest

from askedbefore.records import Answer
from tests.conftest import Blog
from tests.wxr import AUTHOR_ID, C, P, export

KEYS = {"question", "outcome", "disclaimer", "support", "passages", "elapsed_ms"}
PASSAGE_KEYS = {"id", "kind", "voice", "title", "heading", "url", "date", "quote", "highlights", "asked", "score"} | {
    "post",
    "comment",
    "cut",
}


def ask(blog: Blog, question: str, *posts: P) -> Answer:
    """Answer a question from a blog of these posts."""
    blog.write("export.xml", export(list(posts)))
    blog.rebuild(yes=True)
    return blog.ask(question)


def test_the_json_has_the_keys_that_were_promised(small_blog: Blog) -> None:
    """A golden answer."""
    answer = small_blog.ask("is it childish to count the days?").to_json()
    assert set(answer) >= KEYS
    best = answer["passages"][0]
    assert set(best) == PASSAGE_KEYS
    assert answer["outcome"] == "passages"
    assert answer["support"] is None
    assert "not therapy" in answer["disclaimer"]
    assert {key: best[key] for key in PASSAGE_KEYS - {"score"}} == {
        "id": "breaks/c3",
        "kind": "reply",
        "voice": "author",
        "title": "Breaks",
        "heading": None,
        "url": "https://blog.example/2020/01/breaks/#comment-3",
        "date": "2020-05-04",
        "quote": "Counting the days is how many people hold on to somebody. Tell her the number.",
        "highlights": [[0, 57]],
        "cut": [False, False],
        "asked": "Mine goes away every August. Is it childish to count the days until she returns?",
        "post": "breaks",
        "comment": "3",
    }


def test_a_score_worked_out_by_hand(blog: Blog) -> None:
    """One post of one sentence; the question shares 2 of its 4 words with the sentence's 4.

    Both vectors have length 2, so the cosines of the passage and of its sentence are 2 / (2 * 2) = 0.5. The title is
    another word; a fifth of it is added to the whole, whose cosine so is 0.5 / sqrt(1 + 0.2**2). BM25 of a lone
    document gives every word the smallest weight, 1e-6, so the words add nothing.
    """
    answer = ask(blog, "apples pears plums figs", P("fruit", "<p>apples pears grapes melons</p>", title="Fruit"))
    assert answer.hits[0].score == pytest.approx(0.73 * (0.5 + 0.5 + 0.5 / math.sqrt(1.04)) / 3, abs=1e-3)


def test_words_count_by_bm25_worked_out_by_hand(blog: Blog) -> None:
    """Four posts, the word in one of them, all of the same length, so BM25 is its inverse document frequency.

    idf = ln((4 - 1 + 0.5) / (1 + 0.5)) = ln(7/3); with term frequency 1 and average length the rest of BM25 is 1.
    The sentence has 3 words and the question 1, so its cosine is 1/sqrt(3), and with the title 1/sqrt(3 * 1.04).
    """
    posts = [P(slug, f"<p>{slug} again {slug}x</p>", title="One") for slug in ("apples", "pears", "plums", "figs")]
    hit = ask(blog, "apples", *posts).hits[0]
    bm25 = math.log(7 / 3)
    closeness = (2 + 1 / math.sqrt(1.04)) / (3 * math.sqrt(3))
    assert hit.passage.id == "apples/1"
    assert hit.score == pytest.approx(0.73 * closeness + 0.2 * bm25 / (bm25 + 12), abs=1e-3)


def test_an_exchange_is_found_by_the_readers_words_and_shows_the_reply(blog: Blog) -> None:
    """What the reader asked is matched and stands above; what is quoted is the author's."""
    comments = [
        C(2, "why does the radiator hum all night?"),
        C(3, "Bring it with you next time, as a guest.", 2, AUTHOR_ID),
    ]
    hit = ask(blog, "why does my radiator hum?", P("heat", "<p>Nothing of the kind.</p>", comments=comments)).hits[0]
    assert (hit.passage.kind, hit.passage.voice) == ("reply", "author")
    assert hit.quote == "Bring it with you next time, as a guest."
    assert hit.passage.asked == "why does the radiator hum all night?"


def test_an_unanswered_comment_is_found_only_if_the_author_wants(blog: Blog) -> None:
    """Then as a reader's words."""
    post = P("heat", "<p>Nothing of the kind.</p>", comments=[C(2, "why does the radiator hum all night?")])
    assert all(hit.passage.kind == "post" for hit in ask(blog, "why does the radiator hum?", post).hits)
    blog.write("blog.toml", "show_unanswered_comments = true")
    hit = ask(blog, "why does the radiator hum?", post).hits[0]
    assert (hit.passage.kind, hit.passage.voice) == ("comment", "reader")


def test_a_letter_is_never_the_authors(blog: Blog) -> None:
    """It is found, and shown as what it is."""
    post = P("heat", "Bea writes: the radiator hums all night. Bea\n\nDear Bea, let it sing along with the rain.")
    answer = ask(blog, "the radiator hums at night", post)
    assert (answer.hits[0].passage.kind, answer.hits[0].passage.voice) == ("letter", "reader")
    assert not any("hums" in hit.quote for hit in answer.hits if hit.passage.voice == "author")


def test_at_most_three_and_two_of_one_post(blog: Blog) -> None:
    """More of the same is less."""
    sections = "".join(f"<h2>Part {n}</h2><p>The radiator hums for {n} hours.</p>" for n in range(5))
    posts = [
        P("one", sections),
        P("two", sections.replace("hums", "sings")),
        P("three", sections.replace("hums", "rings")),
    ]
    answer = ask(blog, "the radiator hums", *posts)
    slugs = [hit.passage.post for hit in answer.hits]
    assert len(slugs) == 3
    assert slugs[:2] == ["one", "one"]
    assert slugs[2] != "one"


def test_the_same_text_is_shown_once(blog: Blog) -> None:
    """Two posts with the same paragraph give one passage."""
    posts = [P(slug, "<p>The radiator hums.</p>", title="Heat") for slug in ("one", "two")]
    assert [hit.passage.id for hit in ask(blog, "the radiator hums", *posts).hits] == ["one/1"]


def test_equal_scores_stand_in_the_order_of_ids(blog: Blog) -> None:
    """So two runs print the same."""
    posts = [P(slug, f"<p>The radiator hums {slug}.</p>", title="Heat") for slug in ("b", "a", "c")]
    answer = ask(blog, "the radiator hums", *posts)
    assert [hit.passage.id for hit in answer.hits] == ["a/1", "b/1", "c/1"]
    assert len({hit.score for hit in answer.hits}) == 1
    assert answer.to_json()["passages"] == blog.ask("the radiator hums").to_json()["passages"]


def test_nothing_close(small_blog: Blog) -> None:
    """Words that stand nowhere find nothing, and the reader is told what to try."""
    answer = small_blog.ask("zebra xylophone quantum")
    assert (answer.outcome, answer.hits) == ("nothing_close", ())
    assert "other words" in str(answer.message)


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("", "no question"),
        (" \n\t ", "no question"),
        ("?!… 😠", "no words"),
        ("why? " * 201, "1,005 characters"),
        ("a\x00b", "not readable text"),
        ("bad \udcff bytes", "not readable text"),
        ("\ufffd\ufffd\ufffd", "not readable text"),
    ],
)
def test_what_is_no_question_is_told_apart(small_blog: Blog, question: str, says: str) -> None:
    """Each has its own sentence, and none is looked up."""
    answer = small_blog.ask(question)
    assert answer.outcome == "invalid"
    assert says in str(answer.message)


@pytest.mark.parametrize(
    "question", ['"', "AND OR NOT", "hour*", "text: hour", "(hour", "it's NEAR/2 hour ^", "x" * 1000, "わたし 😠"]
)
def test_nothing_that_is_typed_breaks_the_search(small_blog: Blog, question: str) -> None:
    """The search language of SQLite is never reached by a reader."""
    assert small_blog.ask(question).outcome in ("passages", "nothing_close", "invalid")


def test_quotes_are_verbatim_and_highlights_are_sentences_of_them(small_blog: Blog) -> None:
    """Every highlighted range is a whole sentence."""
    text = "\n".join(passage.text for passage, _, _ in small_blog.library().all_passages())
    for question in ("when does the break begin and end?", "silence in the room", "a fee for a missed hour"):
        for hit in small_blog.ask(question).hits:
            assert hit.quote in text
            for start, end in hit.highlights:
                assert hit.quote[end - 1] in ".?!"
                assert start == 0 or hit.quote[start - 1].isspace()


def test_of_many_words_only_the_rarest_are_looked_for(blog: Blog) -> None:
    """They tell most, and the others cost most; a phrase is as rare as the rarest of its words."""
    posts = [P(f"p{number}", f"<p>Every kettle boils here number{number}.</p>") for number in range(4)]
    blog.write("export.xml", export(posts))
    blog.rebuild()
    library = blog.library()
    number = library.units_with(["number2"], 10)
    assert len(number) == 1
    with patch("askedbefore.storage.library._MOST_PLACES", 3):
        assert library.units_with(["kettle", "number2"], 10) == number
        assert library.units_with(["kettle boils", "here number2"], 10).keys() == number.keys()


def test_one_word_is_always_looked_for(blog: Blog) -> None:
    """However often it stands in the archive."""
    posts = [P(f"p{number}", "<p>Nothing is said here of it.</p>") for number in range(4)]
    blog.write("export.xml", export([*posts, P("kettle", "<p>A kettle and a kettle and a kettle.</p>")]))
    blog.rebuild()
    with patch("askedbefore.storage.library._MOST_PLACES", 2):
        assert len(blog.library().units_with(["kettle"], 10)) == 1


def test_what_is_looked_at_closely_are_the_best(blog: Blog) -> None:
    """So nobody misses the answer when not all sentences are read."""
    posts = [P(f"p{number}", f"<p>The kettle boils at number{number}. Nobody waits.</p>") for number in range(12)]
    blog.write("export.xml", export(posts))
    blog.rebuild()
    wanted = blog.ask("The kettle boils at number7.").hits[0]
    with patch("askedbefore.search.CLOSELY", 2):
        assert blog.ask("The kettle boils at number7.").hits[0] == wanted
    assert wanted.passage.post == "p7"
