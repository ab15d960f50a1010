"""The list of help lines, read from `lines.toml`, which says how it is kept."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

from askedbefore.helplines.records import HelpLine


@dataclass(frozen=True, slots=True)
class Book:
    """All help lines, the names of regions by code and language, and which are shown where no region is set."""

    lines: tuple[HelpLine, ...]
    regions: dict[str, dict[str, str]]
    defaults: dict[str, tuple[str, ...]]

    def of(self, region: str) -> tuple[HelpLine, ...]:
        """Return the lines of a region, in the order to show."""
        return tuple(line for line in self.lines if line.region == region)

    def name_of(self, region: str, language: str) -> str:
        """Return what a region is called."""
        names = self.regions[region]
        return names.get(language, names["en"])

    def default(self, language: str) -> tuple[str, ...]:
        """Return the regions of readers whose page speaks a language."""
        return self.defaults.get(language, self.defaults["en"])

    def checked(self, regions: Sequence[str]) -> date:
        """Return the day on which the line of these regions was checked that was checked the longest ago."""
        return min(line.checked for line in self.lines if line.region in regions)


@lru_cache
def help_book() -> Book:
    """Return the list that comes with this package."""
    read = tomllib.loads(files("askedbefore.helplines").joinpath("lines.toml").read_text(encoding="utf-8"))
    lines = tuple(HelpLine.model_validate(one) for one in read["line"])
    return Book(lines, read["regions"], {language: tuple(codes) for language, codes in read["defaults"].items()})
