"""The measures: plain arithmetic on rankings, outcomes and times."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

import ir_measures
import numpy as np
from ir_measures import RR, Success, nDCG
from numpy.typing import NDArray
from scipy.stats import bootstrap

Values = NDArray[np.float64]

DEPTH = 20  # so far down the curve of what is found goes
MEASURES = {
    "hit@1": Success @ 1,
    "hit@3": Success @ 3,
    "hit@5": Success @ 5,
    "MRR@10": RR @ 10,
    "nDCG@10": nDCG @ 10,
}
_AT_EACH_DEPTH = [Success @ depth for depth in range(1, DEPTH + 1)]
_RESAMPLES, _AT_ONCE, _SEED = 5000, 200, 20260101


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over questions, and the range that holds it in 95 of 100 samples of as many questions."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class WayFigures:
    """How well one way finds: its measures, how far they lie over the baseline's, and the hits at each depth."""

    name: str
    measures: Mapping[str, Estimate]
    over_baseline: Mapping[str, Estimate]
    hits_by_depth: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """What a line does: the share of answerable questions that it keeps, and of each other group what it refuses."""

    name: str
    line: float
    kept: float
    refused: Mapping[str, float]


def compare_ways(
    relevant: Sequence[Set[str]], rankings: Mapping[str, Sequence[Sequence[str]]], baseline: str
) -> tuple[WayFigures, ...]:
    """Measure every way on the same questions; `rankings` holds for each way what it found for each question."""
    scored = {name: score(relevant, found) for name, found in rankings.items()}
    names, measures = list(scored), list(MEASURES)
    values = np.array([[scored[name][0][measure] for measure in measures] for name in names])
    differences = values - values[names.index(baseline)]
    means, overs = estimates_of(values), estimates_of(differences)
    return tuple(
        WayFigures(
            name,
            dict(zip(measures, means[place], strict=True)),
            dict(zip(measures, overs[place], strict=True)),
            scored[name][1],
        )
        for place, name in enumerate(names)
    )


def score(
    relevant: Sequence[Set[str]], rankings: Sequence[Sequence[str]]
) -> tuple[dict[str, Values], tuple[float, ...]]:
    """Return each measure's value for each question, and the share of questions with a hit at each depth.

    Source: ir-measures. What is handed over as score is the place itself, so that units of equal score stay in the
    order in which the program puts them.
    """
    judged = {str(number): dict.fromkeys(units, 1) for number, units in enumerate(relevant)}
    run = {
        str(number): {unit: float(-place) for place, unit in enumerate(ranking)}
        for number, ranking in enumerate(rankings)
    }
    values = {measure: np.zeros(len(relevant)) for measure in (*MEASURES.values(), *_AT_EACH_DEPTH)}
    for one in ir_measures.iter_calc(list(values), judged, run):
        values[one.measure][int(one.query_id)] = one.value
    named = {name: values[measure] for name, measure in MEASURES.items()}
    return named, tuple(float(values[measure].mean()) for measure in _AT_EACH_DEPTH)


def estimates_of(values: Values) -> NDArray[np.object_]:
    """Return the means of the last axis as Estimates, by bootstrap over the questions that stand along it.

    Source: scipy, `scipy.stats.bootstrap`, percentile method. One question alone has no range but itself.
    """
    means = values.mean(axis=-1)
    low = high = means
    if values.shape[-1] > 1:
        spread = bootstrap(
            (values,),
            np.mean,
            axis=-1,
            n_resamples=_RESAMPLES,
            batch=_AT_ONCE,
            method="percentile",
            rng=np.random.default_rng(_SEED),
        ).confidence_interval
        low, high = spread.low, spread.high
    estimates = np.empty(means.shape, dtype=object)
    for place in np.ndindex(means.shape):
        estimates[place] = Estimate(float(means[place]), float(np.asarray(low)[place]), float(np.asarray(high)[place]))
    return estimates


def estimate(values: Sequence[float]) -> Estimate:
    """Return the mean of values with its range."""
    (only,) = estimates_of(np.array([values], dtype=float))
    return Estimate(only.value, only.low, only.high)


def first_right(ranking: Sequence[str], relevant: Set[str]) -> int | None:
    """Return the place of the first right unit, from 1; None when there is none."""
    return next((place for place, unit in enumerate(ranking, start=1) if unit in relevant), None)


def cut_at(name: str, line: float, answerable: Values, others: Mapping[str, Values]) -> Cut:
    """Return what a line does; margins of the line itself are kept."""
    refused = {group: float((margins < line).mean()) for group, margins in others.items()}
    return Cut(name, line, float((answerable >= line).mean()), refused)


def line_that_keeps(share: float, answerable: Values) -> float:
    """Return the highest line that keeps at least so large a share of the answerable questions."""
    highest_first = np.sort(answerable)[::-1]
    return float(highest_first[int(np.ceil(share * len(answerable))) - 1])


def all_cuts(answerable: Values, refusable: Values) -> tuple[Values, Values]:
    """Return the shares kept and refused at every line that makes a difference, the lowest line first."""
    lines = np.append(np.unique(np.concatenate([answerable, refusable])), np.inf)
    kept = (answerable[:, None] >= lines).mean(axis=0)
    refused = (refusable[:, None] < lines).mean(axis=0)
    return kept, refused
