"""The report in the terminal."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from askedbefore.counting import count
from askedbefore.reading.harvest import LeftOut, Source
from askedbefore.report import Came, Report, by_reason
from askedbefore.storage.layout import REPORT, builds_folder

_MOST_SOURCES = 12  # of one kind that are named one by one


def describe(report: Report, verbose: bool = False) -> Iterator[str]:
    """Yield the report line by line, as plain text; `verbose` names each thing that was left out."""
    yield "What was read"
    yield from _sources(report.archive.sources, verbose)
    counts = report.counts
    yield (
        f"  taken in: {count(counts.posts, 'post')} and {count(counts.comments, 'comment')}, "
        f"{count(counts.replies, 'of them a reply', 'of them replies')} by the author"
    )
    yield from _by_reason("What several files have, and is taken once", report.archive.united, verbose)
    yield from _by_reason("What was left out, and why", report.archive.left_out, verbose)
    if report.archive.guesses:
        yield "What was guessed"
        yield from (f"  {guess}" for guess in report.archive.guesses)
    if report.warnings:
        yield "Please look at this"
        yield from (f"  {remark}" for remark in report.warnings)
    yield "What changed" if report.came is not Came.DRY_RUN else "What would change"
    changes = report.changes
    for name, slugs in (("new", changes.new), ("edited", changes.edited), ("gone", changes.gone)):
        yield f"  {name}: {count(len(slugs), 'post')}" + (f" ({', '.join(slugs)})" if slugs and verbose else "")
    yield f"  same: {count(len(changes.same), 'post')}"
    if changes.reread:
        yield f"  read anew by this version: {count(len(changes.reread), 'post')}"
    yield from _on_index(report)


def _on_index(report: Report) -> Iterator[str]:
    """Yield what became of the index, and what to do next."""
    passages = count(report.counts.passages, "passage")
    yield "The index"
    if report.came is Came.DRY_RUN:
        yield f"  Nothing was embedded or written. A rebuild would make {passages}."
        if report.would_stop:
            yield f"  It would stop: {report.would_stop}"
        return
    if report.unchanged:
        yield f"  Nothing has changed since it was made, so it stays as it is: {passages}."
    else:
        yield f"  {passages}, {report.embedded:,} of them newly embedded, in {report.seconds:.1f} s"
    yield f"  {report.index}, build {report.build}"
    yield f"  this report as a page: {builds_folder(report.index) / str(report.build) / REPORT}"
    yield "What to do next"
    yield '  askedbefore ask "a question"   to try it here'
    yield "  askedbefore serve              to open the page for readers; one that runs takes the new index by itself"


def _sources(sources: Sequence[Source], verbose: bool) -> Iterator[str]:
    """Yield what each source gave; of many of one kind, only all together."""
    for kind, group in groupby(sorted(sources, key=lambda one: one.kind), key=lambda one: one.kind):
        members = list(group)
        if verbose or len(members) <= _MOST_SOURCES:
            for one in members:
                yield f"  {one.name}: {kind}, {count(one.posts, 'post')}, {count(one.comments, 'comment')}"
        else:
            posts, comments = sum(one.posts for one in members), sum(one.comments for one in members)
            yield f"  {len(members):,} files: {kind}, {count(posts, 'post')}, {count(comments, 'comment')}"


def _by_reason(title: str, left_out: tuple[LeftOut, ...], verbose: bool) -> Iterator[str]:
    """Yield what was not taken, by reason and count, or one by one."""
    if not left_out:
        return
    yield title
    for reason, places in by_reason(left_out).items():
        yield f"  {len(places):,} × {reason}"
        if verbose:
            yield from (f"      {place}" for place in places)
    if not verbose:
        yield "  (--verbose names each one)"
