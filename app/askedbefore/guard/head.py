"""The guard's head: how likely a sentence is a cry for help, by its vector. A linear classifier, learnt from examples.

`scripts/train_guard.py` learns it; its weights are data, `head.npz`, with the model and the examples they are for.
"""

import hashlib
import itertools
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from askedbefore.calibration import off_topic_questions
from askedbefore.embedding import Vectors
from askedbefore.guard.finding import Finding, Kind, Tier

MOST_READINGS = 8  # of one line of examples
EXAMPLES = "examples.tsv"
HEAD = "head.npz"
_CHOICE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence that the head learns from; `line` is the line that it is a reading of."""

    finding: Finding
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Head:
    """Weights of shape (classes, dimension) and biases of shape (classes,); what each class means.

    `model` is the fingerprint of the model whose vectors it is for, `examples` the hash of what it was learnt from.
    """

    weights: Vectors
    biases: Vectors
    meanings: tuple[Finding, ...]
    model: str
    examples: str

    def chances(self, vectors: Vectors) -> Vectors:
        """Return the chance of each meaning, of shape (rows, classes), for vectors of shape (rows, dimension)."""
        scores = vectors @ self.weights.T + self.biases
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        found: Vectors = (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)
        return found


@cache
def shipped_head() -> Head:
    """Return the head that comes with this package."""
    with files("askedbefore.guard").joinpath(HEAD).open("rb") as file, np.load(file, allow_pickle=False) as held:
        meanings = tuple(_meaning(str(name)) for name in held["meanings"])
        return Head(
            held["weights"].astype(np.float32),
            held["biases"].astype(np.float32),
            meanings,
            str(held["model"]),
            str(held["examples"]),
        )


def name_of(finding: Finding) -> str:
    """Return a finding as one word, as `head.npz` holds it: "acute/suicide", "none"."""
    return finding.tier.value if finding.kind is None else f"{finding.tier.value}/{finding.kind.value}"


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


def _meaning(name: str) -> Finding:
    """Return the finding that a name stands for."""
    tier, _, kind = name.partition("/")
    return Finding(Tier(tier), Kind(kind)) if kind else Finding()
