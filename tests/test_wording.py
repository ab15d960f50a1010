"""The words that readers read, in every language."""

import string
from dataclasses import asdict
from unittest.mock import patch

import pytest

from askedbefore.languages import language_of
from askedbefore.wording import ENGLISH, languages, words_in


def names(text: str) -> set[str | None]:
    """Return the names in curly brackets."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", languages()[1:])
def test_a_translation_says_everything_with_the_same_names(language: str) -> None:
    """Nothing is left in English, and no gap is forgotten."""
    there = asdict(words_in(language))
    for place, text in asdict(ENGLISH).items():
        assert names(there[place]) == names(text), place
        assert there[place].count("#") == text.count("#") or place == "leave_to", place
        assert there[place] != text or place == "direction", place


def test_a_language_that_nobody_translated_is_english() -> None:
    """A regional one is the language itself."""
    assert words_in("xx") == ENGLISH
    assert words_in("de-AT").language == "de"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Das ist ein ganzer Satz, in dem man sich fragt, warum sie geht.", "de"),
        ("Il ne faut pas avoir peur de le dire à son thérapeute.", "fr"),
        ("Why does she never say anything about the holidays, and why do I mind it so much?", "en"),
        ("Yes. Schadenfreude.", None),
    ],
)
def test_a_language_is_said_only_when_it_is_certain(text: str, language: str | None) -> None:
    """A few words say nothing."""
    assert language_of(text) == language


def test_english_is_told_without_the_model() -> None:
    """It is large, and most archives are in English; another language needs it, also with English words in it."""
    with patch("askedbefore.languages._identifier", side_effect=AssertionError):
        assert language_of("She said that the window had been open all night, and nobody minded.") == "en"
        with pytest.raises(AssertionError):
            language_of("Sie sagte, das Fenster sei die ganze Nacht offen gewesen, und „mindfulness“ helfe ihr nicht.")
