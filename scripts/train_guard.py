"""Learn the guard's head from its examples, and measure by cross-validation how well it tells them apart.

usage: python scripts/train_guard.py [--measure-only]

Writes app/askedbefore/guard/head.npz. No example is measured by a head that learnt from it.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from askedbefore.embedding import SentenceTransformerEncoder, Vectors
from askedbefore.guard.examples import Example, examples_hash, read_examples
from askedbefore.guard.features import BUCKETS, hashed, letter_runs, word_runs
from askedbefore.guard.finding import Tier
from askedbefore.guard.head import HEAD, KINDS, TIERS, Head, Layers, Table
from askedbefore.guard.normalising import spell_out, unmask

FOLDS = 5
STRENGTH = 10.0  # of fitting the examples, against small weights
HIDDEN, DROPPED, ROUNDS, BATCH = 512, 0.6, 40, 128
SCALE = 6.0  # of vectors and the noise on them while learning: unit vectors are small for a network
NOISE = 0.09
STEP, DECAY, SOFTENED = 2e-3, 3e-2, 0.05

Runs = Callable[[str], Iterator[str]]
Classes = NDArray[np.int64]


def main() -> None:
    """Embed the examples, measure, learn, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--measure-only", action="store_true", help="write nothing")
    parser.add_argument("--no-measuring", action="store_true", help="learn and write, without cross-validation")
    options = parser.parse_args()
    encoder = SentenceTransformerEncoder()
    examples = read_examples()
    vectors = encoder.encode_passages([one.text for one in examples])
    if not options.no_measuring:
        measure(examples, vectors, encoder.fingerprint)
    if options.measure_only:
        return
    path = Path(__file__).parent.parent / "app" / "askedbefore" / "guard" / HEAD
    write(learn(examples, vectors, encoder.fingerprint), path)
    print(f"Wrote {path}.")


def measure(examples: Sequence[Example], vectors: Vectors, model: str) -> None:
    """Print of each tier how many examples are taken for which, each by a head that has not learnt from it."""
    tiers = tiers_of(examples)
    guessed = np.zeros(len(examples), np.int64)
    for known, unknown in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(vectors, tiers):
        head = learn([examples[place] for place in known], vectors[known], model)
        for place in unknown:
            guessed[place] = int(np.argmax(head.chances(spelt(examples[place].text), vectors[place])))
    print(f"{len(examples)} examples, {FOLDS}-fold")
    for number, tier in enumerate(TIERS):
        own = guessed[tiers == number]
        shares = (f"as {other.value} {np.mean(own == at):.3f}" for at, other in enumerate(TIERS))
        print(f"  {tier.value:8}", f"{len(own):5}", "  ".join(shares))


def learn(examples: Sequence[Example], vectors: Vectors, model: str) -> Head:
    """Return a head that has learnt from examples and their vectors, of shape (examples, dimension)."""
    sentences = [spelt(one.text) for one in examples]
    tiers, cries = tiers_of(examples), [place for place, one in enumerate(examples) if one.finding]
    by_words = features(sentences, word_runs)
    kinds = np.array([KINDS.index(examples[place].finding.kind) for place in cries])
    return Head(
        words=linear(by_words, tiers),
        letters=linear(features(sentences, letter_runs), tiers),
        vector=layers(vectors, tiers),
        kinds=linear(by_words[cries], kinds),
        model=model,
        examples=examples_hash(),
    )


def spelt(text: str) -> str:
    """Return a text as the guard reads it."""
    return spell_out(unmask(text))


def tiers_of(examples: Sequence[Example]) -> Classes:
    """Return the place of each example's tier in TIERS."""
    return np.array([TIERS.index(Tier(one.finding.tier)) for one in examples])


def features(sentences: Sequence[str], runs: Runs) -> Any:
    """Return hashed features, a sparse matrix of shape (sentences, BUCKETS)."""
    found = [hashed(sentence, runs) for sentence in sentences]
    ends = np.cumsum([0, *(len(one.buckets) for one in found)])
    parts = (np.concatenate([one.weights for one in found]), np.concatenate([one.buckets for one in found]), ends)
    return csr_matrix(parts, shape=(len(sentences), BUCKETS))


def linear(matrix: Any, classes: Classes) -> Table:
    """Return a linear classifier over buckets, its weights as whole numbers."""
    model = LogisticRegression(C=STRENGTH, max_iter=3000, class_weight="balanced").fit(matrix, classes)
    unit = float(np.abs(model.coef_).max() / 127)
    return Table(np.round(model.coef_ / unit).astype(np.int8), unit, model.intercept_.astype(np.float32))


def layers(vectors: Vectors, classes: Classes) -> Layers:
    """Return a classifier with one hidden layer; the same one each time on the same machine."""
    torch.manual_seed(0)
    inner, outer = torch.nn.Linear(vectors.shape[1], HIDDEN), torch.nn.Linear(HIDDEN, len(TIERS))
    network = torch.nn.Sequential(inner, torch.nn.ReLU(), torch.nn.Dropout(DROPPED), outer)
    inputs, wanted = torch.tensor(vectors * SCALE), torch.tensor(classes)
    balance = torch.tensor(len(classes) / (len(TIERS) * np.bincount(classes)), dtype=torch.float32)
    loss = torch.nn.CrossEntropyLoss(weight=balance, label_smoothing=SOFTENED)
    optimizer = torch.optim.AdamW(network.parameters(), STEP, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, ROUNDS)
    for _ in range(ROUNDS):
        for rows in torch.split(torch.randperm(len(inputs)), BATCH):
            noisy = inputs[rows] + NOISE * torch.randn(len(rows), inputs.shape[1])
            optimizer.zero_grad()
            loss(network(noisy), wanted[rows]).backward()
            optimizer.step()
        schedule.step()
    parts = (inner.weight * SCALE, inner.bias, outer.weight, outer.bias)
    return Layers(*(one.detach().numpy().astype(np.float16).astype(np.float32) for one in parts))


def write(head: Head, path: Path) -> None:
    """Write a head as `shipped_head` reads it."""
    tables = {"words": head.words, "letters": head.letters, "kinds": head.kinds}
    arrays: dict[str, Any] = {name: one.weights for name, one in tables.items()}
    arrays |= {f"{name}_unit": np.array(one.unit) for name, one in tables.items()}
    arrays |= {f"{name}_biases": one.biases for name, one in tables.items()}
    for name in ("inner", "inner_biases", "outer", "outer_biases"):
        arrays[f"vector_{name}"] = getattr(head.vector, name).astype(np.float16)
    np.savez_compressed(path, **arrays, model=np.array(head.model), examples=np.array(head.examples))


if __name__ == "__main__":
    main()
