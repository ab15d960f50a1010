"""An evaluation's whole way: read the labels, match them with the archive, ask, measure."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from askedbefore import __version__
from askedbefore.embedding import Encoder
from askedbefore.errors import EvaluationError
from askedbefore.evaluation.asking import BASELINE, SHIPPED_WAY, WAYS, Asked, Question, ask_all
from askedbefore.evaluation.labels import Labelled, read_off_topic, read_questions
from askedbefore.evaluation.measuring import (
    Cut,
    Estimate,
    Values,
    WayFigures,
    compare_ways,
    cut_at,
    estimate,
    first_right,
    line_that_keeps,
)
from askedbefore.evaluation.places import Places
from askedbefore.records import Outcome
from askedbefore.storage.layout import Manifest
from askedbefore.storage.library import Library
from askedbefore.watching import Watcher

ANSWERABLE, UNANSWERABLE = "answerable", "unanswerable"
ENOUGH_KEPT = 0.97  # of the answerable questions: what a good line would keep


@dataclass(frozen=True, slots=True)
class KindFigures:
    """How one kind of question fares as the program ships: what is found, seen by the reader, and kept."""

    kind: str
    questions: int
    hit1: float
    hit5: float
    shown: float
    kept: float


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds: the median and what 95 of 100 stay under, of a whole answer and of the encoder's part in it."""

    answer_p50: float
    answer_p95: float
    encoder_p50: float
    encoder_p95: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was measured. `remarks` say which labels match nothing; `left_out` counts the questions lost to that.

    `shown` is the share of answerable questions with a right passage among those that the reader sees.
    """

    made: str
    program: str
    questions_file: str
    manifest: Manifest
    asked: tuple[Asked, ...]
    remarks: tuple[str, ...]
    left_out: int
    ways: tuple[WayFigures, ...]
    shown: Estimate
    cuts: tuple[Cut, ...]
    kinds: tuple[KindFigures, ...]
    latency: Latency

    @property
    def answerable(self) -> tuple[Asked, ...]:
        """Return the questions with a right place."""
        return tuple(one for one in self.asked if one.question.group == ANSWERABLE)

    @property
    def groups(self) -> tuple[str, ...]:
        """Return the names of the groups of questions without a right place, in their order."""
        return tuple(dict.fromkeys(one.question.group for one in self.asked if one.question.group != ANSWERABLE))

    def to_json(self) -> dict[str, Any]:
        """Return all figures and the outcome of every question."""
        recipe, counts = self.manifest.recipe, self.manifest.counts
        return {
            "made": self.made,
            "program": self.program,
            "questions_file": self.questions_file,
            "archive": {"title": recipe.blog.title, "build": self.manifest.id, "model": recipe.model}
            | counts.model_dump(),
            "ways": [asdict(one) for one in self.ways],
            "shown": asdict(self.shown),
            "cuts": [asdict(one) for one in self.cuts],
            "kinds": [asdict(one) for one in self.kinds],
            "latency_ms": asdict(self.latency),
            "remarks": list(self.remarks),
            "left_out": self.left_out,
            "questions": [_asked_to_json(one) for one in self.asked],
        }


def evaluate(
    questions_file: Path, off_topic: Sequence[Path], library: Library, encoder: Encoder, watcher: Watcher
) -> Evaluation:
    """Run labelled and off-topic questions through the program's own way and measure what comes of them.

    Raises EvaluationError when a file cannot be used, or when no question has a place in the archive.
    """
    labelled = read_questions(questions_file)
    refusable = [Question(text, path.name, line=0) for path in off_topic for text in read_off_topic(path)]
    questions, remarks = match(labelled, Places(library), questions_file)

    asked = ask_all([*questions, *refusable], library, encoder, watcher)

    watcher.stage("Measuring")
    answerable = [one for one in asked if one.question.group == ANSWERABLE]
    relevant = [one.question.relevant for one in answerable]
    rankings = {name: [one.found.get(name, ()) for one in answerable] for name in WAYS}
    return Evaluation(
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        program=f"askedbefore {__version__}",
        questions_file=questions_file.name,
        manifest=library.manifest,
        asked=tuple(asked),
        remarks=tuple(remarks),
        left_out=len(labelled) - len(questions),
        ways=compare_ways(relevant, rankings, BASELINE),
        shown=estimate([one.shows_right for one in answerable]),
        cuts=_cuts(asked, library),
        kinds=_kinds(answerable),
        latency=_latency(asked),
    )


def match(labelled: Sequence[Labelled], places: Places, path: Path) -> tuple[list[Question], list[str]]:
    """Return the questions with the units at their places, and what to say of labels that match nothing.

    A question whose labels all match nothing is left out. Raises EvaluationError when no question has a place.
    """
    questions, remarks = [], []
    for one in labelled:
        found = {label: places.units(label) for label in one.places}
        lost = [label for label, units in found.items() if not units]
        units: frozenset[str] = frozenset().union(*found.values())
        remarks += [f"{path}, line {one.line}: {label} is no place of this archive." for label in lost]
        if units or not one.places:
            group = ANSWERABLE if units else UNANSWERABLE
            questions.append(Question(one.text, group, units, one.line, one.kind, one.before))
    if not any(question.relevant for question in questions):
        raise EvaluationError(
            f"No question of {path} has a place in this archive, so there is nothing to measure. "
            "Copy the links from the blog that the index was made of.\n" + "\n".join(f"  {one}" for one in remarks[:3])
        )
    return questions, remarks


def margins_of(asked: Sequence[Asked], group: str) -> Values:
    """Return the margins of a group of questions; where nothing at all was found it is under every line."""
    return np.array([-np.inf if one.margin is None else one.margin for one in asked if one.question.group == group])


def _cuts(asked: Sequence[Asked], library: Library) -> tuple[Cut, ...]:
    """Return what the program's two lines do, and what a line would do that keeps enough of the answerable ones.

    Of the program's own lines the answers themselves are counted, not the margins.
    """
    groups = dict.fromkeys(one.question.group for one in asked)
    margins = {group: margins_of(asked, group) for group in groups}
    shares = {
        group: np.mean(
            [
                (one.answer.outcome is Outcome.PASSAGES, one.answer.outcome is Outcome.PASSAGES and one.answer.certain)
                for one in asked
                if one.question.group == group
            ],
            axis=0,
        ).tolist()
        for group in groups
    }
    measured, others = library.measured, [group for group in groups if group != ANSWERABLE]
    own = [
        Cut(name, line, shares[ANSWERABLE][place], {group: 1 - shares[group][place] for group in others})
        for place, (name, line) in enumerate(
            (("shown at all", measured.line), ("shown without “perhaps”", measured.certain))
        )
    ]
    good = line_that_keeps(ENOUGH_KEPT, margins[ANSWERABLE])
    rest = {group: margins[group] for group in others}
    return (*own, cut_at(f"a line that keeps {ENOUGH_KEPT:.0%}", good, margins[ANSWERABLE], rest))


def _kinds(answerable: Sequence[Asked]) -> tuple[KindFigures, ...]:
    """Return the figures of each kind of question, the most frequent kind first; none when no question has a kind."""
    kinds: dict[str, list[Asked]] = {}
    for one in answerable:
        kinds.setdefault(one.question.kind or "other", []).append(one)
    if {*kinds} == {"other"}:
        return ()
    return tuple(
        KindFigures(
            kind,
            len(some),
            float(np.mean([rank(one) == 1 for one in some])),
            float(np.mean([(rank(one) or 6) <= 5 for one in some])),
            float(np.mean([one.shows_right for one in some])),
            float(np.mean([one.answer.outcome is Outcome.PASSAGES for one in some])),
        )
        for kind, some in sorted(kinds.items(), key=lambda item: (-len(item[1]), item[0]))
    )


def rank(one: Asked, way: str = SHIPPED_WAY) -> int | None:
    """Return the place of the first right unit for a question in one way, from 1; None when it was not found."""
    return first_right(one.found.get(way, ()), one.question.relevant)


def _latency(asked: Sequence[Asked]) -> Latency:
    """Return how long answers take, and the encoder's part in them."""
    answers = np.percentile([one.answer.elapsed_ms for one in asked], (50, 95)).tolist()
    encoder = np.percentile([one.encoder_ms for one in asked], (50, 95)).tolist()
    return Latency(*answers, *encoder)


def _asked_to_json(one: Asked) -> dict[str, Any]:
    """Return the outcome of one question."""
    return {
        "question": one.question.text,
        "before": one.question.before,
        "group": one.question.group,
        "kind": one.question.kind,
        "line": one.question.line,
        "relevant": sorted(one.question.relevant),
        "outcome": one.answer.outcome.value,
        "certain": one.answer.certain,
        "margin": None if one.margin is None else round(one.margin, 4),
        "ranks": {way: rank(one, way) for way in one.found} if one.question.relevant else {},
        "found": list(one.found.get(SHIPPED_WAY, ())[:10]),
        "shown": [hit.passage.id for hit in one.answer.hits],
        "shows_right": one.shows_right,
        "elapsed_ms": round(one.answer.elapsed_ms, 1),
    }
