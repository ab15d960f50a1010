"""What holds for any text at all, of any language and however damaged."""

import random
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given, settings
from hypothesis import strategies as st

from askedbefore.cleantext import clean_text
from askedbefore.errors import AskedBeforeError
from askedbefore.markup import html_blocks, plain_blocks
from askedbefore.passages import make_passages
from askedbefore.reading import read_archive, wordpress
from askedbefore.reading.harvest import Harvest
from askedbefore.reading.sameness import fold, likeness, sketch
from askedbefore.reading.uniting import unite
from askedbefore.records import Block, BlockKind, Comment, Post
from askedbefore.sentences import sentence_spans
from askedbefore.settings import Settings
from askedbefore.splitting import split_text
from tests.wxr import C, P, export

bounded = settings(max_examples=60, deadline=None, derandomize=True, database=None)

# Japanese and Chinese without spaces, Thai, right to left, combining marks, emoji, mojibake, lone surrogates.
PHRASES = (
    *(
        "待つことは怖いです。そう言ってください。",
        "等待很难。你可以说出来。",
        "การรอคอยเป็นเรื่องยาก",
        "ההפסקה קשה. אמרי זאת.",
    ),
    *(
        "الانتظار صعب.",
        "u\u0308ber e\u0301te\u0301",
        "👩‍👩‍👧 🏳️‍🌈",
        "donâ€™t",
        "Ã¼ber",
        "\ud800",
        "\udfff x",
        "Ada waits. Then she asks?",
    ),
    *(
        "\u200f",
        "\u202e.txt",
        "\u00a0\u00a0",
        "\u2028",
        "\x0b\x0c",
        "a" * 300,
        "1. 2. 3.",
        "...",
        "<p>",
        "</div>",
        "&nbsp;",
    ),
)
anything = st.text(st.characters(), max_size=120)
texts = st.lists(st.one_of(st.sampled_from(PHRASES), anything), max_size=8).map(" ".join)
pages = st.lists(
    st.one_of(
        texts,
        st.sampled_from(("<p>", "</p>", "<br>", "<li>", "<b>", "</b>", "[caption]", "<!-- wp:x -->", "<q>", "\n\n")),
    ),
    max_size=12,
).map("".join)


@bounded
@given(texts)
def test_sentences_hold_all_but_space(text: str) -> None:
    """Sentences stand in order, apart from each other, and nothing but white space is between them."""
    at = 0
    for start, end in sentence_spans(text):
        assert at <= start < end <= len(text)
        assert not text[at:start].strip()
        at = end
    assert not text[at:].strip()


@bounded
@given(st.lists(texts, max_size=6))
def test_passages_are_pieces_of_the_text_in_order(paragraphs: list[str]) -> None:
    """Each passage stands in the text word for word, after the one before it, and nothing is lost but white space."""
    whole, at = "\n\n".join(paragraphs), 0
    for piece in split_text(paragraphs):
        start = whole.index(piece, at)
        assert not whole[at:start].strip()
        at = start + len(piece)
    assert not whole[at:].strip()


@bounded
@given(pages)
@example("\x0b\udfff<q>\x00")
def test_blocks_of_html_hold_clean_text(page: str) -> None:
    """Whatever the markup is, blocks have text, and it is clean: cleaning it once more changes nothing."""
    for block in html_blocks(page):
        assert block.text
        assert block.text == clean_text(block.text)


@bounded
@given(texts)
def test_plain_text_keeps_every_word(text: str) -> None:
    """The blocks of plain text hold all that can be seen of it, in order."""
    blocks = plain_blocks(text)
    assert "".join(" ".join(block.text for block in blocks).split()) == "".join(clean_text(text).split())


@bounded
@given(texts, texts)
def test_likeness_is_of_both_sides(one: str, other: str) -> None:
    """A text is its own likeness; likeness has no direction and lies between 0 and 1; space around counts nothing."""
    first, second = sketch(one), sketch(other)
    assert 0 <= likeness(first, second) == likeness(second, first) <= 1
    assert likeness(first, first) == (1.0 if first else 0.0)
    assert fold(f" {one}\n") == fold(one)


@bounded
@given(texts, texts, texts)
def test_an_export_gives_what_was_written(title: str, content: str, comment: str) -> None:
    """Through the export and back a text is what the same text is alone; none ends the reading."""
    told = [
        one.replace("]]>", "]]]]><![CDATA[>").encode("utf-8", "replace").decode() for one in (title, content, comment)
    ]
    data = export(
        [P("one", f"<p>Certain.</p>\n\n{told[1]}", title=told[0] or "T", comments=[C(2, f"Certain.\n\n{told[2]}")])]
    )
    with TemporaryDirectory() as folder:
        path = Path(folder, "file")
        path.write_text(data, encoding="utf-8", newline="")
        post = wordpress.read(path, Settings()).posts[0]
    allowed = [one.replace("\x0b", "\u2028").replace("\x0c", "\u2028") for one in (content, comment)]
    allowed = [one.encode("utf-8", "replace").decode() for one in allowed]
    assert post.blocks == html_blocks(f"<p>Certain.</p>\n\n{allowed[0]}".strip())
    assert post.comments[0].blocks == html_blocks(f"Certain.\n\n{allowed[1]}".strip())


@bounded
@given(st.binary(max_size=400), st.integers(0, 4000))
def test_no_bytes_end_the_reading(junk: bytes, at: int) -> None:
    """Any bytes anywhere in an export are read or refused with a message of ours."""
    whole = export().encode()
    with TemporaryDirectory() as folder:
        path = Path(folder, "file")
        path.write_bytes(whole[:at] + junk + whole[at:])
        with suppress(AskedBeforeError):
            make_passages(read_archive([path], Path(folder), Settings()).posts, Settings())


def _posts(chance: random.Random) -> tuple[Post, ...]:
    """Return a few posts with comments."""
    posts = []
    for number in range(chance.randint(1, 4)):
        comments = tuple(
            Comment(
                str(one),
                str(one - 1) if one % 3 == 2 else None,
                False,
                _blocks(chance),
                f"2020-05-{one:02}",
                anchor=f"comment-{one}",
            )
            for one in range(1, chance.randint(1, 6))
        )
        slug = f"post-{number}"
        posts.append(Post(slug, slug, f"https://blog.example/{slug}/", "2020-01-01", _blocks(chance), comments))
    return tuple(posts)


def _blocks(chance: random.Random) -> tuple[Block, ...]:
    """Return some paragraphs, none like another."""
    return tuple(
        Block(BlockKind.PARAGRAPH, f"{chance.choice(PHRASES[:5])} {chance.random()}")
        for _ in range(chance.randint(1, 3))
    )


@bounded
@given(st.integers(0, 10**6))
def test_an_archive_united_with_itself_is_itself(seed: int) -> None:
    """What two sources have alike stands once, with its threads."""
    harvest = Harvest(posts=_posts(random.Random(seed)), numbering="wordpress")
    assert unite([harvest, harvest]).posts == unite([harvest]).posts == harvest.posts


@bounded
@given(st.integers(0, 10**6))
def test_the_order_of_sources_decides_nothing_and_nothing_is_invented(seed: int) -> None:
    """Of three sources of one day, in any order, come the same posts and comments; each text stands in a source."""
    chance = random.Random(seed)
    posts = _posts(chance)
    parts = [
        Harvest(posts=tuple(chance.sample(posts, chance.randint(1, len(posts)))), numbering="wordpress")
        for _ in range(3)
    ]
    parts.append(Harvest(posts=(replace(posts[0], comments=posts[0].comments[:1]),), numbering="wordpress"))
    first, second = (
        {
            post.slug: (post.blocks, {(one.id, one.parent, one.text) for one in post.comments})
            for post in unite(some).posts
        }
        for some in (parts, parts[::-1])
    )
    assert first == second
    written = {block.text for post in posts for block in (*post.blocks, *(b for c in post.comments for b in c.blocks))}
    united = unite(parts).posts
    assert {block.text for post in united for block in post.blocks} <= written
    assert {block.text for post in united for comment in post.comments for block in comment.blocks} <= written
