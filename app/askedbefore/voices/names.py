"""Names of people: how one is written, who goes by the author's, and who is a known writer."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

NAME = r"[^\W\d_][\w’'.-]*(?:\s+[^\W\d_a-z][\w’'.-]*){0,3}"  # "Éva", "Ann-Kathrin de", "K. M."
NOT_A_NAME = (
    r"(?!(?:I|You|We|He|She|It|This|That|They|One|What|Who|Nobody|Everybody|People|Research|Studies|Ich|Sie|Er|Es|Wir"
    r"|Man|Das|Was|Je|Tu|Il|Elle|On|Nous|Vous|Ce|C)\b)"
)
_TITLES = {"dr", "md", "phd", "prof", "mr", "mrs", "ms", "lcsw", "the", "and", "frau", "herr", "mme", "madame"}
_TITLES |= {"monsieur", "dipl", "psych", "med", "doctor", "professor"}
_ANY_AUTHOR = {"doctor", "doc", "therapist", "sir", "madam", "author", "blogger"}


@dataclass(frozen=True, slots=True)
class AuthorNames:
    """The words of the names that the author goes by, in small letters, and the initials of each name."""

    words: frozenset[str]
    initials: frozenset[str]

    def __bool__(self) -> bool:
        """Say whether any name is known."""
        return bool(self.words)

    def are_addressed(self, name: str) -> bool:
        """Say whether a salutation means the author: by first, last or login name, or as the doctor or therapist."""
        return bool(set(words_of(name)) & {*self.words, *_ANY_AUTHOR}) or _is_title_alone(name)

    def are_meant(self, name: str) -> bool:
        """Say whether a name is the author's and nobody else's: all of its words, or the initials of two or more."""
        words = words_of(name)
        return bool(words) and (set(words) <= self.words or "".join(words) in self.initials)


def author_names(authors: Iterable[str]) -> AuthorNames:
    """Return what the author goes by."""
    named = [words_of(author) for author in authors]
    initials = ("".join(word[0] for word in words) for words in named if len(words) > 1)
    return AuthorNames(frozenset(word for words in named for word in words), frozenset(initials))


def words_of(name: str) -> list[str]:
    """Return the parts of a name that tell people apart, in small letters."""
    return [word for word in re.findall(r"[^\W\d_]{2,}", name.casefold()) if word not in _TITLES]


def is_known_writer(name: str) -> bool:
    """Say whether a name is that of a writer whom this field quotes, in full or by the last name alone."""
    return " ".join(name.casefold().split()) in _writers()


def is_somebody(name: str, text_words: Collection[str]) -> bool:
    """Say whether a label may be a name: none of its words stands in small letters among the post's words."""
    return not any(word in text_words for word in words_of(name))


def _is_title_alone(name: str) -> bool:
    """Say whether a name is only a title, as in "Dear Dr."."""
    return name.casefold().strip(". ") in _TITLES - {"the", "and"}


@cache
def _writers() -> frozenset[str]:
    """Return the names of known writers, in full and the last names, in small letters."""
    lines = files("askedbefore.voices").joinpath("writers.txt").read_text(encoding="utf-8").splitlines()
    names = [line.casefold() for line in lines if line and not line.startswith("#")]
    return frozenset([*names, *(name.split()[-1] for name in names)])
