"""What a rebuild tells the author: what came in, what stayed out and why, what was guessed, what changed.

`text` says it in the terminal, `page` as HTML, `Report.to_json` for programs. Whatever is private is counted in all of
them, and quoted in none.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from askedbefore.changes import Changes
from askedbefore.reading.harvest import Archive, LeftOut, Source
from askedbefore.records import Kind, Passage, Voice
from askedbefore.storage.layout import Counts


class Came(StrEnum):
    """What came of a rebuild."""

    BUILT = "built"
    UNCHANGED = "unchanged"
    DRY_RUN = "dry_run"


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a rebuild; unchanged says that the live build already was what would have been made.

    `shown` counts the passages that readers can be shown, by kind and voice. `embedded` is how many passages had a new
    text. `build` is None and nothing was embedded in a dry run; `would_stop` is why a rebuild would then stop.
    """

    came: Came
    archive: Archive
    changes: Changes
    counts: Counts
    shown: Mapping[tuple[Kind, Voice], int]
    embedded: int
    index: Path
    build: str | None
    seconds: float
    remarks: tuple[str, ...] = ()
    would_stop: str | None = None

    @property
    def unchanged(self) -> bool:
        """Say whether the live build stays as it is."""
        return self.came is Came.UNCHANGED

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return all that the author should look at, but for guesses."""
        return (*self.archive.notes, *self.remarks)

    def shown_by(self, voice: Voice) -> int:
        """Return how many of the shown passages a voice speaks."""
        return sum(number for (_, speaker), number in self.shown.items() if speaker is voice)

    def to_json(self) -> dict[str, Any]:
        """Return the report in its public JSON form."""
        return {
            "outcome": self.came.value,
            "would_stop": self.would_stop,
            "blog": {"title": self.archive.title, "url": self.archive.url, "authors": list(self.archive.authors)},
            "sources": [_source_to_json(source) for source in self.archive.sources],
            "taken_in": {
                **self.counts.model_dump(exclude={"sentences"}),
                "shown": sum(self.shown.values()),
                "voices": {voice.value: self.shown_by(voice) for voice in Voice},
                "kinds": {kind.value: sum(self.shown.get((kind, voice), 0) for voice in Voice) for kind in Kind},
            },
            "united": _left_out_to_json(self.archive.united),
            "left_out": _left_out_to_json(self.archive.left_out),
            "guesses": list(self.archive.guesses),
            "warnings": list(self.warnings),
            "changes": {
                "new": list(self.changes.new),
                "edited": list(self.changes.edited),
                "gone": list(self.changes.gone),
                "same": len(self.changes.same),
                "read_anew": len(self.changes.reread),
            },
            "index": {"folder": str(self.index), "build": self.build, "embedded": self.embedded},
            "seconds": round(self.seconds, 2),
        }


def count_shown(passages: Iterable[Passage]) -> Counter[tuple[Kind, Voice]]:
    """Count the passages that readers can be shown, by kind and voice."""
    return Counter((passage.kind, passage.voice) for passage in passages if passage.shown)


def by_reason(left_out: Iterable[LeftOut]) -> dict[str, list[str]]:
    """Return the places that were left out by reason, in the order of the reasons."""
    places: dict[str, list[str]] = {}
    for item in left_out:
        places.setdefault(item.reason, []).append(item.place)
    return dict(sorted(places.items()))


def _left_out_to_json(left_out: Iterable[LeftOut]) -> list[dict[str, Any]]:
    """Return what was not taken in the public JSON form."""
    return [
        {"reason": reason, "count": len(places), "places": places} for reason, places in by_reason(left_out).items()
    ]


def _source_to_json(source: Source) -> dict[str, Any]:
    """Return what one source gave in the public JSON form."""
    return {
        "name": source.name,
        "kind": source.kind,
        "posts": source.posts,
        "comments": source.comments,
        "replies": source.replies,
        "voices": dict(source.voices),
        "left_out": {reason: len(places) for reason, places in by_reason(source.left_out).items()},
        "guesses": list(source.guesses),
        "warnings": list(source.notes),
    }
