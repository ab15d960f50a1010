"""What the tests share: a fake encoder, a small blog of our own, and one place that redirects all state."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest

from askedbefore.answer import answer_question
from askedbefore.embedding import Progress, Vectors
from askedbefore.rebuild import rebuild
from askedbefore.records import Answer
from askedbefore.report import Report
from askedbefore.sentences import words
from askedbefore.settings import Paths, Settings, load_settings
from askedbefore.storage.library import Library
from askedbefore.storage.served import open_live
from askedbefore.watching import Unwatched
from tests.wxr import export

# Few, so that a rebuild is quick; the tests with the real model use the list that is shipped.
OFF_TOPIC = (
    "gearbox oil change",
    "penguin jokes",
    "train timetable to Tokyo",
    "zebra crossing fine",
    "how to boil eggs",
)
EXAMPLE = Path(__file__).parent.parent / "data" / "example"


class FakeEncoder:
    """An encoder without weights: a text's vector counts its words, each on an axis given by the word's hash.

    So the cosine of two texts is what they share of words, which can be worked out by hand. It remembers what it
    was asked to embed.
    """

    name = "fake"
    fingerprint = "f" * 64
    dimension = 512

    def __init__(self) -> None:
        """Start with nothing embedded."""
        self.embedded: list[str] = []

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return unit vectors of shape (len(texts), dimension)."""
        self.embedded += texts
        if progress:
            progress(len(texts))
        return np.stack([self._vector(text) for text in texts])

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of questions, of shape (len(texts), dimension)."""
        return np.stack([self._vector(text) for text in texts])

    def _vector(self, text: str) -> Vectors:
        """Return the counts of the text's words as a unit vector."""
        counts = np.zeros(self.dimension, dtype=np.float32)
        for word in words(text.lower()):
            counts[int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big") % self.dimension] += 1
        length = float(np.linalg.norm(counts))
        return counts / length if length else counts


@dataclass
class Blog:
    """A blog in a temporary folder: write sources, rebuild, ask."""

    paths: Paths
    encoder: FakeEncoder

    def write(self, name: str, text: str | bytes) -> Path:
        """Put a file into the data folder."""
        path = self.paths.data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def rebuild(self, *sources: Path, yes: bool = False) -> Report:
        """Rebuild with the settings of the data folder."""
        settings = load_settings(self.paths.data)
        with patch("askedbefore.calibration.off_topic_questions", lambda: OFF_TOPIC):
            return rebuild(sources, self.paths, settings, self.encoder, Unwatched(), yes=yes)

    def library(self) -> Library:
        """Open the live build."""
        return open_live(self.paths.index)

    def ask(self, question: str) -> Answer:
        """Answer from the live build."""
        return answer_question(question, self.library(), self.encoder)


@pytest.fixture(autouse=True)
def _no_packaged_model(request: pytest.FixtureRequest) -> Iterator[None]:
    """Keep the guard from loading the real model beside the fake one, but where a test is about the real one."""
    if request.node.get_closest_marker("model"):
        yield
    else:
        with patch("askedbefore.guard.encoding.packaged_encoder", lambda: None):
            yield


@pytest.fixture
def blog(tmp_path: Path) -> Blog:
    """Return an empty blog."""
    paths = Paths(data=tmp_path / "data", index=tmp_path / "index")
    paths.data.mkdir()
    return Blog(paths, FakeEncoder())


@pytest.fixture
def small_blog(blog: Blog) -> Blog:
    """Return a blog of three posts with an export, rebuilt."""
    blog.write("export.xml", export())
    blog.rebuild()
    return blog


@pytest.fixture
def settings() -> Settings:
    """Return the defaults."""
    return Settings()
