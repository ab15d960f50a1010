"""What is new, edited, gone or the same since the last build. Decided from hashes alone; acted on elsewhere."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from askedbefore.errors import RebuildStopped
from askedbefore.records import Block, Comment, Post

VERSION = 3  # raise it when the same source would be read into other text
_MOST_NAMED = 20
_READ = {noun: [field.name for field in fields(noun)] for noun in (Post, Comment, Block)}


@dataclass(frozen=True, slots=True)
class Changes:
    """The slugs of the posts of an archive, by what became of them.

    `reread` are those that the build before was made of by another way of reading: whether the author has edited them
    since cannot be told.
    """

    new: tuple[str, ...]
    edited: tuple[str, ...]
    gone: tuple[str, ...]
    same: tuple[str, ...]
    reread: tuple[str, ...] = ()


def reading_recipe() -> str:
    """Return what tells one way of reading posts from another; a field more of what is read makes another way."""
    return hashlib.sha256(repr((VERSION, list(_READ.values()))).encode()).hexdigest()


def hash_posts(posts: Iterable[Post]) -> dict[str, str]:
    """Return a hash of everything that is read of each post and its comments, by slug."""
    return {post.slug: _hash(post) for post in posts}


def compare(before: Mapping[str, str], now: Mapping[str, str], *, same_reading: bool = True) -> Changes:
    """Compare the hashes of two builds' posts; without `same_reading` one that differs is no sign of an edit."""
    differ = tuple(slug for slug in now if slug in before and before[slug] != now[slug])
    return Changes(
        new=tuple(slug for slug in now if slug not in before),
        edited=differ if same_reading else (),
        gone=tuple(slug for slug in before if slug not in now),
        same=tuple(slug for slug in now if before.get(slug) == now[slug]),
        reread=() if same_reading else differ,
    )


def stop_before_large_loss(changes: Changes, before: int) -> None:
    """Raise RebuildStopped when more than half of the `before` live posts would go, naming them."""
    if 2 * len(changes.gone) <= before:
        return
    named = ", ".join(changes.gone[:_MOST_NAMED])
    more = f" and {len(changes.gone) - _MOST_NAMED} more" if len(changes.gone) > _MOST_NAMED else ""
    raise RebuildStopped(
        f"{len(changes.gone)} of the {before} posts in the index are not in what was read and would go: "
        f"{named}{more}.\n"
        "If that is meant, run the same command with --yes. If not, check which files are there to be read. "
        "The index is as it was."
    )


def _hash(post: Post) -> str:
    """Return the SHA-256 of a post as hexadecimal digits."""
    content = json.dumps(post, ensure_ascii=False, sort_keys=True, default=_as_json)
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def _as_json(value: Any) -> Any:
    """Return what JSON has for a noun or for a set of words."""
    if isinstance(value, frozenset):
        return sorted(value)
    return {name: getattr(value, name) for name in _READ[type(value)]}
