"""Which posts of several sources are the same: by permalink, then by slug and date, then by near-identical text."""

import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import date
from heapq import nsmallest
from itertools import combinations

from askedbefore.places import read_address
from askedbefore.records import Post
from askedbefore.sentences import plain_word, words

ALIKE = 0.8  # the share of all runs of words of two texts that both must have
_RUN = 5  # words in a row that are compared
_SKETCH = 200  # runs by which a text is compared
_FEWEST_RUNS = 25  # a shorter text may be alike by chance
_COMMON = 20  # a run that stands in more posts than this tells none apart (a banner, a footer)
_APOSTROPHE = re.compile("['’‘`´]")
_PUNCTUATION = re.compile(r"[^\w\s]|_")


def group_same(posts: Sequence[Post], sources: Sequence[int]) -> list[list[int]]:
    """Return the places of the posts in groups that are one post each, in the order of their first members.

    `sources` says which source each post is of. Two posts of one source are never the same.
    """
    groups = _Groups(sources)
    if len(set(sources)) > 1:
        _unite_by_key(groups, posts, _addresses)
        _unite_by_key(groups, posts, _slug_and_date)
        _unite_by_text(groups, posts)
    return groups.members()


def fold(text: str) -> str:
    """Return the words of a text as sources are compared: no case, accents, punctuation or line ends."""
    plain = _PUNCTUATION.sub(" ", _APOSTROPHE.sub("", text))
    if plain.isascii():
        return " ".join(words(plain.lower()))
    return " ".join(plain_word(word) for word in words(plain))


def likeness(one: Sequence[int], other: Sequence[int]) -> float:
    """Return the share of all runs of two texts that both have (Jaccard), estimated from their sketches.

    Source: bottom-k sketches (Cohen and Kaplan, 2007).
    """
    both = set(one) & set(other)
    smallest = nsmallest(_SKETCH, {*one, *other})
    return sum(run in both for run in smallest) / len(smallest) if smallest else 0.0


def sketch(text: str) -> tuple[int, ...]:
    """Return the smallest hashes of a text's runs of words, by which it is compared with others."""
    plain = fold(text).split()
    runs = {zlib.crc32(" ".join(plain[at : at + _RUN]).encode()) for at in range(len(plain) - _RUN + 1)}
    return tuple(nsmallest(_SKETCH, runs))


class _Groups:
    """Posts that were found to be the same (union-find), never two of one source in a group."""

    def __init__(self, sources: Sequence[int]) -> None:
        """Begin with each post alone."""
        self._parents = list(range(len(sources)))
        self._sources = [{source} for source in sources]

    def find(self, place: int) -> int:
        """Return the post that stands for a post's group."""
        while self._parents[place] != place:
            self._parents[place] = self._parents[self._parents[place]]
            place = self._parents[place]
        return place

    def can_unite(self, one: int, other: int) -> bool:
        """Say whether two posts are of different groups, which have no source in common."""
        first, second = self.find(one), self.find(other)
        return first != second and not self._sources[first] & self._sources[second]

    def unite(self, one: int, other: int) -> None:
        """Make one group of two, unless a source would have two posts in it."""
        if self.can_unite(one, other):
            first, second = sorted((self.find(one), self.find(other)))
            self._parents[second] = first
            self._sources[first] |= self._sources[second]

    def members(self) -> list[list[int]]:
        """Return all groups."""
        found: dict[int, list[int]] = defaultdict(list)
        for place in range(len(self._parents)):
            found[self.find(place)].append(place)
        return list(found.values())


def _unite_by_key(
    groups: _Groups, posts: Sequence[Post], keys_of: Callable[[Post], Iterator[tuple[Hashable, ...]]]
) -> None:
    """Unite the posts that share a key."""
    first: dict[tuple[Hashable, ...], int] = {}
    for place, post in enumerate(posts):
        for key in keys_of(post):
            groups.unite(first.setdefault(key, place), place)


def _addresses(post: Post) -> Iterator[tuple[Hashable, ...]]:
    """Yield what a post's links say of it; the front page is no post's own link."""
    for link in (post.url, post.origin):
        try:
            host, path = read_address(link or "")
        except ValueError:
            continue
        if path:
            yield host, path


def _slug_and_date(post: Post) -> Iterator[tuple[Hashable, ...]]:
    """Yield a slug with its day and the next one, as sources may write the day in two time zones; or with its title."""
    slug = post.slug.casefold()
    yield slug, fold(post.title)
    try:
        day = date.fromisoformat(post.date or "").toordinal()
    except ValueError:
        return
    yield from ((slug, day), (slug, day + 1))


def _unite_by_text(groups: _Groups, posts: Sequence[Post]) -> None:
    """Unite the posts whose texts are nearly the same, the most alike first."""
    sketches = [sketch("\n".join(block.text for block in post.blocks)) for post in posts]
    holding: dict[int, list[int]] = defaultdict(list)
    for place, runs in enumerate(sketches):
        if len(runs) >= _FEWEST_RUNS:
            for run in runs:
                holding[run].append(place)
    pairs = {pair for places in holding.values() if 1 < len(places) <= _COMMON for pair in combinations(places, 2)}
    likely = [
        (likeness(sketches[one], sketches[other]), one, other) for one, other in pairs if groups.can_unite(one, other)
    ]
    for alike, one, other in sorted(likely, key=lambda pair: (-pair[0], *pair[1:])):
        if alike >= ALIKE:
            groups.unite(one, other)
