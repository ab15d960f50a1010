"""What a person at a terminal sees: answers, reports, and how far a long piece of work is."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:  # `--help` must not wait for them
    from pathlib import Path

    from rich.progress import Progress, TaskID

    from askedbefore.records import Answer
    from askedbefore.settings import Paths
    from askedbefore.wording import Words

out = Console(highlight=False, markup=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)


def find_and_print_paths(data: "Path | None", index: "Path | None") -> "Paths":
    """Find where the command reads and writes, and print it to standard error, so that nobody wonders."""
    from askedbefore.settings import find_paths

    paths = find_paths(data, index)
    err.print(f"data  {paths.data}\nindex {paths.index}", style="dim")
    return paths


def print_lines(lines: Iterable[str]) -> None:
    """Print a report, what is not indented in bold."""
    for line in lines:
        out.print(line, style="bold" if not line.startswith(" ") else None)


def print_answer(answer: "Answer", wording: "Words") -> None:
    """Print an answer for a person at a terminal, the marked sentences in bold."""
    from askedbefore.presenting import terminal_answer

    for text in terminal_answer(answer, wording):
        out.print(text)


class Bars:
    """Shows the stages of a rebuild as progress bars."""

    def __init__(self, progress: "Progress") -> None:
        """Show them on `progress`."""
        self._progress = progress
        self._stage: TaskID | None = None

    def stage(self, name: str, total: int | None = None) -> None:
        """Show a new stage instead of the one before it."""
        if self._stage is not None:
            self._progress.remove_task(self._stage)
        self._stage = self._progress.add_task(name, total=total)

    def advance(self, steps: int = 1) -> None:
        """Move the bar of the stage."""
        if self._stage is not None:
            self._progress.advance(self._stage, steps)


@contextmanager
def bars() -> Iterator[Bars]:
    """Show progress bars on standard error while the work goes on."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, transient=True) as progress:
        yield Bars(progress)
