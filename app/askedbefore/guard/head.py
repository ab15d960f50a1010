"""The guard's head: how likely a sentence is a cry for help, by its vector. A linear classifier, learnt from examples.

`scripts/train_guard.py` learns it; its weights are data, `head.npz`, with the model and the examples they are for.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from askedbefore.embedding import Vectors
from askedbefore.guard.finding import Finding, Kind, Tier

HEAD = "head.npz"


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


def _meaning(name: str) -> Finding:
    """Return the finding that a name stands for."""
    tier, _, kind = name.partition("/")
    return Finding(Tier(tier), Kind(kind)) if kind else Finding()
