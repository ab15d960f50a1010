"""The report as one HTML page that opens without network; whatever comes from the archive is escaped."""

from collections import Counter
from functools import cache
from importlib.resources import files

import jinja2

from askedbefore.counting import count
from askedbefore.reading.harvest import Source
from askedbefore.records import Kind, Voice
from askedbefore.report import Came, Report, by_reason

_MOST_PLACES = 200  # that are named for one reason
_KINDS = {
    Kind.POST: "from posts",
    Kind.REPLY: "from replies",
    Kind.LETTER: "from readers' letters",
    Kind.COMMENT: "from comments without a reply",
}


def report_page(report: Report) -> str:
    """Return the report as HTML."""
    changes = report.changes
    return _template().render(
        report=report,
        is_dry=report.came is Came.DRY_RUN,
        archive=report.archive,
        sources=_by_kind(report.archive.sources),
        left_out=by_reason(report.archive.left_out),
        united=by_reason(report.archive.united),
        most_places=_MOST_PLACES,
        shown=sum(report.shown.values()),
        by_author=report.shown_by(Voice.AUTHOR),
        by_readers=report.shown_by(Voice.READER),
        kinds=[(name, sum(report.shown.get((kind, voice), 0) for voice in Voice)) for kind, name in _KINDS.items()],
        changes=(("New", changes.new), ("Edited", changes.edited), ("Gone", changes.gone)),
    )


def _by_kind(sources: tuple[Source, ...]) -> list[Source]:
    """Return the sources by kind, as they were read otherwise."""
    kinds = Counter(source.kind for source in sources)
    return sorted(sources, key=lambda one: (-kinds[one.kind], one.kind))


@cache
def _template() -> jinja2.Template:
    """Return the page's template."""
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"counted": count, "thousands": "{:,}".format}
    return environment.from_string(files(__package__).joinpath("page.html").read_text(encoding="utf-8"))
