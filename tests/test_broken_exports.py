"""Exports as they really come: damaged, edited, converted, split. What can be read is read; what cannot is said."""

import re
from pathlib import Path

import pytest

from askedbefore.errors import SourceError
from askedbefore.reading import read_archive, wordpress
from askedbefore.reading.harvest import Archive
from askedbefore.settings import Settings
from tests.test_wordpress import PRIVATE, UNSEEN, read, seen
from tests.wxr import AUTHOR_ID, C, P, export

SLUGS = ["breaks", "fees", "silence"]


def slugs(archive: Archive) -> list[str]:
    """Return the slugs of all posts."""
    return [post.slug for post in archive.posts]


def reasons(archive: Archive) -> list[str]:
    """Return why things were left out."""
    return [item.reason for item in archive.left_out]


@pytest.mark.parametrize(
    ("found", "instead"),
    [
        ("<channel>", '<channel><atom:link rel="search" href="https://blog.example/osd.xml"/>'),
        (
            "<wp:post_id>",
            '<media:content url="https://blog.example/a.png"><media:title>A</media:title></media:content><wp:post_id>',
        ),
        (' xmlns:wp="http://wordpress.org/export/1.2/"', ""),
        (' xmlns:dc="http://purl.org/dc/elements/1.1/"', ""),
        (' xmlns:content="http://purl.org/rss/1.0/modules/content/"', ""),
        (' xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"', ""),
        ("<item>", '<item xmlns:odd="http://ödd.example/ödd/" odd:x="1">'),
        ("\n", "\r\n"),
        ("<rss", "<meta charset='utf-8'>\n<rss"),
        (
            "<rss",
            "<br />\n<b>Warning</b>:  foreach() argument & more in <b>/srv/x.php</b> on line <b>3</b><br />\n<rss",
        ),
        ("<?xml", "\n\n  <?xml"),
        ("<rss", '<!DOCTYPE rss [<!ENTITY nbsp "&#160;">]>\n<rss'),
        ("</channel>", "<!-- the end --></channel>"),
    ],
)
def test_oddities_that_cost_nothing(tmp_path: Path, found: str, instead: str) -> None:
    """Undeclared prefixes, missing declarations and what stands before the export lose no post and no reply."""
    assert found in export()
    archive = read(tmp_path, export().replace(found, instead))
    assert slugs(archive) == SLUGS
    assert [one.by_author for one in archive.posts[0].comments] == [False, True, False, True]
    assert (
        archive.posts[0].comments[0].text
        == "Mine goes away every August. Is it childish to count the days until she returns?"
    )
    assert archive.title == "A Test Blog"
    assert not archive.notes


def test_an_export_pretty_printed_by_an_editor(tmp_path: Path) -> None:
    """White space around every value, also around those that decide and around links, is none of it."""
    pretty = re.sub(
        r"(<(?:wp|dc|content|link|title|category)[^<>/]*>)([^<]|<!\[CDATA\[.*?\]\]>)*?(?=</)",
        r"\g<0>\n      ",
        export(PRIVATE),
    )
    pretty = re.sub(r"(<(?:wp:(?!comment>|author>)|dc:|content:|link|title)[^<>/]*>)", r"\1\n      ", pretty)
    assert "<wp:status>\n" in pretty
    archive = read(tmp_path, pretty)
    assert slugs(archive) == ["open"]
    assert archive.posts[0].url == "https://blog.example/2020/01/open/"
    assert [(one.id, one.text) for one in archive.posts[0].comments] == [("80", "A comment for all.")]
    assert UNSEEN not in seen(archive)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "windows-1252", "iso-8859-1"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    """The mark at the beginning or the declaration says how a file is encoded."""
    text = export(
        [P("one", "<p>Déjà vu, she said – and “smiled”.</p>" if encoding != "iso-8859-1" else "<p>Déjà vu</p>")]
    )
    text = text.replace('encoding="UTF-8"', f'encoding="{encoding.removesuffix("-sig")}"')
    archive = read(tmp_path, text.encode(encoding))
    assert archive.posts[0].blocks[0].text.startswith("Déjà vu")
    assert not archive.notes


def test_bytes_of_another_encoding_are_read_and_said(tmp_path: Path) -> None:
    """A few bytes of Windows-1252 in a file of UTF-8 are what they were; the line is named."""
    data = export([P("one", "<p>It was d@ja vu – yes.</p>")]).encode().replace(b"@", b"\xe9")
    archive = read(tmp_path, data)
    assert archive.posts[0].blocks[0].text == "It was déja vu – yes."
    line = data[: data.index(b"\xe9")].count(b"\n") + 1
    assert any(f"damaged at line {line} (bytes that are not UTF-8" in note for note in archive.notes)


def test_mojibake_is_left_as_it_is(tmp_path: Path) -> None:
    """It is not ours to guess what was meant."""
    assert read(tmp_path, export([P("one", "I donâ€™t know.")])).posts[0].blocks[0].text == "I donâ€™t know."


def test_no_word_is_lost_to_a_bare_sign(tmp_path: Path) -> None:
    """A bare `&` or `<` outside of CDATA stands as it was written, with what is around it."""
    text = export([P("one", "TEXT")]).replace(
        "<![CDATA[TEXT]]>", "R&D at Smith&Co; 3 < 4 &c. I <3 her &own; &#0;&eacute;"
    )
    archive = read(tmp_path, text)
    assert archive.posts[0].blocks[0].text.startswith("R&D at Smith&Co; 3 < 4 &c. I <3 her &own; ")
    assert archive.posts[0].blocks[0].text.endswith("é")
    assert any("a bare & was read as it stands" in note for note in archive.notes)


@pytest.mark.parametrize(
    "content",
    [
        "Before ]]> after",
        "]]>",
        "]]></p> after",
        "<![CDATA[ nested ]]> after",
        "See ]]></code> <b>]]></b>",
        "a]]>b]]>c ]] >",
    ],
)
def test_an_unescaped_end_of_cdata(tmp_path: Path, content: str) -> None:
    """The text goes on to its real end, and the fields and posts after it are as they were."""
    posts = [P("odd", f"<p>Begin. {content}</p><p>End.</p>"), P("locked", UNSEEN, password="x"), P("good", "Good.")]
    archive = read(tmp_path, export(posts))
    assert slugs(archive) == ["odd", "good"]
    assert archive.posts[0].blocks[-1].text == "End."


def test_text_after_a_cdata_section_is_no_damage(tmp_path: Path) -> None:
    """A value may be written in several sections, or in part without one."""
    text = export([P("one", "A")]).replace("<![CDATA[A]]></content", "<![CDATA[A]]><![CDATA[ b]]> and c</content")
    archive = read(tmp_path, text)
    assert archive.posts[0].blocks[0].text == "A b and c"
    assert not archive.notes


def test_after_damage_the_next_item_is_read(tmp_path: Path) -> None:
    """An item without its end, and one with broken markup, are said by number and line; those after them are there."""
    posts = [P("one", "One."), P("cut", "Cut."), P("three", "Three."), P("torn", "Torn."), P("five", "Five.")]
    head, cut, three, torn, five = re.split(r"(?=<item>)", export(posts))[1:]
    text = re.split(r"(?=<item>)", export(posts))[0] + head + cut.replace("</item>", "")
    text += three + torn.replace("<wp:status>", "<wp:stat us<>") + five
    archive = read(tmp_path, text)
    assert slugs(archive) == ["one", "three", "five"]
    assert reasons(archive) == [
        "an item that the damaged file breaks off in",
        "an item that damage hides from whom it was kept",
    ]
    assert archive.left_out[0].place == "the item at line 17"
    note = "; ".join(archive.notes)
    assert "line 17 (item 2: it breaks off)" in note
    assert "item 4: broken markup" in note


def test_a_text_without_an_end_withholds_what_it_ran_into(tmp_path: Path) -> None:
    """A comment that waits must not be approved by the one after it, nor a draft be published by the next post."""
    comments = [C(2, UNSEEN, approved="0"), C(3, "Open."), C(4, "Open too.")]
    posts = [
        P("open", "Text.", comments=comments),
        P("draft", UNSEEN, status="draft"),
        P("after", "After."),
        P("end", "End."),
    ]
    whole = export(posts)
    archive = read(tmp_path, whole.replace(f"{UNSEEN}]]></wp:comment_content>", UNSEEN, 1))
    assert UNSEEN not in seen(archive)
    assert "4" in [one.id for one in archive.posts[0].comments]
    archive = read(tmp_path, whole.replace(f"{UNSEEN}]]></content:encoded>", UNSEEN, 1))
    assert UNSEEN not in seen(archive)
    assert slugs(archive) == ["open", "after", "end"]


def test_many_damages_are_counted(tmp_path: Path) -> None:
    """The first twenty places are named, and how many more there are."""
    text = export([P(f"p{n}", "Text.") for n in range(1, 60)]).replace("</item>", "")
    with pytest.raises(SourceError, match=r"line 10 \(item 1: it breaks off\).*; and 39 more"):
        read(tmp_path, text)


def test_what_damage_is_called_holds_nothing_private(tmp_path: Path) -> None:
    """Numbers are only named when they are numbers."""
    text = export([P("one", "Text.", status="draft"), P("open", "Open.")])
    archive = read(
        tmp_path, text.replace("<wp:post_id>1<", f"<wp:post_id>{UNSEEN}<").replace("<wp:status>", "<wp:status><x>", 1)
    )
    assert UNSEEN not in repr((archive.left_out, archive.notes))


def test_cut_at_every_byte_no_comment_is_approved(tmp_path: Path) -> None:
    """Wherever the file ends, a comment that waits is not there, and no whole post before it is lost."""
    posts = [
        P("first", "First."),
        P("open", "Text.", comments=[C(2, UNSEEN, approved="0"), C(3, UNSEEN, type="review")]),
    ]
    whole = export(posts)
    begin = whole.index("<item>", whole.index("</item>"))
    path = tmp_path / "cut"
    for length in range(begin, len(whole)):
        path.write_text(whole[:length])
        harvest = wordpress.read(path, Settings())
        assert harvest.posts[0].slug == "first"
        assert UNSEEN not in repr(harvest.posts), length


def test_a_split_export_is_one_archive(tmp_path: Path) -> None:
    """The author is who wrote the most posts in all files together, and her replies in each are hers."""
    guest = "<wp:author><wp:author_id>7</wp:author_id><wp:author_login>guest</wp:author_login></wp:author>"
    first = (
        export([P("a", "A.", id=1)])
        .replace("<![CDATA[ada]]>", "<![CDATA[guest]]>")
        .replace("<wp:author>", f"{guest}<wp:author>", 1)
    )
    second = export([P("b", "B.", id=2, comments=[C(2, "Why?"), C(3, "Because.", 2, AUTHOR_ID)]), P("c", "C.", id=3)])
    (tmp_path / "blog.000.xml").write_text(first)
    (tmp_path / "blog.001.xml").write_text(second)
    archive = read_archive([], tmp_path, Settings())
    assert archive.authors == ("Ada Example", "ada")
    assert {post.slug: post.blocks[0].voice.value for post in archive.posts} == {
        "a": "reader",
        "b": "author",
        "c": "author",
    }
    assert [one.by_author for post in archive.posts for one in post.comments] == [False, True]


def test_an_address_proves_nothing_where_the_account_logs_in_elsewhere(tmp_path: Path) -> None:
    """In a split export the other files count: who comments logged in there, does not comment by address here."""
    typed = C(2, "Typed by a visitor.", email="ada@blog.example")
    (tmp_path / "1.xml").write_text(export([P("a", "A.", id=1, comments=[typed])]))
    assert read_archive([], tmp_path, Settings()).posts[0].comments[0].by_author
    (tmp_path / "2.xml").write_text(export([P("b", "B.", id=2, comments=[C(3, "Logged in.", user=AUTHOR_ID)])]))
    found = {one.id: one.by_author for post in read_archive([], tmp_path, Settings()).posts for one in post.comments}
    assert found == {"2": False, "3": True}


def test_items_without_an_export_around_them(tmp_path: Path) -> None:
    """Some tools give bare items; those that say that they are public are read."""
    item = re.search(r"<item>.*?</item>", export(), re.DOTALL)
    assert item
    assert slugs(read(tmp_path, item[0])) == ["breaks"]


def test_decoys_decide_nothing(tmp_path: Path) -> None:
    """A field of another namespace that is called like one of WordPress is none."""
    decoy = '<wp:status xmlns:wp="https://fake.example/">publish</wp:status>'
    text = export([P("draft", UNSEEN, status="draft"), P("open", "Open.")])
    archive = read(tmp_path, text.replace("<wp:status><![CDATA[draft]]></wp:status>", decoy))
    assert slugs(archive) == ["open"]
    assert slugs(read(tmp_path, text.replace("<wp:status>", f"{decoy}<wp:status>"))) == ["open"]


def test_types_that_are_no_posts(tmp_path: Path) -> None:
    """Messages of a contact form are private mail; orders, topics, parts of the site are no posts; each is counted."""
    types = {
        "feedback": "a message sent through a form",
        "shop_order": "an order of a shop",
        "product": "a product of a shop",
        "topic": "a page of a forum",
        "wp_global_styles": "a picture, menu or other item that is no post",
        "attachment": "a picture, menu or other item that is no post",
        "recipe": "an item of the type recipe, which is neither post nor page",
    }
    posts = [P(f"p{n}", UNSEEN, type=kind, comments=[C(50 + n, UNSEEN)]) for n, kind in enumerate(types)]
    archive = read(tmp_path, export([P("open", "Open."), *posts]))
    assert UNSEEN not in repr(archive)
    expected = [one for reason in types.values() for one in (reason, f"a comment under {reason}")]
    assert sorted(reasons(archive)) == sorted(expected)


@pytest.mark.parametrize(
    ("approved", "kind", "is_there"),
    [
        ("1", "", True),
        ("1", "comment", True),
        ("approved", "comment", True),
        ("\n1\n", "comment", True),
        ("0", "", False),
        ("hold", "comment", False),
        ("spam", "", False),
        ("post-trashed", "", False),
        ("", "", False),
        ("11", "", False),
        ("1", "webmention", False),
        ("1", "social-facebook", False),
        ("1", "review", False),
        ("1", "order_note", False),
    ],
)
def test_which_comments_are_for_readers(tmp_path: Path, approved: str, kind: str, is_there: bool) -> None:
    """Only what is approved and is a comment."""
    archive = read(tmp_path, export([P("one", "Text.", comments=[C(2, "Words.", approved=approved, type=kind)])]))
    assert bool(archive.posts[0].comments) is is_there
    assert len(archive.left_out) == (0 if is_there else 1)


def test_comments_without_number_or_parent(tmp_path: Path) -> None:
    """A comment without a number is read, without a link of its own; an answer to one that is gone begins a thread."""
    comments = [C(2, "Has no number."), C(3, "Answers nobody who is here.", parent=999)]
    text = export([P("one", "Text.", comments=comments)]).replace("<wp:comment_id>2</wp:comment_id>", "")
    found = read(tmp_path, text).posts[0].comments
    assert {(one.text, one.anchor) for one in found} == {
        ("Has no number.", None),
        ("Answers nobody who is here.", "comment-3"),
    }


def test_a_post_that_stands_in_the_file_twice(tmp_path: Path) -> None:
    """It is one, with the comments of both; where one of the two is not public, neither is."""
    twice = [
        P("one", "Short.", id=5, comments=[C(2, "A.")]),
        P("one", "Longer than that.", id=5, comments=[C(3, "B.")]),
    ]
    archive = read(tmp_path, export(twice))
    assert [(post.blocks[0].text, [one.id for one in post.comments]) for post in archive.posts] == [
        ("Longer than that.", ["2", "3"])
    ]
    assert reasons(archive) == ["a post that stands in the file twice"]
    archive = read(
        tmp_path, export([P("one", UNSEEN, id=5), P("open", "Open."), P("one", UNSEEN, id=5, status="private")])
    )
    assert slugs(archive) == ["open"]


def test_a_converter_that_leaves_fields_out(tmp_path: Path) -> None:
    """Status and type must be there; a password field that no item has, needs not be."""
    bare = re.sub(r"<wp:post_password>.*?</wp:post_password>|<wp:comment_type>.*?</wp:comment_type>", "", export())
    assert slugs(read(tmp_path, bare)) == SLUGS
    for name in ("status", "post_type"):
        with pytest.raises(SourceError, match="no published post"):
            read(tmp_path, re.sub(rf"<wp:{name}>.*?</wp:{name}>", "", bare))


def test_japanese(tmp_path: Path) -> None:
    """A language without spaces is read like any other."""
    comments = [C(2, "休みのあいだ、どうすればいいですか。"), C(3, "日を数えてください。", 2, AUTHOR_ID)]
    post = read(tmp_path, export([P("yasumi", "<p>休みは怖いものです。</p>", title="休み", comments=comments)])).posts[
        0
    ]
    assert (post.title, post.blocks[0].text) == ("休み", "休みは怖いものです。")
    assert [one.by_author for one in post.comments] == [False, True]


def test_pingbacks_in_masses(tmp_path: Path) -> None:
    """They are counted, and the comments between them are read."""
    comments = [C(n, "Mentioned elsewhere.", type="pingback") for n in range(2, 176)]
    archive = read(tmp_path, export([P("one", "Text.", comments=[*comments, C(500, "A real one.")])]))
    assert [one.id for one in archive.posts[0].comments] == ["500"]
    assert reasons(archive).count("a pingback") == 174


@pytest.mark.parametrize("damage", ["</w</item>nt_content>", "", "?/wp:comment_content>"])
def test_comments_of_a_draft_do_not_move_to_the_post_before_it(tmp_path: Path, damage: str) -> None:
    """Where a comment's text runs on into the next item, what follows in it may be of that one."""
    draft = P("draft", UNSEEN, status="draft", comments=[C(20, UNSEEN)])
    text = export([P("open", "Text.", comments=[C(2, "Open."), C(3, "Hurt.")]), draft, P("last", "Last.")])
    archive = read(tmp_path, text.replace("Hurt.]]></wp:comment_content>", f"Hurt.]]>{damage}"))
    assert UNSEEN not in seen(archive)
    assert slugs(archive)[0] == "open"
    assert [one.id for one in archive.posts[0].comments] == ["2"]


def test_half_of_a_deciding_field_says_nothing(tmp_path: Path) -> None:
    """A comment's type of which the tag is damaged, and two posts that run together where the end of one is lost."""
    orders = export([P("one", "Text.", comments=[C(2, "Said."), C(3, "An order.", type="order_note")])])
    found = read(tmp_path, orders.replace("<wp:comment_type>order_note", "<wp:comment_type(order_note"))
    assert [comment.id for comment in found.posts[0].comments] == ["2"]
    draft = P("draft", "Not yet.", status="draft", comments=[C(9, "Under a draft.")])
    text = export([P("one", "Text."), draft, P("two", "More.")]).replace("</item>", "</ite[[[[[[>", 1)
    assert "Under a draft" not in repr(read(tmp_path, text).posts)


def test_a_comment_of_the_file_without_an_end_swallows_no_item(tmp_path: Path) -> None:
    """Else the comments of a draft would stand under the post before it."""
    draft = P("draft", "<p>Not yet --></p>", status="draft", comments=[C(9, "Under a draft.")])
    text = export([P("one", "Text.", comments=[C(2, "Said.")]), draft]).replace("192.0.2.77", "<!-- 192.0.2.77", 1)
    text = text.replace("<wp:comment_author_IP><![CDATA[<!--", "<wp:comment_author_IP><!--", 1)
    assert "<wp:comment_author_IP><!--" in text
    assert "Under a draft" not in repr(read(tmp_path, text).posts)
