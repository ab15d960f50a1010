"""A blog whose every sentence says which edition of the archive it is from, and its rebuilds, each in a process."""

import multiprocessing
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from unittest.mock import patch

from askedbefore.settings import Paths
from askedbefore.storage import layout
from askedbefore.storage.served import open_live
from tests.conftest import OFF_TOPIC, FakeEncoder
from tests.synthetic import synthetic_posts
from tests.wxr import P, export

PATIENCE = 120.0  # seconds; far more than anything here takes
MARK = re.compile(r"edition(\d+)")
QUESTIONS = (
    "How can I keep a promise in small steps?",
    "Is it normal to feel guilty about a letter in August?",
    "Why do I miss every session on the way home?",
    "Should I tell my mother that a dream makes me jealous?",
    "What can I do when a goodbye makes me numb at night?",
)
# What a rebuild calls, in this order; the last two are within the switch.
STEPS = (
    *(
        f"askedbefore.rebuild.{name}"
        for name in ("make_plan", "embed_passages", "write_build", "calibrate", "verify", "write_report", "switch")
    ),
    "askedbefore.storage.builds.name_live",
    "askedbefore.storage.builds._remove_but",
)
FILES = 3  # that the archive comes in
_END_OF_SENTENCE = re.compile(r"(?=[.?!](?:\s|<|$))")

Fault = Callable[[], object]

_forking = multiprocessing.get_context("forkserver")  # what is heavy is imported once, and each rebuild begins at once
_forking.set_forkserver_preload(["askedbefore.rebuild", "askedbefore.cli", "scripts.faults.blog"])


class Fake(FakeEncoder):
    """The fake encoder in the place of the model that a command loads."""

    def __init__(self, model: str | None = None) -> None:  # noqa: ARG002
        """Load nothing."""
        super().__init__()

    def load(self) -> None:
        """Load nothing."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit code, negative when it was killed, and all that it printed."""

    code: int
    output: str

    @property
    def message(self) -> str:
        """Return the one message of a command that failed, and nothing else: raises AssertionError on a traceback."""
        assert self.code == 1, f"exit code {self.code}: {self.output}"
        assert "Traceback" not in self.output, self.output
        said = [line for line in self.output.splitlines() if line.startswith("askedbefore: ")]
        assert len(said) == 1, self.output
        return said[0]


@dataclass
class Blog:
    """The blog in its folder, and how many posts it has."""

    folder: Path
    posts: int = 12

    @cached_property
    def paths(self) -> Paths:
        """Return where its archive and its index are."""
        return Paths(data=self.folder / "data", index=self.folder / "index")

    @cached_property
    def _texts(self) -> list[P]:
        """Return its posts, as they are without a mark."""
        return synthetic_posts(self.posts, words=60, comments=4)

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """Return what readers ask: questions, and sentences of the archive, for which there always is a quote."""
        return (*QUESTIONS, *(_END_OF_SENTENCE.split(one.content)[0].removeprefix("<p>") for one in self._texts[:5]))

    def write(self, edition: int) -> None:
        """Put an edition of the archive into the data folder: the same posts, with another mark in each sentence."""
        self.paths.data.mkdir(parents=True, exist_ok=True)
        posts = [
            replace(
                post,
                title=f"{post.title} edition{edition}",
                content=_marked(post.content, edition),
                comments=[replace(one, text=_marked(one.text, edition)) for one in post.comments],
            )
            for post in self._texts
        ]
        for number in range(FILES):
            text = export(posts[number::FILES], title=f"Blog edition{edition}")
            (self.paths.data / f"export-{number}.xml").write_text(text, encoding="utf-8")

    def start(self, command: str = "rebuild", fault: Fault | None = None, name: str = "output") -> "Running":
        """Start a command in its own process, which `fault` prepares; what it prints goes to a file of this name."""
        output = self.folder / f"{name}.txt"
        arguments = [command, "--data", str(self.paths.data), "--index", str(self.paths.index)]
        process = _forking.Process(target=_command, args=(arguments, output, fault))
        process.start()
        return Running(process, output)

    def run(self, command: str = "rebuild", fault: Fault | None = None) -> Ended:
        """Run a command until it ends."""
        return self.start(command, fault).end()

    def rebuild(self, edition: int) -> None:
        """Make an edition the live one."""
        self.write(edition)
        ended = self.run()
        assert ended.code == 0, ended.output

    def new_folder(self) -> Path:
        """Return an empty folder beside its own, for a server to put its things into."""
        return Path(mkdtemp(dir=self.folder))

    def live_edition(self) -> int:
        """Open the live build, read every row of it, and return the one edition that all of its posts are of."""
        with closing(open_live(self.paths.index)) as library:
            library.check_rows()
            assert library.manifest.counts.posts == self.posts, "posts are missing"
            found = {int(one) for passage, _, _ in library.all_passages() for one in MARK.findall(passage.text)}
        assert len(found) == 1, f"a build of editions {found}"
        return found.pop()

    def is_word_for_word(self, quote: str) -> bool:
        """Say whether a quote stands in the archive, whatever its edition."""
        return _plain(MARK.sub("", quote)) in self._all_text

    def leftovers(self) -> list[str]:
        """Return the names of all builds in the index folder that its note does not name."""
        current = layout.read_current(self.paths.index)
        folders = {one.name for one in layout.builds_folder(self.paths.index).iterdir()}
        return sorted(folders - {current.build, current.previous})

    def size(self) -> int:
        """Return the bytes of all files in the index folder."""
        return sum(path.stat().st_size for path in self.paths.index.rglob("*") if path.is_file())

    @cached_property
    def _all_text(self) -> str:
        """Return all text of the archive without marks."""
        texts = (text for post in self._texts for text in (post.content, *(one.text for one in post.comments)))
        return _plain(" \n ".join(texts))


@dataclass
class Running:
    """A command that runs, and the file with what it prints."""

    process: ForkServerProcess
    output: Path

    def end(self, timeout: float = PATIENCE) -> Ended:
        """Wait until it has ended."""
        self.process.join(timeout)
        assert self.process.exitcode is not None, "it hangs"
        return Ended(self.process.exitcode, self.output.read_text(encoding="utf-8"))

    def kill(self) -> Ended:
        """`kill -9` it."""
        self.process.kill()
        return self.end()


@contextmanager
def a_blog(posts: int = 12) -> Iterator[Blog]:
    """Give a blog whose first edition is live, in a folder that is removed afterwards."""
    with TemporaryDirectory(prefix="askedbefore-faults-") as folder:
        blog = Blog(Path(folder), posts)
        blog.rebuild(1)
        yield blog


def raise_at(step: str, effect: Callable[..., object] | BaseException) -> None:
    """Let a function of this process do or raise something else, for good."""
    patch(step, side_effect=effect).start()


def _command(arguments: list[str], output: Path, fault: Fault | None) -> None:
    """Run the command line as a terminal would, with a model without weights."""
    import askedbefore.checking
    import askedbefore.opening
    import askedbefore.rebuild  # before anything is exchanged  # noqa: F401
    from askedbefore import cli

    with output.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.argv = ["askedbefore", *arguments]
    with (
        patch("askedbefore.embedding.SentenceTransformerEncoder", Fake),
        patch("askedbefore.opening.SentenceTransformerEncoder", Fake),
        patch("askedbefore.guard.encoding.packaged_encoder", lambda: None),
        patch("askedbefore.calibration.off_topic_questions", lambda: OFF_TOPIC),
    ):
        if fault:
            fault()
        cli.main()


def _marked(text: str, edition: int) -> str:
    """Return a text with the mark of an edition before the end of each sentence."""
    return _END_OF_SENTENCE.sub(f" edition{edition}", text)


def _plain(text: str) -> str:
    """Return a text without tags, signs and its way of breaking lines."""
    return " ".join(re.findall(r"\w+", re.sub(r"<[^>]+>", " ", text)))
