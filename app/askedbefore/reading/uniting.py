"""One archive from many sources: each post once, the fuller and newer text of it, and the comments of all.

What a newer source holds back, or has taken off the blog, is not brought back by an older one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from askedbefore.places import read_address
from askedbefore.reading.commentary import Side, unite_comments
from askedbefore.reading.harvest import Harvest, LeftOut
from askedbefore.reading.sameness import group_same
from askedbefore.records import Post

ALSO_ELSEWHERE = "a post that a fuller or newer source has too"
HELD_BACK = "a post that a newer source holds back"
NO_POST = "a comment whose post is in no source"


@dataclass(frozen=True, slots=True)
class United:
    """The posts of all sources, each once, in the order of the newest source.

    `united` names what another source has too, `left_out` what is not for readers any more.
    """

    posts: tuple[Post, ...]
    united: tuple[LeftOut, ...]
    left_out: tuple[LeftOut, ...]


def unite(harvests: Sequence[Harvest]) -> United:
    """Make one list of posts of all harvests."""
    newest_first = sorted(harvests, key=lambda one: one.made, reverse=True)
    united: list[LeftOut] = []
    left_out: list[LeftOut] = []
    sides = list(_public(newest_first, left_out))
    posts: dict[str, Post] = {}
    for group in group_same([side.post for side in sides], [side.age for side in sides]):
        members = sorted((sides[place] for place in group), key=_worth)
        if not any(member.is_post for member in members):
            left_out += [LeftOut(NO_POST, _place(side.post)) for side in members for _ in side.post.comments]
            continue
        post = _fill(members)
        thread = unite_comments(members, post.slug)
        united += [LeftOut(ALSO_ELSEWHERE, f"“{one.post.title}”") for one in members[1:] if one.is_post]
        united += thread.united
        left_out += thread.left_out
        slug = _free_slug(post.slug, posts)
        posts[slug] = replace(post, slug=slug, comments=thread.comments)
    return United(tuple(posts.values()), tuple(united), tuple(left_out))


def _public(newest_first: Sequence[Harvest], left_out: list[LeftOut]) -> Iterator[Side]:
    """Yield every post and thread but those that a newer source holds back, and note those."""
    held_back: set[str] = set()
    for age, harvest in enumerate(newest_first):
        for post, is_post in (*((one, True) for one in harvest.posts), *((one, False) for one in harvest.threads)):
            if held_back & set(_names(post)):
                left_out.append(LeftOut(HELD_BACK, _place(post)))
            else:
                yield Side(post, harvest, age, is_post)
        held_back |= {name for key in harvest.held_back for name in _spellings(key)}


def _names(post: Post) -> Iterator[str]:
    """Yield all that a post may be held back by."""
    for name in (post.slug, post.url, post.origin):
        yield from _spellings(name or "")


def _spellings(name: str) -> Iterator[str]:
    """Yield a slug or link as it is compared."""
    if "/" not in name and "?" not in name:
        yield from ([name] if name else [])
        return
    try:
        host, path = read_address(name)
    except ValueError:
        return
    if path:
        yield f"{host}/{path}"


def _worth(side: Side) -> tuple[bool, int, int, int]:
    """Return what ranks the same post of several sources: a post before a thread, the fuller, the newer, the longer."""
    return not side.is_post, -side.harvest.fullness, side.age, -sum(len(block.text) for block in side.post.blocks)


def _fill(members: Sequence[Side]) -> Post:
    """Return the first post, with what it does not say of itself taken from the others."""
    posts = [member.post for member in members]
    return replace(
        posts[0],
        url=_first(post.url for post in posts),
        date=_first(post.date for post in posts),
        origin=_first(post.origin for post in posts),
        categories=next((post.categories for post in posts if post.categories), ()),
    )


def _first(values: Iterable[str | None]) -> str | None:
    """Return the first value that is there."""
    return next((value for value in values if value), None)


def _place(post: Post) -> str:
    """Say which post it is by its number or file alone: its title and slug may be what is held back."""
    return f"post {post.origin.rpartition('=')[2]}" if post.origin else "a post"


def _free_slug(slug: str, taken: dict[str, Post]) -> str:
    """Return the slug, numbered when another post has it already."""
    number, free = 2, slug
    while free in taken:
        free, number = f"{slug}-{number}", number + 1
    return free
