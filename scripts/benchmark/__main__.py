"""Measure what the program costs against a baseline in the same run, and write the table and the plot.

usage: python -m scripts.benchmark [PART ...] [--posts N] [--words N] [--comments N] [--passages N] [--index DIR]
                                   [--fake] [--write]

Run it from the top folder of the project. PART is one or more of rebuild, embed, ask, serve, help; these
without any. The part large, which must be asked for, invents a build of --passages (a million want 15 GB of
disk) and searches it.
The archive is invented (tests/synthetic.py) and the same each time. With --index an index that is there is measured,
and nothing is rebuilt. With --fake an encoder that costs nothing takes the model's place at the rebuild, so that
everything else can be seen; only rebuild and help go with it. --write puts what was measured into docs/performance.md.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

import numpy as np

from askedbefore.embedding import SentenceTransformerEncoder
from askedbefore.settings import Paths
from askedbefore.storage.vectorindex import share_found
from scripts.benchmark.inventing import invent, real_texts
from scripts.benchmark.machine import ROOT, in_own_process, machine, seconds_of
from scripts.benchmark.plotting import plot_ratios
from scripts.benchmark.rebuilding import EDITED, FROM_NOTHING, Run, rebuilds, table
from scripts.benchmark.starting import baseline_once, serve_once

PARTS = ("rebuild", "embed", "ask", "serve", "help")
BY_REQUEST = ("large",)
ROUNDS = 3  # of what takes turns, so that a busy moment of the machine meets both; the quickest round counts
BEGIN, END = "<!-- measured -->", "<!-- end of measured -->"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what was measured against what, both as text, their ratio, and the ratio that is aimed at."""

    what: str
    against: str
    ours: str
    theirs: str
    ratio: float
    target: float
    more_is_better: bool = False

    @property
    def met(self) -> bool:
        """Say whether the target is met."""
        return self.ratio >= self.target if self.more_is_better else self.ratio <= self.target


def main() -> None:
    """Measure, print, and write if that was asked for."""
    options = _options()
    parts = options.parts or [part for part in PARTS if not options.fake or part in ("rebuild", "help")]
    figures: list[Figure] = []
    about = list(machine())
    runs: list[Run] = []
    with tempfile.TemporaryDirectory() as folder:
        paths = Paths(data=Path(folder, "data"), index=options.index or Path(folder, "index"))
        paths.data.mkdir()
        if options.index is None and set(parts) - {"help", *BY_REQUEST}:
            runs = rebuilds(paths, options.posts, options.words, options.comments, options.fake)
            about.insert(0, f"{options.posts:,} posts of {options.words} words with {options.comments} comments each")
            figures += _of_rebuilds(runs, options.posts)
        for part, measure in (("embed", _embed), ("ask", _ask), ("serve", _serve)):
            if part in parts:
                print(f"{part} …", file=sys.stderr, flush=True)
                figures += measure(paths.index)
        if set(parts) - {"help", *BY_REQUEST}:
            about.insert(0, _size(paths.index))
        if "large" in parts:
            print("large …", file=sys.stderr, flush=True)
            figures += _large(Path(folder, "large"), options.passages)
    if "help" in parts:
        figures += _help()
    report = [*about, "", *_table(figures), *(["", *table(runs)] if runs else [])]
    print("\n".join(report))
    if options.write:
        _write(report, figures)


def _options() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    known = (*PARTS, *BY_REQUEST)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"{', '.join(known)}; without any all but the last")
    parser.add_argument("--posts", type=int, default=1500)
    parser.add_argument("--words", type=int, default=120, help="words of a post")
    parser.add_argument("--comments", type=int, default=3, help="comments under a post, replies among them")
    parser.add_argument("--passages", type=int, default=1_000_000, help="of the part large")
    parser.add_argument("--index", type=Path, help="an index that is there")
    parser.add_argument("--fake", action="store_true", help="rebuild with an encoder that costs nothing")
    parser.add_argument("--write", action="store_true", help="into docs/performance.md")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(known):  # `choices` would refuse that there is none
        parser.error(f"There is no part {', '.join(sorted(unknown))}; there are {', '.join(known)}.")
    return options


def _size(index: Path) -> str:
    """Say how large the index is."""
    current = json.loads((index / "current.json").read_text(encoding="utf-8"))
    counts = json.loads((index / "builds" / current["build"] / "manifest.json").read_text(encoding="utf-8"))["counts"]
    return f"{counts['passages']:,} passages, {counts['sentences']:,} sentences"


def _of_rebuilds(runs: Sequence[Run], posts: int) -> Iterator[Figure]:
    """Yield what it costs when one post was edited."""
    seconds = {run.name: run.seconds for run in runs}
    edited, all_anew = seconds[EDITED], seconds[FROM_NOTHING]
    yield Figure(
        f"rebuild, 1 post of {posts:,} edited",
        "rebuild from nothing",
        f"{edited:.1f} s",
        f"{all_anew:.1f} s",
        edited / all_anew,
        0.02,
    )


def _embed(index: Path) -> Iterator[Figure]:
    """Yield how many passages a second are embedded."""
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as folder:
        made = [str(Path(folder, f"{way}.npy")) for way in ("onnx", "torch")]
        for _ in range(ROUNDS):
            ours.append(in_own_process("embedding", "onnx", str(index), made[0])["onnx"])
            theirs.append(max(in_own_process("embedding", "torch", str(index), made[1]).values()))
        cosines = (np.load(made[0]) * np.load(made[1])).sum(axis=1)
    yield Figure(
        f"passages embedded a second (least cosine with the original {cosines.min():.5f})",
        "SentenceTransformer.encode, its best batch size",
        f"{max(ours):.0f}",
        f"{max(theirs):.0f}",
        max(ours) / max(theirs),
        1.5,
        more_is_better=True,
    )


def _ask(index: Path) -> Iterator[Figure]:
    """Yield how long a question takes."""
    ours_by_round, plain_by_round = [], []
    for _ in range(ROUNDS):
        ours_by_round.append(in_own_process("asking", "ours", str(index)))
        plain_by_round.append(in_own_process("asking", "plain", str(index))["plain"])
    quickest = min(ours_by_round, key=lambda times: median(times["answer"]))
    answer, forward, plain = quickest["answer"], quickest["forward"], min(plain_by_round, key=median)
    for name, at, target in (("p50", 50, 1.5), ("p99", 99, 3.0)):
        ours, bare = _percentile(answer, at), _percentile(forward, at)
        yield Figure(
            f"a question, {name}",
            "the model's forward pass alone (ONNX)",
            f"{ours:.1f} ms",
            f"{bare:.1f} ms",
            ours / bare,
            target,
        )
    ours, theirs = median(answer), median(plain)
    against = "SentenceTransformer.encode + IndexFlatIP.search"
    yield Figure("a question, p50", against, f"{ours:.1f} ms", f"{theirs:.1f} ms", ours / theirs, 0.7)


def _serve(index: Path) -> Iterator[Figure]:
    """Yield how long a server takes to start, and what memory it holds."""
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(serve_once(index))
        theirs.append(baseline_once())
    against = "importing sentence-transformers and gradio, loading the model"
    for place, (name, unit, target) in enumerate(
        (("serve, to the first answer", "s", 0.4), ("serve, resident memory", "MiB", 0.6))
    ):
        one, other = min(pair[place] for pair in ours), min(pair[place] for pair in theirs)
        yield Figure(name, against, f"{one:.1f} {unit}", f"{other:.1f} {unit}", one / other, target)


def _large(folder: Path, number: int) -> Iterator[Figure]:
    """Yield what a search among very many passages costs, against looking at all of them."""
    encoder = SentenceTransformerEncoder()
    likeness = invent(folder, number, real_texts(encoder), encoder)
    near = f"nearest neighbour {likeness.nearest_drawn:.2f}, of real ones {likeness.nearest_real:.2f}"
    rounds = [
        (in_own_process("large", "ours", str(folder)), in_own_process("large", "flat", str(folder)))
        for _ in range(ROUNDS)
    ]
    of_ours, of_flat = rounds[0]
    recall = share_found([np.array(rows) for rows in of_ours["rows"]], [np.array(rows) for rows in of_flat["rows"]])
    flat_ms = min(median(theirs["nearest_ms"]) for _, theirs in rounds)
    for name, key in (
        (f"nearest of {number:,} passages, p50 (recall@10 {recall:.3f}; {near})", "nearest_ms"),
        (f"search of {number:,} passages by meaning and words, p50", "search_ms"),
    ):
        ms = min(median(ours[key]) for ours, _ in rounds)
        yield Figure(name, "IndexFlatIP.search", f"{ms:.1f} ms", f"{flat_ms:.1f} ms", ms / flat_ms, 0.15)
    for name, key, unit in (
        ("memory after it, with pages of files", "resident", "MiB"),
        ("memory after it, its own", "own", "MiB"),
        ("opening it, all files checked", "opened", "s"),
    ):
        one, other = (min(pair[place][key] for pair in rounds) for place in (0, 1))
        yield Figure(name, "IndexFlatIP in memory", f"{one:,.1f} {unit}", f"{other:,.1f} {unit}", one / other, 0.15)


def _help() -> Iterator[Figure]:
    """Yield how long the help takes."""
    ours, theirs = [], []
    for _ in range(15):
        theirs.append(seconds_of([sys.executable, "-c", "pass"]))
        ours.append(seconds_of([str(Path(sys.executable).with_name("askedbefore")), "--help"]))
    one, other = min(ours) * 1000, min(theirs) * 1000
    yield Figure("askedbefore --help", "python -c pass", f"{one:.0f} ms", f"{other:.0f} ms", one / other, 10)


def _percentile(values: Sequence[float], at: int) -> float:
    """Return the value under which so many of a hundred lie."""
    return quantiles(values, n=100)[at - 1]


def _table(figures: Sequence[Figure]) -> Iterator[str]:
    """Yield a Markdown table."""
    yield "| what | against | ours | theirs | ratio | aim | met |"
    yield "|---|---|---:|---:|---:|---:|---|"
    for one in figures:
        aim = f"{'≥' if one.more_is_better else '≤'} {one.target:g}"
        cells = (one.what, one.against, one.ours, one.theirs, f"{one.ratio:.3g}", aim, "yes" if one.met else "no")
        yield f"| {' | '.join(cells)} |"


def _write(report: Sequence[str], figures: Sequence[Figure]) -> None:
    """Put the report into the document, between its two marks, and draw the plot beside it."""
    document = ROOT / "docs" / "performance.md"
    before, _, rest = document.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    lines = [f"- {line}" if line and not line.startswith("|") else line for line in report]
    text = "\n".join([BEGIN, "", *lines, "", END])
    document.write_text(f"{before}{text}{after}", encoding="utf-8")
    parts = [one.target / one.ratio if one.more_is_better else one.ratio / one.target for one in figures]
    bars = [(one.what, one.against, part) for one, part in zip(figures, parts, strict=True)]
    plot_ratios(bars, document.with_name("performance.png"))


if __name__ == "__main__":
    main()
