"""The threads of a page's comments: which answers which."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from askedbefore.records import Block

_FEWEST_LEVELS = 3  # WordPress allows as many at least where threads are worth the name


@dataclass(frozen=True, slots=True)
class PageComment:
    """A comment as a page shows it. `number` is WordPress's, None where there is none; `parent` is a place in the list.

    `depth` is what it says of its place in the thread (from 1, 0 for nothing), `answered` the number of the comment
    that it says it is a reply to, `withheld` the reason why it is left out. `login` is what the blog calls a logged-in
    writer in its addresses.
    """

    number: str | None
    parent: int | None
    depth: int
    answered: str | None
    by_post_author: bool
    login: str | None
    name: str
    date: str | None
    blocks: tuple[Block, ...]
    withheld: str | None
    can_be_answered: bool


def tie(comments: Sequence[PageComment]) -> tuple[PageComment, ...]:
    """Return the comments with those that they answer: by nesting, else by a link, else by the depth that they name."""
    by_number = {one.number: place for place, one in reversed(list(enumerate(comments))) if one.number}
    above: list[tuple[int, int]] = []  # the depths that are open, each with the comment's place
    tied: list[PageComment] = []
    for place, comment in enumerate(comments):
        while above and above[-1][0] >= comment.depth:
            above.pop()
        parent = comment.parent
        if parent is None and comment.answered and by_number.get(comment.answered, place) < place:
            parent = by_number[comment.answered]
        if parent is None and above and above[-1][0] == comment.depth - 1:
            parent = above[-1][1]
        if comment.depth:
            above.append((comment.depth, place))
        tied.append(replace(comment, parent=parent))
    return tuple(tied)


def untangle(comments: Sequence[PageComment]) -> tuple[tuple[PageComment, ...], int]:
    """Return the comments with the author's replies at the deepest level tied anew, and how many those are.

    At the deepest level that a blog allows, a page shows the replies to a comment beside it, as if all answered the one
    above. Where the post's author would so answer herself right after somebody else, she answers that one.
    """
    levels: list[int] = []
    for comment in comments:
        levels.append(1 if comment.parent is None else levels[comment.parent] + 1)
    deepest = max(levels, default=0)
    last: dict[int | None, int] = {}
    tied = list(comments)
    number = 0
    for place, comment in enumerate(comments):
        parent, beside = comment.parent, last.get(comment.parent)
        last[parent] = place
        if parent is None or beside is None or levels[place] < max(deepest, _FEWEST_LEVELS):
            continue
        answers_herself = comment.by_post_author and comments[parent].by_post_author
        if answers_herself and not comments[beside].by_post_author and not comment.can_be_answered:
            tied[place] = replace(comment, parent=beside)
            number += 1
    return tuple(tied), number
