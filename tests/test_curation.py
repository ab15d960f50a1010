"""The author's hand: what she hides is never shown, what she forgets is nowhere, what she pins stands first."""

import json
import shutil
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest

from askedbefore.checking import check_index
from askedbefore.curation import Curation, load_curation
from askedbefore.embedding import SentenceTransformerEncoder
from askedbefore.errors import IndexProblem, RebuildStopped, SettingsError
from askedbefore.pins import pinned
from askedbefore.places import Place, find_places
from askedbefore.reading import read_archive
from askedbefore.rebuild import rebuild
from askedbefore.records import Comment, Passage, Post
from askedbefore.report import describe
from askedbefore.settings import Paths, Settings, load_settings
from askedbefore.storage.library import open_live
from askedbefore.watching import Unwatched
from tests.conftest import EXAMPLE, OFF_TOPIC, Blog
from tests.test_rebuild import start_worker, state
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


# Places


def some_posts() -> list[Post]:
    """Return posts of a blog with pretty links, of one with plain links, and a page saved as text."""
    comments = tuple(Comment(number, None, False, ()) for number in ("3", "12"))
    return [
        Post("breaks", "Breaks", BREAKS, None, (), comments, origin="https://blog.example?p=7"),
        Post(
            "über-uns", "Über uns", "https://blog.example/%c3%bcber-uns/", None, (), origin="https://blog.example?p=8"
        ),
        Post("plain", "Plain", "http://www.other.example/?p=7", None, (), comments[:1]),
        Post("the-waiting-room", "Waiting", None, None, (), comments[:1], comment_links=False),
    ]


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("https://blog.example/2020/01/breaks/", ["breaks"]),
        ("http://www.blog.example/2020/01/breaks", ["breaks"]),
        ("blog.example/2020/01/breaks/", ["breaks"]),
        ("HTTPS://Blog.Example/2020/01/Breaks/?utm_source=letter&x=1", ["breaks"]),
        ("/2020/01/breaks/", ["breaks"]),
        ("https://blog.example/2020/01/breaks/#:~:text=Say%20so,is%20over", ["breaks"]),
        ("https://blog.example/?p=7", ["breaks"]),
        ("https://blog.example/?p=7&preview=true#comment-12", ["comment 12 under breaks"]),
        ("https://moved.example/2020/01/breaks/", ["breaks"]),
        ("https://moved.example/?p=7", []),
        ("breaks", ["breaks"]),
        ("Breaks/", ["breaks"]),
        ("breaks#comment-12", ["comment 12 under breaks"]),
        ("https://blog.example/2020/01/breaks/#comment-12", ["comment 12 under breaks"]),
        ("https://blog.example/2020/01/breaks#li-comment-12", ["comment 12 under breaks"]),
        ("https://blog.example/2020/01/breaks/comment-page-2/#comment-12", ["comment 12 under breaks"]),
        ("https://blog.example/2020/01/breaks/?replytocom=12#comment-12:~:text=a%20b", ["comment 12 under breaks"]),
        ("#comment-12", ["comment 12 under breaks"]),
        ("#comment-3", ["comment 3 under breaks", "comment 3 under plain"]),
        ("other.example/?p=7#comment-3", ["comment 3 under plain"]),
        ("http://www.other.example/?p=7&cpage=2#comment-3", ["comment 3 under plain"]),
        ("https://blog.example/über-uns", ["über-uns"]),
        ("https://blog.example/%C3%BCber-uns/", ["über-uns"]),
        ("über-uns", ["über-uns"]),
        ("the-waiting-room", ["the-waiting-room"]),
        ("https://blog.example/2014/the-waiting-room/", ["the-waiting-room"]),
        ("the-waiting-room#comment-3", []),
        ("https://blog.example/2020/01/breaks/#comment-13", []),
        ("https://blog.example/tag/breaks/", []),
        ("https://blog.example/", []),
        ("/", []),
        ("fees", []),
    ],
)
def test_a_place_is_named_as_an_author_pastes_it(name: str, places: list[str]) -> None:
    """With or without what a browser adds; what is not there is nothing."""
    named = Curation.model_validate({"hide": [name]}).hide[0]
    assert [str(place) for place in find_places(named, some_posts())] == places


def test_links_of_our_own_name_their_places(small_blog: Blog) -> None:
    """What stands under "Read it in context" can be pasted; in the paged thread too."""
    small_blog.write("blog.toml", "comments_per_page = 1")
    small_blog.rebuild()
    archive = read_archive([], small_blog.paths.data, Settings())
    for passage in passages(small_blog):
        assert passage.url
        named = Curation.model_validate({"hide": [passage.url]}).hide[0]
        assert find_places(named, archive.posts) == (Place(passage.post, passage.comment),)


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


# Forgetting

SECRET = (
    "My sister Ottilie drowned in the lake at Moordorf when I was nine. Nobody at home has said her name since then."
)
THREAD = [
    C(21, SECRET, name="Wilhelmine Quast", email="wq@quast.invalid"),
    C(
        22,
        "Dear Wilhelmine, thank you for saying it here, where it can be read.\n\n"
        "<blockquote>drowned in the lake at Moordorf</blockquote>\n\n"
        "You write that nobody at home has said her name since then, and here it stands.\n\n"
        "A name that is said aloud weighs less than one that is kept. XY",
        21,
        AUTHOR_ID,
    ),
    C(23, "“My sister Ottilie drowned in the lake at Moordorf when I was nine.” I had to read this twice.", 21),
    C(24, "Wilhelmine, you are not alone with it.\n\nI said mine for the first time at forty.", 21),
    C(25, "At forty is not late, and what Wilhelmine wrote has company now. XY", 24, AUTHOR_ID),
    C(26, "Forty is a good age for first times of any kind, believe me. XY", 24, AUTHOR_ID),
]
TRACES = [
    P("names", "A name is a small thing to carry and a large one to lose.", comments=THREAD),
    P(
        "readers",
        "<p>What readers wrote in this year, and what I made of it afterwards.</p>"
        "<blockquote>Nobody at home has said her name since then.</blockquote><p>It stayed with me for weeks.</p>",
        id=77,
    ),
]
GREPPED = ("Ottilie", "Moordorf", "drowned", "since then", "has said her", "Wilhelmine", "Quast", "wq@")


def leftovers(blog: Blog, words: Sequence[str] = GREPPED) -> set[str]:
    """Return which of the words stand in any byte of any file under the index folder."""
    content = b"\n".join(state(blog).values())
    return {word for word in words if word.encode() in content or word.encode("utf-16-le") in content}


@pytest.fixture
def told(blog: Blog) -> Blog:
    """Return a blog with two builds that hold a comment and its traces."""
    blog.write("export.xml", export(TRACES))
    blog.rebuild()
    blog.write("export.xml", export([*TRACES, POSTS[1]]))
    blog.rebuild()
    assert leftovers(blog) == set(GREPPED) - {"Quast", "wq@"}
    assert len(list((blog.paths.index / "builds").iterdir())) == 2
    return blog


def test_of_a_forgotten_comment_no_byte_is_left(told: Blog) -> None:
    """Not in the live build nor in any other, not as a quotation, not as a name, not as a vector."""
    vector = told.encoder.encode_passages([SECRET])[0]
    sentence = told.encoder.encode_passages([SECRET.split(". ")[0] + "."])[0].astype(np.float16)
    assert any(vector.tobytes() in content for content in state(told).values())
    assert any(sentence.tobytes() in content for content in state(told).values())
    told.encoder.embedded.clear()
    assert curate(told, 'forget = ["https://blog.example/2020/01/names/#comment-21"]') == []
    assert leftovers(told) == set()
    assert not any(vector.tobytes() in content for content in state(told).values())
    assert not any(sentence.tobytes() in content for content in state(told).values())
    assert [path.name for path in (told.paths.index / "builds").iterdir()] == [told.library().folder.name]
    assert not any("Ottilie" in text or "Moordorf" in text for text in told.encoder.embedded)


def test_the_reply_stays_as_the_authors_own(told: Blog) -> None:
    """What she said herself, word for word; and the others' comments."""
    told.write("curation.toml", 'forget = ["#comment-21"]')
    report = told.rebuild()
    by_comment = {one.comment: one for one in passages(told) if one.post == "names"}
    assert by_comment["22"].text == (
        "thank you for saying it here, where it can be read.\n\n"
        "A name that is said aloud weighs less than one that is kept."
    )
    assert by_comment["22"].asked is None
    assert by_comment["24"].text == "you are not alone with it.\n\nI said mine for the first time at forty."
    assert by_comment["26"].asked == "you are not alone with it.\n\nI said mine for the first time at forty."
    assert set(by_comment) == {None, "22", "24", "26"}
    lines = list(describe(report, verbose=True))
    at = lines.index("  1 × a comment to be forgotten (curation.toml)")
    assert lines[at + 1] == "      comment 21 under names"
    at = lines.index("  5 × a paragraph that quotes or names who is to be forgotten (curation.toml)")
    under = ["comment 22 under names", "comment 22 under names", "comment 23 under names", "comment 25 under names"]
    assert [line.strip() for line in lines[at + 1 : at + 6]] == [*under, "readers"]


TABLES = "The will of a family sits at the head of the table, and the silence at the other end."


def test_a_common_word_as_a_name_takes_nothing_along(blog: Blog) -> None:
    """Somebody who signs as The Will costs a salutation, and no paragraph."""
    thread = [
        C(2, "I was told to keep quiet about the money at every table.", name="The Will"),
        C(3, "Will, that is hard. The table is yours too, and will be. XY", 2, AUTHOR_ID),
        C(4, "The silence at our table will never end.", name="Somebody"),
        C(5, "Will it not? The table will be there. XY", 4, AUTHOR_ID),
        C(6, "In the end, somebody has to speak first. XY", 4, AUTHOR_ID),
    ]
    blog.write("export.xml", export([P("tables", TABLES, comments=thread)]))
    assert curate(blog, "forget = [2]") == []
    assert {one.comment: one.text for one in passages(blog)} == {
        None: TABLES,
        "3": "that is hard. The table is yours too, and will be.",
        "4": "The silence at our table will never end.",
        "5": "Will it not? The table will be there.",
        "6": "In the end, somebody has to speak first.",
    }


def test_five_words_are_a_quotation_in_one_thread_and_chance_elsewhere(blog: Blog) -> None:
    """Seven are one everywhere; of a paragraph that is shorter, all."""
    thread = [
        C(2, "On Sundays I count the spoons in the drawer before I can sit down to eat."),
        C(3, "To count the spoons in the kitchen costs an hour.\n\nIt is your hour.", 2, AUTHOR_ID),
    ]
    others = [
        P("spoons", "I too count the spoons in the canteen, when a talk is dull.", id=51),
        P("drawers", "She told me: I count the spoons in the drawer each day.\n\nIt was June.", id=52),
        P("short", "The spoons in the drawer\n\nThey are what is left of a large family.", id=53),
    ]
    blog.write("export.xml", export([P("sundays", "Sundays are long.", comments=thread), *others]))
    curate(blog, "forget = [2]")
    assert {one.post: one.text for one in passages(blog) if one.comment is None} == {
        "sundays": "Sundays are long.",
        "spoons": "I too count the spoons in the canteen, when a talk is dull.",
        "drawers": "It was June.",
        "short": "They are what is left of a large family.",
    }
    assert [one.text for one in passages(blog) if one.comment == "3"] == ["It is your hour."]


def test_questions_in_the_words_of_the_forgotten_are_left_aside(told: Blog) -> None:
    """The curation itself is kept in the index, so it must not hold them either."""
    said = "Nobody at home has said her name since then"
    found = curate(
        told,
        f'forget = ["#comment-21"]\nexamples = ["{said}?", "Is forty late?"]\n'
        f'[[pin]]\nquestion = "{said}, why?"\nplace = "names"',
    )
    assert found == [
        f"curation.toml: the question “{question}” is in the words of a comment that is to be forgotten, so it is left "
        "aside. Take it out or say it in other words."
        for question in (f"{said}?", f"{said}, why?")
    ]
    assert leftovers(told) == set()
    assert told.library().blog.example_questions == ("Is forty late?",)


def test_a_comment_that_is_gone_from_the_export_goes_from_kept_builds(told: Blog) -> None:
    """The author deleted it on the blog and exported anew; the line says that no older build may keep it."""
    told.write("export.xml", export([P("names", TRACES[0].content), POSTS[1]]))
    gentle = "curation.toml, forget: #comment-21 is in no source now: nothing of it is in the index."
    assert curate(told, "forget = [21]") == [gentle]
    assert leftovers(told) == set()
    assert remarks(list(describe(told.rebuild()))) == [gentle]


def test_a_build_that_forgot_as_much_is_kept_for_going_back(told: Blog) -> None:
    """Only what may hold the comment goes."""
    curate(told, "forget = [21]")
    first = told.library().folder
    curate(told, 'forget = [21]\nhide = ["fees"]')
    assert first.exists()
    curate(told, 'forget = [21, 6]\nhide = ["fees"]')
    assert [path.name for path in (told.paths.index / "builds").iterdir()] == [told.library().folder.name]


def test_a_rebuild_killed_after_its_switch_is_made_up_for(told: Blog) -> None:
    """The next one removes the old builds, even where nothing else has changed; and says so when it cannot."""
    told.write("curation.toml", "forget = [21]")
    with (
        patch("askedbefore.storage.build._remove_but", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        told.rebuild()
    assert leftovers(told) != set()
    with patch("shutil.rmtree"):
        said = remarks(list(describe(told.rebuild())))
    assert len(said) == 2
    assert all("could not be removed. Remove the folder yourself" in one for one in said)
    assert told.rebuild().unchanged
    assert leftovers(told) == set()


def test_killed_at_any_moment_the_forgotten_goes_next_time(told: Blog, tmp_path: Path) -> None:
    """`kill -9` at 12 moments: the live index answers, and after the next rebuild nothing is left."""
    before = shutil.copytree(told.paths.index, tmp_path / "before")
    told.write("curation.toml", "forget = [21]")
    worker = start_worker(told)
    begun = time.monotonic()
    assert worker.communicate("go\n")[0] == "done\n"
    duration = time.monotonic() - begun
    killed = 0
    for moment in range(12):
        shutil.rmtree(told.paths.index)
        shutil.copytree(before, told.paths.index)
        worker = start_worker(told)
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
        time.sleep(duration * 1.1 * moment / 12)
        worker.send_signal(signal.SIGKILL)
        worker.communicate()
        killed += worker.returncode == -signal.SIGKILL
        told.library().check_rows()
        assert told.ask("is forty a good age for first times of any kind").hits
        told.rebuild()
        assert leftovers(told) == set()
    assert killed >= 6


@pytest.mark.parametrize("name", ["vectors.faiss", "manifest.json"])
def test_a_damaged_build_is_not_kept_either(told: Blog, name: str) -> None:
    """It may hold the comment all the same, whatever it says of itself."""
    damaged = told.library().folder / name
    damaged.write_bytes(damaged.read_bytes()[:-1])
    curate(told, "forget = [21]")
    assert leftovers(told) == set()


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


# Pins


def ids_pinned(blog: Blog, question: str) -> list[str]:
    """Return the ids of the passages that are pinned for a question."""
    library = blog.library()
    rows = pinned(library, blog.encoder.encode_questions([question])[0])
    found = library.passages(rows)
    return [found[row][0].id for row in rows]


PINS = """
[[pin]]
question = "Do you see people online?"
place = "silence"

[[pin]]
question = "Do you answer letters from people online?"
place = "breaks#comment-2"

"""


def test_a_pinned_place_holds_for_its_question(small_blog: Blog) -> None:
    """The closest pin first; a question that the archive is closer to, or that is off-topic, holds none."""
    assert ids_pinned(small_blog, "Do you see people online?") == []
    assert curate(small_blog, PINS) == []
    assert ids_pinned(small_blog, "do you see people online") == ["silence/1", "breaks/c3"]
    assert ids_pinned(small_blog, "do you answer letters?") == ["breaks/c3", "silence/1"]
    assert (
        ids_pinned(small_blog, "do you see that a missed hour was kept free for you, and silence is not empty?") == []
    )
    assert ids_pinned(small_blog, "how to boil eggs for people online") == []


def test_of_a_pinned_post_the_closest_passage_is_shown(small_blog: Blog) -> None:
    """The post is one place, of two passages here."""
    curate(small_blog, '[[pin]]\nquestion = "Which day does the calendar start?"\nplace = "breaks"')
    assert ids_pinned(small_blog, "Which day does the calendar start, the one on the wall?") == ["breaks/1"]
    assert ids_pinned(small_blog, "On which day does it start?") == ["breaks/2"]


@pytest.mark.parametrize(
    ("place", "holds"), [("screens", ["screens/1"]), ("mondays#comment-2", ["mondays/c3"]), ("silence", [])]
)
def test_what_a_pinned_place_says_itself_does_not_count_against_it(blog: Blog, place: str, holds: list[str]) -> None:
    """The question's cosine is 3/√24 = .61 with the pin's, and a mean of .66 with three sentences of the place."""
    said = "Yes, we can meet online. We meet online on Mondays. To meet online costs the same."
    posts = [P("screens", said), P("mondays", "Mondays.", comments=[C(2, "Some words."), C(3, said, 2, AUTHOR_ID)])]
    kept = [post for post in posts if place.startswith((post.slug, "silence"))]
    blog.write("export.xml", export([*kept, *POSTS[1:]]))
    curate(blog, f'[[pin]]\nquestion = "Can we meet on a screen?"\nplace = "{place}"')
    assert ids_pinned(blog, "can we meet online") == holds


@pytest.mark.model
def test_pins_hold_by_meaning(tmp_path: Path) -> None:
    """Of twenty pins on the example archive: how many paraphrases hold, and how many neighbouring questions do."""
    lines = (Path(__file__).parent / "data" / "example-pins.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    paths = Paths(data=tmp_path / "data", index=tmp_path / "index")
    shutil.copytree(EXAMPLE, paths.data)
    encoder = SentenceTransformerEncoder()
    held = {True: 0, False: 0}
    for chosen in ("first", "second"):
        pins = [one for one in records if one["set"] == chosen]
        text = "\n".join(
            f"[[pin]]\nquestion = {json.dumps(one['question'])}\nplace = {json.dumps(one['place'])}" for one in pins
        )
        (paths.data / "curation.toml").write_text(text, encoding="utf-8")
        report = rebuild([], paths, load_settings(paths.data), encoder, Unwatched())
        assert not any("curation.toml" in remark for remark in (*report.remarks, *report.archive.notes))
        library = open_live(paths.index)
        for number, one in enumerate(pins):
            rows = set(library.manifest.pins[number])
            for asked, is_meant in ((one["holds"], True), (one["holds_not"], False)):
                for vector in encoder.encode_questions(asked):
                    held[is_meant] += bool(rows & set(pinned(library, vector)))
            assert rows & set(pinned(library, encoder.encode_questions([one["question"]])[0]))
        for vector in encoder.encode_questions(
            ["how long do I boil an egg", "capital of Mongolia", "fix a bike chain"]
        ):
            assert pinned(library, vector) == ()
    assert held[True] >= 29  # of 60
    assert held[False] <= 22  # of 100, worded as near as they can be


def test_a_pinned_place_is_the_first_passage_of_the_answer(small_blog: Blog) -> None:
    """Though its words are far from the question, and the rest follows."""
    curate(small_blog, '[[pin]]\nquestion = "is it childish to count?"\nplace = "silence"')
    answer = small_blog.ask("is it childish to count?")
    assert [hit.passage.post for hit in answer.hits][:2] == ["silence", "breaks"]
    assert answer.hits[0].score == 1
    assert answer.certain


def test_the_authors_synonyms_are_looked_for(blog: Blog) -> None:
    """In the author's file, beside those of the field."""
    trades = {"a": "plumber", "b": "mason", "c": "baker", "d": "tailor"}
    posts = [P(name, f"<p>The {trade} was silent today.</p>") for name, trade in trades.items()]
    blog.write("export.xml", export(posts))
    blog.rebuild()
    assert blog.ask("the wizard was silent today").hits[0].passage.id == "a/1"
    curate(blog, '[synonyms]\nwizard = ["tailor"]')
    assert blog.ask("the wizard was silent today").hits[0].passage.id == "d/1"
