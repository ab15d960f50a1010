"""How themes mark the parts of their pages, as `themes.toml` lists it."""

import tomllib
from functools import cache
from importlib.resources import files


@cache
def listed(part: str) -> tuple[str, ...]:
    """Return the classes, or ids, that a part of a page is known by, the surest first."""
    return tuple(_lists()[part].split())


@cache
def all_listed(part: str) -> frozenset[str]:
    """Return the same as a set."""
    return frozenset(listed(part))


@cache
def _lists() -> dict[str, str]:
    """Return all lists."""
    return tomllib.loads(files("askedbefore.reading").joinpath("themes.toml").read_text(encoding="utf-8"))
