"""Run the scenarios that are named, or all, and print what each measured."""

import argparse
import inspect
import sys
import time
import traceback
from collections.abc import Callable

import scripts.faults
from scripts.faults import disk, killing, lasting, mishaps

SCENARIOS: dict[str, Callable[..., dict[str, object]]] = {
    one.__name__: one
    for one in (
        killing.killed_rebuild,
        killing.killed_at_each_step,
        killing.killed_server,
        killing.killed_servers,
        disk.full_disk,
        disk.flipped_bytes,
        disk.read_only,
        mishaps.two_rebuilds,
        mishaps.clock_back,
        mishaps.data_vanishing,
        mishaps.out_of_memory,
        lasting.switches,
        lasting.soak,
    )
}


def main() -> int:
    """Run them one after the other and return the exit code."""
    parser = argparse.ArgumentParser(
        description=scripts.faults.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="scenario", help=", ".join(SCENARIOS))
    parser.add_argument("--share", type=float, default=1.0, help="how much of each: 0.1 is a tenth")
    options = parser.parse_args()
    if unknown := set(options.names) - set(SCENARIOS):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    failed = [name for name in options.names or SCENARIOS if not _run(name, options.share)]
    print(f"\nfailed: {', '.join(failed)}" if failed else "\nAll is as it must be.")
    return 1 if failed else 0


def _run(name: str, share: float) -> bool:
    """Run a scenario, print what it measured, and say whether all was as it must be."""
    scenario = SCENARIOS[name]
    print(f"\n{name}: {(inspect.getdoc(scenario) or '').splitlines()[0]}", flush=True)
    begun = time.monotonic()
    try:
        found = scenario(**_sizes(scenario, share))
    except AssertionError:
        print(f"  FAILED after {time.monotonic() - begun:.0f} s\n{traceback.format_exc()}", flush=True)
        return False
    for what, value in found.items():
        print(f"  {what}: {value}")
    print(f"  took {time.monotonic() - begun:.0f} s", flush=True)
    return True


def _sizes(scenario: Callable[..., object], share: float) -> dict[str, float]:
    """Return how often or how long to run it: this share of what it does by itself, but at least once."""
    sizes = {one.name: one.default for one in inspect.signature(scenario).parameters.values()}
    found: dict[str, float] = {}
    if "times" in sizes:
        found["times"] = max(1, round(sizes["times"] * share))
    if "seconds" in sizes:
        found["seconds"] = sizes["seconds"] * share
    return found


if __name__ == "__main__":
    sys.exit(main())
