"""Tell a reply that is only a courtesy from one that answers. The phrases are in `courtesies.toml`."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from askedbefore.sentences import count_words

_LONGEST = 70  # words; what is longer says more than thanks,
_LONGEST_CHARACTERS = 12 * _LONGEST  # and so does what is so long that its words need not be counted
_FEWEST_LEFT = 3  # words that are left behind a courtesy and still say something
_ADDRESS = r"(?:(?:oh|ah|well|yes|and|also|dear \w+|hello|hi)\b[\s,!.]*)*"
_GOES_ON = re.compile(r"[:;]\s|,?\s+(?:but|although|though|and no|yet|because)\b,?\s")


def is_courtesy(reply: str, sentences: Sequence[tuple[int, int]]) -> bool:
    """Say whether each sentence of a reply is thanks, a wish or a promise to write some day, and none an answer.

    `sentences` are their ranges.
    """
    if len(reply) > _LONGEST_CHARACTERS:
        return False
    return all(_is_courteous(reply[start:end]) for start, end in sentences) and count_words(reply) <= _LONGEST


def _is_courteous(sentence: str) -> bool:
    """Say whether a sentence holds nothing but a courtesy."""
    text = " ".join(sentence.replace("’", "'").casefold().split())
    openings, promises, instead = _patterns()
    if instead.search(text):
        return False
    if promises.search(text):
        return True
    opening = openings.match(text)
    if opening is None:
        return False
    going_on = _GOES_ON.search(text, opening.end())
    return going_on is None or count_words(text[going_on.end() :]) < _FEWEST_LEFT


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return what a courtesy begins with, what a promise holds, and what shows that more than that is said."""
    phrases = tomllib.loads(files("askedbefore").joinpath("courtesies.toml").read_text(encoding="utf-8"))
    openings, promises, instead = (
        "|".join(f"(?:{one})" for one in phrases[name]) for name in ("openings", "promises", "instead")
    )
    return re.compile(f"{_ADDRESS}(?:{openings})"), re.compile(promises), re.compile(instead)
