"""What a rebuild tells the author: what came in, what stayed out and why, what changed, what to do next."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from askedbefore.changes import Changes
from askedbefore.reading.harvest import Archive, LeftOut
from askedbefore.storage.layout import Counts


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a rebuild. `unchanged` says that the live build already was what would have been made."""

    archive: Archive
    changes: Changes
    counts: Counts
    embedded: int
    index: Path
    build: str
    seconds: float
    unchanged: bool = False
    remarks: tuple[str, ...] = ()


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: 1 post, 2 posts, 1,200 replies."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def describe(report: Report, verbose: bool = False) -> Iterator[str]:
    """Yield the report line by line, as plain text; `verbose` names each thing that was left out."""
    yield "What was read"
    for source in report.archive.sources:
        yield f"  {source.name}: {source.kind}, {count(source.posts, 'post')}, {count(source.comments, 'comment')}"
    counts = report.counts
    yield (
        f"  taken in: {count(counts.posts, 'post')} and {count(counts.comments, 'comment')}, "
        f"{count(counts.replies, 'of them a reply', 'of them replies')} by the author"
    )
    yield from _left_out(report.archive.left_out, verbose)
    if remarks := (*report.archive.guesses, *report.archive.notes, *report.remarks):
        yield "Please look at this"
        yield from (f"  {remark}" for remark in remarks)
    yield "What changed"
    changes = report.changes
    for name, slugs in (("new", changes.new), ("edited", changes.edited), ("gone", changes.gone)):
        yield f"  {name}: {count(len(slugs), 'post')}" + (f" ({', '.join(slugs)})" if slugs and verbose else "")
    yield f"  same: {count(len(changes.same), 'post')}"
    yield "The index"
    if report.unchanged:
        yield f"  Nothing has changed since it was made, so it stays as it is: {count(counts.passages, 'passage')}."
    else:
        passages = count(counts.passages, "passage")
        yield f"  {passages}, {report.embedded:,} of them newly embedded, in {report.seconds:.1f} s"
    yield f"  {report.index}, build {report.build}"
    yield "What to do next"
    yield '  askedbefore ask "a question"   to try it here'
    yield "  askedbefore serve              to open the page for readers; one that runs takes the new index by itself"


def _left_out(left_out: tuple[LeftOut, ...], verbose: bool) -> Iterator[str]:
    """Yield what was left out: by reason and count, or one by one."""
    if not left_out:
        return
    yield "What was left out, and why"
    for reason, number in sorted(Counter(item.reason for item in left_out).items()):
        yield f"  {number:,} × {reason}"
        if verbose:
            yield from (f"      {item.place}" for item in left_out if item.reason == reason)
    if not verbose:
        yield "  (--verbose names each one)"
