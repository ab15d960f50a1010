"""Learn the guard's head from its examples, and measure by cross-validation how well it tells them apart.

usage: python scripts/train_guard.py [--measure-only]

Writes app/askedbefore/guard/head.npz. No line of examples is measured by a head that learnt from the same line.
"""

import argparse
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from askedbefore.embedding import SentenceTransformerEncoder
from askedbefore.guard.examples import examples_hash, read_examples
from askedbefore.guard.finding import Tier
from askedbefore.guard.head import HEAD, name_of
from askedbefore.guard.reading import read

FOLDS = 8
STRENGTH = 10.0  # of fitting the examples, against small weights


def main() -> None:
    """Embed the examples, measure, learn, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--measure-only", action="store_true", help="write nothing")
    options = parser.parse_args()
    encoder = SentenceTransformerEncoder()
    examples = read_examples()
    # As typed and as it is read, because the head meets both.
    texts = [(one.text, read(one.text).text or one.text) for one in examples]
    vectors = encoder.encode_questions([text for both in texts for text in both])
    names = np.array([name_of(one.finding) for one in examples for _ in range(2)])
    lines = np.array([one.line for one in examples for _ in range(2)])
    _, place, count = np.unique(lines, return_inverse=True, return_counts=True)
    weights = 1 / np.sqrt(count[place])  # a line with many readings counts for more than one, and for less than all
    model = LogisticRegression(C=STRENGTH, max_iter=2000)
    with threadpool_limits(1):  # small products are quicker on one processor than handed out to several
        guessed = cross_val_predict(
            model, vectors, names, groups=lines, cv=GroupKFold(FOLDS), params={"sample_weight": weights}
        )
        model.fit(vectors, names, sample_weight=weights)
    print(f"{len(examples)} sentences of {len(set(lines))} lines, {FOLDS}-fold by line")
    for tier in Tier:
        own = np.char.startswith(names, tier.value)
        as_tier = {other.value: float(np.mean(np.char.startswith(guessed[own], other.value))) for other in Tier}
        print(f"  {tier.value:8}", "  ".join(f"as {other} {share:.3f}" for other, share in as_tier.items()))
    if options.measure_only:
        return
    path = Path(__file__).parent.parent / "app" / "askedbefore" / "guard" / HEAD
    np.savez_compressed(
        path,
        weights=model.coef_.astype(np.float16),
        biases=model.intercept_.astype(np.float32),
        meanings=np.array(model.classes_, dtype=str),
        model=np.array(encoder.fingerprint),
        examples=np.array(examples_hash()),
    )
    print(f"Wrote {path}.")


if __name__ == "__main__":
    main()
