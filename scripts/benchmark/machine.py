"""What the figures depend on, how long a command takes, and a process of its own for each measurement."""

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
DISTRIBUTIONS = (
    "askedbefore",
    "onnxruntime",
    "sentence-transformers",
    "torch",
    "faiss-cpu",
    "gradio",
    "numpy",
    "scipy",
    "scikit-learn",
)


def machine() -> Iterator[str]:
    """Yield what the figures depend on."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = f", load {os.getloadavg()[0]:.1f} at the end" if hasattr(os, "getloadavg") else ""
    yield f"{cores} cores, {platform.machine()}, {platform.system()}{load}; Python {platform.python_version()}"
    yield ", ".join(f"{name} {version(name)}" for name in DISTRIBUTIONS)


def in_own_process(module: str, *arguments: str) -> Any:
    """Run a module of this package in a process of its own, and return what it prints as JSON."""
    command = [sys.executable, "-m", f"scripts.benchmark.{module}", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def seconds_of(command: Sequence[str]) -> float:
    """Return how long a command takes."""
    begun = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - begun


def memory_mib(process: int, kind: str = "VmRSS") -> float:
    """Return the resident memory of a process, or that of a kind, in MiB. Linux only."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{kind}:")) / 1024
