"""Measure a server under load: 32 readers at once against one, and against the encoder by itself on all cores.

usage: python -m scripts.load [--index FOLDER | --posts N] [--readers N] [--seconds N] [--json]

Run it from the top folder of the project, with `wrk` (Debian's package of that name) as the load tool. Without --index
an archive is invented (tests/synthetic.py) and its index made with the packaged model. It starts `askedbefore serve
--per-minute 0` in a process of its own and asks at /api/ask; then that process ends, and the encoder is measured alone
on the same questions. A wrong answer is any that is no answer, or another one than a server without load gives.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from itertools import cycle
from pathlib import Path

import httpx

from askedbefore.records import Kind
from askedbefore.sentences import sentence_spans
from askedbefore.storage.served import open_live
from tests.browsing import free_port
from tests.synthetic import synthetic_posts
from tests.wxr import export

QUESTIONS = 200
SAMPLE = 20  # questions whose answers are compared with those without load
WARM_SECONDS = 5
LOADING_SECONDS = 120.0
LUA = Path(__file__).with_name("load.lua")


@dataclass(frozen=True, slots=True)
class Load:
    """What came of asking for a while: answers a second, what failed or was wrong, and times in milliseconds."""

    name: str
    answers: int
    per_second: float
    failed: int
    wrong: int
    p50: float
    p95: float
    p99: float


def main() -> None:
    """Make an index if there is none, measure, and print the table."""
    options = _options()
    if shutil.which("wrk") is None:
        sys.exit("wrk is not installed; on Debian:  apt-get install wrk")
    with tempfile.TemporaryDirectory() as folder:
        index = options.index or _make_index(Path(folder), options.posts)
        questions = _questions(index)
        with _serving(index) as url:
            before = _sample(url, questions)
            _wrk("warming up", url, questions, Path(folder), 4, WARM_SECONDS)
            one = _wrk("one reader", url, questions, Path(folder), 1, options.seconds)
            many = _wrk(f"{options.readers} readers", url, questions, Path(folder), options.readers, options.seconds)
            assert _sample(url, questions) == before, "the answers after the load are not those before it"
        encoder = _in_own_process(index, questions)
        with closing(open_live(index)) as library:
            passages = library.manifest.counts.passages
    if options.json:
        print(json.dumps({"passages": passages, "loads": [asdict(one), asdict(many)], "encoder": encoder}, indent=1))
    else:
        print("\n".join(_table(passages, one, many, encoder)))


def _options() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, help="an index folder; without one, an archive is invented")
    parser.add_argument("--posts", type=int, default=600, help="posts of the invented archive")
    parser.add_argument("--readers", type=int, default=32)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _make_index(folder: Path, posts: int) -> Path:
    """Make the index of an invented archive with the packaged model."""
    (folder / "data").mkdir()
    (folder / "data" / "export.xml").write_text(export(synthetic_posts(posts, 200, 6)), encoding="utf-8")
    print("making the index …", file=sys.stderr, flush=True)
    places = ["--data", str(folder / "data"), "--index", str(folder / "index")]
    subprocess.run([sys.executable, "-m", "askedbefore", "rebuild", *places], check=True, capture_output=True)
    return folder / "index"


def _questions(index: Path) -> list[str]:
    """Return sentences of readers, of the length that questions have, evenly taken from the whole index."""
    with closing(open_live(index)) as library:
        found = [
            passage.text[start:end]
            for passage, _, _ in library.all_passages()
            if passage.kind is not Kind.POST
            for start, end in sentence_spans(passage.text)
            if 20 <= end - start <= 150
        ]
    found = list(dict.fromkeys(found))
    assert found, "the index has no comments to take questions from"
    return found[:: max(1, len(found) // QUESTIONS)][:QUESTIONS]


@contextmanager
def _serving(index: Path) -> Iterator[str]:
    """Run the command as an author would, and give its address once it answers."""
    port = free_port()
    command = [sys.executable, "-m", "askedbefore", "serve", "--per-minute", "0", "--index", str(index)]
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen([*command, "--port", str(port)], stdout=output, stderr=output)
        try:
            _wait(f"http://127.0.0.1:{port}", process)
            yield f"http://127.0.0.1:{port}"
            assert process.poll() is None, "the server ended"
        finally:
            process.terminate()
            process.wait(LOADING_SECONDS)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until a server answers."""
    end = time.monotonic() + LOADING_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(f"{url}/healthz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    sys.exit("the server did not start")


def _sample(url: str, questions: Sequence[str]) -> list[dict[str, object]]:
    """Return what some questions are answered with, the time apart."""
    answers = []
    for question in questions[:SAMPLE]:
        answer = httpx.post(f"{url}/api/ask", json={"question": question}, timeout=LOADING_SECONDS).json()
        answers.append({name: value for name, value in answer.items() if name != "elapsed_ms"})
    return answers


def _wrk(name: str, url: str, questions: Sequence[str], folder: Path, readers: int, seconds: int) -> Load:
    """Let so many readers ask for so long, each the next question as soon as the one before is answered."""
    print(f"{name} …", file=sys.stderr, flush=True)
    bodies = folder / "questions.jsonl"
    bodies.write_text("\n".join(json.dumps({"question": one}) for one in questions), encoding="utf-8")
    command = [
        "wrk",
        "-t1",
        f"-c{readers}",
        f"-d{seconds}s",
        "--timeout",
        "30s",
        "-s",
        str(LUA),
        url,
        "--",
        str(bodies),
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found = json.loads(done.stdout.strip().splitlines()[-1])
    per_second = found["answers"] / found.pop("seconds")
    return Load(name=name, per_second=per_second, **found)


def _in_own_process(index: Path, questions: Sequence[str]) -> dict[str, float]:
    """Return `encoder_alone`, measured in a process that is started for it."""
    print("the encoder alone …", file=sys.stderr, flush=True)
    code = "import sys, json; from scripts.load import encoder_alone; encoder_alone(*json.load(sys.stdin))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps([str(index), questions]),
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def encoder_alone(index: str, questions: Sequence[str], seconds: float = 15.0) -> None:
    """Print as JSON how many questions a second the index's encoder makes vectors of, on all cores.

    One after the other, as one reader's come; and 32 in one go, which takes the encoder to its most.
    """
    from askedbefore.opening import open_encoder

    with closing(open_live(Path(index))) as library:
        encoder = open_encoder(library.folder, library.manifest).encoder
    found = {}
    for name, size in (("one by one", 1), ("32 in one go", 32)):
        groups = cycle([list(questions[start : start + size]) for start in range(0, len(questions), size)])
        for _ in range(10):
            encoder.encode_questions(next(groups))
        count, begun = 0, time.perf_counter()
        while (taken := time.perf_counter() - begun) < seconds:
            group = next(groups)
            encoder.encode_questions(group)
            count += len(group)
        found[name] = count / taken
    print(json.dumps(found))


def _table(passages: int, one: Load, many: Load, encoder: Mapping[str, float]) -> Iterator[str]:
    """Yield what was measured as a Markdown table, with the ratios that count."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = f", load {os.getloadavg()[0]:.1f} at the end" if hasattr(os, "getloadavg") else ""
    yield f"{passages:,} passages; {cores} cores{load}; wrk on the same machine"
    yield ""
    yield "| | answers a second | against the encoder, one by one | failed | wrong | p50, ms | p95, ms | p99, ms |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|"
    alone = encoder["one by one"]
    for run in (one, many):
        yield (
            f"| {run.name} | {run.per_second:.1f} | {run.per_second / alone:.2f} | {run.failed} | {run.wrong} "
            f"| {run.p50:.0f} | {run.p95:.0f} | {run.p99:.0f} |"
        )
    for name, per_second in encoder.items():
        yield f"| the encoder alone, {name} | {per_second:.1f} | {per_second / alone:.2f} | | | | | |"
    yield ""
    yield (
        f"{many.name} against one: {many.per_second / one.per_second:.2f} times the throughput, "
        f"{many.p95 / one.p95:.1f} times the p95"
    )


if __name__ == "__main__":
    main()
