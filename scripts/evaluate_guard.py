r"""Measure what the guard hears and what it takes for a cry and is none, and list every miss and false alarm.

usage: python scripts/evaluate_guard.py SET… [--without-model | --server URL] [--json]

A SET is a file between tabs: tier, kind, person, source, text (tests/data/guard/), or label, text, source. In a text,
\n is a line end. Recall of acute: the acute rows that are taken for acute. Of both: the acute and concern rows that
are taken for either. False alarms: rows of no cry that are taken for either. With --server each row is asked of a
running server (`askedbefore serve --per-minute 0`) instead, as a reader would ask it.
"""

import argparse
import csv
import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import httpx

from askedbefore.embedding import Encoder, SentenceTransformerEncoder
from askedbefore.guard import NOTHING, Finding, Kind, Tier, assess
from askedbefore.guard.encoding import fitting
from askedbefore.remembering import Remembering

ORDINARY = "ordinary"

Listen = Callable[[str], Finding]


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence or letter of a set, what it is, and what the guard took it for."""

    tier: Tier
    kind: str
    text: str
    found: Finding


def main() -> None:
    """Read the sets, assess each row, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path, metavar="SET")
    parser.add_argument("--without-model", action="store_true", help="by phrases, words and letters alone")
    parser.add_argument("--server", metavar="URL", help="ask a running server, such as http://127.0.0.1:7860")
    parser.add_argument("--json", action="store_true", help="print all figures as JSON")
    options = parser.parse_args()
    encoder = None if options.without_model or options.server else SentenceTransformerEncoder()
    listen = listening_over_http(options.server) if options.server else listening(encoder)
    for path in options.sets:
        rows = assess_set(path, listen)
        found = figures(rows) | ({"latency": latency(rows, encoder)} if encoder else {})
        if options.json:
            print(json.dumps({"set": str(path), **found}, ensure_ascii=False, indent=1))
        else:
            print_figures(path, found, rows)


def listening(encoder: Encoder | None) -> Listen:
    """Return the guard itself."""
    encode = fitting(encoder)
    return lambda text: assess(text, encode)


def listening_over_http(url: str) -> Listen:
    """Return what asks a server, and reads from its answer what the guard took the question for."""
    client = httpx.Client(base_url=url, timeout=60)

    def listen(text: str) -> Finding:
        """Ask; also an answer that refuses the question, as too long, carries the guard's word."""
        support = client.post("/api/ask", json={"question": text}).json()["support"]
        return Finding(Tier(support["tier"]), Kind(support["kind"])) if support else NOTHING

    return listen


def assess_set(path: Path, listen: Listen) -> list[Row]:
    """Return the rows of a set with what the guard takes them for."""
    rows = []
    with path.open(encoding="utf-8", newline="") as file:
        for cells in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if cells[0] in {"tier", "label"}:
                continue
            tier, kind, text = (cells[0], cells[1], cells[4]) if len(cells) > 3 else (cells[0], "", cells[1])
            text = text.replace("\\n", "\n")
            rows.append(Row(Tier(tier), kind, text, listen(text)))
    return rows


def figures(rows: Sequence[Row]) -> dict[str, Any]:
    """Return the four shares with their counts, those per kind, and the rows that are taken for what they are not."""
    acute = [row for row in rows if row.tier is Tier.ACUTE]
    cries = [row for row in rows if row.tier is not Tier.NONE]
    ordinary = [row for row in rows if row.tier is Tier.NONE and row.kind == ORDINARY]
    hard = [row for row in rows if row.tier is Tier.NONE and row.kind != ORDINARY]
    groups = sorted({(row.tier.value, row.kind) for row in rows})
    return {
        "recall of acute": share(acute, [row for row in acute if row.found.tier is Tier.ACUTE]),
        "recall of acute and concern": share(cries, [row for row in cries if row.found]),
        "false alarms, ordinary": share(ordinary, [row for row in ordinary if row.found]),
        "false alarms, hard": share(hard, [row for row in hard if row.found]),
        "by tier and kind": {
            f"{tier} {kind}".strip(): dict(
                Counter(row.found.tier.value for row in rows if (row.tier.value, row.kind) == (tier, kind))
            )
            for tier, kind in groups
        },
        "right kind": share(
            [row for row in cries if row.found and row.kind],
            [row for row in cries if row.found.kind and row.found.kind.value == row.kind],
        ),
    }


def share(all_of: Sequence[Row], some: Sequence[Row]) -> dict[str, Any]:
    """Return how many of all some are; the share is None of nothing."""
    return {"share": round(len(some) / len(all_of), 4) if all_of else None, "of": len(all_of), "are": len(some)}


def latency(rows: Sequence[Row], encoder: Encoder) -> dict[str, float]:
    """Return medians in milliseconds: of the guard, of encoding alone, and of what the guard adds to encoding.

    As in an answer, a question's vector is encoded once, by the guard or after it. Rows are what a reader can ask.
    """
    texts = [row.text for row in rows if len(row.text) <= 1000]
    guard, alone, added = [], [], []
    for text in texts:
        begun = time.perf_counter()
        encoder.encode_questions([text])
        alone.append(time.perf_counter() - begun)
        remembering = Remembering(encoder)
        begun = time.perf_counter()
        assess(text, fitting(remembering))
        guard.append(time.perf_counter() - begun)
        remembering.encode_questions([text])
        added.append(time.perf_counter() - begun - alone[-1])
    return {
        name: round(1000 * median(taken), 2)
        for name, taken in (("guard", guard), ("encoding", alone), ("added", added))
    }


def print_figures(path: Path, found: dict[str, Any], rows: Sequence[Row]) -> None:
    """Print figures, then every miss and false alarm."""
    print(f"\n{path}: {len(rows)} rows")
    for name, one in found.items():
        if "share" in one:
            print(f"  {name:30} {one['are']:4} of {one['of']:4}  {'' if one['share'] is None else one['share']}")
    for name, tiers in found["by tier and kind"].items():
        print(f"  {name:30}", ", ".join(f"{count} {tier}" for tier, count in sorted(tiers.items())))
    if "latency" in found:
        print("  median ms:", ", ".join(f"{name} {taken}" for name, taken in found["latency"].items()))
    for row in rows:
        is_missed = row.tier is not Tier.NONE and (
            not row.found or (row.tier is Tier.ACUTE and row.found.tier is not row.tier)
        )
        if is_missed or (row.tier is Tier.NONE and row.found):
            kind = row.found.kind.value if row.found.kind else ""
            print(f"  {row.tier.value} {row.kind} -> {row.found.tier.value} {kind}: {row.text!r}")


if __name__ == "__main__":
    main()
