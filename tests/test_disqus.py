"""Disqus exports: comments that find their posts in other sources, and an author whom a display name does not make."""

from contextlib import suppress
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from askedbefore.errors import SourceError
from askedbefore.reading import disqus, read_archive
from askedbefore.reading.harvest import Harvest
from askedbefore.settings import Settings
from tests.wxr import P, export

UNSEEN = "must stay unseen"
LINK = "https://blog.example/2020/01/breaks/"


def thread(number: int, link: str = LINK, identifier: str = "", extra: str = "", user: str = "ada-e") -> str:
    """Return a thread."""
    return f"""<thread dsq:id="{number}"><id>{identifier}</id><link>{link}</link><title>Breaks</title>
<author><name>Ada Example</name><isAnonymous>false</isAnonymous><username>{user}</username></author>
<isClosed>true</isClosed>{extra}</thread>"""


def said(
    number: int, text: str, parent: int = 0, under: int = 1, user: str = "", name: str = "Rea", marks: str = ""
) -> str:
    """Return a comment."""
    marks = marks or "<isDeleted>false</isDeleted><isSpam>false</isSpam>"
    account = f"<isAnonymous>{str(not user).lower()}</isAnonymous><username>{user}</username>"
    above = f'<parent dsq:id="{parent}"/>' if parent else ""
    return f"""<post dsq:id="{number}"><message><![CDATA[{text}]]></message>
<createdAt>2021-02-03T10:00:{number:02}Z</createdAt>{marks}
<author><email>rea@reader.invalid</email><name>{escape(name)}</name>{account}</author>
<ipAddress>192.0.2.7</ipAddress><thread dsq:id="{under}"/>{above}</post>"""


def xml(*records: str) -> str:
    """Return an export."""
    return f"""<?xml version="1.0" encoding="utf-8"?>
<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">{"".join(records)}</disqus>"""


def read(tmp_path: Path, text: str | bytes, settings: Settings | None = None) -> Harvest:
    """Read an export."""
    path = tmp_path / "disqus.xml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return disqus.read(path, settings or Settings())


def test_comments_join_the_posts_of_other_sources(tmp_path: Path) -> None:
    """By the thread's link, however it is written, or by what the WordPress plugin calls the post."""
    posts = [P("breaks", "<p>A break.</p>"), P("fees", "<p>A fee.</p>")]
    (tmp_path / "export.xml").write_text(export(posts))
    (tmp_path / "disqus.xml").write_text(
        xml(
            thread(1, "http://www.blog.example/2020/01/breaks"),
            thread(2, "http://old.example/somewhere", "2 https://blog.example/?p=2"),
            said(4, "<p>A question?</p><p>And more.</p>"),
            said(5, "An answer.", parent=4, user="ada-e", name="Ada Example"),
            said(6, "On fees.", under=2),
        )
    )
    breaks, fees = read_archive([], tmp_path, Settings()).posts
    assert [(c.id, c.parent, c.by_author, c.anchor) for c in breaks.comments] == [
        ("4", None, False, "comment-4"),
        ("5", "4", True, "comment-5"),
    ]
    assert breaks.comments[0].text == "A question?\n\nAnd more."
    assert [c.text for c in fees.comments] == ["On fees."]


def test_a_display_name_does_not_make_the_author(tmp_path: Path) -> None:
    """Anybody can have an account under her name; only the one that opened threads, or that she names, is hers."""
    (tmp_path / "export.xml").write_text(export([P("breaks", "<p>A break.</p>")]))
    (tmp_path / "disqus.xml").write_text(
        xml(
            thread(1),
            said(4, "A lie.", user="troll", name="Ada Example"),
            said(5, "Another, not logged in.", name="Ada Example"),
            said(6, "From her own account.", user="ada-e", name="Ada"),
            said(7, "From her second account.", user="ada-two", name="A."),
        )
    )
    (post,) = read_archive([], tmp_path, Settings()).posts
    assert [c.by_author for c in post.comments] == [False, False, True, False]
    named = read_archive([], tmp_path, Settings(author=("Ada Example", "ada-two")))
    assert [c.by_author for c in named.posts[0].comments] == [False, False, True, True]


def test_what_is_not_public_stays_out_and_threads_close_up(tmp_path: Path) -> None:
    """Deleted, spam, waiting, and what does not say that it is none of these; answers go to the one above."""
    spam = "<isDeleted>false</isDeleted><isSpam>true</isSpam>"
    gone = "<isDeleted>true</isDeleted><isSpam>false</isSpam>"
    waiting = "<isDeleted>false</isDeleted><isSpam>false</isSpam><isApproved>false</isApproved>"
    found = read(
        tmp_path,
        xml(
            thread(1),
            thread(2, "https://blog.example/x/", extra="<isDeleted>true</isDeleted>"),
            said(3, UNSEEN, under=2),
            said(4, UNSEEN, under=9),
            said(5, "Kept."),
            said(6, UNSEEN, parent=5, marks=gone),
            said(7, UNSEEN, parent=6, marks=spam),
            said(8, "Kept too.", parent=7),
            said(9, UNSEEN, marks=waiting),
            said(10, UNSEEN, marks="<isSpam>false</isSpam>"),
        ),
    )
    assert UNSEEN not in repr(found)
    (post,) = found.threads
    assert [(c.id, c.parent) for c in post.comments] == [("5", None), ("8", "5")]
    assert [item.reason for item in found.left_out] == [
        "a comment under a deleted thread",
        "a comment whose thread is not in the file",
        "a comment in the bin",
        "spam",
        "a comment waiting for approval",
        "a comment in the bin",
    ]
    assert found.held_back_comments == {f"comment-{number}" for number in (3, 6, 7, 9, 10)}
    assert "192.0.2.7" not in repr(found)
    assert "reader.invalid" not in repr(found)


def test_two_threads_of_one_page_are_one(tmp_path: Path) -> None:
    """Disqus opens a second thread when a blog moves to https; none of the comments is lost."""
    records = (thread(1), thread(2, LINK.replace("https", "http")), said(4, "One."), said(5, "Two.", under=2))
    (post,) = read(tmp_path, xml(*records)).threads
    assert [c.text for c in post.comments] == ["One.", "Two."]


def test_a_file_that_breaks_off(tmp_path: Path) -> None:
    """The comment that the end cuts off is not taken."""
    text = xml(thread(1), said(4, "Whole."), said(5, UNSEEN))
    found = read(tmp_path, text[: text.rindex("<author>")])
    assert [c.text for c in found.threads[0].comments] == ["Whole."]
    assert UNSEEN not in repr(found)
    assert found.left_out[-1].reason == "an item that the damaged file breaks off in"


@pytest.mark.timeout(20)
def test_hostile_files_end_soon(tmp_path: Path) -> None:
    """Long chains and circles of answers, deep markup and broken bytes raise nothing but SourceError."""
    chain = "".join(said(n, "x", parent=n - 1, marks="<isSpam>true</isSpam>" if n > 4 else "") for n in range(4, 3_000))
    circle = said(4, "a", parent=5) + said(5, "b", parent=4)
    for text in (xml(thread(1), chain), xml(thread(1), circle), xml(thread(1), "<post>" * 100_000), "<disqus \udcff"):
        with suppress(SourceError):
            comments = [
                c for post in read(tmp_path, text.encode("utf-8", "surrogateescape")).threads for c in post.comments
            ]
            ids = {c.id for c in comments}
            assert all(c.parent is None or c.parent in ids for c in comments)
