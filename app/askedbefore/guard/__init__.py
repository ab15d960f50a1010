"""Notice when a question may be a cry for help, before anything is looked up. Nothing of it is kept.

This is a first guard: a list of phrases. It recognises what it names, in plain wording, and misses the rest; the page's
permanent "In crisis?" stands for everybody.
"""

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any

from askedbefore.wording import CRISIS_LINES, SUPPORT_MESSAGE

LONGEST = 20_000  # characters that are looked at: far more than can be asked, and not without end


def find_support(question: str) -> dict[str, Any] | None:
    """Return what to show a reader who may need help now, in the public JSON form, or None."""
    kind = detect(question)
    return (
        None
        if kind is None
        else {"kind": kind, "message": SUPPORT_MESSAGE, "lines": [dict(one) for one in CRISIS_LINES]}
    )


def detect(question: str) -> str | None:
    """Return the kind of help that a question may ask for, the gravest first, or None."""
    text = _normalize(question[:LONGEST])
    return next((kind for kind, pattern in _patterns() if pattern.search(text)), None)


def _normalize(text: str) -> str:
    """Return text in small letters, without apostrophes and accents, other signs as single spaces."""
    without_apostrophes = re.sub("['’‘‛`´ʼʹ′]", "", text.casefold())
    plain = "".join(one for one in unicodedata.normalize("NFKD", without_apostrophes) if not unicodedata.combining(one))
    return " ".join(re.sub(r"[^\w\s]|_", " ", plain).split())


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return a pattern for each kind, in the order of the file."""
    phrases = tomllib.loads(files("askedbefore.guard").joinpath("phrases.toml").read_text(encoding="utf-8"))
    return tuple(
        (kind, re.compile(rf"\b(?:{'|'.join(f'(?:{one})' for one in some)})\b")) for kind, some in phrases.items()
    )
