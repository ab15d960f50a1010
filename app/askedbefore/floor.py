"""Where "nothing is close" begins, measured at each rebuild for the archive and the model at hand.

A list of questions that no such blog answers is asked of the new build. What is close to one of them is far from
the archive, so a question's margin is the closeness it reaches less a part of its likeness to the nearest of them;
the floor is the margin that all but a few of the list stay under. Measured: docs/retrieval.md.
"""

import hashlib
from collections.abc import Sequence
from contextlib import closing
from importlib.resources import files
from pathlib import Path

import numpy as np

from askedbefore.embedding import Encoder, Vectors
from askedbefore.search import Found, search
from askedbefore.storage.build import write_floor
from askedbefore.storage.library import Library

LIKENESS = 0.6  # how much the likeness to an off-topic question takes away
REFUSED = 0.98  # the share of the off-topic questions that stay under the floor


def off_topic_questions() -> tuple[str, ...]:
    """Return the questions that come with this package."""
    lines = files("askedbefore").joinpath("off_topic.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def floor_recipe() -> str:
    """Return what tells one way of measuring the floor from another."""
    recipe = repr((LIKENESS, REFUSED, off_topic_questions()))
    return hashlib.sha256(recipe.encode()).hexdigest()


def calibrate(build: Path, encoder: Encoder) -> None:
    """Measure the floor of a build that is not live yet, and write it there."""
    with closing(Library(build)) as library:
        questions = off_topic_questions()
        vectors = encoder.encode_questions(questions)
        margins = [
            _closest(search(library, question, vector)) - _allowance(np.delete(vectors, place, axis=0), vector)
            for place, (question, vector) in enumerate(zip(questions, vectors, strict=True))
        ]
    write_floor(build, vectors, float(np.quantile(margins, REFUSED)))


def above_floor(found: Sequence[Found], library: Library, vector: Vectors) -> list[Found]:
    """Return what is close enough by meaning to be shown; shared words alone do not make a passage close."""
    line = library.floor + _allowance(library.off_topic, vector)
    return [one for one in found if one.closeness >= line]


def _allowance(off_topic: Vectors, vector: Vectors) -> float:
    """Return what a question's likeness to the off-topic ones takes from its closeness."""
    return LIKENESS * max(float((off_topic @ vector).max()), 0.0)


def _closest(found: Sequence[Found]) -> float:
    """Return the closeness of the closest thing found."""
    return max((one.closeness for one in found), default=0.0)
