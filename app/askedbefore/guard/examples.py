"""The texts that the guard's head is learnt from: `examples.en.tsv` and its kin, letters, and what is off topic.

The files are in the source tree only: `scripts/train_guard.py` reads them there, and nothing at run time does.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from askedbefore.calibration import off_topic_questions
from askedbefore.guard.finding import Finding, Kind, Tier
from askedbefore.guard.normalising import name_therapist
from askedbefore.sentences import sentence_spans

EXAMPLES = tuple(f"examples.{language}.tsv" for language in ("en", "de", "fr", "es"))
LETTERS = "letters.en.jsonl"
FEWEST_WORDS = 3  # of a letter's sentence that is learnt from


@dataclass(frozen=True, slots=True)
class Example:
    """A text that the head learns from, and what it is."""

    finding: Finding
    text: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A whole letter, what it is, and those of its sentences that are the cry."""

    finding: Finding
    text: str
    cry: tuple[str, ...]

    def sentences(self) -> Iterator[Example]:
        """Yield the letter's sentences as examples: those of the cry, and the others as none."""
        for start, end in sentence_spans(self.text):
            sentence = " ".join(self.text[start:end].split())
            is_cry = any(sentence in cry or cry in sentence for cry in self.cry)
            if len(sentence.split()) >= FEWEST_WORDS:
                yield Example(self.finding if is_cry else Finding(), sentence)


def examples_hash() -> str:
    """Return the SHA-256 of all that the head is learnt from."""
    texts: list[Example | Letter] = [*read_examples(), *read_letters()]
    learnt = "\n".join(f"{one.finding.tier}\t{one.finding.kind}\t{one.text}" for one in texts)
    return hashlib.sha256(learnt.encode()).hexdigest()


def read_examples() -> list[Example]:
    """Return all examples: tier, kind and text between tabs, and the off-topic questions as texts of no cry."""
    found: list[Example] = []
    for name in EXAMPLES:
        for line in files("askedbefore.guard").joinpath(name).read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                tier, kind, text = line.split("\t")
                found.append(Example(_finding(tier, kind), name_therapist(text)))
    return found + [Example(Finding(), question) for question in off_topic_questions()]


def read_letters() -> list[Letter]:
    """Return the letters: objects of tier, kind, text and cry, one a line."""
    lines = files("askedbefore.guard").joinpath(LETTERS).read_text(encoding="utf-8").splitlines()
    read = [json.loads(line) for line in lines]
    return [
        Letter(_finding(one["tier"], one["kind"]), name_therapist(one["text"]), tuple(map(name_therapist, one["cry"])))
        for one in read
    ]


def _finding(tier: str, kind: str) -> Finding:
    """Return what a text is; one of no cry has no kind, whatever it sounds like."""
    return Finding() if Tier(tier) is Tier.NONE else Finding(Tier(tier), Kind(kind))
