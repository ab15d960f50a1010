"""Where things are, and what `blog.toml` says. The only module that reads the environment."""

import difflib
import os
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal, TypeVar, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from askedbefore.errors import SettingsError
from askedbefore.helplines import OwnLine, Signposts, check_region
from askedbefore.origins import origin_of
from askedbefore.wording import ENGLISH, languages

FILE_NAME = "blog.toml"
COLOR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")

Model = TypeVar("Model", bound=BaseModel)
Precision = Literal["fp32", "int8"]

# What pydantic says for programmers, said for authors.
_IN_WORDS = {
    "missing": "is missing",
    "string_type": "must be text in quotation marks",
    "tuple_type": 'must be a list, such as ["one", "two"]',
    "model_type": "must stand under a line of its own in brackets",
}


def _web_address(value: str | None) -> str | None:
    """Accept an http or https address and drop its closing slash."""
    if not value:
        return None
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError("must start with http:// or https://, such as https://my-blog.example")
    return value.rstrip("/")


def _origin(value: str) -> str:
    """Accept an address without a path, and write it as browsers do."""
    parts = urlsplit(value.strip().rstrip("/"))
    origin = origin_of(value.strip())
    if origin is None or parts.path or parts.query or parts.fragment or parts.username is not None:
        raise ValueError("must be an address without a path, such as https://my-blog.example; a * cannot stand in it")
    return origin


def _language(value: str) -> str:
    """Accept a language that readers can be spoken to in."""
    if value not in languages():
        raise ValueError(f"must be one of {', '.join(languages())}: the page has been translated into no other")
    return value


def _regions(value: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Accept regions that there are help lines for, each once."""
    if value == ():
        raise ValueError('must name a region, such as ["US"]; leave it out for the regions of the page\'s language')
    return tuple(dict.fromkeys(value)) if value else None


def _color(value: str | None) -> str | None:
    """Accept a colour as web pages write it."""
    if value and not COLOR.fullmatch(value):
        raise ValueError("must be a colour such as #2f5d62")
    return value or None


class Settings(BaseModel):
    """What the author may set in `data/blog.toml`. Every setting has a default that works."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str | None = Field(default=None, description="the blog's name; taken from the export when absent")
    url: Annotated[str | None, AfterValidator(_web_address)] = Field(
        default=None, description="the blog's address; taken from the export when absent"
    )
    author: str | tuple[str, ...] | None = Field(
        default=None,
        description="the author's name as it stands on the blog, or a list; who wrote the most posts when absent",
    )
    sign_off: str | None = Field(
        default=None, description="what the author's replies end with, such as JS; guessed when absent"
    )
    trust_names: bool = Field(
        default=True,
        description="where no accounts are known, as in feeds, a comment under the author's name is the author's",
    )
    model: Annotated[str | None, AfterValidator(lambda value: value or None)] = Field(
        default=None, description="another sentence-transformers model, by name or folder"
    )
    precision: Precision = Field(
        default="fp32", description="how exactly a server computes a question's vector: fp32, or int8, which is quicker"
    )
    show_unanswered_comments: bool = Field(
        default=False, description="also find and show readers' comments that the author never answered"
    )
    comments_per_page: int = Field(
        default=0, ge=0, description="WordPress's setting when long threads are paged; 0 when they are not"
    )
    address: Annotated[str | None, AfterValidator(_web_address)] = Field(
        default=None, description="where readers reach the page that answers; the snippets for the blog name it"
    )
    embed_origins: tuple[Annotated[str, AfterValidator(_origin)], ...] | None = Field(
        default=None, description="the addresses whose pages may show the page that answers; the blog's own when absent"
    )
    language: Annotated[str, AfterValidator(_language)] = Field(
        default=ENGLISH.language, description="the language in which the page speaks to readers: en or de"
    )
    accent: Annotated[str | None, AfterValidator(_color)] = Field(
        default=None, description="the colour of buttons and links, such as #2f5d62; a quiet green when absent"
    )
    leave_to: Annotated[str | None, AfterValidator(_web_address)] = Field(
        default=None, description='where "Leave this page quickly" leads; a weather forecast when absent'
    )
    regions: Annotated[tuple[Annotated[str, AfterValidator(check_region)], ...] | None, AfterValidator(_regions)] = (
        Field(default=None, description="the regions whose help lines are shown; by the page's language when absent")
    )
    lines: tuple[OwnLine, ...] = Field(
        default=(), description="the author's own help lines, shown first; each a [[lines]] of its own"
    )
    example: bool = Field(default=False, description="this archive is invented and makes way for a real one")

    @property
    def authors(self) -> tuple[str, ...]:
        """Return the names of the author or authors."""
        named = (self.author,) if isinstance(self.author, str) else self.author or ()
        return tuple(name.strip() for name in named if name.strip())

    @property
    def signposts(self) -> Signposts:
        """Return whose help lines are shown."""
        return Signposts(self.regions or (), self.lines)


class Paths(BaseModel):
    """The two folders of a run, absolute."""

    model_config = ConfigDict(frozen=True)

    data: Path
    index: Path


def find_paths(data: Path | None = None, index: Path | None = None) -> Paths:
    """Return the folders: as given, else ASKEDBEFORE_DATA and ASKEDBEFORE_INDEX, else ./data and ./index."""
    try:
        return _absolute(data, index)
    except RuntimeError as error:  # a home folder that does not exist
        raise SettingsError(f"A folder that was named cannot be found: {error}") from error


def _absolute(data: Path | None, index: Path | None) -> Paths:
    """Return the folders as absolute paths."""
    return Paths(
        data=(data or Path(os.environ.get("ASKEDBEFORE_DATA") or "data")).expanduser().absolute(),
        index=(index or Path(os.environ.get("ASKEDBEFORE_INDEX") or "index")).expanduser().absolute(),
    )


def load_settings(data: Path) -> Settings:
    """Read `blog.toml` in the folder `data`; without one, return the defaults.

    Raises SettingsError with the file, the setting and what is wrong with it.
    """
    return load_toml(data / FILE_NAME, Settings, 'A line looks like  title = "My blog"')


def load_toml(path: Path, model: type[Model], hint: str) -> Model:
    """Read what the author wrote in a TOML file; without the file, return the defaults.

    Raises SettingsError with the file, the place in it and what is wrong there; `hint` says what a line looks like.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        if (saved := path.with_name(f"{path.name}.txt")).exists():  # as Windows' editor does, and hides it
            raise SettingsError(f"{saved} is not read under this name. Rename it to {path.name}.") from None
        return model()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}. Save it as plain text in UTF-8.") from error
    try:
        return model.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not valid TOML: {error}. {hint}") from error
    except ValidationError as error:
        problems = "\n".join(f"  {_explain(problem, model)}" for problem in error.errors())
        raise SettingsError(f"{path} holds something that cannot be used:\n{problems}") from error


def _explain(problem: ErrorDetails, model: type[BaseModel]) -> str:
    """Say in words what pydantic found wrong at one place of a file that is read into `model`."""
    where = ", ".join(f"number {part + 1}" if isinstance(part, int) else part for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        fields = _model_at(model, problem["loc"][:-1]).model_fields
        name = str(problem["loc"][-1])
        if name in model.model_fields:
            return f"{where}: {name} must stand above the first line in brackets"
        close = difflib.get_close_matches(name, fields, n=1)
        return f"{where}: no such setting; " + (
            f"did you mean {close[0]}?" if close else f"there are {', '.join(fields)}"
        )
    return f"{where}: {_IN_WORDS.get(problem['type']) or problem['msg'].removeprefix('Value error, ')}"


def _model_at(model: type[BaseModel], place: Sequence[int | str]) -> type[BaseModel]:
    """Return the model of the record that stands at a place in another."""
    for part in place:
        if isinstance(part, str):
            inner = get_args(model.model_fields[part].annotation)
            model = next((one for one in inner if isinstance(one, type) and issubclass(one, BaseModel)), model)
    return model


def quiet_packages() -> None:
    """Tell packages to ask no host for anything; to be called before the page is built."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"


def leave_processors_to_model() -> None:
    """Keep numpy's and faiss's threads off the processors while the model computes; to be called before their import.

    A question is too small for several threads, and those that have no work go on looking for it for a while. What a
    rebuild learns comes in many small steps, which cost many times as much on several threads as on one.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def share_processors(processes: int) -> None:
    """Let each of several processes, which are yet to start, use its share of the processors, unless that is set.

    Each would use all of them, and two that do answer fewer questions than one.
    """
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, _own_processors() // processes)))


def processors() -> int:
    """Return on how many processors this process may compute: as OMP_NUM_THREADS says, else on all it is given."""
    said = os.environ.get("OMP_NUM_THREADS", "")
    return max(1, int(said)) if said.isdecimal() else _own_processors()


def _own_processors() -> int:
    """Return how many processors this process is given."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
