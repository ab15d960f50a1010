"""Where units and sentences begin, and what is shown: one file of plain arrays, as every search needs it."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from askedbefore.storage import layout


@dataclass(frozen=True, slots=True)
class Places:
    """Where what is in a build stands.

    `first_rows` and `end_rows`, (units,), are the rows of each unit, and `order` is the place that its name has among
    all names in order. `first_sentences` is the number of each passage's first sentence, and `shown` says whether it is
    shown; both are (passages,).
    """

    first_rows: NDArray[np.int64]
    end_rows: NDArray[np.int64]
    order: NDArray[np.int64]
    first_sentences: NDArray[np.int64]
    shown: NDArray[np.bool_]

    def save(self, build: Path) -> None:
        """Write it into a build."""
        arrays: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self)}
        np.savez(build / layout.PLACES, **arrays)


def load_places(build: Path) -> Places:
    """Read it from a build. Raises OSError, ValueError or KeyError when the file is not what it should be."""
    with np.load(build / layout.PLACES, allow_pickle=False) as arrays:
        return Places(**{field.name: arrays[field.name] for field in fields(Places)})
