"""The guard with the real model: what it hears of the development set, and what it takes for a cry and is none."""

from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from askedbefore.embedding import SentenceTransformerEncoder
from askedbefore.guard import assess, find_support
from askedbefore.guard.encoding import fitting, packaged_encoder
from askedbefore.guard.examples import examples_hash, read_examples
from askedbefore.guard.head import shipped_head
from askedbefore.remembering import Remembering
from scripts.evaluate_guard import assess_set, figures, listening

pytestmark = pytest.mark.model
DEV = Path(__file__).parent / "data" / "guard" / "dev.tsv"


@pytest.fixture(scope="module")
def encoder() -> SentenceTransformerEncoder:
    """Return the packaged model."""
    return SentenceTransformerEncoder()


@pytest.fixture(scope="module")
def measured(encoder: SentenceTransformerEncoder) -> dict[str, Any]:
    """Return the figures of the development set."""
    return figures(assess_set(DEV, listening(encoder)))


@pytest.mark.parametrize(("figure", "least"), [("recall of acute", 0.97), ("recall of acute and concern", 0.95)])
def test_cries_are_heard(measured: dict[str, Any], figure: str, least: float) -> None:
    """The targets of docs/safety.md, with a little slack for another machine's arithmetic."""
    assert measured[figure]["share"] >= least


@pytest.mark.parametrize(("figure", "most"), [("false alarms, ordinary", 0.05), ("false alarms, hard", 0.12)])
def test_false_alarms_are_few(measured: dict[str, Any], figure: str, most: float) -> None:
    """As above."""
    assert measured[figure]["share"] <= most


def test_the_head_is_of_this_model_and_these_examples(encoder: SentenceTransformerEncoder) -> None:
    """Whoever changes the examples runs scripts/train_guard.py again."""
    assert shipped_head().model == encoder.fingerprint
    assert shipped_head().examples == examples_hash()


def test_no_example_is_in_the_development_set() -> None:
    """What measures is not what was learnt from."""
    texts = {line.split("\t")[4].casefold() for line in DEV.read_text(encoding="utf-8").splitlines()}
    shared = texts & {one.text.casefold() for one in read_examples()}
    assert not shared


def test_with_another_model_the_packaged_one_stands_beside(encoder: SentenceTransformerEncoder) -> None:
    """So what was measured holds, whatever model the archive is embedded with."""

    class Other:
        """Another model, whose vectors the head must not read."""

        name = "other"
        fingerprint = "0" * 64

        def encode_passages(self, texts: Any, progress: Any = None) -> Any:
            """Fail."""
            raise AssertionError

        def encode_questions(self, texts: Any) -> Any:
            """Fail."""
            raise AssertionError

    subtle, asked = "Every night I hope that no morning comes", list[str]()
    packaged = packaged_encoder()
    assert packaged is not None

    def encode(texts: Any) -> Any:
        """Encode and remember."""
        asked.extend(texts)
        return encoder.encode_questions(texts)

    with patch.object(packaged, "encode_questions", encode):
        support = find_support(subtle, encoder=Other())
    assert support is not None
    assert support["kind"] == "suicide"
    assert asked == [subtle]


def test_a_plain_question_is_encoded_once(encoder: SentenceTransformerEncoder) -> None:
    """The guard reads the vector that the search needs anyway."""
    calls: list[list[str]] = []

    class Counting(SentenceTransformerEncoder):
        """Remembers what it was asked to encode."""

        def encode_questions(self, texts: Any) -> Any:
            """Encode and remember."""
            calls.append(list(texts))
            return super().encode_questions(texts)

    remembering, question = Remembering(Counting()), "Why does my therapist not answer emails?"
    assess(question, fitting(remembering))
    remembering.encode_questions([question])
    assert calls == [[question]]
