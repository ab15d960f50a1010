"""Feeds: posts, comments and their threads, what is not for everybody, and what no feed should do."""

import time
from pathlib import Path

import pytest

from askedbefore.errors import SourceError
from askedbefore.markup import html_blocks
from askedbefore.reading import importer_for, read_archive
from askedbefore.reading.feeds import read, recognise
from askedbefore.reading.harvest import Fullness, Harvest, Proof
from askedbefore.settings import Settings
from tests.wxr import export

HOME = "https://blog.example"
NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:thr="http://purl.org/syndication/thread/1.0"'
)


def rss(*items: str, generator: str = "https://wordpress.org/?v=6.1") -> str:
    """Return an RSS feed."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {NAMESPACES}><channel>'
        f"<title>Notes &#38; Letters</title><link>{HOME}</link>"
        f"<lastBuildDate>Tue, 03 Mar 2020 09:00:00 +0000</lastBuildDate>"
        f"<generator>{generator}</generator>{''.join(items)}</channel></rss>"
    )


def item(slug: str, content: str, more: str = "", title: str = "") -> str:
    """Return a post."""
    return (
        f"<item><title>{title or slug.capitalize()}</title><link>{HOME}/2020/03/{slug}/</link>"
        f"<guid isPermaLink='false'>{HOME}/?p=7</guid><dc:creator><![CDATA[Ada Example]]></dc:creator>"
        f"<pubDate>Sun, 01 Mar 2020 08:00:00 +0000</pubDate><category>Endings</category>"
        f"<category>Uncategorized</category>{more}<content:encoded><![CDATA[{content}]]></content:encoded></item>"
    )


def said(number: int, content: str, name: str = "Robin Quill", slug: str = "breaks") -> str:
    """Return a comment."""
    return (
        f"<item><title>Comment on Breaks by {name}</title><link>{HOME}/2020/03/{slug}/#comment-{number}</link>"
        f"<guid isPermaLink='false'>{HOME}/?p=7#comment-{number}</guid><dc:creator>{name}</dc:creator>"
        f"<pubDate>Mon, {number:02} Mar 2020 08:00:00 +0000</pubDate>"
        f"<content:encoded><![CDATA[{content}]]></content:encoded></item>"
    )


def reply(to: int, text: str) -> str:
    """Return a comment's content as WordPress writes it for one that replies."""
    return f'<p>In reply to <a href="{HOME}/2020/03/breaks/#comment-{to}">Robin Quill</a>.</p>\n<p>{text}</p>'


def harvest(tmp_path: Path, text: str | bytes) -> Harvest:
    """Read a feed."""
    path = tmp_path / "feed.xml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    assert recognise(path.read_bytes()[:65_536])
    return read(path, Settings())


def test_posts_of_wordpress(tmp_path: Path) -> None:
    """Whole texts under the numbers that the blog itself has."""
    found = harvest(
        tmp_path, rss(item("breaks", "<p>Say so before it “begins”.</p>\n<p>And a line<br />\nunder it.</p>"))
    )
    (post,) = found.posts
    assert [block.text for block in post.blocks] == ["Say so before it “begins”.", "And a line\nunder it."]
    assert (post.slug, post.title, post.url) == ("breaks", "Breaks", f"{HOME}/2020/03/breaks/")
    assert (post.date, post.origin, post.categories) == ("2020-03-01", f"{HOME}?p=7", ("Endings",))
    assert (post.account, found.accounts[0].names, found.proof) == ("Ada Example", ("Ada Example",), Proof.NAME)
    assert (found.title, found.url, found.made) == ("Notes & Letters", HOME, "2020-03-03T09:00:00+00:00")
    assert (found.fullness, found.complete, found.numbering) == (Fullness.PAGE, False, "wordpress")
    assert found.notes == ("a feed holds only the latest posts, this one 1; an export of the blog holds all",)


def test_comments_of_wordpress_and_whom_they_answer(tmp_path: Path) -> None:
    """The line that says whom is no text, and the name in it is nobody's to read."""
    text = rss(said(12, reply(11, "Counting is how many hold on."), "Ada Example"), said(11, "<p>Is it childish?</p>"))
    (thread,) = harvest(tmp_path, text).threads
    assert (thread.url, thread.blocks) == (f"{HOME}/2020/03/breaks/", ())
    assert [(one.id, one.parent, one.anchor, one.text, one.date) for one in thread.comments] == [
        ("11", None, "comment-11", "Is it childish?", "2020-03-11"),
        ("12", "11", "comment-12", "Counting is how many hold on.", "2020-03-12"),
    ]
    assert thread.comments[0].names == {"robin", "quill"}
    assert all(one.account is None and not one.by_author for one in thread.comments)


def test_a_link_to_a_comment_in_running_text_stays(tmp_path: Path) -> None:
    """Only the short first line that WordPress writes is taken out."""
    link = f'<a href="{HOME}/2020/03/breaks/#comment-3">what was said here</a>'
    own = f"<p>I thought long about {link} by others last May.</p>"
    (thread,) = harvest(tmp_path, rss(said(12, own))).threads
    assert thread.comments[0].text == "I thought long about what was said here by others last May."
    assert thread.comments[0].parent is None


def test_comments_join_the_posts_of_other_sources(tmp_path: Path) -> None:
    """And are the author's by her name, which the report says."""
    (tmp_path / "posts.xml").write_text(rss(item("breaks", "<p>Say so before it begins.</p>")), encoding="utf-8")
    comments = rss(said(12, reply(11, "Tell her."), "Ada Example"), said(11, "<p>Is it childish?</p>"))
    (tmp_path / "comments.xml").write_text(comments, encoding="utf-8")
    archive = read_archive([], tmp_path, Settings())
    assert [(one.slug, [(said.id, said.by_author) for said in one.comments]) for one in archive.posts] == [
        ("breaks", [("11", False), ("12", True)])
    ]
    assert any("by the name alone" in guess for guess in archive.guesses)
    untrusting = read_archive([], tmp_path, Settings(trust_names=False))
    assert not any(said.by_author for one in untrusting.posts for said in one.comments)


def test_atom_comments_by_what_they_reply_to(tmp_path: Path) -> None:
    """The standard way (RFC 4685): by id, or by a link to the post; e-mail addresses are not kept."""
    entries = "".join(
        f"<entry><id>tag:blog.example,2020:{key}</id><title>By: Robin</title><author><name>Robin</name>"
        f"<email>robin@reader.invalid</email></author><published>2020-03-0{day}T08:00:00Z</published>"
        f'<thr:in-reply-to ref="tag:blog.example,2020:{ref}" href="{HOME}/2020/03/breaks/"/>'
        f'<content type="html">&lt;p&gt;{text}&lt;/p&gt;</content></entry>'
        for key, ref, day, text in (("c2", "c1", 2, "I told her."), ("c1", "post", 1, "Is it childish?"))
    )
    text = f'<feed xmlns="http://www.w3.org/2005/Atom" {NAMESPACES}><title>Comments</title>{entries}</feed>'
    (thread,) = harvest(tmp_path, text).threads
    first, second = thread.comments
    assert (first.text, first.parent, second.text, second.parent) == ("Is it childish?", None, "I told her.", first.id)
    assert thread.url == f"{HOME}/2020/03/breaks/"
    assert first.anchor is None
    assert first.names == {"robin"}


def test_what_needs_a_password_stays_out(tmp_path: Path) -> None:
    """Its place too, in older sources; and what was said under it."""
    form = f'<form action="{HOME}/wp-login.php?action=postpass" method="post"><p>Password</p></form>'
    found = harvest(tmp_path, rss(item("group", form, title="Protected: Our group"), said(12, form, slug="group")))
    assert (found.posts, found.threads) == ((), ())
    assert [(one.reason, one.place) for one in found.left_out] == [
        ("a password-protected post", "item 1"),
        ("a comment under a password-protected post", "item 2"),
    ]
    assert found.held_back == {"group", f"{HOME}/2020/03/group/", f"{HOME}?p=7"}


def test_a_feed_of_beginnings_says_so(tmp_path: Path) -> None:
    """It counts less than any other source of the same post."""
    short = (
        f"<item><title>Breaks</title><link>{HOME}/2020/03/breaks/</link>"
        "<description><![CDATA[Say so before it begins [&#8230;]]]></description></item>"
    )
    found = harvest(tmp_path, rss(short))
    assert found.fullness is Fullness.SUMMARY
    assert found.notes[-1] == "1 of its posts are only beginnings, not whole texts"
    assert [block.text for block in found.posts[0].blocks] == ["Say so before it begins […]"]


@pytest.mark.parametrize("generator", ["Tumblr (3.0; @notes)", "Site-Server v6.0.0 (http://www.squarespace.com)"])
def test_a_description_may_hold_a_whole_post(tmp_path: Path, generator: str) -> None:
    """As some makers write it."""
    content = "&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;"
    whole = f"<item><link>{HOME}/post/5</link><description>{content}</description></item>"
    found = harvest(tmp_path, rss(whole, generator=generator))
    assert [block.text for block in found.posts[0].blocks] == ["One.", "Two."]
    assert (found.fullness, found.numbering, found.posts[0].origin) == (Fullness.PAGE, "", None)


def test_sounds_and_pictures_without_text_are_left_out(tmp_path: Path) -> None:
    """With the reason."""
    enclosure = f"<enclosure url='{HOME}/a.mp3' type='audio/mpeg'/>"
    sound = f"<item><title>Episode</title><link>{HOME}/episode/</link>{enclosure}</item>"
    found = harvest(tmp_path, rss(sound, item("breaks", "<p>Say so.</p>")))
    assert [one.reason for one in found.left_out] == ["a post without text: a picture, sound or film"]
    assert len(found.posts) == 1


def test_what_plugins_add_is_no_text(tmp_path: Path) -> None:
    """Buttons and lists of other posts; but a sign that stands as a picture is."""
    content = (
        "<p>Say so. <img src='1f642.png' alt='🙂' class='wp-smiley'/></p>"
        "<div class='sharedaddy sd-sharing-enabled'><h3>Share this:</h3><a>Facebook</a></div>"
        "<div id='x' class='jp-relatedposts'><p>Other posts</p></div>"
    )
    (post,) = harvest(tmp_path, rss(item("breaks", content))).posts
    assert [block.text for block in post.blocks] == ["Say so. 🙂"]


def test_rendered_lines_are_lines_only_where_a_browser_breaks_them() -> None:
    """A line end in the source is a space, a <br> a new line."""
    source = "<p>One\nsentence.<br />\nTwo.</p>\n\n<p>Three.</p>"
    assert [block.text for block in html_blocks(source, rendered=True)] == ["One sentence.\nTwo.", "Three."]


def test_other_engines_exports_are_no_feeds() -> None:
    """They have importers of their own, or none."""
    assert not recognise(export().encode())
    assert importer_for(export().encode()).name == "WordPress export"  # type: ignore[union-attr]
    kind = "http://schemas.google.com/blogger/2008/kind#post"
    assert not recognise(f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><category term="{kind}"/>'.encode())
    assert not recognise(b'<disqus xmlns="http://disqus.com"><category/></disqus>')
    assert not recognise(b"<html><body>&lt;rss&gt; <rss></body></html>")


def test_damage_is_passed_over_and_said(tmp_path: Path) -> None:
    """Control bytes, a bare ampersand, an undeclared prefix, HTML's entities, an end that is missing."""
    text = (
        rss(
            item(
                "breaks",
                "<p>Say \x00so & go.</p>",
                "<wfw:commentRss>x</wfw:commentRss>",
                "Me & you&nbsp;two &amp;&#xD800;&#0; I",
            )
        )
        .replace("</channel></rss>", "<item><title>cut off")
        .encode()
    )
    found = harvest(tmp_path, b"\n<!-- cached -->" + text)
    assert found.posts[0].title == "Me & you two & I"
    assert found.posts[0].blocks[0].text == "Say so & go."
    assert len(found.posts) == 1
    assert any(note.startswith("damaged at line") for note in found.notes)


BOMB = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 12))


def test_entity_bombs_do_not_expand(tmp_path: Path) -> None:
    """Neither well-formed nor damaged."""
    for ending in ("", "<broken"):
        bomb = f'<!DOCTYPE rss [<!ENTITY e0 "ha"><!ENTITY x SYSTEM "file:///etc/hostname">{BOMB}]>'
        text = rss(item("breaks", "<p>Say so.</p>", title="&e11;&x;")).replace("?>", f"?>{bomb}", 1) + ending
        begun = time.monotonic()
        found = harvest(tmp_path, text)
        assert time.monotonic() - begun < 5
        assert found.posts[0].title == "&e11;&x;"


@pytest.mark.parametrize(
    "text",
    [
        "<rss></rss>",
        "<rss" + "<" * 50_000,
        "<rss><channel>" + "<a b='" * 20_000,
        "<rss>" + "<![CDATA[" * 100_000,
        "<rss>" + "<item>" * 5_000,
        "<rss><channel><item></item></channel></rss>" * 2,
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry/></feed>",
        "<rss><channel><item " + " ".join(f"a{number}='b'" for number in range(30_000)) + "/></channel></rss>",
        f"<rss><channel><item><dc:creator>{'a' * 300_000}</dc:creator></item></channel></rss>",
        f"<rss><channel><item><link>{HOME}/[</link><guid>http://[::1</guid></item></channel></rss>",
    ],
)
def test_a_feed_of_nothing_is_refused_at_once(tmp_path: Path, text: str) -> None:
    """With the one error that is meant for a person."""
    begun = time.monotonic()
    with pytest.raises(SourceError, match="it holds no post with text, and no comment"):
        harvest(tmp_path, text)
    assert time.monotonic() - begun < 10


def test_an_item_that_is_cut_off_is_left_out(tmp_path: Path) -> None:
    """Half a text is no quotation."""
    whole = rss(
        item("breaks", "<p>Say so before it begins.</p>"), item("fees", "<p>Paid for, as it was kept free.</p>")
    )
    found = harvest(tmp_path, whole[: whole.index("as it was")])
    assert [one.slug for one in found.posts] == ["breaks"]
    assert found.left_out[0].reason == "an item that the damaged file breaks off in"
