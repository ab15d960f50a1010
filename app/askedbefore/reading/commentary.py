"""The comments under one post, from all the sources that have it: each once, with its place in the thread."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from askedbefore.reading.harvest import Harvest, LeftOut
from askedbefore.reading.sameness import fold
from askedbefore.records import Comment, Post
from askedbefore.sentences import count_words

TWICE = "a comment that was posted twice"
HELD_BACK = "a comment that a newer source holds back"
TAKEN_OFF = "a comment that the blog no longer has"
ALSO_ELSEWHERE = "a comment that another source has too"

_BEGINNING = 40  # letters by which a shortened comment is known for the whole one
_TELLING_WORDS = 8  # a comment of so many words is not said twice in two places


@dataclass(frozen=True, slots=True)
class Side:
    """A post as one source has it; `is_post` is False where the source has only its comments. `age` 0 is the newest."""

    post: Post
    harvest: Harvest
    age: int
    is_post: bool = True


@dataclass(frozen=True, slots=True)
class Thread:
    """The comments of a post, oldest first; what stands in several sources or twice, and what was left out."""

    comments: tuple[Comment, ...]
    united: tuple[LeftOut, ...]
    left_out: tuple[LeftOut, ...]


def unite_comments(sides: Sequence[Side], slug: str) -> Thread:
    """Return the comments that several sources have under one post; who knows the writer best, counts."""
    united = _Union(slug)
    for side in sorted(sides, key=lambda one: (-one.harvest.proof, -one.harvest.fullness, one.age)):
        newer = [_Newer.of(other) for other in sides if other.age < side.age]
        united.add(side, newer)
    comments = united.comments
    if len(sides) > 1 and all(comment.date for comment in comments):
        comments = sorted(comments, key=lambda one: one.date or "")
    kept, doubles = _without_doubles(comments, slug)
    return Thread(kept, (*united.united, *doubles), tuple(united.left_out))


@dataclass
class _Union:
    """The comments so far. `by_anchor` finds the place of one that is there already."""

    slug: str
    comments: list[Comment] = field(default_factory=list)
    united: list[LeftOut] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    by_anchor: dict[tuple[str, str], int] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)

    def add(self, side: Side, newer: Sequence["_Newer"]) -> None:
        """Add what a source has; what is there already is only completed."""
        names: dict[str, str] = {}  # the ids of this source, and those that the comments have here
        by_text = self._by_text()
        taken: set[int] = set()
        for comment in side.post.comments:
            if reason := _why_gone(comment, side, newer):
                self.left_out.append(LeftOut(reason, f"comment {comment.id} under {self.slug}"))
                continue
            place = self._find(comment, side.harvest.numbering, by_text, taken)
            if place is None:
                names[comment.id] = self._append(comment, side.harvest.numbering)
            else:
                taken.add(place)
                names[comment.id] = self.comments[place].id
                self._complete(place, comment)
        self._tie(side.post.comments, names)

    def _by_text(self) -> dict[str, list[tuple[int, str]]]:
        """Return the comments of the sources so far by how they begin: the place and the text of each."""
        found: dict[str, list[tuple[int, str]]] = {}
        for place, comment in enumerate(self.comments):
            text = fold(comment.text)
            found.setdefault(text[:_BEGINNING], []).append((place, text))
        return found

    def _find(
        self, comment: Comment, numbering: str, by_text: dict[str, list[tuple[int, str]]], taken: set[int]
    ) -> int | None:
        """Return the place of the same comment from another source: by its number, else by its text."""
        if comment.anchor and (place := self.by_anchor.get((numbering, comment.anchor))) is not None:
            return place
        if not by_text:
            return None
        text = fold(comment.text)
        for place, other_text in by_text.get(text[:_BEGINNING], ()):
            other = self.comments[place]
            if place in taken or (comment.names and other.names and comment.names != other.names):
                continue
            shorter, longer = sorted((text, other_text), key=len)
            if shorter == longer or (len(shorter) > _BEGINNING and longer.startswith(shorter)):
                return place
        return None

    def _append(self, comment: Comment, numbering: str) -> str:
        """Add a comment that no source had so far, and return its id here."""
        number, free = 2, comment.id
        while free in self.ids:
            free, number = f"{comment.id}-{number}", number + 1
        place = len(self.comments)
        self.comments.append(replace(comment, id=free, parent=None))
        self.ids.add(free)
        if comment.anchor:
            self.by_anchor[numbering, comment.anchor] = place
        return free

    def _complete(self, place: int, comment: Comment) -> None:
        """Take from another source what the comment does not say of itself; its names are all to be kept out."""
        here = self.comments[place]
        names = frozenset() if here.by_author else here.names | comment.names
        self.comments[place] = replace(
            here, date=here.date or comment.date, anchor=here.anchor or comment.anchor, names=names
        )
        self.united.append(LeftOut(ALSO_ELSEWHERE, f"comment {here.id} under {self.slug}"))

    def _tie(self, comments: Sequence[Comment], names: dict[str, str]) -> None:
        """Let the comments answer whom they answer in their source, where that is not known yet."""
        places = {comment.id: place for place, comment in enumerate(self.comments)}
        for comment in comments:
            own, parent = names.get(comment.id), names.get(comment.parent or "")
            if own and parent and own != parent and self.comments[places[own]].parent is None:
                self.comments[places[own]] = replace(self.comments[places[own]], parent=parent)


@dataclass(frozen=True, slots=True)
class _Newer:
    """A newer source of the same post, and the anchors of the comments that it has."""

    harvest: Harvest
    is_whole: bool
    anchors: frozenset[str | None]

    @classmethod
    def of(cls, side: Side) -> "_Newer":
        """Return what matters of a side; whole is one that holds all comments of the post."""
        anchors = frozenset(comment.anchor for comment in side.post.comments)
        return cls(side.harvest, side.is_post and side.harvest.complete, anchors)


def _why_gone(comment: Comment, side: Side, newer: Sequence[_Newer]) -> str | None:
    """Say why a comment is not for readers any more, or return None.

    A newer source that holds all comments of a post, numbered by the same system, would have it.
    """
    if comment.anchor is None:
        return None
    for other in newer:
        if other.harvest.numbering != side.harvest.numbering:
            continue
        if comment.anchor in other.harvest.held_back_comments:
            return HELD_BACK
        is_older = (comment.date or "") < other.harvest.made[:10]
        if other.is_whole and is_older and comment.anchor not in other.anchors:
            return TAKEN_OFF
    return None


def _without_doubles(comments: Sequence[Comment], slug: str) -> tuple[tuple[Comment, ...], tuple[LeftOut, ...]]:
    """Return the comments without those that somebody posted twice; what answers a second one, answers the first."""
    first: dict[tuple[object, ...], str] = {}
    same_as: dict[str, str] = {}
    kept: list[Comment] = []
    for comment in comments:
        text = fold(comment.text)
        said = (text, comment.names, comment.by_author)
        anywhere = not comment.by_author and count_words(text) >= _TELLING_WORDS
        key = said if anywhere else (*said, comment.parent, comment.date)
        if text and key in first:
            same_as[comment.id] = first[key]
        else:
            first[key] = comment.id
            kept.append(comment)
    doubles = tuple(LeftOut(TWICE, f"comment {number} under {slug}") for number in same_as)
    tied = tuple(
        replace(one, parent=same_as[one.parent]) if one.parent in same_as and same_as[one.parent] != one.id else one
        for one in kept
    )
    return tied, doubles
