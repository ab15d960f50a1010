"""The report: one HTML file with everything in it, which opens without network."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import jinja2

from askedbefore.counting import count
from askedbefore.errors import EvaluationError
from askedbefore.evaluation.asking import BASELINE, SHIPPED_WAY, WAYS, Asked
from askedbefore.evaluation.evaluate import ANSWERABLE, Evaluation, margins_of, rank
from askedbefore.evaluation.measuring import MEASURES, Estimate
from askedbefore.evaluation.plots import plot_cuts, plot_hits_by_depth, plot_margins
from askedbefore.records import Hit, Outcome, Passage
from askedbefore.storage.library import Library

MOST_MISSES = 20
RIVALS = ("words only", BASELINE, "words and vectors")
_OURS = '<meta name="generator" content="askedbefore evaluate">'
_QUOTED = 200  # characters


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the archive as the report names it."""

    title: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Miss:
    """A question whose right place did not come first: where it came, what it is, and what was found instead."""

    asked: Asked
    rank: int | None
    expected: tuple[Place, ...]
    found: Place | None
    quote: str


def check_target(path: Path) -> None:
    """Raise EvaluationError when a report cannot be written there, or when something else would be lost by it."""
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise EvaluationError(f"The report cannot be written to {path}. Name a file in a folder that exists: --out")
    try:
        if path.exists() and _OURS not in path.read_text(encoding="utf-8", errors="replace")[:1000]:
            raise EvaluationError(
                f"{path} is there already and is no report of an evaluation. Name another file: --out"
            )
    except OSError as error:
        raise EvaluationError(f"{path} cannot be read ({error.strerror}). Name another file: --out") from error


def write_report(path: Path, evaluation: Evaluation, library: Library) -> None:
    """Write the report. Raises EvaluationError when it cannot be written."""
    try:
        path.write_text(render(evaluation, library), encoding="utf-8")
    except OSError as error:
        raise EvaluationError(f"The report cannot be written to {path} ({error.strerror}). Use --out") from error


def render(evaluation: Evaluation, library: Library) -> str:
    """Return the report as HTML. Everything but the plots is escaped by the template."""
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "share": _share,
        "estimate": _estimate,
        "difference": _difference,
        "ms": "{:.1f}".format,
        "counted": count,
    }
    template = environment.from_string(files(__package__).joinpath("report.html").read_text(encoding="utf-8"))
    margins = {group: margins_of(evaluation.asked, group) for group in (ANSWERABLE, *evaluation.groups)}
    others = {group: margins[group] for group in evaluation.groups}
    shown, certain = evaluation.cuts[:2]
    misses = sorted((one for one in evaluation.answerable if rank(one) != 1), key=_badness)
    return template.render(
        ours=_OURS,
        evaluation=evaluation,
        manifest=evaluation.manifest,
        measures=list(MEASURES),
        baseline=BASELINE,
        shipped=SHIPPED_WAY,
        ways=list(WAYS),
        rank=rank,
        quote=_quote,
        place=_place,
        plot_depth=plot_hits_by_depth(evaluation.ways, SHIPPED_WAY, RIVALS),
        plot_margins=plot_margins(margins, shown.line, certain.line),
        plot_cuts=plot_cuts(margins[ANSWERABLE], others, (shown, certain)) if others else None,
        missed=len(misses),
        misses=[_miss(one, library) for one in misses[:MOST_MISSES]],
        refused=[_miss(one, library) for one in evaluation.answerable if one.answer.outcome is not Outcome.PASSAGES],
        let_through=_let_through(evaluation)[:MOST_MISSES],
        let_through_count=len(_let_through(evaluation)),
    )


def _badness(one: Asked) -> tuple[int, float]:
    """Return what the worst miss has the least of: what was not found first, and of like rank what seemed surest."""
    return (-(rank(one) or 10**6), -(one.margin or 0.0))


def _miss(one: Asked, library: Library) -> Miss:
    """Return what the report says of a miss."""
    rows = [library.rows_of(number) for number in library.units_named(one.question.relevant)]
    passages = [library.passages(some)[some[0]][0] for some in rows]
    expected = tuple(dict.fromkeys(_place(passage) for passage in passages))
    return Miss(one, rank(one), expected, _place(one.nearest.passage) if one.nearest else None, _quote(one.nearest))


def _let_through(evaluation: Evaluation) -> list[Asked]:
    """Return the questions without a right place that were answered, the surest first."""
    answered = (one for one in evaluation.asked if one.answer.outcome is Outcome.PASSAGES)
    wrongly = [one for one in answered if one.question.group != ANSWERABLE]
    return sorted(wrongly, key=lambda one: -(one.margin or 0.0))


def _place(passage: Passage) -> Place:
    """Return the place of a passage: a comment, or the whole of a post's text."""
    url = passage.url.partition(":~:")[0].rstrip("#") if passage.url else None
    title = f"{passage.title}, comment {passage.comment}" if passage.comment else passage.title
    return Place(title, url if url and urlsplit(url).scheme in ("http", "https") else None)


def _quote(hit: Hit | None) -> str:
    """Return the beginning of a quote."""
    if hit is None:
        return ""
    return hit.quote if len(hit.quote) <= _QUOTED else hit.quote[:_QUOTED].rsplit(" ", 1)[0] + " …"


def _share(value: float) -> str:
    """Return a share with three digits and without its zero: .648."""
    return f"{value:.3f}".removeprefix("0")


def _estimate(one: Estimate) -> str:
    """Return a share with its range."""
    return f"{_share(one.value)} ({_share(one.low)}–{_share(one.high)})"


def _difference(one: Estimate) -> str:
    """Return a difference with its range."""
    value, low, high = (f"{number:+.3f}".replace("0.", ".", 1).replace("-", "−") for number in _three(one))
    return f"{value} ({low} to {high})"


def _three(one: Estimate) -> Iterable[float]:
    """Return the numbers of an estimate."""
    return (one.value, one.low, one.high)
