"""Posts and their comments, to the passages that questions are matched against."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from askedbefore.errors import SourceError
from askedbefore.guard.passages import may_be_shown
from askedbefore.links import Links
from askedbefore.records import Block, BlockKind, Comment, Kind, Passage, Post, Voice
from askedbefore.sentences import count_words
from askedbefore.settings import Settings
from askedbefore.splitting import split_text
from askedbefore.threads import Exchange, find_exchanges, question_excerpt
from askedbefore.unchanged import NOTHING, Unchanged

_WORTH_SHOWING = 4  # words; "Indeed." is no answer to anybody else


def make_passages(posts: Iterable[Post], settings: Settings, unchanged: Unchanged = NOTHING) -> list[Passage]:
    """Return the passages of all posts: each post's own in order, then those of its exchanges.

    Those of `unchanged` posts are taken over. Raises SourceError when there is none that could be shown.
    """
    found: list[Passage] = []
    for post in posts:
        known = unchanged.passages.get(post.slug)
        found.extend(map(_kept_back, _passages_of(post, settings)) if known is None else known)
    if not any(passage.shown for passage in found):
        raise SourceError("Nothing to show: what was read holds no text of the author's. The index is as it was.")
    return found


def _passages_of(post: Post, settings: Settings) -> Iterator[Passage]:
    """Yield the passages of one post, whatever they say."""
    links = Links(post, settings.comments_per_page)
    exchanges, unanswered = find_exchanges(post.comments)
    yield from _post_passages(post, links)
    for exchange in exchanges:
        yield from _exchange_passages(post, exchange, links)
    if settings.show_unanswered_comments:
        for comment in unanswered:
            yield from _comment_passages(post, comment, links, Kind.COMMENT, f"{post.slug}/c{comment.id}")


def kept_back(passages: Iterable[Passage]) -> tuple[str, ...]:
    """Return a remark on how many passages are shown to nobody because of what they describe."""
    number = sum(
        not passage.shown and passage.kind is not Kind.COMMENT and not may_be_shown(passage.text, passage.voice)
        for passage in passages
    )
    if not number:
        return ()
    they = "1 passage describes" if number == 1 else f"{number} passages describe"
    return (f"{they} a method or an attempt of suicide or self-harm; no reader is shown such a passage.",)


def _kept_back(passage: Passage) -> Passage:
    """Return a passage as it may be shown: not at all, or without the reader's words above it, or as it is."""
    asked = passage.asked if passage.asked and may_be_shown(passage.asked, Voice.READER) else None
    return replace(passage, shown=passage.shown and may_be_shown(passage.text, passage.voice), asked=asked)


def units_of(passages: Sequence[Passage]) -> Iterator[range]:
    """Yield the rows of each unit: its passages stand together."""
    for _, rows in groupby(range(len(passages)), key=lambda row: passages[row].unit):
        members = list(rows)
        yield range(members[0], members[-1] + 1)


def full_heading(passage: Passage) -> str:
    """Return the title and heading that a passage stands under, as context for its meaning."""
    return f"{passage.title}: {passage.heading}" if passage.heading else passage.title


def _post_passages(post: Post, links: Links) -> Iterator[Passage]:
    """Yield a post's passages. None crosses a heading or a change of voice; each is a unit of its own."""
    number = 0
    for heading, kind, voice, paragraphs in _sections(post.blocks):
        for joint, text in _pieces(paragraphs):
            number += 1
            yield Passage(
                id=f"{post.slug}/{number}",
                unit=f"{post.slug}/{number}",
                kind=kind,
                voice=voice,
                shown=True,
                text=text,
                post=post.slug,
                title=post.title,
                heading=heading,
                date=post.date,
                url=links.to_passage(text),
                joint=joint,
            )


def _sections(blocks: Iterable[Block]) -> Iterator[tuple[str | None, Kind, Voice, list[str]]]:
    """Yield each run of paragraphs under one heading that one voice speaks; notes are no part of running text."""
    heading: str | None = None
    for (is_heading, letter, voice, _), run in groupby(
        blocks,
        key=lambda block: (block.kind is BlockKind.HEADING, block.letter, block.voice, block.kind is BlockKind.NOTE),
    ):
        texts = [block.text for block in run]
        if is_heading:
            heading = ": ".join(text.rstrip(":") for text in texts)
        else:
            yield heading, Kind.LETTER if letter else Kind.POST, voice, texts


def _exchange_passages(post: Post, exchange: Exchange, links: Links) -> Iterator[Passage]:
    """Yield an exchange's replies, which are shown, and the reader's words, which help to find them."""
    asked = question_excerpt(exchange.question) or None if exchange.question else None
    unit = exchange_unit(post, exchange)
    for reply in exchange.replies:
        yield from _comment_passages(post, reply, links, Kind.REPLY, unit, asked)
    for comment in (*exchange.before, exchange.question):
        if comment is not None:
            yield from _comment_passages(post, comment, links, Kind.COMMENT, unit, shown=False)


def exchange_unit(post: Post, exchange: Exchange) -> str:
    """Return the name of the unit that an exchange is."""
    return f"{post.slug}/c{exchange.id}"


def _comment_passages(
    post: Post, comment: Comment, links: Links, kind: Kind, unit: str, asked: str | None = None, shown: bool = True
) -> Iterator[Passage]:
    """Yield the passages of one comment. Of a reply, only what the author says herself is taken."""
    voice = Voice.AUTHOR if comment.by_author else Voice.READER
    paragraphs = [block.text for block in comment.blocks if block.voice is Voice.AUTHOR or not comment.by_author]
    for number, (joint, text) in enumerate(_pieces(paragraphs), start=1):
        place = f"c{comment.id}" + (f".{number}" if number > 1 else "")
        yield Passage(
            id=f"{post.slug}/{place}" if shown else f"{unit}/asked/{place}",
            unit=unit,
            kind=kind,
            voice=voice,
            shown=shown and count_words(text) >= _WORTH_SHOWING,
            text=text,
            post=post.slug,
            title=post.title,
            comment=comment.id,
            date=comment.date,
            url=links.to_comment(comment, text),
            asked=asked,
            joint=joint,
        )


def _pieces(paragraphs: Sequence[str]) -> Iterator[tuple[str | None, str]]:
    """Yield the passages of a running text, each with the white space between it and the one before it."""
    whole, at = "\n\n".join(paragraphs), 0
    for text in split_text(paragraphs):
        start = whole.index(text, at)
        yield whole[at:start] if at else None, text
        at = start + len(text)
