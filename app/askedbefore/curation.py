"""The author's hand: what `curation.toml` says of places, questions and words, and what that comes to in an archive.

Nothing is done here: `curating` takes out what is hidden or forgotten, `pins` puts pinned places first.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from askedbefore.places import Place, find_places, posts_at, read_address, why_absent
from askedbefore.records import Post
from askedbefore.sentences import words
from askedbefore.settings import load_toml

FILE_NAME = "curation.toml"
LONGEST_EXAMPLE = 120  # characters; more is no button

_COMMENT = re.compile(r"(?:[\w-]+-)?comment-(\d+)")  # some themes write #li-comment-12
_NUMBER = re.compile(r"#?(?:comment-)?(\d+)")
_LIST_NAMES = ("hide", "forget", "examples")


def _as_list(value: Any) -> Any:
    """Take one thing for a list of it."""
    return [value] if isinstance(value, str | int) and not isinstance(value, bool) else value


def _one_line(text: str) -> str:
    """Return text with single spaces."""
    return " ".join(text.split())


def _question(text: str) -> str:
    """Accept a question that has words."""
    if not words(text):
        raise ValueError("is empty; write the question as a reader would ask it")
    return _one_line(text)


def _place_name(text: str) -> str:
    """Accept the name of a post or comment, and drop what a browser needs only for marking words."""
    name = text.strip().partition(":~:")[0].rstrip("#")
    address, _, fragment = name.partition("#")
    comment = _COMMENT.fullmatch(fragment)
    if not name:
        raise ValueError("is empty; paste a link")
    if fragment and not comment:
        raise ValueError(f"“{text}” ends in “#{fragment}”; a link to a comment ends as in #comment-12")
    read_address(address)
    return f"{address}#comment-{comment[1]}" if comment else address


def _comment_name(value: Any) -> Any:
    """Accept the name of a comment, which may be its bare number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"#comment-{value}"
    if not isinstance(value, str):
        return value
    number = _NUMBER.fullmatch(value.strip())
    name = f"#comment-{number[1]}" if number else _place_name(value)
    if "#" not in name:
        raise ValueError(f"“{value}” is a post, not a comment; a link to a comment ends as in #comment-12")
    return name


def _record(value: Any) -> Any:
    """Refuse a single [pin], of which there can be only one."""
    if isinstance(value, dict):
        raise ValueError("must be written with two brackets on either side: [[pin]]")
    return value


def _words(value: Any) -> Any:
    """Refuse what is no table."""
    if not isinstance(value, dict):
        raise ValueError("must stand under [synonyms], with a word in each line")
    return value


def _synonyms(found: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Accept words with at least one word for each, in small letters; refuse lists that slipped in among them."""
    known: dict[str, tuple[str, ...]] = {}
    for word, others in found.items():
        if word in _LIST_NAMES:
            raise ValueError(f"{word} must stand above the first line in brackets")
        if not others or not all(words(one) for one in (word, *others)):
            raise ValueError(f'“{word}” needs words, as in  shrink = ["therapist", "analyst"]')
        key = _one_line(word).casefold()
        known[key] = (*known.get(key, ()), *(_one_line(one).casefold() for one in others))
    return known


Synonyms = Annotated[
    dict[str, Annotated[tuple[str, ...], BeforeValidator(_as_list)]],
    BeforeValidator(_words),
    AfterValidator(_synonyms),
]
PlaceName = Annotated[str, AfterValidator(_place_name)]
CommentName = Annotated[str, BeforeValidator(_comment_name)]


class Pin(BaseModel):
    """A place that stands first when somebody asks this, in whatever words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: Annotated[str, AfterValidator(_question)] = Field(description="the question, as a reader would ask it")
    place: PlaceName = Field(description="the post or comment that answers it")


class Curation(BaseModel):
    """What the author may say in `data/curation.toml`. Places are named as she pastes them; see `find_places`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hide: Annotated[tuple[PlaceName, ...], BeforeValidator(_as_list)] = Field(
        default=(), description="posts and comments that are never shown"
    )
    forget: Annotated[tuple[CommentName, ...], BeforeValidator(_as_list)] = Field(
        default=(), description="comments of which nothing stays in the index"
    )
    examples: Annotated[tuple[Annotated[str, AfterValidator(_one_line)], ...], BeforeValidator(_as_list)] = Field(
        default=(), description="questions that the page begins with"
    )
    synonyms: Synonyms = Field(default={}, description="words that readers use, and what the archive says")
    pin: Annotated[tuple[Pin, ...], BeforeValidator(_record)] = Field(
        default=(), description="places that stand first for a question"
    )

    @property
    def shown_examples(self) -> tuple[str, ...]:
        """Return the examples that can be shown, each once, in the author's order."""
        return tuple(dict.fromkeys(one for one in self.examples if words(one) and len(one) <= LONGEST_EXAMPLE))

    def with_examples(self, found: Iterable[str]) -> tuple[str, ...]:
        """Return the author's examples, and after them those that were found."""
        return tuple(dict.fromkeys((*self.shown_examples, *found)))


def load_curation(data: Path) -> Curation:
    """Read `curation.toml` in the folder `data`; without one, return an empty curation.

    Raises SettingsError with the file, the place in it and what to do.
    """
    hint = 'A line looks like  hide = ["https://my-blog.example/a-post/", "https://my-blog.example/other/#comment-12"]'
    return load_toml(data / FILE_NAME, Curation, f"{hint}  and no name may stand twice")


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the lines come to in an archive: places to hide and to forget, and sentences for the author."""

    hidden: frozenset[Place]
    forgotten: frozenset[Place]
    remarks: tuple[str, ...]


def rule(curation: Curation, posts: Sequence[Post]) -> Ruling:
    """Decide what the lines mean for these posts. What cannot be done is said, and stops nothing."""
    remarks: list[str] = []
    hidden: set[Place] = set()
    for name in curation.hide:
        hidden.update(places := find_places(name, posts))
        if not places:
            remarks.append(f"{FILE_NAME}, hide: {name}: {why_absent(name, posts)}. Correct the link or take it out.")
    forgotten: set[Place] = set()
    for name in curation.forget:
        places, remark = _to_forget(name, posts)
        forgotten.update(places)
        remarks += [remark] if remark else []
    for pin in curation.pin:
        remarks += _on_pin(pin, posts, hidden, forgotten)
    for example in curation.examples:
        if example not in curation.shown_examples:
            reason = f"is longer than {LONGEST_EXAMPLE} characters" if words(example) else "has no words"
            remarks.append(f"{FILE_NAME}, examples: “{example}” {reason}, so it is not shown. Change it.")
    return Ruling(frozenset(hidden), frozenset(forgotten), tuple(remarks))


def _to_forget(name: str, posts: Sequence[Post]) -> tuple[tuple[Place, ...], str | None]:
    """Return what to forget, and what is to be said of it.

    Rather the right number under another post than nothing: WordPress numbers a blog's comments through, and posts
    move.
    """
    if places := find_places(name, posts):
        return places, None
    where = f"{FILE_NAME}, forget: {name}"
    address, _, fragment = name.partition("#")
    if any(not post.comment_links for post in posts_at(address, posts)):
        return (), f"{where}: {why_absent(name, posts)}. Delete the comment from that file and rebuild."
    if places := find_places(f"#{fragment}", posts):
        found = ", ".join(str(place) for place in places)
        return places, f"{where}: it is not there. Forgotten was {found}; look whether that is right."
    uncounted = any(not post.comment_links for post in posts)
    beware = ", unless it stands on a page saved as text: look there yourself" if uncounted else ""
    return (), f"{where} is in no source now: nothing of it is in the index{beware}."


def _on_pin(pin: Pin, posts: Sequence[Post], hidden: set[Place], forgotten: set[Place]) -> Iterable[str]:
    """Yield what is wrong with a pin's place, if anything is."""
    places = find_places(pin.place, posts)
    what = f"{FILE_NAME}, pin “{pin.question}”: {pin.place}"
    if not places:
        yield f"{what}: {why_absent(pin.place, posts)}. Correct the link or take the pin out."
    elif {*places, *(Place(place.post) for place in places)} & (hidden | forgotten):
        yield f"{what} is also hidden or forgotten, so it is not shown. Take out the pin or the other line."
