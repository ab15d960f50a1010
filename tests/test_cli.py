"""The command line as a person meets it: help, places, one clear message when something is wrong."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.wxr import export


def run(*arguments: str, cwd: Path, stdin: bytes = b"") -> subprocess.CompletedProcess[str]:
    """Run `askedbefore` in a folder with nothing set in the environment."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("ASKEDBEFORE")}
    done = subprocess.run(
        [sys.executable, "-m", "askedbefore", *arguments], cwd=cwd, input=stdin, capture_output=True, env=environment
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.mark.parametrize(
    "command", ["", "fetch", "rebuild", "ask", "questions", "serve", "embed", "check", "rollback", "evaluate"]
)
def test_help_says_what_each_command_does(tmp_path: Path, command: str) -> None:
    """Every command has help with an example."""
    done = run(*command.split(), "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert "Example:" in done.stdout or not command


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    """So that it comes at once."""
    heavy = "{'torch', 'faiss', 'gradio', 'numpy', 'lxml', 'matplotlib', 'scipy', 'jinja2', 'httpx', 'feedparser'}"
    code = f"import sys; import askedbefore.cli; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "[]\n"


def test_gradio_is_imported_without_writing_stubs(tmp_path: Path) -> None:
    """It would read the source of all its components for them at each start; and nothing else is changed by that."""
    code = """
import inspect, sys
opened, file_of = [], inspect.getfile
sys.addaudithook(lambda event, arguments: opened.append(str(arguments[0])) if event == "open" else None)
from askedbefore.web.importing import import_gradio
import_gradio()
import gradio
print([path for path in opened if path.endswith(".pyi")], inspect.getfile is file_of, gradio.Button("Ask").value)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "[] True Ask\n", done.stderr


FAILURES = {
    "no index": (["ask", "why?"], "There is no index in {cwd}/index. Run  askedbefore rebuild  to make one."),
    "no index to list from": (["questions"], "There is no index in {cwd}/index."),
    "no index to serve": (["serve", "--port", "0"], "There is no index in {cwd}/index."),
    "no index to check": (["check"], "There is no index in {cwd}/index."),
    "no index to go back in": (["rollback"], "There is no index in {cwd}/index."),
    "no index to evaluate": (["evaluate", "questions.csv"], "There is no index in {cwd}/index."),
    "a report over something else": (
        ["evaluate", "questions.csv", "--out", "questions.csv"],
        "questions.csv is there already and is no report of an evaluation. Name another file: --out",
    ),
    "a report nowhere": (
        ["evaluate", "questions.csv", "--out", "nowhere/r.html"],
        "Name a file in a folder that exists",
    ),
    "no address to fetch": (["fetch", "ftp://blog"], "ftp://blog is no address of a blog. It looks like  https://"),
    "no such host": (["fetch", "http://no-such-host.invalid"], "no-such-host.invalid cannot be reached"),
    "an address that is none": (
        ["embed", "--address", "ask.blog.example"],
        "ask.blog.example is no address of a page.",
    ),
    "no data folder": (["rebuild"], "There is no folder {cwd}/data."),
    "no such source": (["rebuild", "nowhere.xml"], "There is no file or folder nowhere.xml."),
    "an unknown setting": (["rebuild", "--data", "misspelt"], "athor: no such setting; did you mean author?"),
    "a wrong setting": (["rebuild", "--data", "wrong"], "url: must start with http:// or https://"),
    "broken settings": (["rebuild", "--data", "broken"], "broken/blog.toml is not valid TOML"),
    "a folder without an archive": (["rebuild", "--data", "empty"], "{cwd}/empty has no archive in it"),
    "a model that is nowhere": (["rebuild", "--data", "model"], "The folder nothing-here holds no model weights"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_one_clear_message_and_no_traceback(tmp_path: Path, name: str) -> None:
    """On standard error, with exit code 1."""
    for folder, text in (
        ("misspelt", 'athor = "Ada"'),
        ("wrong", 'url = "blog.example"'),
        ("broken", "title = My blog"),
        ("empty", ""),
        ("model", 'model = "nothing-here"'),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "blog.toml").write_text(text)
    (tmp_path / "nothing-here").mkdir()
    (tmp_path / "questions.csv").write_text("question,link\n")
    (tmp_path / "model" / "export.xml").write_text(export())
    arguments, says = FAILURES[name]
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 1
    assert "askedbefore: " in done.stderr
    assert says.format(cwd=tmp_path) in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("arguments", [["ask"], ["rebuild", "--nonsense"], ["sing"]])
def test_wrong_usage_is_2(tmp_path: Path, arguments: list[str]) -> None:
    """As everywhere."""
    assert run(*arguments, cwd=tmp_path).returncode == 2


def test_places_are_printed_in_full_and_options_stand_anywhere(tmp_path: Path) -> None:
    """To standard error, before or after the arguments."""
    before = run("ask", "--index", "here", "--data", "there", "why?", cwd=tmp_path)
    after = run("ask", "why?", "--data", "there", "--index", "here", cwd=tmp_path)
    assert before.stderr == after.stderr
    assert f"data  {tmp_path}/there\nindex {tmp_path}/here\n" in before.stderr
