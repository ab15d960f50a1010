"""Take comments out of posts, with what other texts quote of them and the names of who wrote them."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from askedbefore.places import Place
from askedbefore.reading.harvest import LeftOut
from askedbefore.records import Block, Post
from askedbefore.sentences import words

FORGOTTEN = "a comment to be forgotten (curation.toml)"
TRACE = "a paragraph that quotes or names who is to be forgotten (curation.toml)"

# So many words in a row are a quotation. Among readers' comments on counselling, seven are shared by chance with one
# paragraph in 14,000, five with one in 600; in one thread it is rather a quotation than chance.
ELSEWHERE, SAME_THREAD = 7, 5
_SHORTEST = 4  # words of a whole paragraph or comment that is shorter than that

_SALUTATION = re.compile(
    r"^\W*(?:(?:dear|hello|hi|hey|thanks|thank you)\b,?\s+)?(?P<name>[^\s,.:;!?–—-]+(?:[^\S\n][^\s,.:;!?–—-]+){0,2})\s*"
    r"(?:[,.:;!–—-]+\s*|\n\s*|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Gone:
    """What is known of a comment that is to be forgotten: where it stood, its words, and those of the name over it."""

    post: str
    words: tuple[str, ...]
    names: frozenset[str]

    def is_quoted(self, text: str, post: str | None = None) -> bool:
        """Say whether a text, in a post or somewhere else, holds a stretch of the comment."""
        said = _plain_words(text)
        length = min(SAME_THREAD if post == self.post else ELSEWHERE, len(said), len(self.words))
        return length >= _SHORTEST and not _runs(said, length).isdisjoint(_runs(self.words, length))


def forget(
    posts: Sequence[Post], places: Collection[Place]
) -> tuple[tuple[Post, ...], tuple[Gone, ...], tuple[LeftOut, ...]]:
    """Return the posts without the comments and their traces, what is gone, and what was left out where.

    A reply to such a comment stays, as the author's own text. A paragraph that quotes it goes; one in the same thread
    that names its writer goes too, but of a salutation only the name.
    """
    if not places:
        return tuple(posts), (), ()
    gone: list[Gone] = []
    left_out: list[LeftOut] = []
    for post in posts:
        for comment in post.comments:
            if (place := Place(post.slug, comment.id)) in places:
                gone.append(Gone(post.slug, _plain_words(comment.text), comment.names))
                left_out.append(LeftOut(FORGOTTEN, str(place)))
    counts = Counter(word for post in posts for text in _texts(post, places) for word in _parts(text))
    kept: list[Post] = []
    for post in posts:
        names = frozenset().union(*(one.names for one in gone if one.post == post.slug))
        no_words = frozenset(name for name in names if counts[name] < counts[name.capitalize()])
        sieve = _Sieve(post.slug, gone, names, no_words, left_out)
        comments = [
            replace(comment, blocks=sieve.without_traces(comment.blocks, Place(post.slug, comment.id)))
            for comment in post.comments
            if Place(post.slug, comment.id) not in places
        ]
        blocks = sieve.without_traces(post.blocks, Place(post.slug))
        kept.append(replace(post, blocks=blocks, comments=tuple(one for one in comments if one.blocks)))
    return tuple(kept), tuple(gone), tuple(left_out)


@dataclass(frozen=True, slots=True)
class _Sieve:
    """Finds traces in one post. `names` are looked for in salutations, those that are `no_words` everywhere.

    So somebody who signs as "Will" or "The Wanderer" does not take half of the thread along.
    """

    post: str
    gone: Sequence[Gone]
    names: frozenset[str]
    no_words: frozenset[str]
    left_out: list[LeftOut]

    def without_traces(self, blocks: Iterable[Block], place: Place) -> tuple[Block, ...]:
        """Return the blocks that hold no trace, and note which went."""
        kept: list[Block] = []
        for block in blocks:
            text = self._without_salutation(block.text)
            said = {word.casefold() for word in _parts(text) if word[0].isupper()}
            if said & self.no_words or any(one.is_quoted(text, self.post) for one in self.gone):
                self.left_out.append(LeftOut(TRACE, str(place)))
            elif text:
                kept.append(replace(block, text=text) if text != block.text else block)
        return tuple(kept)

    def _without_salutation(self, text: str) -> str:
        """Return a text without the salutation to somebody who is to be forgotten."""
        salutation = _SALUTATION.match(text)
        named = {word.casefold() for word in _parts(salutation["name"])} if salutation else set()
        return text[salutation.end() :] if salutation and named and named <= self.names else text


def _texts(post: Post, but: Collection[Place]) -> Iterable[str]:
    """Yield all texts of a post and its comments, but for some."""
    yield from (block.text for block in post.blocks)
    yield from (comment.text for comment in post.comments if Place(post.slug, comment.id) not in but)


def _parts(text: str) -> list[str]:
    """Return the letters of a text in runs, as the names of commenters are kept."""
    return re.findall(r"[^\W\d_]{2,}", text)


@lru_cache
def _plain_words(text: str) -> tuple[str, ...]:
    """Return the words of a text as they are compared."""
    return tuple(word.casefold() for word in words(text.replace("’", "'")))


@lru_cache
def _runs(said: tuple[str, ...], length: int) -> set[tuple[str, ...]]:
    """Return all runs of so many words."""
    return {tuple(said[start : start + length]) for start in range(len(said) - length + 1)}
