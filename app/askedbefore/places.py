"""Places in the archive as an author names them: by links that she pastes, in all their shapes, or shorter."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qsl, unquote, urlsplit

from askedbefore.records import Post

_PAGE_OF_COMMENTS = re.compile(r"/comment-page-\d+/?$")


@dataclass(frozen=True, slots=True)
class Place:
    """A post, by its slug, or a comment under it."""

    post: str
    comment: str | None = None

    def __str__(self) -> str:
        """Name the place as the report does."""
        return f"comment {self.comment} under {self.post}" if self.comment else self.post


def find_places(name: str, posts: Sequence[Post]) -> tuple[Place, ...]:
    """Return the places that a link or short name stands for: none, one, or several where a number stands twice.

    A post may be named by its link, with or without `https://` and `www.`, by its short link (`?p=12`) or by its slug;
    a comment by its post and `#comment-12`, on whatever page of comments, or by `#comment-12` alone.
    """
    address, _, fragment = name.partition("#")
    number = fragment.removeprefix("comment-")
    under = posts_at(address, posts) if address else posts
    if not number:
        return tuple(Place(post.slug) for post in under)
    # In a page saved as text comments are only counted, so a number would mean another one next time.
    return tuple(
        Place(post.slug, number)
        for post in under
        if any(comment.id == number and comment.anchor and not comment.hidden for comment in post.comments)
    )


def posts_at(name: str, posts: Sequence[Post]) -> list[Post]:
    """Return the posts with an address: the same, or at least the same path on a blog that has moved; or a slug."""
    host, path = read_address(name)
    slug = unquote(name.strip("/")).casefold()
    guessed = path.rpartition("/")[2]  # the address of a page saved as text is only put together from its slug
    is_telling = bool(path) and not (host and "?" in path)  # each blog has a post number 12
    ways: tuple[Callable[[Post], bool], ...] = (
        lambda post: (
            bool(host or path) and (host, path) in (read_address(post.url or ""), read_address(post.origin or ""))
        ),
        lambda post: is_telling and path in (read_address(post.url or "")[1], read_address(post.origin or "")[1]),
        lambda post: post.slug.casefold() == slug or (post.origin is None and post.slug.casefold() == guessed),
    )
    return next((found for way in ways if (found := [post for post in posts if way(post)])), [])


@cache
def read_address(link: str) -> tuple[str, str]:
    """Return the host and the path of a link, without what does not tell posts apart. Raises ValueError."""
    has_host = "//" in link or not link.startswith(("/", "?"))
    parts = urlsplit(link if "//" in link or not has_host else f"//{link}")
    path = unquote(_PAGE_OF_COMMENTS.sub("", parts.path)).strip("/").casefold()
    number = next((value for name, value in parse_qsl(parts.query) if name in ("p", "page_id")), None)
    return parts.netloc.casefold().removeprefix("www."), f"{path}?p={number}" if number else path


def why_absent(name: str, posts: Sequence[Post]) -> str:
    """Say why a name stands for no place."""
    address, _, fragment = name.partition("#")
    under = posts_at(address, posts) if address else []
    number = fragment.removeprefix("comment-")
    if address and not under:
        return "no such post was read"
    if any(not post.comment_links for post in under):
        return "the page was saved as text, where comments have no number"
    return f"“{under[0].title}” has no comment {number} now" if under else f"no comment {number} was read"
