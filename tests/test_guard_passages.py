"""What the archive holds of methods and attempts is shown to nobody."""

import pytest

from askedbefore.guard.passages import may_be_shown
from askedbefore.records import Voice
from tests.conftest import Blog
from tests.wxr import AUTHOR_ID, C, P, export

METHODS = [
    "She took forty pills and waited.",
    "He hanged himself with a belt.",
    "What dose is lethal depends on weight.",
]
ATTEMPTS = ["I tried to kill myself when I was nineteen.", "After my suicide attempt she visited me."]
SUBJECT = [
    "Suicide is spoken of too rarely, and a therapist asks about it plainly.",
    "When a patient has attempted suicide, we talk about the days before.",
    "I take my pills every day.",
]


@pytest.mark.parametrize("text", METHODS)
@pytest.mark.parametrize("voice", list(Voice))
def test_methods_are_shown_to_nobody(text: str, voice: Voice) -> None:
    """Whoever describes them, and wherever in a passage."""
    assert not may_be_shown(f"This is hard to read. {text} Then it was quiet.", voice)


@pytest.mark.parametrize("text", ATTEMPTS)
def test_accounts_of_attempts_are_shown_to_nobody(text: str) -> None:
    """In a reader's words. What the author writes of such a thing stays."""
    assert not may_be_shown(text, Voice.READER)
    assert may_be_shown(text, Voice.AUTHOR)


@pytest.mark.parametrize("text", SUBJECT)
def test_the_subject_stays(text: str) -> None:
    """The author's own writing about suicide in general is shown."""
    assert may_be_shown(text, Voice.AUTHOR)


def test_a_rebuild_keeps_them_back(blog: Blog) -> None:
    """No reader is shown a method, or another reader's attempt above a reply; the author is told how many there are."""
    asked = "I tried to kill myself in May. How do I tell my new therapist about the winter?"
    winter = P(
        "winter",
        "<p>In the winter of that year he hanged himself with a rope, and the whole village went silent.</p>",
        comments=[C(1, asked), C(2, "Tell her in the first hour what the winter was like for you.", 1, AUTHOR_ID)],
    )
    blog.write("export.xml", export([winter]))
    report = blog.rebuild()
    hits = blog.ask("tell my therapist about the winter and the village").hits
    assert [(hit.passage.id, hit.passage.asked) for hit in hits] == [("winter/c2", None)]
    assert any(one.startswith("1 passage describes a method") for one in report.remarks)
