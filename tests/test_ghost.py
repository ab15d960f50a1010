"""Ghost exports: only what everybody may read, in the words of its HTML."""

import json
from pathlib import Path
from typing import Any

import pytest

from askedbefore.errors import SourceError
from askedbefore.reading import ghost, read_archive
from askedbefore.reading.harvest import Harvest
from askedbefore.settings import Settings

UNSEEN = "must stay unseen"
USERS = [{"id": "u1", "name": "Ada Example", "slug": "ada", "email": "ada@blog.example"}, {"id": "u2", "name": "Guest"}]


def post(number: str, html: str | None, **more: Any) -> dict[str, Any]:
    """Return a row of the table of posts."""
    return {
        "id": number,
        "title": f"On {number}",
        "slug": f"on-{number}",
        "html": html,
        "status": "published",
        "visibility": "public",
        "published_at": "2020-03-04T23:00:00.000Z",
        "author_id": "u1",
        **more,
    }


def export(*posts: dict[str, Any], **tables: Any) -> str:
    """Return an export."""
    data = {"posts": list(posts), "users": USERS, **tables}
    return json.dumps({"db": [{"meta": {"exported_on": 1_600_000_000_000, "version": "5.1"}, "data": data}]})


def read(tmp_path: Path, text: str, settings: Settings | None = None) -> Harvest:
    """Read an export."""
    path = tmp_path / "ghost.json"
    path.write_text(text, errors="surrogatepass")
    return ghost.read(path, settings or Settings(url="https://blog.example"))


def test_posts_pages_tags_and_guests(tmp_path: Path) -> None:
    """Title, link, date and tags; a guest's post is not the author's voice; a tag with # is the author's own."""
    path = tmp_path / "ghost.json"
    path.write_text(
        export(
            post("a", "<p>One\nparagraph.</p><h2>Then</h2><p>Another.</p>"),
            post("b", "<p>More of hers.</p>", type="page"),
            post("c", "<p>A guest's.</p>"),
            tags=[{"id": "t1", "name": "Endings"}, {"id": "t2", "name": "#own"}],
            posts_tags=[{"post_id": "a", "tag_id": "t2", "sort_order": 0}, {"post_id": "a", "tag_id": "t1"}],
            posts_authors=[{"post_id": "c", "author_id": "u2", "sort_order": 0}],
            settings=[{"key": "title", "value": "A Blog"}],
        )
    )
    found = read_archive([path], tmp_path, Settings(url="https://blog.example"))
    one, _, guest = found.posts
    assert (one.title, one.slug, one.url, one.date) == ("On a", "on-a", "https://blog.example/on-a/", "2020-03-04")
    assert [(b.kind.value, b.text, b.voice.value) for b in one.blocks] == [
        ("paragraph", "One paragraph.", "author"),
        ("heading", "Then", "author"),
        ("paragraph", "Another.", "author"),
    ]
    assert one.categories == ("Endings",)
    assert {block.voice.value for block in guest.blocks} == {"reader"}
    assert found.title == "A Blog"


def test_what_is_not_public_stays_out(tmp_path: Path) -> None:
    """Drafts, what is scheduled, mailed only or for members, and gated parts of public posts."""
    gate = '<!--kg-gated-block:begin nonMember:false memberSegment:"status:free" -->'
    open_gate = gate.replace("false", "true")
    end = "<!--kg-gated-block:end-->"
    found = read(
        tmp_path,
        export(
            post("a", f"<p>Open.</p>{gate}<p>{UNSEEN}</p>{end}{open_gate}<p>Open too.</p>{end}{gate}<p>{UNSEEN}</p>"),
            post("b", UNSEEN, status="draft"),
            post("c", UNSEEN, status="scheduled"),
            post("d", UNSEEN, status="sent"),
            post("e", UNSEEN, visibility="paid"),
            post("f", UNSEEN, visibility="tiers"),
            post("g", UNSEEN),
            post("h", None),
            posts_meta=[{"post_id": "g", "email_only": 1}],
        ),
    )
    assert UNSEEN not in repr(found)
    assert [block.text for block in found.posts[0].blocks] == ["Open.", "Open too."]
    assert [item.reason for item in found.left_out] == [
        "a draft",
        "a post scheduled for later",
        "a post sent by mail only",
        "a post for members only",
        "a post for members only",
        "a post sent by mail only",
        "a post without text",
    ]
    locked = export(post("a", UNSEEN), settings=[{"key": "is_private", "value": "true"}])
    assert read(tmp_path, locked).posts == ()


def test_the_editors_own_text_where_there_is_no_html(tmp_path: Path) -> None:
    """Running text up to a paywall; what quotes stays a quotation."""
    text = {"type": "text", "text": "A < B"}
    children = [
        {"type": "paragraph", "children": [text, {"type": "linebreak"}, {"type": "link", "children": [text]}]},
        {"type": "quote", "children": [text]},
        {"type": "paywall"},
        {"type": "paragraph", "children": [{"type": "text", "text": UNSEEN}]},
    ]
    lexical = json.dumps({"root": {"type": "root", "children": children}})
    sections = [[1, "p", [[0, [], 0, "Old "], [0, [0], 1, "words"]]], [10, 0], [3, "ul", [[[0, [], 0, "An item"]]]]]
    mobiledoc = json.dumps({"cards": [["image", {}]], "sections": sections})
    found = read(tmp_path, export(post("a", None, lexical=lexical), post("b", None, mobiledoc=mobiledoc)))
    assert [[(b.kind.value, b.text) for b in one.blocks] for one in found.posts] == [
        [("paragraph", "A < B\nA < B"), ("quote", "A < B")],
        [("paragraph", "Old words"), ("list", "An item")],
    ]


def test_members_comments_of_a_whole_database(tmp_path: Path) -> None:
    """Published ones; a member logs in by mail, so one with the author's address is the author."""
    members = [{"id": "m1", "name": "Rea", "email": "rea@reader.invalid"}, {"id": "m2", "email": "ADA@blog.example"}]
    rows = [
        {"id": "1", "post_id": "a", "member_id": "m1", "status": "published", "html": "<p>Why?</p>"},
        {"id": "2", "post_id": "a", "member_id": "m1", "status": "hidden", "html": UNSEEN, "parent_id": "1"},
        {"id": "3", "post_id": "a", "member_id": "m2", "status": "published", "html": "So.", "in_reply_to_id": "2"},
    ]
    found = read(tmp_path, export(post("a", "<p>Text.</p>"), members=members, comments=rows))
    assert [(c.id, c.parent, c.account, c.anchor) for c in found.posts[0].comments] == [
        ("1", None, None, "ghost-comments-1"),
        ("3", "1", "u1", "ghost-comments-3"),
    ]
    assert [item.reason for item in found.left_out] == ["a comment that is hidden or deleted"]
    assert "@" not in repr(found)


def test_damage_and_hostile_files(tmp_path: Path) -> None:
    """Said in words, whatever stands in the place of a value."""
    text = export(post("a", "<p>Text.</p>"))
    for broken in (
        text[:-9],
        '{"db":[{"data":' + "[" * 100_000,
        '{"db":[{"meta":' + "9" * 9_999,
        '{"db":[{"data":{}}]}',
    ):
        with pytest.raises(SourceError, match="Export it from Ghost again"):
            read(tmp_path, broken)
    odd: list[Any] = [
        None,
        7,
        [],
        {},
        {"id": {}, "html": [], "status": 1},
        post("a", "\ud800<p>x</p>", slug="\ud800s", title=[]),
    ]
    found = read(tmp_path, export(*odd, users=odd, tags=7, posts_tags=odd, comments=odd, settings=odd))
    assert [(one.slug, one.title) for one in found.posts] == [("s", "Untitled")]
    repr(found).encode()


def test_a_post_that_does_not_say_who_may_see_it(tmp_path: Path) -> None:
    """Where others say so it is damaged and stays out; in an old export, in which none does, all are public."""
    damaged = post("b", "<p>For members.</p>", **{"visib7lity": "paid"})
    del damaged["visibility"]
    found = read(tmp_path, export(post("a", "<p>For all.</p>"), damaged))
    assert [one.slug for one in found.posts] == ["on-a"]
    assert [one.reason for one in found.left_out] == ["a post for members only"]
    old = post("a", "<p>For all.</p>")
    del old["visibility"]
    assert [one.slug for one in read(tmp_path, export(old)).posts] == ["on-a"]
