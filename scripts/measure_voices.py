"""Measure how often each block of the labelled posts is given the voice that speaks in it.

usage: python scripts/measure_voices.py [FILE ...] [--all]

Without files, those in tests/data/voices. Prints, for each kind of post, the share of stretches and of words with the
right voice, then every fault that must not happen: somebody else's words as the author's. --all also lists what of the
author's own was given away. Exits 1 when there is such a fault.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from askedbefore.evaluation.voices import Told, measure_voices, read_labelled_posts

FILES = sorted((Path(__file__).parent.parent / "tests" / "data" / "voices").glob("*.toml"))


def main() -> None:
    """Print a table and the faults for each file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="*", default=FILES)
    parser.add_argument("--all", action="store_true")
    options = parser.parse_args()
    faults = 0
    for path in options.files:
        posts = read_labelled_posts(path)
        told = [one for one in measure_voices(posts) if one.label != "any" or one.missing]
        print(f"{path.name}: {len(posts)} posts, {len(told)} labelled stretches")
        print_table(told)
        faults += print_list("somebody else's words as the author's", told, lambda one: one.is_fault)
        print_list("not read, or read though no text", told, lambda one: one.missing)
        print_list("the author's words given away", told, lambda one: one.is_given_away, options.all)
        print_list("a letter not known as one", told, lambda one: one.label == "letter" and not one.as_letter, False)
        print()
    sys.exit(1 if faults else 0)


def print_table(told: Sequence[Told]) -> None:
    """Print a line for each kind of post and one for all."""
    print(f"  {'kind':<18} {'right':>9} {'share':>6} {'words right':>12} {'faults':>7} {'words':>6} {'given away':>11}")
    for kind in [*sorted({one.kind for one in told}), "all"]:
        of_kind = [one for one in told if kind in (one.kind, "all")]
        words, right = sum(one.words for one in of_kind), [one for one in of_kind if one.is_right]
        faults = [one for one in of_kind if one.is_fault]
        given = sum(one.words - one.as_author for one in of_kind if one.is_given_away)
        print(
            f"  {kind:<18} {len(right):>4}/{len(of_kind):<4} {len(right) / len(of_kind):>6.1%}"
            f" {sum(one.words for one in right) / words:>12.1%} {len(faults):>7}"
            f" {sum(one.as_author for one in faults):>6} {given:>11}"
        )


def print_list(what: str, told: Sequence[Told], wanted: Callable[[Told], bool], in_full: bool = True) -> int:
    """Print how many stretches are so, and each of them if `in_full`; return how many."""
    found = [one for one in told if wanted(one)]
    print(f"  {what}: {len(found)}")
    for one in found if in_full else ():
        print(f"    {one.post}: “{one.text[:70]}”")
    return len(found)


if __name__ == "__main__":
    main()
