"""The author's hand: what her file may say, what the report says of it, and what she hides."""

from pathlib import Path
from unittest.mock import patch

import pytest

from askedbefore.checking import check_index
from askedbefore.curation import Curation, load_curation
from askedbefore.errors import IndexProblem, RebuildStopped, SettingsError
from askedbefore.records import Passage
from askedbefore.report.text import describe
from askedbefore.settings import Settings
from tests.conftest import OFF_TOPIC, Blog
from tests.test_rebuild import state
from tests.wxr import AUTHOR_ID, POSTS, C, P, export

SAVED_PAGE = """The waiting room

the-waiting-room

A waiting room is a place where nobody is late but the clock.

2 Comments

  • Why are there always old magazines in the waiting room?

    • They are there so that you have something to put down when the door opens. XY
"""
BREAKS = "https://blog.example/2020/01/breaks/"


def passages(blog: Blog) -> list[Passage]:
    """Return all passages of the live build."""
    return [passage for passage, _, _ in blog.library().all_passages()]


def curate(blog: Blog, text: str) -> list[str]:
    """Write `curation.toml`, rebuild, and return what the report asks the author to look at."""
    blog.write("curation.toml", text)
    return remarks(list(describe(blog.rebuild())))


def remarks(lines: list[str]) -> list[str]:
    """Return the lines of a report under "Please look at this"."""
    if "Please look at this" not in lines:
        return []
    begin = lines.index("Please look at this") + 1
    return [line.strip() for line in lines[begin : lines.index("What changed")]]


# The file


def test_without_a_file_nothing_is_curated(tmp_path: Path) -> None:
    """And an empty file is the same."""
    assert load_curation(tmp_path) == Curation()
    (tmp_path / "curation.toml").write_text("# nothing yet\n")
    assert load_curation(tmp_path) == Curation()


def test_a_file_under_a_wrong_name_is_said(tmp_path: Path) -> None:
    """A wish to be forgotten must not be passed over because an editor added an ending."""
    (tmp_path / "curation.toml.txt").write_text("forget = [12]")
    with pytest.raises(SettingsError, match=r"curation\.toml\.txt is not read under this name\. Rename it to curation"):
        load_curation(tmp_path)


def test_all_that_can_be_said(tmp_path: Path) -> None:
    """A whole file, as the documentation has it."""
    (tmp_path / "curation.toml").write_text(
        """
hide = ["https://blog.example/2020/01/breaks/#comment-3", "breaks"]
forget = ["https://blog.example/2020/01/breaks/comment-page-2/#comment-2:~:text=Mine%20goes", 12, "#comment-13", "14"]
examples = "Why do I  miss her so much?"

[synonyms]
Shrink = ["therapist", "analyst"]
"talking  cure" = "psychoanalysis"

[[pin]]
question = "Do you see people online?"
place = "https://blog.example/2020/01/online/"
"""
    )
    assert load_curation(tmp_path).model_dump() == {
        "hide": ("https://blog.example/2020/01/breaks/#comment-3", "breaks"),
        "forget": (
            "https://blog.example/2020/01/breaks/comment-page-2/#comment-2",
            "#comment-12",
            "#comment-13",
            "#comment-14",
        ),
        "examples": ("Why do I miss her so much?",),
        "synonyms": {"shrink": ("therapist", "analyst"), "talking cure": ("psychoanalysis",)},
        "pin": ({"question": "Do you see people online?", "place": "https://blog.example/2020/01/online/"},),
    }


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "hide = breaks",
            "curation.toml is not valid TOML: Invalid value (at line 1, column 8). A line looks like  hide",
        ),
        ('hide = ["a"]\nhide = ["b"]', "no name may stand twice"),
        ('hidden = ["breaks"]', "  hidden: no such setting; did you mean hide?"),
        ("hide = true", '  hide: must be a list, such as ["one", "two"]'),
        ("hide = [7]", "  hide, number 1: must be text in quotation marks"),
        ('hide = ["breaks", " "]', "  hide, number 2: is empty; paste a link"),
        (
            'hide = ["breaks#coment-3"]',
            "  hide, number 1: “breaks#coment-3” ends in “#coment-3”; a link to a comment ends as in #comment-12",
        ),
        (
            'forget = ["https://blog.example/breaks/"]',
            "  forget, number 1: “https://blog.example/breaks/” is a post, not a comment; "
            "a link to a comment ends as in #comment-12",
        ),
        ('forget = ["somebody"]', "  forget, number 1: “somebody” is a post, not a comment;"),
        ("forget = [true]", "  forget, number 1: must be text in quotation marks"),
        ("examples = [3]", "  examples, number 1: must be text in quotation marks"),
        ("synonyms = []", "  synonyms: must stand under [synonyms], with a word in each line"),
        ("[synonyms]\nshrink = []", '  synonyms: “shrink” needs words, as in  shrink = ["therapist", "analyst"]'),
        ('[synonyms]\nshrink = ["?"]', "  synonyms: “shrink” needs words"),
        (
            '[synonyms]\nshrink = "therapist"\nforget = ["#comment-2"]',
            "forget must stand above the first line in brackets",
        ),
        ('[pin]\nquestion = "a"', "  pin: must be written with two brackets on either side: [[pin]]"),
        ('[[pin]]\nquestion = "Do you?"', "  pin, number 1, place: is missing"),
        (
            '[[pin]]\nquestion = " ? "\nplace = "a"',
            "  pin, number 1, question: is empty; write the question as a reader",
        ),
        (
            '[[pin]]\nquestoin = "Why?"\nplace = "a"',
            "  pin, number 1, questoin: no such setting; did you mean question?",
        ),
        (
            '[[pin]]\nquestion = "Why?"\nplace = "a"\nforget = ["#comment-2"]',
            "  pin, number 1, forget: forget must stand above the first line in brackets",
        ),
    ],
)
def test_what_cannot_be_used_is_said(small_blog: Blog, text: str, says: str) -> None:
    """The file, the place in it and what to do; the index is as it was."""
    before = state(small_blog)
    path = small_blog.write("curation.toml", text)
    with pytest.raises(SettingsError) as error:
        small_blog.rebuild()
    assert str(error.value).startswith(f"{path} ")
    assert says in str(error.value)
    assert state(small_blog) == before


# Hiding


def test_a_hidden_reply_is_not_shown(small_blog: Blog) -> None:
    """Nor is what it answered taken for unanswered; that still helps to find the reply to the next question."""
    assert curate(small_blog, f'hide = ["{BREAKS}#comment-3"]') == []
    assert {one.comment for one in passages(small_blog) if one.shown} == {None, "5"}
    assert {one.unit for one in passages(small_blog) if one.comment == "2"} == {"breaks/c4"}
    small_blog.write("blog.toml", "show_unanswered_comments = true")
    small_blog.rebuild()
    assert {one.comment for one in passages(small_blog) if one.shown} == {None, "5", "6"}
    curate(small_blog, 'hide = ["breaks#comment-3", "fees#comment-6"]')
    assert {one.comment for one in passages(small_blog) if one.shown} == {None, "5"}


def test_a_hidden_readers_comment_leaves_the_reply(small_blog: Blog) -> None:
    """Her words are neither shown nor matched."""
    assert curate(small_blog, 'hide = ["breaks#comment-2"]') == []
    found = passages(small_blog)
    assert not any("Mine goes away" in f"{one.text} {one.asked}" for one in found)
    assert [one.asked for one in found if one.comment == "3"] == [None]
    assert not any(b"Mine goes away" in content for content in state_of_live(small_blog))


def test_a_hidden_comment_keeps_its_place_in_the_thread(blog: Blog) -> None:
    """So that the replies around it stay with their questions, and later ones on their page."""
    thread = [
        C(2, "May I bring my dog along? He is quiet, and he likes the train."),
        C(3, "Ask her first, and bring his blanket along. XY", 2, AUTHOR_ID),
        C(4, "And a bowl of water for him, I should add. XY", 3, AUTHOR_ID),
        C(5, "Is it rude to look at the clock?"),
        C(6, "She looks at it too, so you are in company. XY", 5, AUTHOR_ID),
    ]
    blog.write("export.xml", export([P("dogs", "About dogs in the room and what they hear.", comments=thread)]))
    blog.write("blog.toml", "comments_per_page = 1")
    assert curate(blog, "hide = ['#comment-3', '#comment-2']") == []
    by_comment = {one.comment: one for one in passages(blog)}
    assert set(by_comment) == {None, "4", "5", "6"}
    assert by_comment["6"].url == "https://blog.example/2020/01/dogs/comment-page-2/#comment-6"
    assert curate(blog, "hide = ['#comment-3']") == []
    assert {one.asked for one in passages(blog) if one.comment == "4"} == {thread[0].text}


def test_a_hidden_post_is_not_shown_with_its_comments(small_blog: Blog) -> None:
    """The report says so; it counts as gone."""
    small_blog.write("curation.toml", f'hide = ["{BREAKS}"]')
    report = small_blog.rebuild()
    assert {one.post for one in passages(small_blog)} == {"fees", "silence"}
    assert report.changes.gone == ("breaks",)
    lines = list(describe(report, verbose=True))
    at = lines.index("  1 × a post that is hidden (curation.toml)")
    assert lines[at + 1] == "      “Breaks”"


def test_hiding_most_posts_needs_a_yes(small_blog: Blog) -> None:
    """As every large loss does."""
    small_blog.write("curation.toml", 'hide = ["breaks", "fees"]')
    with pytest.raises(RebuildStopped, match="--yes"):
        small_blog.rebuild()
    small_blog.rebuild(yes=True)
    assert {one.post for one in passages(small_blog)} == {"silence"}


def test_what_is_hidden_is_no_example_question(blog: Blog) -> None:
    """Neither by its question nor by its answer."""
    reply = "Ask her on the first day, in one sentence, and take the answer home. " * 4
    thread = [C(2, "How long does therapy take?"), C(3, f"{reply} XY", 2, AUTHOR_ID)]
    blog.write("export.xml", export([P("long", "Some words on time.", comments=thread), POSTS[1]]))
    blog.rebuild()
    assert blog.library().blog.example_questions == ("How long does therapy take?",)
    for line in ("long", "long#comment-2", "long#comment-3"):
        assert curate(blog, f'hide = ["{line}"]') == []
        assert blog.library().blog.example_questions == ()


def state_of_live(blog: Blog) -> list[bytes]:
    """Return the bytes of every file of the live build."""
    return [path.read_bytes() for path in blog.library().folder.iterdir()]


# What is said of lines that do not fit


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            'hide = ["https://blog.example/2020/01/gone/"]',
            "hide: https://blog.example/2020/01/gone/: no such post was read. Correct the link or take it out.",
        ),
        (
            'hide = ["breaks#comment-99"]',
            "hide: breaks#comment-99: “Breaks” has no comment 99 now. Correct the link or take it out.",
        ),
        (
            'hide = ["the-waiting-room#comment-1"]',
            "hide: the-waiting-room#comment-1: the page was saved as text, where comments have no number. Correct the "
            "link or take it out.",
        ),
        (
            'forget = ["the-waiting-room#comment-1"]',
            "forget: the-waiting-room#comment-1: the page was saved as text, where comments have no number. Delete the "
            "comment from that file and rebuild.",
        ),
        (
            'forget = ["breaks#comment-99"]',
            "forget: breaks#comment-99 is in no source now: nothing of it is in the index, unless it stands on a page "
            "saved as text: look there yourself.",
        ),
        (
            'forget = ["fees#comment-2"]',
            "forget: fees#comment-2: it is not there. Forgotten was comment 2 under breaks; look whether that is "
            "right.",
        ),
        (
            'hide = ["breaks"]\n[[pin]]\nquestion = "When is the break?"\nplace = "breaks#comment-3"',
            "pin “When is the break?”: breaks#comment-3 is also hidden or forgotten, so it is not shown. Take out the "
            "pin or the other line.",
        ),
        (
            '[[pin]]\nquestion = "When is the break?"\nplace = "holidays"',
            "pin “When is the break?”: holidays: no such post was read. Correct the link or take the pin out.",
        ),
        (
            '[[pin]]\nquestion = "May I be angry?"\nplace = "fees#comment-6"',
            "pin “May I be angry?”: fees#comment-6 holds nothing that is shown. Pin a reply of yours or a post.",
        ),
        ('examples = ["?"]', "examples: “?” has no words, so it is not shown. Change it."),
        (
            f'examples = ["{"Why? " * 30}"]',
            f"examples: “{('Why? ' * 30).strip()}” is longer than 120 characters, so it is not shown. Change it.",
        ),
    ],
)
def test_a_line_that_does_not_fit_is_said_and_stops_nothing(blog: Blog, text: str, said: str) -> None:
    """At the rebuild that meets it, and at each one after that while nothing else changes."""
    blog.write("export.xml", export())
    blog.write("page.txt", SAVED_PAGE)
    blog.write("blog.toml", 'sign_off = "XY"\nurl = "https://blog.example"')
    assert curate(blog, text) == [f"curation.toml, {said}"]
    report = blog.rebuild()
    assert report.unchanged
    assert remarks(list(describe(report))) == [f"curation.toml, {said}"]


def test_a_change_of_curation_alone_makes_a_new_build(small_blog: Blog) -> None:
    """And until then `check` says so; moving lines about is no change."""
    small_blog.write("curation.toml", '[synonyms]\nshrink = ["analyst"]\n')
    with patch("askedbefore.calibration.off_topic_questions", lambda: OFF_TOPIC):
        with pytest.raises(IndexProblem, match=r"curation\.toml has changed since it was made\. Run"):
            list(check_index(small_blog.paths, Settings(), small_blog.encoder))
        assert not small_blog.rebuild().unchanged
        assert "Current:" in list(check_index(small_blog.paths, Settings(), small_blog.encoder))[-1]
    assert small_blog.library().manifest.recipe.curation.synonyms == {"shrink": ("analyst",)}
    small_blog.write("curation.toml", '# words\n\n[synonyms]\nSHRINK = "analyst"\n')
    assert small_blog.rebuild().unchanged


def test_the_authors_examples_stand_before_those_that_are_found(blog: Blog) -> None:
    """In her order, three in all."""
    reply = "Ask her on the first day, in one sentence, and take the answer home. " * 4
    thread = [C(2, "How long does therapy take?"), C(3, f"{reply} XY", 2, AUTHOR_ID)]
    blog.write("export.xml", export([P("long", "Some words on time.", comments=thread)]))
    assert curate(blog, 'examples = ["Why do I miss her?", "How long does therapy take?"]') == []
    assert blog.library().blog.example_questions == (
        "Why do I miss her?",
        "How long does therapy take?",
    )
    assert curate(blog, 'examples = ["Two?", "One?"]') == []
    assert blog.library().blog.example_questions == ("Two?", "One?", "How long does therapy take?")
    assert curate(blog, 'examples = ["Four?", "Three?", "Two?", "One?"]') == []
    assert blog.library().blog.example_questions == ("Four?", "Three?", "Two?")


def test_a_pinned_place_is_the_first_passage_of_the_answer(small_blog: Blog) -> None:
    """Though its words are far from the question, and the rest follows."""
    curate(small_blog, '[[pin]]\nquestion = "is it childish to count?"\nplace = "silence"')
    answer = small_blog.ask("is it childish to count?")
    assert [hit.passage.post for hit in answer.hits][:2] == ["silence", "breaks"]
    assert answer.hits[0].score == 1


def test_the_authors_synonyms_are_looked_for(blog: Blog) -> None:
    """In the author's file, beside those of the field."""
    trades = {"a": "plumber", "b": "mason", "c": "baker", "d": "tailor"}
    posts = [P(name, f"<p>The {trade} was silent today.</p>") for name, trade in trades.items()]
    blog.write("export.xml", export(posts))
    blog.rebuild()
    assert blog.ask("the wizard was silent today").hits[0].passage.id == "a/1"
    curate(blog, '[synonyms]\nwizard = ["tailor"]')
    assert blog.ask("the wizard was silent today").hits[0].passage.id == "d/1"
