"""The texts that the guard's head is learnt from: `examples.en.tsv` and its kin, and what is about something else."""

import hashlib
from dataclasses import dataclass
from importlib.resources import files

from askedbefore.calibration import off_topic_questions
from askedbefore.guard.finding import Finding, Kind, Tier

EXAMPLES = tuple(f"examples.{language}.tsv" for language in ("en", "de", "fr", "es"))


@dataclass(frozen=True, slots=True)
class Example:
    """A text that the head learns from, and what it is."""

    finding: Finding
    text: str


def examples_hash() -> str:
    """Return the SHA-256 of all that the head is learnt from."""
    learnt = "\n".join(f"{one.finding.tier}\t{one.finding.kind}\t{one.text}" for one in read_examples())
    return hashlib.sha256(learnt.encode()).hexdigest()


def read_examples() -> list[Example]:
    """Return all examples: tier, kind and text between tabs, and the off-topic questions as texts of no cry."""
    found: list[Example] = []
    for name in EXAMPLES:
        for line in files("askedbefore.guard").joinpath(name).read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                tier, kind, text = line.split("\t")
                found.append(Example(Finding() if Tier(tier) is Tier.NONE else Finding(Tier(tier), Kind(kind)), text))
    return found + [Example(Finding(), question) for question in off_topic_questions()]
