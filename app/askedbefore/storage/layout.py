"""The names of everything in the index folder, and its manifest.

index/
  current.json                names the live build; replaced in one step
  rebuild.lock                held while a rebuild runs
  rebuild.running             says which process that is, on which machine and since when
  builds/<id>/manifest.json   what the build was made of and with, and a checksum of every other file
  builds/<id>/passages.sqlite passages in the order of their vectors; an FTS5 table of units; headings, questions, words
  builds/<id>/places.npz      where units and sentences begin, what is shown, and the order of units' names
  builds/<id>/vectors.faiss   a vector for each passage, read from disk
  builds/<id>/lists.faiss     the same in short, neighbours together, read from disk; only where there are very many
  builds/<id>/units.npy       a vector for each unit, half precision
  builds/<id>/sentences.npy   a vector for each sentence, then for each heading; half precision, read from disk
  builds/<id>/measured.npz    what the rebuild measured: where "nothing is close" begins, and how near units are to all
  builds/<id>/asked.json      what readers have often asked, topic by topic, each with the passages that answer it
  builds/<id>/asked.npy       a vector for each of these questions, half precision
  builds/<id>/pins.npy        a vector for the question of each pin
  builds/<id>/questions.npz   a vector for each question that the rebuild asked of the model, by a digest of its text
  builds/<id>/report.html     for the author: what came in, what stayed out and why, what changed
  builds/<id>/encoder/        the model that it was made with, as ONNX, in one or two precisions, each with its weights
                              in a file of their own, read from disk as they are needed; and its tokenizer.json
  builds/<id>/guard/          the same of the model that the guard goes by, where that is another one
"""

import hashlib
import json
import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from askedbefore.curation import Curation
from askedbefore.errors import IndexProblem
from askedbefore.helplines import OwnLine, Signposts
from askedbefore.settings import Precision, processors
from askedbefore.wording import ENGLISH, Words, languages, words_in

FORMAT = 5

CURRENT = "current.json"
LOCK = "rebuild.lock"
HOLDER = "rebuild.running"
BUILDS = "builds"
MANIFEST = "manifest.json"
PASSAGES = "passages.sqlite"
PLACES = "places.npz"
VECTORS = "vectors.faiss"
LISTS = "lists.faiss"
SENTENCES = "sentences.npy"
UNITS = "units.npy"
MEASURED = "measured.npz"
ASKED = "asked.json"
ASKED_VECTORS = "asked.npy"
PINS = "pins.npy"
QUESTIONS = "questions.npz"
REPORT = "report.html"
ENCODER = "encoder"
GUARD = "guard"
ONNX: dict[Precision, str] = {"fp32": "model.onnx", "int8": "model.int8.onnx"}
WEIGHTS: dict[Precision, str] = {"fp32": "model.weights", "int8": "model.int8.weights"}
TOKENIZER = "tokenizer.json"
PARTIAL = ".partial"
FILES = (PASSAGES, PLACES, VECTORS, UNITS, SENTENCES, MEASURED, ASKED, ASKED_VECTORS, PINS, QUESTIONS)

EXPORT = "2"  # to be raised when models are exported in another way

REPAIR = "Run  askedbefore rebuild  to make it anew."

_ID = r"^\d{8}-\d{6}-[0-9a-f]{6}$"  # when it was made, and something that no other build has
BUILD_ID = re.compile(_ID)

_PART = 1 << 20


class Frozen(BaseModel):
    """A record of the manifest: unchangeable, and strict about what it holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Splitting(Frozen):
    """The settings that decide where passages begin and end."""

    version: int
    fewest_words: int
    good_words: int
    most_words: int


class Blog(Frozen):
    """What the page says of the blog."""

    title: str
    url: str | None
    author: str | None
    example: bool
    example_questions: tuple[str, ...]
    topics: tuple[tuple[str, tuple[str, ...]], ...] = ()  # what readers have often asked, by topic
    language: str = ENGLISH.language
    accent: str | None = None
    leave_to: str | None = None
    regions: tuple[str, ...] = ()
    lines: tuple[OwnLine, ...] = ()

    @property
    def signposts(self) -> Signposts:
        """Return whose help lines the page shows."""
        return Signposts(self.regions, self.lines)

    @property
    def wording(self) -> Words:
        """Return what readers are told, in the blog's language."""
        return words_in(self.language)

    def speaking(self, language: str) -> "Blog":
        """Return the same in a language that a reader's page asked for, or as it is where nobody translated into it."""
        base = language.lower().split("-")[0]
        return self.model_copy(update={"language": base}) if base in languages() else self


class Parity(Frozen):
    """How far an exported model's vectors are those of the original, by cosine, over so many of the archive's texts.

    Where lengths of vectors mean something, a cosine is taken times the shorter length over the longer.
    """

    least: float
    mean: float
    texts: int


class Side(Frozen):
    """What is done with questions or with passages before they become tokens: a prompt before it, a cut behind it."""

    prompt: str
    most_tokens: int | None


class Exported(Frozen):
    """A model in the build, which runs without PyTorch: all that there is to know of it beside its files.

    `folder` is where in the build; `wanted` is the precision that the settings name, and `serves` the one that answers
    are made with. Vectors of passages are divided by `usual_length` unless they are to have length one (`unit`).
    """

    folder: str
    name: str
    fingerprint: str
    inputs: tuple[str, ...]
    dimension: int
    unit: bool
    usual_length: float
    questions: Side
    passages: Side
    wanted: Precision
    serves: Precision
    parity: dict[Precision, Parity]

    @property
    def files(self) -> tuple[str, ...]:
        """Return the names of its files in the build."""
        of_precisions = (name for one in self.parity for name in (ONNX[one], WEIGHTS[one]))
        return tuple(f"{self.folder}/{name}" for name in (*of_precisions, TOKENIZER))


class Recipe(Frozen):
    """Everything that decides what a build holds: the program, posts' hashes by slug, model, splitting, and so on."""

    format: int
    program: str
    reading: str = ""  # builds of format 2 do not say
    posts: dict[str, str]
    model: str
    model_sha256: str
    splitting: Splitting
    calibration: str
    asked: str
    export: str = ""  # earlier builds have none
    guarding: str = ""  # nor this
    settings: dict[str, Any]
    blog: Blog
    curation: Curation = Curation()


class Counts(Frozen):
    """How much a build holds."""

    posts: int
    comments: int
    replies: int
    passages: int
    sentences: int


class Nearest(Frozen):
    """How the passages nearest to a question are found, and what share of the ten nearest was, when it was measured.

    Without `lists` all are looked at; `why` says why, where there are so many that it takes long. Else `probes` of the
    lists are looked into, those that are nearest to the question.
    """

    lists: int = 0
    probes: int = 0
    recall: float = 1.0
    why: str | None = None


class Manifest(Frozen):
    """What a build is, and what it must look like to be served.

    `sources` were to be read, and `archives` are the files in them that were; `pins` are the rows of the place of
    each pin; `files` are checksums (SHA-256) by name, and `seal` is that of the manifest itself, without it. `models`
    are those that are in it, and `not_exported` is why there is none.
    """

    id: str
    made: str
    made_by: str
    recipe: Recipe
    dimension: int
    counts: Counts
    nearest: Nearest = Nearest()
    sources: tuple[str, ...]
    archives: tuple[str, ...] = ()
    pins: tuple[tuple[int, ...], ...] = ()
    models: tuple[Exported, ...] = ()
    not_exported: str | None = None
    files: dict[str, str]
    seal: str = ""  # earlier builds have none

    @property
    def served(self) -> tuple[str, ...]:
        """Return the names of the files that every answer depends on, but for those of models."""
        return (*FILES, LISTS) if self.nearest.lists else FILES

    def model_in(self, folder: str) -> Exported | None:
        """Return the model in a folder of the build, if there is one."""
        return next((one for one in self.models if one.folder == folder), None)


class Current(Frozen):
    """Which build is live, and which one was before it."""

    build: str = Field(pattern=_ID)
    previous: str | None = Field(default=None, pattern=_ID)


def builds_folder(index: Path) -> Path:
    """Return the folder of all builds."""
    return index / BUILDS


def read_current(index: Path) -> Current:
    """Return which build is live. Raises IndexProblem when there is none or the note cannot be read."""
    path = index / CURRENT
    try:
        return Current.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise IndexProblem(f"There is no index in {index}. Run  askedbefore rebuild  to make one.") from error
    except (OSError, ValidationError) as error:
        raise IndexProblem(f"{path} cannot be read ({_first_line(error)}). {REPAIR}") from error


def read_manifest(build: Path) -> Manifest:
    """Return a build's manifest. Raises IndexProblem when it is missing, damaged or of another format."""
    path = build / MANIFEST
    try:
        content = path.read_bytes()
        manifest = Manifest.model_validate_json(content)
    except (OSError, ValidationError) as error:
        raise IndexProblem(
            f"{path} cannot be used ({_first_line(error)}), or is of another version. {REPAIR}"
        ) from error
    if manifest.seal and manifest.seal != _seal(content):
        raise IndexProblem(f"{path} is not as it was written: its own checksum is another one. {REPAIR}")
    return manifest


def sealed(manifest: Manifest) -> str:
    """Return a manifest as it is written: as JSON, with its own checksum in it."""
    seal = _seal(manifest.model_dump_json().encode())
    return manifest.model_copy(update={"seal": seal}).model_dump_json(indent=1)


def _seal(content: bytes) -> str:
    """Return the checksum of a manifest's JSON, whatever its spaces, without the checksum in it."""
    values = json.loads(content)
    values.pop("seal", None)
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def check_files(build: Path, manifest: Manifest, names: Iterable[str]) -> None:
    """Raise IndexProblem when one of these files is missing or not as it was written."""
    names = tuple(names)
    with ThreadPoolExecutor(processors()) as several:  # hashlib lets other threads run meanwhile
        checksums = tuple(several.map(_checksum_or_error, (build / name for name in names)))
    for name, found in zip(names, checksums, strict=True):
        path, expected = build / name, manifest.files.get(name)
        if found != expected:
            raise IndexProblem(
                f"{path} is not as it was written (found {found[:30]}, expected {str(expected)[:12]}). {REPAIR}"
            )


def check_models(build: Path, manifest: Manifest) -> None:
    """Raise IndexProblem when a file of a model in the build is missing or not as it was written."""
    for model in manifest.models:
        check_files(build, manifest, model.files)


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file as hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(_PART):
            digest.update(part)
    return digest.hexdigest()


def _checksum_or_error(path: Path) -> str:
    """Return the checksum of a file, or why it cannot be read."""
    try:
        return checksum(path)
    except OSError as error:
        return str(error.strerror)


def _first_line(error: Exception) -> str:
    """Return the first line of an error's text."""
    return (str(error).splitlines() or [type(error).__name__])[0]
