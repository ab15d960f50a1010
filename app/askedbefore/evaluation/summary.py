"""What an evaluation says in the terminal: the short of it."""

from collections.abc import Iterator

from askedbefore.counting import count
from askedbefore.evaluation.asking import BASELINE, SHIPPED_WAY
from askedbefore.evaluation.evaluate import Evaluation
from askedbefore.evaluation.measuring import MEASURES

_MOST_REMARKS = 10


def describe_evaluation(evaluation: Evaluation) -> Iterator[str]:
    """Yield the short of it line by line, as plain text."""
    yield from _remarks(evaluation)
    counts = evaluation.manifest.counts
    yield f"Finding, of {count(len(evaluation.answerable), 'question')} in {count(counts.passages, 'passage')}"
    yield f"  {'':<20}" + "".join(f"{name:>9}" for name in MEASURES)
    for way in evaluation.ways:
        yield f"  {way.name:<20}" + "".join(f"{way.measures[name].value:9.3f}" for name in MEASURES)
    shipped = next(way for way in evaluation.ways if way.name == SHIPPED_WAY)
    for name in ("hit@1", "hit@5"):
        over = shipped.over_baseline[name]
        yield f"  {SHIPPED_WAY} over {BASELINE}, {name}: {over.value:+.3f} (95%: {over.low:+.3f} to {over.high:+.3f})"
    shown = evaluation.shown
    yield f"  a right passage among those shown: {shown.value:.3f} (95%: {shown.low:.3f} to {shown.high:.3f})"
    yield "Knowing when there is none"
    sizes = {name: sum(one.question.group == name for one in evaluation.asked) for name in evaluation.groups}
    for cut in evaluation.cuts:
        refused = "".join(f", refused {cut.refused[name]:.3f} of {name} ({sizes[name]})" for name in sizes)
        yield f"  {cut.name} (margin {cut.line:.2f}): answerable kept {cut.kept:.3f}{refused}"
    latency = evaluation.latency
    ratio = latency.answer_p50 / latency.encoder_p50
    yield "Latency"
    yield (
        f"  an answer {latency.answer_p50:.0f} ms, 95% under {latency.answer_p95:.0f} ms: "
        f"{ratio:.2f} times the encoder alone ({latency.encoder_p50:.0f} and {latency.encoder_p95:.0f} ms)"
    )


def _remarks(evaluation: Evaluation) -> Iterator[str]:
    """Yield which labels match nothing, and what came of it."""
    if not evaluation.remarks:
        return
    yield "Please look at this"
    yield from (f"  {remark}" for remark in evaluation.remarks[:_MOST_REMARKS])
    if (more := len(evaluation.remarks) - _MOST_REMARKS) > 0:
        yield f"  … and {more:,} more; the report names them all"
    if evaluation.left_out:
        yield f"  {count(evaluation.left_out, 'question')} left out, for want of a place"
