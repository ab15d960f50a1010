"""A text as the guard looks at it: what the phrases hear in it, its words spelt out, and what a vector is made of."""

from dataclasses import dataclass

from askedbefore.guard.finding import NOTHING, Finding, gravest
from askedbefore.guard.normalising import bare_words, spell_out, unmask
from askedbefore.guard.phrases import english, heard_in_others


@dataclass(frozen=True, slots=True)
class Reading:
    """What the phrases hear in a sentence, its words spelt out, and the text whose vector stands for it.

    `only_sounds` says that there is an idiom, a negation or talk about the subject in it, and no cry beside that.
    Where nothing had to be unmasked that is the sentence as it was typed, so that the vector which was made of a
    question serves the guard too.
    """

    heard: Finding
    spelt: str
    text: str
    only_sounds: bool = False


def read(sentence: str) -> Reading:
    """Read one sentence."""
    unmasked = unmask(sentence)
    spelt = spell_out(unmasked)
    left = english().without_harmless(spelt)
    heard = gravest(english().heard(left), heard_in_others(bare_words(unmasked)))
    return Reading(heard, spelt, _text(sentence, unmasked, spelt), left != spelt and not heard)


def read_whole(text: str) -> Reading:
    """Read a whole text; the phrases listen to its sentences one by one, so they hear nothing here."""
    unmasked = unmask(text)
    spelt = spell_out(unmasked)
    return Reading(NOTHING, spelt, _text(text, unmasked, spelt))


def _text(typed: str, unmasked: str, spelt: str) -> str:
    """Return a text as it was typed, or spelt out if its words were masked."""
    return typed if bare_words(unmasked) == bare_words(typed.casefold()) else spelt
