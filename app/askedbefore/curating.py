"""Do to an archive what the author's hand says: take out what is hidden or to be forgotten."""

from collections.abc import Iterable
from dataclasses import replace

from askedbefore.curation import FILE_NAME, Curation, rule
from askedbefore.forgetting import Gone, forget
from askedbefore.places import Place
from askedbefore.reading.harvest import Archive, LeftOut
from askedbefore.records import Post

HIDDEN_POST = f"a post that is hidden ({FILE_NAME})"
HIDDEN_COMMENT = f"a comment that is hidden ({FILE_NAME})"


def curate(archive: Archive, curation: Curation) -> Archive:
    """Return the archive without what is not to be shown, and with the curation as far as it can be kept.

    A hidden comment is only marked, because links and replies count on its place in the thread; nothing of a forgotten
    one is left.
    """
    ruling = rule(curation, archive.posts)
    posts, gone, traces = forget(archive.posts, ruling.forgotten)
    posts, hidden = _hide(posts, ruling.hidden)
    kept, remarks = _without_quotations(curation, gone)
    notes = (note for note in archive.notes if not any(one.is_quoted(note) for one in gone))  # the index keeps them
    return replace(
        archive,
        posts=posts,
        left_out=(*archive.left_out, *traces, *hidden),
        notes=(*notes, *ruling.remarks, *remarks),
        curation=kept,
    )


def _hide(posts: Iterable[Post], places: frozenset[Place]) -> tuple[tuple[Post, ...], tuple[LeftOut, ...]]:
    """Return the posts that are shown, with hidden comments marked, and what was hidden."""
    shown: list[Post] = []
    left_out: list[LeftOut] = []
    for post in posts:
        if Place(post.slug) in places:
            left_out.append(LeftOut(HIDDEN_POST, f"“{post.title}”"))
            continue
        hidden = {comment.id for comment in post.comments if Place(post.slug, comment.id) in places}
        left_out += [LeftOut(HIDDEN_COMMENT, str(Place(post.slug, number))) for number in sorted(hidden)]
        comments = tuple(replace(one, hidden=True) if one.id in hidden else one for one in post.comments)
        shown.append(replace(post, comments=comments) if hidden else post)
    return tuple(shown), tuple(left_out)


def _without_quotations(curation: Curation, gone: Iterable[Gone]) -> tuple[Curation, tuple[str, ...]]:
    """Return the curation without questions in the words of somebody who is to be forgotten, and what to say of them.

    The curation is kept in the index, where nothing of those words may be.
    """
    questions = [
        *((f"examples, number {number}", one) for number, one in enumerate(curation.examples, start=1)),
        *((f"pin, number {number}", pin.question) for number, pin in enumerate(curation.pin, start=1)),
    ]
    quoted = {question for _, question in questions if any(one.is_quoted(question) for one in gone)}
    kept = curation.model_copy(
        update={
            "examples": tuple(one for one in curation.examples if one not in quoted),
            "pin": tuple(pin for pin in curation.pin if pin.question not in quoted),
        }
    )
    remarks = (
        f"{FILE_NAME}, {place}: the question is in the words of a comment that is to be forgotten, so it is left "
        "aside. Take it out or say it in other words."
        for place, question in questions
        if question in quoted
    )
    return kept, tuple(remarks)
