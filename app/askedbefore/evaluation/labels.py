"""Read labelled questions: a line of JSON each, or a table that a person writes; and files of off-topic questions."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from askedbefore.errors import EvaluationError

if TYPE_CHECKING:
    import _csv

LINE_LOOKS_LIKE = 'A line looks like  {"question": "…", "relevant": ["post-slug", "post-slug#comment-12"]}'
TABLE_LOOKS_LIKE = "The first line is  question,link  and under it stands a question with the link of its place."
_DELIMITERS = ",;\t"  # spreadsheets write what is usual in their country


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question and the names or links of its right places; none when the archive cannot answer it.

    `line` is where it stands first in its file. `before` is the question that it follows up.
    """

    text: str
    places: tuple[str, ...]
    line: int
    kind: str | None = None
    before: str | None = None


class _Row(BaseModel):
    """A line of JSON."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    question: str = Field(min_length=1)
    relevant: list[str]
    kind: str | None = None
    before: str | None = None


def read_questions(path: Path) -> list[Labelled]:
    """Read labelled questions from `.jsonl` or `.csv`. Raises EvaluationError: where, and the remedy."""
    readers = {".jsonl": _read_lines, ".csv": _read_table}
    if path.suffix.lower() not in readers:
        raise EvaluationError(f"{path} is not named .jsonl or .csv, so nobody can tell how to read it. Rename it.")
    questions = readers[path.suffix.lower()](path, _text(path))
    if not questions:
        raise EvaluationError(f"{path} holds no questions. Write some, each with the link of its place.")
    return questions


def read_off_topic(path: Path) -> list[str]:
    """Read questions that the archive cannot answer, a line each; empty lines and lines that begin with # are none."""
    lines = [line.strip() for line in _text(path).splitlines()]
    questions = [line for line in lines if line and not line.startswith("#")]
    if not questions:
        raise EvaluationError(f"{path} holds no questions. Write some, a line each.")
    return questions


def _text(path: Path) -> str:
    """Return the text of a file."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise EvaluationError(f"There is no file {path}. Check its name and folder.") from error
    except UnicodeDecodeError as error:
        raise EvaluationError(f"{path} is not in UTF-8. Save it as “CSV UTF-8”, or as plain text in UTF-8.") from error
    except OSError as error:
        raise EvaluationError(f"{path} cannot be read ({error.strerror}). Name a file that can be.") from error


def _read_lines(path: Path, text: str) -> list[Labelled]:
    """Read a question a line, as JSON."""
    return [
        _labelled(path, number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()
    ]  # not splitlines: JSON may hold line separators of Unicode as they are


def _labelled(path: Path, number: int, line: str) -> Labelled:
    """Read one line of JSON."""
    try:
        row = _Row.model_validate(json.loads(line))
    except json.JSONDecodeError as error:
        raise EvaluationError(f"{path}, line {number}: not JSON ({error.msg}). {LINE_LOOKS_LIKE}") from error
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(str(part) for part in problem["loc"]) or "the line"
        raise EvaluationError(f"{path}, line {number}: {where}: {problem['msg']}. {LINE_LOOKS_LIKE}") from error
    return Labelled(row.question, tuple(row.relevant), number, row.kind, row.before)


def _read_table(path: Path, text: str) -> list[Labelled]:
    """Read a table with the columns question and link; a question may stand in several rows, links side by side."""
    first = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=first.count), strict=True)
    places: dict[str, list[str]] = {}
    lines: dict[str, int] = {}
    for number, question, link in _cells(path, rows):
        if not question or not link:
            missing, present = ("question", "link") if link else ("link", "question")
            raise EvaluationError(
                f"{path}, line {number}: a {present} without a {missing}. Fill it in, or take the line out; "
                "questions that the archive cannot answer go into a file of their own, for --off-topic."
            )
        places.setdefault(question, []).extend(link.split())
        lines.setdefault(question, number)
    return [Labelled(question, tuple(links), lines[question]) for question, links in places.items()]


def _cells(path: Path, rows: "_csv.Reader") -> Iterator[tuple[int, str, str]]:
    """Yield the line, the question and the links of each row that is not empty."""
    header: list[str] = []
    try:
        for row in rows:
            cells = [cell.strip() for cell in row]
            if not header:
                header = [cell.casefold() for cell in cells]
                if not {"question", "link"} <= {*header}:
                    raise EvaluationError(f"{path}, line 1: no columns question and link. {TABLE_LOOKS_LIKE}")
            elif any(cells):
                if len(cells) > len(header):
                    raise EvaluationError(
                        f"{path}, line {rows.line_num}: more columns than line 1 names. A question that holds a comma "
                        'stands in double quotation marks:  "Why, and when?",https://…'
                    )
                named = dict(zip(header, cells, strict=False))
                yield rows.line_num, named.get("question", ""), named.get("link", "")
    except csv.Error as error:
        raise EvaluationError(
            f"{path}, line {rows.line_num}: this cannot be read as a table ({error}). {TABLE_LOOKS_LIKE}"
        ) from error
