"""What a rebuild measures of its own build, once it can be asked: one file of plain arrays."""

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from askedbefore.embedding import Vectors
from askedbefore.storage import layout


@dataclass(frozen=True, slots=True)
class Measured:
    """Where "nothing is close" begins, and how near each unit is to everything that readers ask.

    A question's margin is how many times `spread` its best closeness lies above `usual`, plus what `subject` says of
    it. Below `line` nothing is close; from `certain` on the archive is about it.

    `subject` is (dimension + 1,): a linear classifier of what is asked here against what is not, its intercept last,
    all zeros when the archive has too few questions to learn it. `hubness` is (units,). `off_topic` is (questions,
    dimension): the vectors of the off-topic questions, kept so that the next rebuild need not encode them again.
    """

    usual: float
    spread: float
    line: float
    certain: float
    subject: Vectors
    hubness: Vectors
    off_topic: Vectors

    def save(self, build: Path) -> None:
        """Write it into a build."""
        arrays = {field.name: np.asarray(getattr(self, field.name)) for field in fields(self)}
        arrays["off_topic"] = self.off_topic.astype(np.float16)
        np.savez(build / layout.MEASURED, **arrays)  # type: ignore[arg-type]


def load_measured(build: Path) -> Measured:
    """Read it from a build. Raises OSError, ValueError or KeyError when the file is not what it should be."""
    with np.load(build / layout.MEASURED, allow_pickle=False) as arrays:
        return Measured(
            usual=float(arrays["usual"]),
            spread=float(arrays["spread"]),
            line=float(arrays["line"]),
            certain=float(arrays["certain"]),
            subject=arrays["subject"].astype(np.float32),
            hubness=arrays["hubness"].astype(np.float32),
            off_topic=arrays["off_topic"].astype(np.float32),
        )


def not_yet_measured(units: int, dimension: int) -> Measured:
    """Return what lets every question through, for the build that is about to be measured."""
    return Measured(
        usual=0.0,
        spread=1.0,
        line=-np.inf,
        certain=-np.inf,
        subject=np.zeros(dimension + 1, np.float32),
        hubness=np.zeros(units, np.float32),
        off_topic=np.zeros((0, dimension), np.float32),
    )
