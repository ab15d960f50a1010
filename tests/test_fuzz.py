"""A few hundred damaged files of each kind; `scripts/fuzz.py` reads as many as one likes."""

import random

import pytest

from tests.fuzzing import Mutant, check, mutate
from tests.seeds import SECRET, SEEDS
from tests.wxr import P, export

FILES = 60


@pytest.mark.parametrize("importer", SEEDS)
def test_no_damage_crashes_an_importer_or_lets_private_words_in(importer: str) -> None:
    """Whatever the bytes are, they are read, passed over or refused with a message of ours."""
    for number in range(FILES):
        mutant = mutate(random.Random(f"tests/{number}"), importer)
        assert check(mutant) is None, f"{importer} {number}"


def test_the_check_sees_a_leak() -> None:
    """Private words in a public post are found, unless pieces of the file were joined."""
    data = export([P("open", f"<p>{SECRET} in the open.</p>")]).encode()
    assert check(Mutant("wordpress", data, joined=False)) == f"private: {SECRET}"
    assert check(Mutant("wordpress", data, joined=True)) is None


def test_seeds_are_read_as_they_are() -> None:
    """Undamaged, a seed of the export gives what is open and nothing else."""
    assert check(Mutant("wordpress", SEEDS["wordpress"][0](), joined=False)) is None
    assert SECRET.encode() in SEEDS["wordpress"][0]()
