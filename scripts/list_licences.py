"""Write docs/licences.md: the licences of all that a server or a rebuild installs, as the packages state them.

usage: python -m scripts.list_licences
"""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "docs" / "licences.md"
LONGEST_NAME = 60  # letters; some packages state the whole text of their licence
# Packages whose licence would ask too much, each with why it does not.
EXCEPTIONS = {"tld": "its users choose one of three licences, and MPL-1.1 asks something only of who changes its files"}

_HEAD = """# Licences of what is installed

Made by `python -m scripts.list_licences` from what the installed packages say of themselves; do not edit it here. What
a package brings is in the list as well, what only tests or `/mcp` need is not. [dependencies.md](dependencies.md) says
what each is for, and what some bundle besides.
"""


@dataclass(frozen=True, slots=True)
class Package:
    """An installed package: its name, its version without a build's mark, and its licence or None."""

    name: str
    version: str
    licence: str | None


def document() -> str:
    """Return the whole document."""
    server, rebuild = to_serve(), to_rebuild()
    only_rebuild = [one for one in rebuild if one not in server]
    excepted = "\n".join(f"`{name}`: {why}." for name, why in EXCEPTIONS.items())
    return "\n".join(
        [
            _HEAD,
            "## To serve\n",
            *_table(server),
            "\n## To rebuild, besides: the extra `rebuild`\n",
            *_table(only_rebuild),
            f"\n{excepted}\n",
        ]
    )


def to_serve() -> list[Package]:
    """Return all that a server installs, by name."""
    return _installed(_project()["dependencies"])


def to_rebuild() -> list[Package]:
    """Return all that a rebuild installs, by name; what a server does is among it."""
    return _installed([*_project()["dependencies"], *_project()["optional-dependencies"]["rebuild"]])


def _project() -> Any:
    """Return what pyproject.toml says of the project."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def _installed(requirements: Iterable[str]) -> list[Package]:
    """Return what some requirements install on this machine, with all that comes along, by name."""
    seen: set[tuple[str, str]] = set()
    waiting = [Requirement(one) for one in requirements]
    while waiting:
        required = waiting.pop()
        name = canonicalize_name(required.name)
        new = {(name, extra) for extra in ("", *required.extras)} - seen
        seen |= new
        brought = map(Requirement, (distribution(name).requires or ()) if new else ())
        waiting += [one for one in brought if any(_is_wanted(one, extra) for _, extra in new)]
    return [_package(name) for name in sorted({name for name, _ in seen})]


def _is_wanted(required: Requirement, extra: str) -> bool:
    """Say whether a package needs another on this machine, for an extra of its own or for itself ("")."""
    return required.marker is None or required.marker.evaluate({"extra": extra})


def _package(name: str) -> Package:
    """Return an installed package. Its licence is the first that it states in one line."""
    stated = distribution(name).metadata.json
    text = str(stated.get("license", ""))
    short = "" if "\n" in text or len(text) > LONGEST_NAME else text
    classifiers = ", ".join(
        one.split(" :: ")[-1] for one in stated.get("classifier", ()) if one.startswith("License ::")
    )
    licence = str(stated.get("license_expression", "")) or short or classifiers or None
    return Package(name, str(stated["version"]).partition("+")[0], licence)


def _table(packages: Iterable[Package]) -> Iterator[str]:
    """Yield the rows of a table."""
    yield "| package | version | licence |"
    yield "|---|---|---|"
    for one in packages:
        yield f"| `{one.name}` | {one.version} | {one.licence or 'not stated'} |"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
