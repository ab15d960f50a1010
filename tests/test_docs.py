"""What the documents say of the program is so."""

import re
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path

from askedbefore.curation import Curation, Pin, load_curation
from askedbefore.settings import Settings, load_settings

ROOT = Path(__file__).parent.parent
COMMANDS = {"fetch", "rebuild", "ask", "questions", "serve", "embed", "check", "rollback", "evaluate"}


def read(name: str) -> str:
    """Return a document's text."""
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_command_and_option_of_the_readme_exists() -> None:
    """A reader can type what stands there."""
    helps = {
        name: subprocess.run(
            [sys.executable, "-m", "askedbefore", name, "--help"], capture_output=True, text=True, check=True
        ).stdout
        for name in COMMANDS
    }
    text = read("README.md")
    assert set(re.findall(r"askedbefore (\w+)(?=[ `\n])", text)) & {*COMMANDS} == COMMANDS
    options = set(re.findall(r"(?<=`)--[a-z-]+", text)) - {"--help"}
    assert options
    for option in options:
        assert any(option in one for one in helps.values()), option
    for line in re.findall(r"^askedbefore .*$", text, re.MULTILINE):
        assert line.split()[1] in COMMANDS


def test_every_file_that_a_document_points_to_exists() -> None:
    """Links and pictures."""
    for document in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)|src=\"([^\":]+)\"", document.read_text(encoding="utf-8")):
            assert (document.parent / "".join(target)).exists(), (document.name, target)


def test_every_setting_and_dependency_is_explained() -> None:
    """None is added without a line."""
    settings = read("docs/settings.md")
    assert [name for name in Settings.model_fields if f"`{name}`" not in settings] == []
    curation = read("docs/curation.md")
    headings = " ".join(re.findall(r"^## (.*)$", curation, re.MULTILINE))
    assert [name for name in Curation.model_fields if not re.search(rf"`\[*{name}\]*`", headings)] == []
    assert [name for name in Pin.model_fields if f"{name} = " not in curation] == []
    project = tomllib.loads(read("pyproject.toml"))["project"]
    named = [
        re.split(r"[<>=\[ ]", one)[0]
        for one in [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    ]
    dependencies = read("docs/dependencies.md")
    assert [name for name in named if name not in dependencies] == []


def test_every_example_of_curation_can_be_used(tmp_path: Path) -> None:
    """Each block as it stands."""
    blocks = re.findall(r"```toml\n(.*?)```", read("docs/curation.md"), re.DOTALL)
    assert len(blocks) == 1 + len(Curation.model_fields)
    for block in blocks:
        (tmp_path / "curation.toml").write_text(block, encoding="utf-8")
        assert load_curation(tmp_path) != Curation()


def test_every_example_of_settings_can_be_used(tmp_path: Path) -> None:
    """Each block as it stands."""
    blocks = re.findall(r"```toml\n(.*?)```", read("docs/settings.md"), re.DOTALL)
    assert any("[[lines]]" in block for block in blocks)
    for block in blocks:
        (tmp_path / "blog.toml").write_text(block, encoding="utf-8")
        assert load_settings(tmp_path) != Settings()


def test_every_dependency_is_pinned() -> None:
    """To the version that was tested."""
    pinned = {line.split("==")[0].lower().replace("_", "-") for line in read("constraints.txt").splitlines()}
    project = tomllib.loads(read("pyproject.toml"))["project"]
    for one in [*project["dependencies"], *chain(*project["optional-dependencies"].values())]:
        assert re.split(r"[<>=\[ ]", one)[0].lower() in pinned, one
