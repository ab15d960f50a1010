"""What is installed is what was pinned, and its licences let anybody use it."""

import re
import subprocess
import sys

import pytest

from scripts.list_licences import DOCUMENT, EXCEPTIONS, ROOT, document, to_rebuild, to_serve

STRONG = re.compile(r"\b(A?GPL|GNU (Affero )?General|SSPL)", re.IGNORECASE)  # the LGPL is not meant


@pytest.mark.skipif(sys.platform != "linux", reason="other systems need other packages")
def test_the_document_is_of_these_packages() -> None:
    """Made by `python -m scripts.list_licences`."""
    assert DOCUMENT.read_text(encoding="utf-8") == document()


def test_everything_that_is_installed_is_as_it_was_pinned() -> None:
    """Also what comes along."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {
        re.sub(r"[-_.]+", "-", name).lower(): version for name, _, version in (one.partition("==") for one in lines)
    }
    assert {one.name: one.version for one in to_rebuild() if pinned.get(one.name) != one.version} == {}


def test_what_is_installed_goes_together() -> None:
    """As pip sees it."""
    done = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_licence_is_stated_and_lets_anybody_use_it() -> None:
    """Or there is a reason why it does no harm."""
    assert [one.name for one in to_rebuild() if one.licence is None] == []
    strong = {one.name for one in to_rebuild() if STRONG.search(one.licence or "")}
    assert strong == set(EXCEPTIONS)


def test_a_server_installs_less_than_a_rebuild() -> None:
    """No PyTorch above all."""
    served, rebuilt = ({one.name for one in some} for some in (to_serve(), to_rebuild()))
    assert served < rebuilt
    assert "torch" in rebuilt - served
