"""What a help line is: one of the list that comes with this package, or one of the author's own."""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator

EVERYWHERE = "EVERYWHERE"

Need = Literal[
    "emergency", "suicide", "self_harm", "abuse", "child", "sexual_violence", "eating_disorder", "danger", "misconduct"
]

_NUMBER = re.compile(r"\+?[0-9][0-9 ()/.-]*[0-9]")


def _number(value: str | None) -> str | None:
    """Accept a telephone number as people write it."""
    if value is not None and not _NUMBER.fullmatch(value.strip()):
        raise ValueError("must be a telephone number in digits, such as 116 123 or +1 800 555 0100")
    return value.strip() if value else None


def _address(value: str | None) -> str | None:
    """Accept an http or https address."""
    if value is not None and not re.fullmatch(r"https?://[^\s/]+\S*", value):
        raise ValueError("must start with http:// or https://, such as https://help.example")
    return value


def _name(value: str) -> str:
    """Accept a name that says something."""
    if not value.strip():
        raise ValueError("must say who answers there")
    return value.strip()


class _Line(BaseModel):
    """Who answers, and how to reach them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, AfterValidator(_name)]
    phone: Annotated[str | None, AfterValidator(_number)] = None
    text: Annotated[str | None, AfterValidator(_number)] = None
    text_word: str | None = None
    chat: Annotated[str | None, AfterValidator(_address)] = None
    url: Annotated[str | None, AfterValidator(_address)] = None
    hours: str | None = None

    def to_json(self, region: str | None) -> dict[str, str | None]:
        """Return the line in the public JSON form, in a region as it is called."""
        return {
            "region": region,
            "name": self.name,
            "phone": self.phone,
            "text": self.text,
            "text_word": self.text_word,
            "chat": self.chat,
            "url": self.url,
            "hours": self.hours,
            "kind": self.kind,
        }

    @property
    def kind(self) -> str | None:
        """Say "emergency" of an emergency number."""
        return None


class OwnLine(_Line):
    """A line that the author adds in `blog.toml`."""

    region: Annotated[str | None, AfterValidator(lambda value: check_region(value) if value else None)] = None

    @model_validator(mode="after")
    def _can_be_reached(self) -> "OwnLine":
        """Refuse one that leads nowhere."""
        if not (self.phone or self.text or self.chat or self.url):
            raise ValueError("must say how to reach it: phone, text, chat or url")
        return self


class HelpLine(_Line):
    """A line of the list, with what it is for, above all the first, and where its number was read on which day."""

    region: str
    kinds: tuple[Need, ...]
    general: bool = False
    source: str
    checked: date

    @property
    def kind(self) -> str | None:
        """Say "emergency" of an emergency number."""
        return "emergency" if "emergency" in self.kinds else None

    @property
    def is_for_children(self) -> bool:
        """Say whether it is above all for children, and for those who worry about one."""
        return self.kinds[0] == "child"


def check_region(value: str) -> str:
    """Accept the code of a region, in small letters too. Raises ValueError with all that there are."""
    from askedbefore.helplines.reading import help_book

    names = help_book().regions
    known = {code: one["en"] for code, one in names.items() if code != EVERYWHERE}
    if value.upper() not in known:
        listed = ", ".join(f"{code} ({name})" for code, name in known.items())
        raise ValueError(f"{value} is none of the regions that there are help lines for: {listed}")
    return value.upper()
