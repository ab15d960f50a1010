"""The files of deploy/ name what there is, and start the server in a way that the command knows."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from askedbefore.cli import app

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"


def read(name: str) -> str:
    """Return a file of deploy/, with lines that go on in the next one made one."""
    return (DEPLOY / name).read_text(encoding="utf-8").replace("\\\n", "")


def compose() -> dict[str, Any]:
    """Return the services of compose.yaml."""
    services: dict[str, Any] = yaml.safe_load(read("compose.yaml"))["services"]
    return services


def instruction(name: str) -> list[str]:
    """Return a command that the Dockerfile gives as a list: the last one."""
    found: list[str] = json.loads(re.findall(rf"^{name} (\[.*\])$", read("Dockerfile"), re.MULTILINE)[-1])
    return found


def command_lines() -> list[list[str]]:
    """Return every command line of the program in these files."""
    texts = [path.read_text(encoding="utf-8") for path in DEPLOY.iterdir()]
    texts.append((ROOT / "docs" / "deploying.md").read_text(encoding="utf-8"))
    written = [
        line.split() for text in texts for line in re.findall(r"askedbefore ((?:serve|rebuild)\b[^`\n#(]*)", text)
    ]
    listed = [[*instruction("ENTRYPOINT")[1:], *instruction("CMD")], compose()["ask"]["command"]]
    run = [line.split() for text in texts for line in re.findall(r"run --rm ask (\S.*)", text)]
    return [*written, *listed, *run]


def test_the_program_knows_every_command_line() -> None:
    """Of the images, the service and the comments."""
    group: Any = typer.main.get_command(app)
    lines = command_lines()
    assert len(lines) > 6
    assert {line[0] for line in lines} == {"serve", "rebuild"}
    for name, *arguments in lines:
        group.commands[name].make_context(name, [*arguments])  # raises on what it does not know


def test_a_proxy_in_another_container_is_believed() -> None:
    """The network that the server is told of is the one that the two are in."""
    files: Any = yaml.safe_load(read("compose.yaml"))
    command = files["services"]["ask"]["command"]
    inside = files["networks"]["inside"]
    assert command[command.index("--proxy") + 1] == inside["ipam"]["config"][0]["subnet"]
    assert inside["internal"]
    assert files["services"]["ask"]["networks"] == ["inside"]
    assert files["services"]["caddy"]["environment"]["UPSTREAM"] == "ask:7860"
    assert "ports" not in files["services"]["ask"]


def test_every_file_that_is_named_exists() -> None:
    """What the Dockerfile copies is let into its context, and what is mounted is there."""
    let_in = set(re.findall(r"^!(.+)$", read("Dockerfile.dockerignore"), re.MULTILINE))
    assert "\n*\n" in read("Dockerfile.dockerignore")
    copied = {
        one
        for line in re.findall(r"^COPY (?!--from)(.+)$", read("Dockerfile"), re.MULTILINE)
        for one in line.split()[:-1]
    }
    assert copied == let_in
    assert all((ROOT / one).exists() for one in copied)
    for service in compose().values():
        if build := service.get("build"):
            assert (DEPLOY / build["context"] / build["dockerfile"]).resolve() == DEPLOY / "Dockerfile"
        for volume in service["volumes"]:
            source = volume.split(":")[0]
            assert not source.startswith(".") or (DEPLOY / source).exists()
    for text in (path.read_text(encoding="utf-8") for path in DEPLOY.iterdir()):
        for name in re.findall(r"\b(?:deploy|docs)/[\w.]+\w", text):
            assert (ROOT / name).exists(), name


def test_nothing_is_logged_in_any_place_that_answers() -> None:
    """Each part of nginx's file says so for itself, the one that only leads elsewhere too."""
    parts = re.split(r"^server \{", read("nginx.conf"), flags=re.MULTILINE)[1:]
    assert len(parts) == 2
    for part in parts:
        assert "access_log off;" in part
        assert re.search(r"error_log \S+ emerg;", part)
    assert not re.search(r"^\s*log\b(?! default \{)", read("Caddyfile"), re.MULTILINE)


@pytest.mark.parametrize("promise", ["USER 10001", "HF_HUB_OFFLINE=1", "HEALTHCHECK"])
def test_what_the_image_promises(promise: str) -> None:
    """It is nobody's, fetches nothing and says how it is."""
    assert promise in read("Dockerfile").rpartition("\nFROM ")[2]
