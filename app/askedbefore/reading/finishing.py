"""What every post and reply goes through after its importer: boilerplate and sign-offs out, and who speaks."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from askedbefore.cleaning import clean_blocks
from askedbefore.links import flatten
from askedbefore.reading.harvest import Harvest
from askedbefore.records import Comment, Post, Voice
from askedbefore.voices import tell_voices


def finish_posts(harvest: Harvest, sign_off: str | None, authors: Collection[str]) -> Harvest:
    """Return a harvest whose posts are cleaned, with the voices in them told; what is in doubt is noted."""
    posts: list[Post] = []
    doubts: list[str] = []
    for post in harvest.posts:
        voices = tell_voices(clean_blocks(post.blocks, sign_off), authors, post.title)
        doubts += [f"In “{post.title}”: {doubt}." for doubt in voices.doubts]
        posts.append(replace(post, blocks=voices.blocks))
    return replace(harvest, posts=tuple(posts), notes=(*harvest.notes, *doubts))


def finish_replies(posts: Iterable[Post], sign_off: str | None, authors: Collection[str]) -> Iterator[Post]:
    """Yield the posts with the author's replies cleaned, and what in them is quoted told."""
    for post in posts:
        said = {flatten(block.text) for one in post.comments if not one.by_author for block in one.blocks}
        comments = (_finish_reply(one, sign_off, authors, said) if one.by_author else one for one in post.comments)
        yield replace(post, comments=tuple(comments))


def _finish_reply(reply: Comment, sign_off: str | None, authors: Collection[str], said: set[str]) -> Comment:
    """Take the sign-off out of a reply and tell what in it is quoted; `said` is what readers said there."""
    blocks = tell_voices(clean_blocks(reply.blocks, sign_off), authors).blocks
    return replace(
        reply,
        blocks=tuple(
            replace(block, voice=Voice.READER) if flatten(block.text).strip('“”"') in said else block
            for block in blocks
        ),
    )
