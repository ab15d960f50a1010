"""A fetch told to a person: what there is, what came, changed and went, what was closed, where the file is."""

from collections.abc import Iterator

from askedbefore.fetching.discovering import instead
from askedbefore.fetching.feeds import FeedsReport
from askedbefore.fetching.fetch import FetchReport

NAMES = {"post": "post", "page": "page", "comment": "comment"}
NEXT = "Next: askedbefore rebuild"


def describe_fetch(report: FetchReport) -> Iterator[str]:
    """Yield the lines of a report; details begin with spaces."""
    counts = dict(report.counts)
    name = report.site.name or report.site.home
    had = ", ".join(_number(counts.get(kind, 0), kind) for kind in NAMES)
    yield f"Fetched {name}: {had}."
    if report.was_there:
        for kind in NAMES:
            parts = [(report.new[kind], "new"), (report.edited[kind], "edited"), (report.gone[kind], "gone")]
            said = ", ".join(f"{number:,} {what}" for number, what in parts if number)
            yield f"  {kind}s: {said or 'as they were'}"
    if report.protected:
        yield f"  {_number(report.protected, 'password-protected post')} left out: only where it stands is kept."
    for collection, answer in report.closed.items():
        yield f"  The {collection} could not be read: {answer}."
    if "comments" in report.closed:
        yield f"  Without comments the author's replies are missing. {instead(report.site.home)}"
    yield f"  The file: {report.path}"
    yield NEXT


def describe_feeds(report: FeedsReport) -> Iterator[str]:
    """Yield the lines of a report on feeds."""
    yield (
        f"Fetched the feeds of {report.home}: {_number(report.posts, 'post')}, {_number(report.comments, 'comment')}."
    )
    if report.kept:
        yield (
            f"  {_number(report.kept, 'post or comment', 'posts and comments')} of an earlier fetch stay in the file: "
            "feeds hold the latest only. Should one have been taken off the blog, delete the file and fetch again."
        )
    if report.gone:
        gone = _number(report.gone, "post or comment", "posts and comments")
        yield f"  {gone} that the blog has no more went from the file."
    yield "  Feeds hold the latest only. For all of the blog, export it: Tools > Export > All content."
    yield f"  The file: {report.path}"
    yield NEXT


def _number(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
