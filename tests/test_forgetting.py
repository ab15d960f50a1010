"""Of a comment that is to be forgotten nothing is left in the index, whatever happens on the way."""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest

from askedbefore.report.text import describe
from tests.conftest import Blog
from tests.test_curation import curate, passages, remarks
from tests.test_rebuild import state
from tests.wxr import AUTHOR_ID, POSTS, C, P, export

SECRET = (
    "My sister Ottilie drowned in the lake at Moordorf when I was nine. Nobody at home has said her name since then. "
    "Is it wrong that I say her name only here?"
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
# In small letters, and some as the stems that the index of words keeps.
GREPPED = ("ottili", "moordorf", "drown", "since then", "has said her", "wrong that i say", "wilhelmin", "quast", "wq@")


@contextmanager
def breaking_off(at: int) -> Iterator[None]:
    """Break off as Ctrl+C does, before a rebuild does one of the things that reach or leave the disk."""
    steps = count()

    def with_step(function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that may be what is broken off at."""

        def stepped(*arguments: Any, **options: Any) -> Any:
            """Break off or go on."""
            if next(steps) == at:
                raise KeyboardInterrupt
            return function(*arguments, **options)

        return stepped

    with (
        patch("os.fsync", with_step(os.fsync)),
        patch("pathlib.Path.replace", with_step(Path.replace)),
        patch("shutil.rmtree", with_step(shutil.rmtree)),
    ):
        yield


def leftovers(blog: Blog, words: Sequence[str] = GREPPED) -> set[str]:
    """Return which of the words stand in any byte of any file under the index folder."""
    content = b"\n".join(state(blog).values()).lower()
    return {word for word in words if word.encode() in content or word.encode("utf-16-le") in content}


@pytest.fixture
def told(blog: Blog) -> Blog:
    """Return a blog with two builds that hold a comment and its traces."""
    blog.write("export.xml", export(TRACES))
    blog.rebuild()
    blog.write("export.xml", export([*TRACES, POSTS[1]]))
    blog.rebuild()
    assert leftovers(blog) == set(GREPPED) - {"quast", "wq@"}
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
        f"curation.toml, {place}: the question is in the words of a comment that is to be forgotten, so it is left "
        "aside. Take it out or say it in other words."
        for place in ("examples, number 1", "pin, number 1")
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
        patch("askedbefore.storage.builds._remove_but", side_effect=KeyboardInterrupt),
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


def test_broken_off_at_any_step_the_forgotten_goes_next_time(told: Blog, tmp_path: Path) -> None:
    """The live index answers, old or new, and the next rebuild leaves nothing."""
    before = shutil.copytree(told.paths.index, tmp_path / "before")
    told.write("curation.toml", "forget = [21]")
    for step in range(99):
        shutil.rmtree(told.paths.index)
        shutil.copytree(before, told.paths.index)
        done = False
        with suppress(KeyboardInterrupt), breaking_off(step):
            told.rebuild()
            done = True
        told.library().check_rows()
        assert told.ask("is forty a good age for first times of any kind").hits
        told.rebuild()
        assert leftovers(told) == set()
        if done:
            break
    assert done
    assert step >= 10


@pytest.mark.parametrize("name", ["vectors.faiss", "manifest.json"])
def test_a_damaged_build_is_not_kept_either(told: Blog, name: str) -> None:
    """It may hold the comment all the same, whatever it says of itself."""
    damaged = told.library().folder / name
    damaged.write_bytes(damaged.read_bytes()[:-1])
    curate(told, "forget = [21]")
    assert leftovers(told) == set()
