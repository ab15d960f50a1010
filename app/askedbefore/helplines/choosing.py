"""Which help lines a reader is shown: few, those that fit first, and in every region one for any trouble."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from askedbefore.helplines.reading import help_book
from askedbefore.helplines.records import EVERYWHERE, HelpLine, Need, OwnLine

FEW_REGIONS = 2  # up to so many, three lines are shown of each; of more regions only the one that fits best

_WANTED: dict[str, tuple[Need, ...]] = {
    "suicide": ("suicide",),
    "self_harm": ("self_harm",),
    "eating_disorder": ("eating_disorder",),
    "abuse": ("abuse",),
    "danger": ("abuse", "danger"),
}

_ASPECTS_FIRST: tuple[Need, ...] = ("sexual_violence", "child")


@dataclass(frozen=True, slots=True)
class Signposts:
    """Whose help lines a page shows: those of some regions, else of the language's, and the author's own first."""

    regions: tuple[str, ...] = ()
    own: tuple[OwnLine, ...] = ()

    def regions_for(self, language: str) -> tuple[str, ...]:
        """Return the regions that are shown on a page in a language."""
        return self.regions or help_book().default(language)


def choose_lines(kind: str, text: str, signposts: Signposts, language: str) -> list[dict[str, str | None]]:
    """Return what to show for a kind of trouble, in the public JSON form; `text` tells whose help fits.

    In each region the emergency number comes first, then the author's own lines, then those that fit.
    """
    aspects = _aspects_of(text) if kind == "abuse" else frozenset()
    wanted = (*(one for one in _ASPECTS_FIRST if one in aspects), *_WANTED[kind])
    return _lines_of_all(wanted, "child" in aspects, "misconduct" in aspects, signposts, language)


def general_lines(signposts: Signposts, language: str) -> list[dict[str, str | None]]:
    """Return what always stands under "In crisis?": emergency numbers, and lines for whoever has any trouble."""
    return _lines_of_all((), False, False, signposts, language)


def _lines_of_all(
    wanted: Sequence[Need], about_child: bool, about_therapist: bool, signposts: Signposts, language: str
) -> list[dict[str, str | None]]:
    """Return the lines of all regions, the author's own that belong to none of them first, the whole world last."""
    book, regions = help_book(), signposts.regions_for(language)
    room = 3 if len(regions) <= FEW_REGIONS else 1
    elsewhere = [line for line in signposts.own if line.region not in regions]
    shown = [line.to_json(line.region and book.name_of(line.region, language)) for line in elsewhere]
    for region in regions:
        lines = book.of(region)
        chosen = [
            *(line for line in lines if "emergency" in line.kinds),
            *(line for line in signposts.own if line.region == region),
            *_choose(lines, wanted, about_child, about_therapist, room),
        ]
        shown += [line.to_json(book.name_of(region, language)) for line in chosen]
    world = book.of(EVERYWHERE)[0]
    return [*shown, world.to_json(book.name_of(EVERYWHERE, language))]


def _choose(
    lines: Sequence[HelpLine], wanted: Sequence[Need], about_child: bool, about_therapist: bool, room: int
) -> list[HelpLine]:
    """Return at most `room` lines of a region, or two if one that fits is not general; last, where to complain."""
    general = [line for line in lines if line.general]
    complaints = [line for line in lines if "misconduct" in line.kinds] if about_therapist else []
    room = min(room, 2) if complaints else room
    fitting = list(dict.fromkeys(_fitting(lines, wanted, about_child))) if wanted else general
    chosen = fitting[:room]
    if general and not any(line.general for line in chosen):
        chosen = [*fitting[: max(1, room - 1)], general[0]]
    return [*chosen, *complaints[:1]]


def _fitting(lines: Sequence[HelpLine], wanted: Sequence[Need], about_child: bool) -> Iterator[HelpLine]:
    """Yield the lines that fit: the best for each kind, then all others. What a line is above all for fits best.

    Lines for children come first when it is about a child, and not at all otherwise.
    """

    def best_first(kind: Need) -> list[HelpLine]:
        """Return the lines for a kind."""
        found = [line for line in lines if kind in line.kinds and (about_child or not line.is_for_children)]
        return sorted(found, key=lambda line: (about_child and not line.is_for_children, line.kinds.index(kind)))

    by_kind = [best_first(kind) for kind in wanted]
    yield from (found[0] for found in by_kind if found)
    for found in by_kind:
        yield from found


def _aspects_of(text: str) -> frozenset[str]:
    """Return what a text on abuse tells of whose help fits."""
    plain = text.casefold().replace("’", "'")
    return frozenset(aspect for aspect, words in _aspects() if words.search(plain))


@lru_cache
def _aspects() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the words of `aspects.toml` as patterns."""
    read = tomllib.loads(files("askedbefore.helplines").joinpath("aspects.toml").read_text(encoding="utf-8"))
    return tuple((aspect, _pattern(words)) for aspect, words in read.items())


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    """Return a pattern that finds any of some words; a * stands for any ending."""
    found = "|".join(re.escape(word.casefold()).replace(r"\*", r"\w*") for word in words)
    return re.compile(rf"\b(?:{found})\b")
