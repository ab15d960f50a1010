"""Learn the guard's head from its examples and letters, and print how well it tells those apart that it has not seen.

usage: python scripts/train_guard.py [--measure-only]

Writes app/askedbefore/guard/head.npz. Each text is judged by a head that has not learnt from it; how the chances of a
text and of its sentences are put together is learnt from these judgements.
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

from askedbefore.embedding import Encoder, SentenceTransformerEncoder, Vectors
from askedbefore.guard.examples import Example, Letter, examples_hash, read_examples, read_letters
from askedbefore.guard.features import BUCKETS, hashed, letter_runs, word_runs
from askedbefore.guard.finding import Tier
from askedbefore.guard.head import HEAD, KINDS, TIERS, Head, Layers, Table, alarm_of
from askedbefore.guard.normalising import spell_out, unmask
from askedbefore.guard.reading import read_whole
from askedbefore.guard.weighing import Judged, judge, read_all

FOLDS = 3
LETTER_COUNTS = 5.0  # of how many examples a letter counts for, when chances are put together: there are few letters
NOT_PUT_TOGETHER = np.zeros((2, 5), np.float32)
STRENGTH = 10.0  # of fitting the examples, against small weights
HIDDEN, DROPPED, ROUNDS, BATCH = 512, 0.6, 40, 128
SCALE = 6.0  # of vectors and the noise on them while learning: unit vectors are small for a network
NOISE = 0.09
STEP, DECAY, SOFTENED = 2e-3, 3e-2, 0.05

Runs = Callable[[str], Iterator[str]]
Classes = NDArray[np.int64]
Text = Example | Letter


def main() -> None:
    """Learn, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--measure-only", action="store_true", help="write nothing")
    options = parser.parse_args()
    encoder = KeptVectors(SentenceTransformerEncoder())
    texts: list[Text] = [*read_examples(), *read_letters()]
    judged = judge_unseen(texts, encoder)
    together = put_together(texts, judged)
    measure(texts, judged, together)
    if options.measure_only:
        return
    path = Path(__file__).parent.parent / "app" / "askedbefore" / "guard" / HEAD
    write(learn(texts, encoder, together), path)
    print(f"Wrote {path}.")


class KeptVectors:
    """An encoder that keeps the vectors which it has made."""

    def __init__(self, encoder: Encoder) -> None:
        """Begin with none."""
        self._encoder, self._kept = encoder, dict[str, Vectors]()
        self.fingerprint = encoder.fingerprint

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of texts, of shape (len(texts), dimension)."""
        new = list(dict.fromkeys(text for text in texts if text not in self._kept))
        if new:
            self._kept.update(zip(new, self._encoder.encode_passages(new), strict=True))
        return np.stack([self._kept[text] for text in texts])


def judge_unseen(texts: Sequence[Text], encode: KeptVectors) -> list[tuple[Judged, Judged]]:
    """Return what is made of each text, without vectors and with, by a head that has not learnt from it."""
    found: dict[int, tuple[Judged, Judged]] = {}
    readings = [read_all(one.text) for one in texts]
    encode([part.text for one in readings for part in one] + [read_whole(one.text).text for one in texts])
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    for known, unknown in folds.split(texts, [f"{one.finding.tier} {isinstance(one, Letter)}" for one in texts]):
        head = learn([texts[place] for place in known], encode, NOT_PUT_TOGETHER)
        for place in unknown:
            text, read = texts[place].text, readings[place]
            found[place] = (judge(text, read, None, head), judge(text, read, encode, head))
    return [found[place] for place in range(len(texts))]


def put_together(texts: Sequence[Text], judged: Sequence[tuple[Judged, Judged]]) -> Vectors:
    """Return the weights of `Head.together`."""
    weights = [LETTER_COUNTS if isinstance(one, Letter) else 1.0 for one in texts]
    rows = []
    for way in range(2):
        features = np.array([one[way].chances.features() for one in judged])
        model = LogisticRegression(max_iter=1000).fit(features, [bool(one.finding) for one in texts], weights)
        rows.append([*model.coef_[0], model.intercept_[0]])
    return np.array(rows, np.float32)


def measure(texts: Sequence[Text], judged: Sequence[tuple[Judged, Judged]], together: Vectors) -> None:
    """Print which share of the cries is heard at some lines, and of the others taken for cries."""
    for name, way in (("without vectors", 0), ("with vectors", 1)):
        for kind, is_letter in (("examples", False), ("letters", True)):
            chosen = [place for place, one in enumerate(texts) if isinstance(one, Letter) is is_letter]
            alarms = np.array([alarm_of(together, judged[place][way].chances, bool(way)) for place in chosen])
            cries = np.array([bool(texts[place].finding) for place in chosen])
            print(f"{name}, {len(chosen)} {kind}: {np.round(together[way], 2)}")
            for line in np.arange(0.2, 0.9, 0.1):
                heard = alarms >= line
                print(f"  from {line:.1f}: cries heard {heard[cries].mean():.3f}, others {heard[~cries].mean():.3f}")


def learn(texts: Sequence[Text], encode: KeptVectors, together: Vectors) -> Head:
    """Return a head that has learnt from texts, of letters their sentences."""
    examples = [part for one in texts for part in (one.sentences() if isinstance(one, Letter) else [one])]
    sentences = [spelt(one.text) for one in examples]
    tiers, cries = tiers_of(examples), [place for place, one in enumerate(examples) if one.finding]
    by_words = features(sentences, word_runs)
    kinds = np.array([KINDS.index(examples[place].finding.kind) for place in cries])
    return Head(
        words=linear(by_words, tiers),
        letters=linear(features(sentences, letter_runs), tiers),
        vector=layers(encode([one.text for one in examples]), tiers),
        kinds=linear(by_words[cries], kinds),
        together=together,
        model=encode.fingerprint,
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
    arrays["together"] = head.together
    np.savez_compressed(path, **arrays, model=np.array(head.model), examples=np.array(head.examples))


if __name__ == "__main__":
    main()
