"""Blogger backups: both formats, whose comments are whose, and nothing that is not public."""

from contextlib import suppress
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from askedbefore.errors import SourceError
from askedbefore.reading import blogger, read_archive
from askedbefore.reading.harvest import Archive, Harvest
from askedbefore.settings import Settings
from tests.seeds import SECRET
from tests.seeds import blogger as seed

KIND = "http://schemas.google.com/blogger/2008/kind#"
OWN = "http://www.blogger.com/profile/11"
UNSEEN = "must stay unseen"


def entry(kind: str, number: int, text: str, extra: str = "", uri: str = OWN, name: str = "Ada Example") -> str:
    """Return an entry of the older format."""
    day = f"2010-03-{number % 28 + 1:02}T22:00:00.000-08:00"
    return f"""<entry><id>tag:blogger.com,1999:blog-5.post-{number}</id><published>{day}</published>
<category scheme='http://schemas.google.com/g/2005#kind' term='{KIND}{kind}'/>
<title type='text'>On {number}</title><content type='html'>{escape(text)}</content>{extra}
<author><name>{name}</name><uri>{uri}</uri><email>noreply@blogger.com</email></author></entry>"""


def said(
    number: int,
    text: str,
    person: str = "",
    parent: int = 0,
    post: int = 1,
    uri: str = OWN,
    name: str = "Ada Example",
) -> str:
    """Return a comment of the older format."""
    related = f"<link rel='related' href='http://www.blogger.com/feeds/5/{post}/comments/default/{parent}?v=2'/>"
    extra = f"""<link rel='alternate' href='http://b.example/2010/03/one.html?showComment=9#c{number}'/>
<thr:in-reply-to href='http://b.example/2010/03/one.html' ref='tag:blogger.com,1999:blog-5.post-{post}'/>
<gd:extendedProperty name='blogger.itemClass' value='{person}'/>{related if parent else ""}"""
    return entry("comment", number, text, extra, uri, name)


def post(number: int, text: str, extra: str = "") -> str:
    """Return a post of the older format at an address of its own."""
    link = f"<link rel='alternate' type='text/html' href='http://b.example/2010/03/{number}-post.html'/>"
    label = "<category scheme='http://www.blogger.com/atom/ns#' term='Endings'/>"
    return entry("post", number, text, link + label + extra)


def feed(*entries: str) -> str:
    """Return a backup."""
    return f"""<?xml version='1.0' encoding='UTF-8'?><feed xmlns='http://www.w3.org/2005/Atom'
 xmlns:thr='http://purl.org/syndication/thread/1.0' xmlns:gd='http://schemas.google.com/g/2005'
 xmlns:app='http://purl.org/atom/app#'><id>tag:blogger.com,1999:blog-5.archive</id>
<updated>2011-01-01T10:00:00Z</updated><title>A Blog</title><link rel='alternate' href='http://b.example/'/>
{"".join(entries)}</feed>"""


def read(tmp_path: Path, text: str | bytes, settings: Settings | None = None) -> Harvest:
    """Read a backup."""
    path = tmp_path / "file"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return blogger.read(path, settings or Settings())


def archive(tmp_path: Path, text: str) -> Archive:
    """Read a backup as a rebuild does."""
    path = tmp_path / "file"
    path.write_text(text)
    return read_archive([path], tmp_path, Settings())


def asked(number: int, text: str, person: str = "", parent: int = 0, post: int = 1) -> str:
    """Return a reader's comment."""
    return said(number, text, person, parent, post, "http://www.blogger.com/profile/22", "Rea Reader")


def test_posts_threads_anchors_and_the_author_by_profile(tmp_path: Path) -> None:
    """A comment from the profile of the post's author is hers; paragraphs are parted by two line breaks."""
    found = archive(
        tmp_path,
        feed(
            entry("template", 90, "<html/>"),
            post(1, "One end.<br /><br />Another\nend."),
            asked(2, "When does it end?", "pid-2"),
            said(3, "On a day that you choose.", "pid-1", parent=2),
        ),
    )
    (one,) = found.posts
    assert (one.slug, one.url, one.date) == ("1-post", "http://b.example/2010/03/1-post.html", "2010-03-02")
    assert [block.text for block in one.blocks] == ["One end.", "Another end."]
    assert one.categories == ("Endings",)
    assert [(c.id, c.parent, c.by_author, c.anchor) for c in one.comments] == [
        ("2", None, False, "c2"),
        ("3", "2", True, "c3"),
    ]
    assert (found.title, found.url, found.authors) == ("A Blog", "http://b.example/", ("Ada Example",))
    assert [item.reason for item in found.left_out] == ["a setting, template or other item that is no post"]


def test_a_typed_name_or_address_is_no_proof(tmp_path: Path) -> None:
    """A visitor who types the author's name, or the address of her profile, stays a reader."""
    blank = "<gd:image src='https://img1.blogblog.com/img/blank.gif'/>"
    found = archive(
        tmp_path,
        feed(
            post(1, "A post."),
            said(2, "Mine, twice.", "pid-1"),
            said(3, "Mine, once more.", "pid-1"),
            said(4, "A lie under her profile.", "pid-9"),
            said(5, "A lie under her name.", "pid-9", uri="http://mine.example/"),
            said(6, "A lie with a picture.", "pid-1").replace("<email>", f"{blank}<email>"),
        ),
    )
    assert [(c.id, c.by_author) for c in found.posts[0].comments] == [
        ("2", True), ("3", True), ("4", False), ("5", False), ("6", False),
    ]  # fmt: skip
    assert any(guess.split(": ")[1].startswith("2 of its comments are taken for a reader's") for guess in found.guesses)


def test_what_is_not_public_stays_out(tmp_path: Path) -> None:
    """Drafts, what is scheduled and all that hangs on them, removed comments; what answers those moves up."""
    found = read(
        tmp_path,
        feed(
            post(1, "A post."),
            post(10, UNSEEN, "<app:control><app:draft>yes</app:draft></app:control>"),
            post(11, UNSEEN).replace("2010-03-12", "2999-03-12"),
            asked(12, UNSEEN, post=10),
            asked(2, "A question."),
            asked(3, "This comment has been removed by the author.", parent=2),
            asked(4, "Still there?", parent=3),
        ),
    )
    assert UNSEEN not in repr(found)
    assert sorted((item.reason, item.place) for item in found.left_out) == [
        ("a comment that was removed", "comment 3 under post 1"),
        ("a comment under a draft", "comment 12"),
        ("a draft", "post 10"),
        ("a post scheduled for later", "post 11"),
    ]
    assert [(c.id, c.parent) for c in found.posts[0].comments] == [("2", None), ("4", "2")]
    assert found.held_back_comments == {"c3", "c12"}
    assert {"10-post", "11-post"} <= found.held_back


TAKEOUT = """<?xml version='1.0' encoding='utf-8'?><feed xmlns='http://www.w3.org/2005/Atom'
 xmlns:blogger='http://schemas.google.com/blogger/2018'><id>tag:blogger.com,1999:blog-5</id><title>A Blog</title>
<entry><id>tag:blogger.com,1999:blog-5.post-1</id><blogger:type>POST</blogger:type><blogger:status>LIVE</blogger:status>
<author><name>Ada Example</name><uri>https://www.blogger.com/profile/11</uri><blogger:type>BLOGGER</blogger:type></author>
<title>One</title><content type='html'>A post.</content><published>2020-05-01T10:00:00Z</published>
<blogger:filename>/2020/05/one.html</blogger:filename><blogger:trashed/></entry>{more}</feed>"""


def taken(number: int, status: str = "LIVE", account: str = "BLOGGER", parent: int = 1, more: str = "") -> str:
    """Return a comment as Takeout has it, under the author's profile."""
    return f"""<entry><id>tag:blogger.com,1999:blog-5.post-{number}</id><blogger:type>COMMENT</blogger:type>
<blogger:status>{status}</blogger:status><blogger:parent>tag:blogger.com,1999:blog-5.post-{parent}</blogger:parent>
<author><name>Ada Example</name><uri>https://www.blogger.com/profile/11</uri>
<blogger:type>{account}</blogger:type></author><content type='html'>Text {number}</content>
<published>2020-05-02T10:00:0{number}Z</published>{more}</entry>"""


def test_takeout(tmp_path: Path) -> None:
    """Its links are made of the file name; who was not logged in is nobody; what is not live stays out."""
    trashed = "<blogger:trashed>2020-06-01T10:00:00Z</blogger:trashed>"
    text = TAKEOUT.format(
        more=taken(2)
        + taken(3, account="ANONYMOUS")
        + taken(4, "SPAM_COMMENT")
        + taken(5, parent=3)
        + taken(6, more=trashed)
        + taken(7).replace("<blogger:status>LIVE</blogger:status>", "")
    )
    found = read(tmp_path, text, Settings(url="https://b.example"))
    (one,) = found.posts
    assert one.url == "https://b.example/2020/05/one.html"
    assert [(c.id, c.parent, c.account, c.anchor) for c in one.comments] == [
        ("2", None, "blogger 11", "c2"),
        ("3", None, None, "c3"),
        ("5", "3", "blogger 11", "c5"),
    ]
    assert [item.reason for item in found.left_out] == [
        "spam",
        "a comment that is not published",
        "a comment that is not published",
    ]
    assert read(tmp_path, text).posts[0].url is None


def test_comments_without_their_post_wait_for_another_source(tmp_path: Path) -> None:
    """They are a thread at the post's address."""
    (thread,) = read(tmp_path, feed(asked(2, "A question.", post=7))).threads
    assert (thread.url, thread.blocks, len(thread.comments)) == ("http://b.example/2010/03/one.html", (), 1)


def test_a_file_that_breaks_off(tmp_path: Path) -> None:
    """What is whole is read; what the end cuts off is not, as it may have lost its mark; the note says where."""
    text = feed(post(1, "A post."), post(2, UNSEEN, "<app:control><app:draft>yes</app:draft></app:control>"))
    found = read(tmp_path, text[: text.index("<app:control>")])
    assert [one.slug for one in found.posts] == ["1-post"]
    assert UNSEEN not in repr(found)
    assert [item.reason for item in found.left_out] == ["an item that the damaged file breaks off in"]
    assert "damaged at line" in found.notes[0]
    assert not found.complete


@pytest.mark.timeout(20)
def test_hostile_files_end_soon(tmp_path: Path) -> None:
    """Depth, bombs and endless values raise nothing but SourceError, and show nothing of an entity."""
    bomb = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    start = feed(post(1, "A post.")).removesuffix("</feed>")
    for text in (
        start.replace("<feed", f'<!DOCTYPE feed [<!ENTITY a0 "boom">{bomb}]><feed a="&a9;"').replace("A post", "&a9;"),
        start + "<entry>" * 100_000,
        start + f"<entry><content>{'x' * 11_000_000}",
        start + f"<entry><category term='{'x' * 11_000_000}'/></entry></feed>",
        start.replace("A post", "\udcff\udcfe caf\udce9"),
    ):
        with suppress(SourceError):
            assert "boom" not in repr(read(tmp_path, text.encode("utf-8", "surrogateescape")))


@pytest.mark.parametrize("broken", ["so<p><p><pT", "<![CDATA["])
def test_an_entry_without_an_end_is_not_taken(tmp_path: Path, broken: str) -> None:
    """What follows it, a draft perhaps, would be its text; and no message quotes what the parser stumbled on."""
    damaged = seed().decode().replace("somebody. ", broken, 1)
    with suppress(SourceError):
        assert SECRET not in repr(read(tmp_path, damaged))
