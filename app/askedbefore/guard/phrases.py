"""Phrases in which a reader may be asking for help: reads `phrases.toml` and the small ones of other languages."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from askedbefore.guard.finding import NOTHING, Finding, Kind, Tier, gravest

OTHER_LANGUAGES = ("de", "fr", "es")
_NAME = re.compile(r"<(\w+)>")


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of one language, compiled: what only sounds like a cry, what is over, and what is one."""

    harmless: re.Pattern[str]
    past: re.Pattern[str]
    cries: tuple[tuple[Finding, re.Pattern[str]], ...]

    def without_harmless(self, sentence: str) -> str:
        """Return a sentence of bare words without idioms, negations and talk about the subject."""
        return " ".join(self.harmless.sub(" ", sentence).split())

    def heard(self, sentence: str) -> Finding:
        """Return what the phrases hear in a sentence of bare words, the gravest."""
        now = " ".join(self.past.sub(" ", sentence).split())
        return gravest(
            *(
                finding
                for finding, pattern in self.cries
                if pattern.search(now if finding.tier is Tier.ACUTE else sentence)
            )
        )


@cache
def english() -> Phrases:
    """Return the English phrases, for sentences that are spelt out."""
    return _read("phrases.toml")


def heard_in_others(sentence: str) -> Finding:
    """Return what the phrases of the other languages hear in a sentence of bare words."""
    findings = []
    for language in OTHER_LANGUAGES:
        phrases = _of(language)
        findings.append(phrases.heard(phrases.without_harmless(sentence)))
    return gravest(NOTHING, *findings)


@cache
def _of(language: str) -> Phrases:
    """Return the phrases of another language."""
    return _read(f"phrases.{language}.toml")


def _read(name: str) -> Phrases:
    """Read a file of phrases; `<name>` in a phrase stands for that entry of its [words]."""
    data = tomllib.loads(files("askedbefore.guard").joinpath(name).read_text(encoding="utf-8"))
    words: dict[str, str] = data.get("words", {})
    cries = tuple(
        (Finding(tier, Kind(kind)), _either(phrases, words))
        for tier in (Tier.ACUTE, Tier.CONCERN)
        for kind, phrases in data.get(tier.value, {}).items()
    )
    harmless, past = (
        [phrase for phrases in data.get(name, {}).values() for phrase in phrases] for name in ("harmless", "past")
    )
    return Phrases(_either(harmless, words), _either(past, words), cries)


def _either(phrases: list[str], words: dict[str, str]) -> re.Pattern[str]:
    """Return one pattern for any of the phrases, between word boundaries; for none, one that matches nothing."""
    if not phrases:
        return re.compile(r"(?!)")
    joined = "|".join(f"(?:{phrase})" for phrase in phrases)
    while _NAME.search(joined):
        joined = _NAME.sub(lambda found: words[found[1]], joined)
    return re.compile(rf"\b(?:{joined})\b")
