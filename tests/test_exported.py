"""The model in a build: it gives the original's vectors without PyTorch, and what is wrong with it is said."""

import multiprocessing
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest

from askedbefore import exporting
from askedbefore.answer import answer_question
from askedbefore.embedding import PACKAGED_MODEL, SentenceTransformerEncoder
from askedbefore.errors import IndexProblem, ModelError
from askedbefore.exporting import NotExported
from askedbefore.guard import encoding
from askedbefore.onnxencoder import OnnxEncoder
from askedbefore.opening import open_encoder
from askedbefore.rebuild import rebuild
from askedbefore.report import Report
from askedbefore.settings import Paths, load_settings
from askedbefore.storage import layout
from askedbefore.storage.build import verify
from askedbefore.storage.library import Library
from askedbefore.storage.served import open_live, open_served
from askedbefore.watching import Unwatched
from tests.test_other_models import tiny_model
from tests.wxr import export

pytestmark = pytest.mark.model

ODD = [
    "",
    " ",
    "?",
    "Why won’t she hug me?",
    "WHY WON'T SHE HUG ME?  ",
    "naïve café, Ångström, ﬁre and ｗｉｄｅ",
    "🙂 👩‍👩‍👧 😭😭😭",
    "私の先生はなぜ返事をしないのですか",
    "لماذا لا ترد",
    "zero\u200bwidth \ufeff and \u202e turned",
    "\x00\x01\t\r\n\x7f tabs and bells \x07",
    "[CLS] [SEP] [PAD] [MASK] search for: read this:",
    "supercalifragilistic" * 40,
    "She goes away every August. " * 300,
]


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    """Return the places of a small blog, rebuilt with the packaged model, to be served in fp32."""
    return build(tmp_path_factory.mktemp("blog"))[0]


def build(folder: Path, settings: str = "", posts: str | None = None) -> tuple[Paths, Report]:
    """Rebuild a small blog in a folder with the model that `blog.toml` names."""
    paths = Paths(data=folder / "data", index=folder / "index")
    paths.data.mkdir(exist_ok=True)
    (paths.data / "export.xml").write_text(posts or export(), encoding="utf-8")
    (paths.data / "blog.toml").write_text(settings, encoding="utf-8")
    read = load_settings(paths.data)
    return paths, rebuild([], paths, read, SentenceTransformerEncoder(read.model), Unwatched())


def opened(paths: Paths) -> tuple[Library, OnnxEncoder]:
    """Return the live build and its own model."""
    library = open_live(paths.index)
    encoder = open_encoder(library.folder, library.manifest).encoder
    assert isinstance(encoder, OnnxEncoder)
    return library, encoder


def cosines(some: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return the cosine of each row with the row of the other."""
    return np.asarray((some * others).sum(axis=1) / np.linalg.norm(some, axis=1) / np.linalg.norm(others, axis=1))


def test_odd_texts_have_the_vectors_of_the_original(paths: Paths) -> None:
    """Also empty ones, very long ones, and those in signs that the model hardly knows; alone and together."""
    _, encoder = opened(paths)
    original = SentenceTransformerEncoder()
    for expected, found in (
        (original.encode_questions(ODD), encoder.encode_questions(ODD)),
        (original.encode_passages(ODD), encoder.encode_passages(ODD)),
        (original.encode_questions(ODD), np.concatenate([encoder.encode_questions([text]) for text in ODD])),
    ):
        assert found == pytest.approx(expected, abs=1e-4)
        assert found.dtype == expected.dtype
    assert encoder.encode_questions([]).shape == (0, 384)


@pytest.mark.parametrize("similarity", ["cosine", "dot"])
def test_prompts_cuts_and_lengths_are_the_models_own(tmp_path: Path, similarity: str) -> None:
    """Of any model that can be exported; and the guard's model stands beside it."""
    folder = tiny_model(tmp_path, similarity, seed=1)
    paths, report = build(tmp_path, f'model = "{folder}"')
    library, encoder = opened(paths)
    original = SentenceTransformerEncoder(folder)
    assert encoder.encode_passages(ODD) == pytest.approx(original.encode_passages(ODD), abs=1e-4)
    assert encoder.encode_questions(ODD) == pytest.approx(original.encode_questions(ODD), abs=1e-4)
    assert library.manifest.recipe.model_sha256 == encoder.fingerprint == original.fingerprint
    guard = library.manifest.model_in(layout.GUARD)
    assert guard is not None
    assert guard.name == PACKAGED_MODEL
    with patch.object(SentenceTransformerEncoder, "model", None):
        answer = answer_question("Every night I hope that no morning comes", library, encoder)
    assert answer.support is not None
    assert not any("PyTorch" in remark for remark in report.remarks)


def test_the_manifest_says_how_near_it_is(paths: Paths) -> None:
    """Least and mean cosine over texts of the archive."""
    exported = open_live(paths.index).manifest.model_in(layout.ENCODER)
    assert exported is not None
    parity = exported.parity["fp32"]
    assert 0.999 <= parity.least <= parity.mean <= 1
    assert parity.texts >= 3


def run_python(code: str, *arguments: str) -> str:
    """Run Python in a process of its own and return what it prints."""
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


FORBIDDEN = "{'torch', 'transformers', 'sentence_transformers', 'onnx', 'sklearn', 'scipy', 'trafilatura'}"


def test_ask_loads_no_pytorch(paths: Paths) -> None:
    """Nor anything else that only a rebuild needs."""
    code = f"""
import sys
from askedbefore.cli import app
app(["ask", "why is my therapist away?", "--json", "--index", sys.argv[1]], standalone_mode=False)
assert not {FORBIDDEN} & set(sys.modules), {FORBIDDEN} & set(sys.modules)
"""
    assert '"outcome"' in run_python(code, str(paths.index))


def test_serve_loads_no_pytorch(paths: Paths) -> None:
    """With the page, the API, and a question that the guard looks at closely."""
    code = f"""
import sys
from pathlib import Path
from starlette.testclient import TestClient
from askedbefore.web.server import make_app
from askedbefore.web.serving import load_encoder
index = Path(sys.argv[1])
client = TestClient(make_app(index, load_encoder(index)))
assert client.get("/").status_code == 200
answer = client.post("/api/ask", json={{"question": "Every night I hope that no morning comes"}}).json()
assert answer["support"], answer
assert not {FORBIDDEN} & set(sys.modules), {FORBIDDEN} & set(sys.modules)
"""
    run_python(code, str(paths.index))


def test_an_unchanged_model_is_taken_over(tmp_path: Path, paths: Paths) -> None:
    """The next rebuild neither loads the original nor writes a second copy; a damaged one is exported again."""
    folder = tmp_path / "copy"
    shutil.copytree(paths.data.parent, folder)
    before = open_live(folder / "index")
    edited = export().replace("August", "September")
    assert edited != export()
    with patch.object(SentenceTransformerEncoder, "model", None):
        copied, report = build(folder, posts=edited)
    assert report.embedded > 0
    after = open_live(copied.index)
    name = f"{layout.ENCODER}/{layout.ONNX['fp32']}"
    assert after.folder != before.folder
    assert after.manifest.models == before.manifest.models
    assert (after.folder / name).samefile(before.folder / name)

    (after.folder / name).unlink()
    (after.folder / name).write_bytes(b"damaged")
    build(folder)
    verify(open_live(copied.index).folder)


def test_the_weights_stand_apart(paths: Paths) -> None:
    """So that a server holds them once and reads of them what it needs; whoever may read the model may read them."""
    folder = open_live(paths.index).folder / layout.ENCODER
    model, weights = ((folder / names["fp32"]).stat() for names in (layout.ONNX, layout.WEIGHTS))
    assert weights.st_size > 80_000_000 > 1_000_000 > model.st_size
    assert weights.st_mode == model.st_mode


def test_a_damaged_model_is_refused(tmp_path: Path, paths: Paths) -> None:
    """With the file and the command that repairs it, before anybody is answered."""
    index = tmp_path / "index"
    shutil.copytree(paths.index, index)
    path = open_live(index).folder / layout.ENCODER / layout.TOKENIZER
    path.write_bytes(path.read_bytes().replace(b"a", b"b", 1))
    with pytest.raises(IndexProblem, match=rf"{layout.TOKENIZER} is not as it was written.*askedbefore rebuild"):
        open_served(index)


def test_int8_is_asked_for_in_the_settings(tmp_path: Path) -> None:
    """It serves, full precision stays for the next rebuild, and a text's vector is the same in any company."""
    paths, _ = build(tmp_path, 'precision = "int8"')
    library, encoder = opened(paths)
    exported = library.manifest.model_in(layout.ENCODER)
    assert exported is not None
    assert exported.serves == "int8"
    assert exported.parity["int8"].least < exported.parity["fp32"].least
    original = SentenceTransformerEncoder()
    found, expected = encoder.encode_questions(ODD), original.encode_questions(ODD)
    assert cosines(found, expected).mean() > 0.97
    assert np.array_equal(found[3], encoder.encode_questions([ODD[3]])[0])
    full = OnnxEncoder(library.folder, exported, "fp32")
    texts = [passage.text for passage, _, _ in library.all_passages()]
    assert library.passage_vectors(range(len(texts))) == pytest.approx(full.encode_passages(texts), abs=1e-4)
    with patch.object(SentenceTransformerEncoder, "model", None):
        build(tmp_path, 'precision = "int8"\ntitle = "Another"')


@pytest.mark.parametrize("reason", ["it cannot be written", "its vectors are too far"])
def test_without_an_export_the_original_answers_and_that_is_said(tmp_path: Path, reason: str) -> None:
    """At the rebuild and where it is served; without sentence-transformers, what to install."""
    folder = tiny_model(tmp_path, "cosine", seed=2)
    settings = f'model = "{folder}"'
    if reason == "it cannot be written":
        with patch.object(exporting, "_export_fp32", side_effect=NotExported(reason)):
            paths, report = build(tmp_path, settings)
    else:
        with patch.dict(exporting.LEAST, {"fp32": 1.1}):
            paths, report = build(tmp_path, settings)
    assert any(reason in remark and "PyTorch" in remark for remark in report.remarks)
    library = open_live(paths.index)
    assert not (library.folder / layout.ENCODER).exists()
    found = open_encoder(library.folder, library.manifest)
    assert isinstance(found.encoder, SentenceTransformerEncoder)
    assert reason in str(found.remark)
    answer_question("why is she away?", library, found.encoder)
    with (
        patch("askedbefore.opening.has_rebuild_extra", lambda: False),
        pytest.raises(ModelError, match=r"pip install 'askedbefore\[rebuild\]'"),
    ):
        open_encoder(library.folder, library.manifest)


def test_nothing_is_left_of_an_export_beside_the_build(paths: Paths) -> None:
    """One build, and nothing partial."""
    assert [path.name for path in (paths.index / "builds").iterdir()] == [open_live(paths.index).folder.name]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_process_answers_too(paths: Paths) -> None:
    """Although the threads of the session that was loaded before are not there."""
    _, encoder = opened(paths)
    expected = encoder.encode_questions(ODD[:4])
    forking = multiprocessing.get_context("fork")
    ours, theirs = forking.Pipe()
    process = forking.Process(target=lambda: theirs.send(encoder.encode_questions(ODD[:4])))
    process.start()
    try:
        assert ours.poll(60)
        assert ours.recv() == pytest.approx(expected, abs=1e-6)
    finally:
        process.kill()


@pytest.fixture(autouse=True)
def _forget_who_stands_in() -> Iterator[None]:
    """Let the guard of the next test find its own model."""
    yield
    encoding._standing_in = None
