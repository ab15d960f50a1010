"""Front matter: what stands above a text between two lines of --- (YAML) or +++ (TOML), or in braces (JSON).

Values of YAML are taken as they are written: no tag makes an object, a date stays text, and an alias, which can make
very much of very little, is refused.
"""

import json
import re
import tomllib
from datetime import date, datetime, time
from typing import Any

import frontmatter
import yaml
from frontmatter.default_handlers import BaseHandler, JSONHandler, YAMLHandler

from askedbefore.errors import SourceError

_NAME = re.compile(r"[\w .:/@-]{1,100}")
_AGAIN = "Mend it, or take the file out of the folder"


class _Loader(yaml.BaseLoader):
    """YAML whose values are all text."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Return the next value; refuse an alias."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem_mark=self.peek_event().start_mark)  # type: ignore[no-untyped-call]
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        """Return a mapping; refuse one that says two things under one name, as one of them may be `draft: true`."""
        names = [str(key.value).casefold() for key, _ in node.value]
        if len(set(names)) < len(names):
            raise yaml.MarkedYAMLError(problem_mark=node.start_mark)
        return super().construct_mapping(node, deep)


class _Yaml(YAMLHandler):
    """YAML between two lines of three dashes, the second of which may be three dots."""

    FM_BOUNDARY = re.compile(r"^(?:-{3}|\.{3})[ \t]*$", re.MULTILINE)

    def load(self, fm: str, **_: object) -> Any:
        """Return what is written."""
        return yaml.load(fm, Loader=_Loader)  # noqa: S506 (it makes text only)


class _Toml(BaseHandler):
    """TOML between two lines of three plus signs."""

    FM_BOUNDARY = re.compile(r"^\+{3}[ \t]*$", re.MULTILINE)
    START_DELIMITER = END_DELIMITER = "+++"

    def load(self, fm: str, **_: object) -> Any:
        """Return what is written."""
        return tomllib.loads(fm)


class _Json(JSONHandler):
    """A JSON object, and the text after it."""

    def split(self, text: str) -> tuple[str, str]:
        """Return the object and the text."""
        _, end = json.JSONDecoder().raw_decode(text)
        return text[:end], text[end:]


def parse(text: str) -> tuple[dict[str, Any], str]:
    """Return the front matter, its names in small letters, and the text below.

    Raises SourceError when it cannot be read; never with what stands in it.
    """
    handler = _Yaml() if text.startswith("---") else _Toml() if text.startswith("+++") else _Json()
    try:
        found, body = frontmatter.parse(text, handler=handler)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SourceError(f"its front matter cannot be read at line {line}. {_AGAIN}") from None
    except (yaml.YAMLError, ValueError, RecursionError, TypeError, AttributeError):
        raise SourceError(f"its front matter cannot be read. {_AGAIN}") from None
    if not isinstance(found, dict):
        raise SourceError(f"its front matter has no names and values. {_AGAIN}")
    if not all(_NAME.fullmatch(str(name)) for name in found):  # it may be what is left of `draft`
        raise SourceError(f"its front matter holds a name that is none. {_AGAIN}")
    return {str(name).casefold(): value for name, value in found.items()}, body


def as_text(value: Any) -> str:
    """Return a value as text, "" for what is none."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, float) or (isinstance(value, int) and abs(value) < 1 << 64) else ""


def as_texts(value: Any) -> list[str]:
    """Return a value that may be a list, or names parted by commas, as texts."""
    if isinstance(value, list):
        return [text for one in value if (text := as_text(one.get("name") if isinstance(one, dict) else one))]
    if isinstance(value, dict):
        return as_texts(as_text(value.get("name")))
    return [part.strip() for part in as_text(value).split(",") if part.strip()]
