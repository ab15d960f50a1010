"""The sentences that the guard's head is learnt from: `examples.tsv`, each line in some of its readings."""

import hashlib
import itertools
import re
from dataclasses import dataclass
from importlib.resources import files

from askedbefore.calibration import off_topic_questions
from askedbefore.guard.finding import Finding, Kind, Tier
from askedbefore.guard.head import name_of

MOST_READINGS = 8  # of one line of examples
EXAMPLES = "examples.tsv"
_CHOICE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence that the head learns from; `line` is the line that it is a reading of."""

    finding: Finding
    text: str
    line: int


def examples_hash() -> str:
    """Return the SHA-256 of all that the head is learnt from."""
    learnt = "\n".join(f"{name_of(one.finding)}\t{one.text}" for one in read_examples())
    return hashlib.sha256(learnt.encode()).hexdigest()


def read_examples() -> list[Example]:
    """Return all examples, each line in some of its readings, and the off-topic questions as sentences of no cry."""
    text = files("askedbefore.guard").joinpath(EXAMPLES).read_text(encoding="utf-8")
    found: list[Example] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("#") or line.startswith("tier\t"):
            continue
        tier, kind, pattern = line.split("\t")
        finding = Finding() if Tier(tier) is Tier.NONE else Finding(Tier(tier), Kind(kind))
        found += [Example(finding, one, number) for one in _readings(pattern)]
    off_topic = enumerate(off_topic_questions(), start=len(text.splitlines()) + 1)
    return found + [Example(Finding(), question, number) for number, question in off_topic]


def _readings(pattern: str) -> list[str]:
    """Return up to MOST_READINGS sentences that a pattern stands for, the same ones each time."""
    choices = [found[1].split("|") for found in _CHOICE.finditer(pattern)]
    blank = _CHOICE.sub("\0", pattern)
    every = list(itertools.islice(itertools.product(*choices), 5000))
    ordered = sorted(every, key=lambda chosen: hashlib.sha256(repr((pattern, chosen)).encode()).digest())
    texts = []
    for chosen in ordered[:MOST_READINGS]:
        parts = iter(chosen)
        texts.append(" ".join(re.sub("\0", lambda _, parts=parts: next(parts), blank).split()))  # type: ignore[misc]
    return texts
