"""A share of what `python -m scripts.faults` breaks on purpose; docs/reliability.md has the whole of it."""

import os
import sys
from collections.abc import Callable

import pytest

from askedbefore.errors import is_out_of_memory
from scripts.faults import disk, killing, lasting, mishaps
from scripts.faults.__main__ import SCENARIOS

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(not sys.platform.startswith("linux") or os.name != "posix", reason="looks into /proc"),
]


@pytest.mark.parametrize(
    ("scenario", "sizes"),
    [
        (killing.killed_rebuild, {"times": 10}),
        (killing.killed_at_each_step, {"times": 2}),
        (killing.killed_server, {"times": 1}),
        (killing.killed_servers, {"times": 1}),
        (disk.full_disk, {"times": 8}),
        (disk.flipped_bytes, {"times": 3}),
        (disk.read_only, {}),
        (mishaps.two_rebuilds, {}),
        (mishaps.clock_back, {}),
        (mishaps.data_vanishing, {"times": 8}),
        (mishaps.out_of_memory, {"times": 1}),
        (lasting.switches, {"times": 4}),
        (lasting.soak, {"seconds": 8.0}),
    ],
)
def test_readers_are_answered(scenario: Callable[..., dict[str, object]], sizes: dict[str, float]) -> None:
    """Whatever is broken, the old build or the new one answers, whole; and a rebuild that fails says why."""
    assert scenario(**sizes)


def test_every_scenario_has_its_share_here() -> None:
    """So that none is only run by hand."""
    shares = next(mark for mark in test_readers_are_answered.pytestmark if mark.name == "parametrize").args[1]
    assert [scenario for scenario, _ in shares] == list(SCENARIOS.values())


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("[enforce fail at alloc_cpu.cpp:117] . DefaultCPUAllocator: can't allocate memory"),
        OSError(12, "Cannot allocate memory"),
        ImportError("mtrand.so: failed to map segment from shared object"),
    ],
)
def test_too_little_memory_is_known_by_its_words(error: Exception) -> None:
    """And nothing else is taken for it."""
    assert is_out_of_memory(error)
    assert not is_out_of_memory(RuntimeError("the memory of a bad day"))
    assert not is_out_of_memory(ValueError("cannot allocate memory"))
