"""Where "nothing is close" begins, measured at each rebuild for the archive and the model at hand.

Two kinds of questions are asked of the new build: a list of questions that no such blog answers, and the questions of
its own readers, each as if its own exchange were not there. What the second reach and the first do not is the line.
How well that serves is measured by `askedbefore evaluate`; docs/retrieval.md has the figures.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from askedbefore.embedding import Encoder, Vectors
from askedbefore.records import Kind
from askedbefore.search import Found, unit_closeness
from askedbefore.sentences import count_words
from askedbefore.storage.build import write_measured
from askedbefore.storage.library import Library
from askedbefore.storage.measured import Measured

SUBJECT = 1.0  # what the classifier's word weighs, against the closeness in units of its spread
LOST = 0.18  # the share of readers' held-out questions under the line: harder than any question as it is asked
REFUSED = 0.97  # without enough of readers' questions: the share of the off-topic ones under the line
MIDDLE = 1.0  # how many spreads above the line a question is for certain about the archive
ELSEWHERE = 1.4  # how many spreads under the line a question is about something else, and no follow-up
ENOUGH = 20  # readers' questions that are enough to measure by
MOST_QUESTIONS, MOST_SENTENCES = 400, 4000  # of readers, evenly taken from all
NEAREST = 10  # questions that a unit's hubness is the mean closeness to
_FEWEST_WORDS = 5  # a shorter sentence says little by itself
_UNITS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class _Readers:
    """The sentences of readers' comments: vectors, which of them are questions, and the units that hold each."""

    vectors: Vectors
    are_questions: NDArray[np.bool_]
    units: list[set[int]]


@dataclass(frozen=True, slots=True)
class _Closeness:
    """How close the closest unit is to each off-topic question and to each of readers', its own units left out.

    `hubness` is for each unit the mean closeness of the readers' questions that are closest to it.
    """

    off_topic: Vectors
    held_out: Vectors
    hubness: Vectors


def off_topic_questions() -> tuple[str, ...]:
    """Return the questions that come with this package."""
    lines = files("askedbefore").joinpath("off_topic.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def calibration_recipe() -> str:
    """Return what tells one way of calibrating from another."""
    constants = (SUBJECT, LOST, REFUSED, MIDDLE, ENOUGH, MOST_QUESTIONS, MOST_SENTENCES, NEAREST)
    return hashlib.sha256(repr((constants, off_topic_questions())).encode()).hexdigest()


def calibrate(build: Path, encoder: Encoder, live: Library | None = None) -> None:
    """Measure a build that is not live yet, and write it there. What `live` has encoded is not encoded again."""
    with closing(Library(build)) as library:
        off_topic = _off_topic_vectors(live, library, encoder)
        readers = _readers_sentences(library)
        questions = _evenly(np.flatnonzero(readers.are_questions), MOST_QUESTIONS)
        close = _closeness(library, off_topic, readers, questions)
    hubness = np.zeros_like(close.hubness)
    usual, spread = float(close.off_topic.mean()), max(float(close.off_topic.std()), 1e-3)
    subject = np.zeros(off_topic.shape[1] + 1, np.float32)
    line = float(np.quantile((close.off_topic - usual) / spread, REFUSED))
    if len(questions) >= ENOUGH:
        hubness = close.hubness
        subject, said_readers = _learn_subject(readers, questions, off_topic)
        line = float(np.quantile((close.held_out - usual) / spread + SUBJECT * said_readers, LOST))
    write_measured(build, Measured(usual, spread, line, line + MIDDLE, subject, hubness, off_topic))


def margin(closeness: float, vector: Vectors, measured: Measured) -> float:
    """Return how far a question lies above what is not asked here, by its best closeness and by its subject."""
    says = float(measured.subject[:-1] @ vector + measured.subject[-1])
    return (closeness - measured.usual) / measured.spread + SUBJECT * says


def above_line(found: Sequence[Found], library: Library, vector: Vectors) -> list[Found]:
    """Return what is close enough by meaning to be shown; shared words alone do not make a passage close."""
    measured = library.measured
    own, spread = margin(0.0, vector, measured), measured.spread  # so that the subject is looked at once
    return [one for one in found if own + one.closeness / spread >= measured.line]


def is_certain(found: Sequence[Found], library: Library, vector: Vectors) -> bool:
    """Say whether the archive is about the question, as far as that can be told."""
    return _best_margin(found, library, vector) >= library.measured.certain


def is_elsewhere(found: Sequence[Found], library: Library, vector: Vectors) -> bool:
    """Say whether a question is about something else entirely, and not only too short to be about anything."""
    return _best_margin(found, library, vector) < library.measured.line - ELSEWHERE


def _best_margin(found: Sequence[Found], library: Library, vector: Vectors) -> float:
    """Return the margin of the closest thing found."""
    return margin(max((one.closeness for one in found), default=-np.inf), vector, library.measured)


def _off_topic_vectors(live: Library | None, library: Library, encoder: Encoder) -> Vectors:
    """Return the vectors of the off-topic questions in the precision in which they are stored."""
    if live is not None and len(live.measured.off_topic):
        then, now = live.manifest.recipe, library.manifest.recipe
        if (then.calibration, then.model_sha256) == (now.calibration, now.model_sha256):
            return live.measured.off_topic
    vectors: Vectors = encoder.encode_questions(off_topic_questions()).astype(np.float16).astype(np.float32)
    return vectors


def _readers_sentences(library: Library) -> _Readers:
    """Return the sentences of the readers' comments that are long enough to say something."""
    numbers: list[int] = []
    are_questions: list[bool] = []
    comments: list[tuple[str, str | None]] = []
    units: dict[tuple[str, str | None], set[int]] = defaultdict(set)
    units_of_rows = library.units_of_rows(np.arange(library.manifest.counts.passages)).tolist()
    for (passage, first, spans), unit in zip(library.all_passages(), units_of_rows, strict=True):
        if passage.kind is Kind.COMMENT:
            comment = (passage.post, passage.comment)
            units[comment].add(unit)
            for place, (start, end) in enumerate(spans):
                if count_words(passage.text[start:end]) >= _FEWEST_WORDS:
                    numbers.append(first + place)
                    are_questions.append(passage.text[end - 1] == "?")
                    comments.append(comment)
    of_sentences = [units[comment] for comment in comments]
    return _Readers(library.sentence_vectors(numbers), np.array(are_questions, dtype=bool), of_sentences)


def _learn_subject(readers: _Readers, questions: NDArray[np.int64], off_topic: Vectors) -> tuple[Vectors, Vectors]:
    """Learn to tell what readers write here from what is asked elsewhere.

    Returns the classifier as (dimension + 1,), and what it says of the readers' questions when it has not seen them.
    Source: scikit-learn, `LogisticRegression` and `cross_val_predict`.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict

    taken = np.union1d(_evenly(np.arange(len(readers.vectors)), MOST_SENTENCES), questions)
    vectors = np.concatenate([readers.vectors[taken], off_topic])
    is_here = np.arange(len(vectors)) < len(taken)
    classifier = LogisticRegression(C=0.3, class_weight="balanced", max_iter=1000)
    says = cross_val_predict(classifier, vectors, is_here, cv=5, method="decision_function")
    classifier.fit(vectors, is_here)
    weights = np.append(classifier.coef_[0], classifier.intercept_[0]).astype(np.float32)
    return weights, says[np.searchsorted(taken, questions)]


def _closeness(library: Library, off_topic: Vectors, readers: _Readers, questions: NDArray[np.int64]) -> _Closeness:
    """Ask the off-topic questions and those of readers, a few hundred units at a time."""
    vectors, own = readers.vectors[questions], [readers.units[place] for place in questions]
    found = _Closeness(
        off_topic=np.full(len(off_topic), -1.0, np.float32),
        held_out=np.full(len(questions), -1.0, np.float32),
        hubness=np.zeros(len(library.shown_units), np.float32),
    )
    for start in range(0, len(found.hubness), _UNITS_AT_ONCE):
        units = np.arange(start, min(start + _UNITS_AT_ONCE, len(found.hubness)))
        np.maximum(found.off_topic, unit_closeness(library, units, off_topic).max(axis=1), out=found.off_topic)
        if not len(questions):
            continue
        close = unit_closeness(library, units, vectors)
        nearest = min(NEAREST, len(questions))
        found.hubness[units] = np.partition(close, -nearest, axis=0)[-nearest:].mean(axis=0)
        for question, of_question in enumerate(own):
            close[question, [unit - start for unit in of_question if unit in range(start, start + len(units))]] = -1.0
        np.maximum(found.held_out, close.max(axis=1), out=found.held_out)
    return found


def _evenly(places: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Return at most so many of the places, spread evenly over all."""
    if len(places) <= most:
        return places
    return places[np.linspace(0, len(places) - 1, most).astype(np.int64)]
