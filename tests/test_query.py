"""What is looked for: slips of the pen are read as what was meant, and the field's words as the archive's."""

import pytest

from askedbefore.query import asks_for_more, repair, shipped_words, spell_out
from tests.conftest import Blog
from tests.wxr import P, export

WHO = (("a", "plumber"), ("b", "therapist"), ("c", "baker"), ("d", "tailor"))
VOCABULARY = {"therapist": 9, "want": 7, "went": 5, "holiday": 3, "fiance": 1}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("my therapsit", "my therapist"),  # two letters swapped
        ("a theraist and a Therappist", "a therapist and a therapist"),  # one left out, one doubled
        ("therepisst", "therapist"),  # two slips in a long word
        ("wnat", "want"),
        ("wint", "want"),  # both are one letter away: the more frequent
        ("holidey", "holiday"),
        ("xoliday", "xoliday"),  # the first letter is nearly always right
        ("hjlidxy", "hjlidxy"),  # two slips in a short word could be anything
        ("fiancé", "fiancé"),  # known, but for the accent
        ("went", "went"),
        ("wnat wnatever", "want wnatever"),  # not inside of another word
        ("wa 2nd t-shirt", "wa 2nd t-shirt"),
    ],
)
def test_slips_of_the_pen(typed: str, read: str) -> None:
    """Only words that the archive does not know are touched."""
    assert repair(typed, VOCABULARY) == read


def test_a_misspelt_question_finds_what_the_right_one_finds(blog: Blog) -> None:
    """Its score counts both readings, so the right spelling is a little closer."""
    posts = [P("heat", "<p>The radiator hums.</p>"), P("cold", "<p>The window whistles.</p>")]
    blog.write("export.xml", export(posts))
    blog.rebuild()
    right, wrong = blog.ask("radiator hums"), blog.ask("radaitor hums")
    assert wrong.hits[0].passage.id == right.hits[0].passage.id == "heat/1"
    assert wrong.hits[0].score < right.hits[0].score
    assert wrong.question == "radaitor hums"  # what she typed is never changed before her eyes


def test_a_readers_word_finds_the_archives(blog: Blog) -> None:
    """The word stands nowhere; of passages that are equally far the therapist's is first."""
    posts = [P(name, f"<p>The {who} was silent today.</p>") for name, who in WHO]
    blog.write("export.xml", export(posts))
    blog.rebuild()
    assert [hit.passage.id for hit in blog.ask("the shrink was silent today").hits] == ["b/1", "a/1", "c/1"]


def test_only_a_capital_t_is_a_therapist(blog: Blog) -> None:
    """The small one is what is left of "don't"."""
    posts = [P(name, f"<p>The {who} was silent today.</p>") for name, who in WHO]
    blog.write("export.xml", export(posts))
    blog.rebuild()
    assert blog.ask("my T was silent today").hits[0].passage.id == "b/1"
    assert blog.ask("my t was silent today").hits[0].passage.id == "a/1"


def test_the_shipped_synonyms_are_sound() -> None:
    """Small letters, one to four on the right, and none is its own synonym."""
    short, synonyms = shipped_words("short"), shipped_words("synonyms")
    assert len(short) + len(synonyms) > 80
    assert not set(short) & set(synonyms)
    for word, others in {**short, **synonyms}.items():
        assert word == word.casefold().strip()
        assert 1 <= len(others) <= 4
        assert word not in others


@pytest.mark.parametrize(
    ("question", "more"),
    [
        ("tell me more", True),
        ("Tell me more about that, please!", True),
        ("more", True),
        ("can you show me some more?", True),
        ("anything else?", True),
        ("more about dreams", False),
        ("why does she want more?", False),
        ("tell me more about endings", False),
    ],
)
def test_what_only_asks_for_more(question: str, more: bool) -> None:
    """A wish for more without a subject of its own."""
    assert asks_for_more(question) is more


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("my T hugged me", "my therapist hugged me"),
        ("does T's silence mean anger?", "does therapist silence mean anger?"),
        ("my t-shirt, don't", "my t-shirt, don't"),
        ("T-shirt", "T-shirt"),
        ("my MIL and CBT", "my mother-in-law and cognitive behavioural therapy"),
        ("should I take the meds", "should I take the medication"),
    ],
)
def test_short_forms_are_spelt_out(typed: str, read: str) -> None:
    """Only whole words; of letters that are common words only capitals."""
    assert spell_out(typed) == read
