"""A cry for help is met before anything else, in every way in. This is a first guard: plain phrases."""

import pytest

from askedbefore.guard import detect
from askedbefore.records import Answer, Hit, Kind, Outcome, Passage, Voice
from askedbefore.storage.layout import Blog as BlogRecord
from askedbefore.web.render import answer_html, failure_html
from tests.conftest import Blog

CRIES = {
    "suicide": [
        "I'm going to kill myself",
        "i dont want to wake up tomorrow",
        "I DON’T WANT TO LIVE ANY MORE",
        "kms",
        "I can't go on",
        "everyone would be better off without me",
        "my daughter says she wants to die",
        "how many pills would it take",
        "I don´t want to live",
        "I donʼt want to live anymore",
        "I almost killed myself last year",
        "I think about suicide every day",
        "I want to just die",
        "I wish I was never born",
        "I've swallowed a bottle of pills",
    ],
    "self_harm": [
        "I cut myself again last night",
        "how do I stop self-harming",
        "my daughter cuts herself",
        "I burned myself",
    ],
    "abuse": [
        "he hits me when he has been drinking",
        "my therapist kissed me",
        "I was raped last year",
        "my husband is hitting me",
        "My father used to beat me",
        "my uncle abused me",
    ],
    "eating_disorder": ["I make myself throw up after dinner"],
    "danger": ["I'm scared I might hurt my baby"],
}
ORDINARY = [
    "this waiting is killing me",
    "I want to end it with my therapist",
    "I could have died of shame",
    "how do therapists cope with a patient's suicide?",
    "why does my therapist go on holiday?",
    "she hit a nerve",
    "my old therapist died",
    "I cut the session short",
    "I am afraid of my therapist",
    "Should I write my therapist a goodbye letter?",
    "in a panic attack I feel I am going to die",
    "I don't want to go on medication",
    "how do I take my life back after divorce?",
    "Why do I jump from one subject to another in sessions?",
    "my depression hits me every winter",
    "My therapist hit me with a higher fee",
    "he beat me to it",
    "I hurt my leg and missed my session",
    "I drown myself in work",
    "I wish I could fall asleep at night",
    "I have my pills, do I need therapy too?",
    "how do therapists treat suicidal patients?",
    "nothing is getting better in therapy",
]


@pytest.mark.parametrize(("kind", "sentence"), [(kind, one) for kind, some in CRIES.items() for one in some])
def test_plain_cries_are_noticed(kind: str, sentence: str) -> None:
    """Also inside of a long letter, in capitals and with curly quotes."""
    assert detect(sentence) == kind
    assert detect("I had a good week at work. " * 30 + sentence + " I do not know why I write this. " * 10) == kind


@pytest.mark.parametrize("sentence", ORDINARY)
def test_ordinary_talk_is_not(sentence: str) -> None:
    """Idioms, and talk about the subject."""
    assert detect(sentence) is None


@pytest.mark.parametrize("question", ["I want to kill myself", "zebra xylophone " * 5 + "kms", "I want to die. " * 100])
def test_every_outcome_carries_the_support(small_blog: Blog, question: str) -> None:
    """Also when nothing is close, and when the question is too long to be looked up."""
    support = small_blog.ask(question).to_json()["support"]
    assert support["kind"] == "suicide"
    assert "talk to a person now" in support["message"]
    assert {"name", "phone", "url", "region"} == set(support["lines"][0])
    assert small_blog.ask("why a fee for a missed hour?").support is None


def test_the_support_stands_first_and_the_passages_are_folded() -> None:
    """On the page, also when the answer failed."""
    blog = BlogRecord(title="B", url=None, author=None, example=False, example_questions=())
    passage = Passage("p/1", "p/1", Kind.POST, Voice.AUTHOR, True, "Text.", "p", "Title")
    support = {
        "kind": "suicide",
        "message": "Please talk.",
        "lines": [{"name": "n", "phone": "116 123", "url": None, "region": "r"}],
    }
    html = answer_html(Answer("q", Outcome.PASSAGES, "d", (Hit(passage, 0.5, "Text."),), support=support), blog)
    assert html.index("Please talk.") < html.index("<details") < html.index("Text.")
    assert 'href="tel:116123"' in html
    assert "ab-support" in failure_html("I want to kill myself")
    assert "ab-support" in failure_html("and then?", "I want to kill myself")
    assert "ab-support" not in failure_html("why?")
