"""WordPress exports: everything public is read, nothing private is, and damage loses no more than it must."""

import re
from pathlib import Path

import pytest

from askedbefore.errors import SourceError
from askedbefore.reading import read_archive
from askedbefore.reading.harvest import Archive
from askedbefore.settings import Settings
from tests.wxr import AUTHOR_ID, C, P, export

UNSEEN = "must stay unseen"


def read(tmp_path: Path, text: str | bytes) -> Archive:
    """Read an export from a file with a name that says nothing."""
    path = tmp_path / "some-file"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_archive([path], tmp_path, Settings())


def seen(archive: Archive) -> str:
    """Return all text of an archive."""
    return "\n".join(
        text
        for post in archive.posts
        for text in [post.title, *(block.text for block in post.blocks), *(comment.text for comment in post.comments)]
    )


def test_posts_comments_and_voices(tmp_path: Path) -> None:
    """Threads four levels deep keep their order; the author is known by account."""
    archive = read(tmp_path, export())
    assert [post.slug for post in archive.posts] == ["breaks", "fees", "silence"]
    post = archive.posts[0]
    assert (post.title, post.url, post.date) == ("Breaks", "https://blog.example/2020/01/breaks/", "2020-01-01")
    assert [(c.id, c.parent, c.by_author) for c in post.comments] == [
        ("2", None, False),
        ("3", "2", True),
        ("4", "3", False),
        ("5", "4", True),
    ]
    assert post.comments[1].text == "Counting the days is how many people hold on to somebody. Tell her the number."
    assert (archive.title, archive.url, archive.authors) == (
        "A Test Blog",
        "https://blog.example",
        ("Ada Example", "ada"),
    )


PRIVATE = [
    P("draft", UNSEEN, status="draft"),
    P("private", UNSEEN, status="private", comments=[C(70, UNSEEN)]),
    P("later", UNSEEN, status="future"),
    P("pending", UNSEEN, status="pending"),
    P("bin", UNSEEN, status="trash"),
    P("none", UNSEEN, status=""),
    P("locked", UNSEEN, password="sesame", comments=[C(71, UNSEEN), C(72, UNSEEN, user=AUTHOR_ID)]),
    P("form", UNSEEN, type="feedback"),
    P("menu", UNSEEN, type="nav_menu_item"),
    P(
        "open",
        "<p>Open to all.</p>",
        comments=[
            C(73, UNSEEN, approved="0"),
            C(74, UNSEEN, approved="spam"),
            C(75, UNSEEN, approved="trash"),
            C(76, UNSEEN, approved=""),
            C(77, UNSEEN, type="pingback"),
            C(78, UNSEEN, type="trackback"),
            C(79, UNSEEN, type="social-twitter"),
            C(80, "A comment for all."),
        ],
    ),
]


def test_nothing_private_gets_in(tmp_path: Path) -> None:
    """Only the open post and its approved comment are read; what was left out is counted by reason."""
    archive = read(tmp_path, export(PRIVATE))
    assert [post.slug for post in archive.posts] == ["open"]
    assert [comment.id for comment in archive.posts[0].comments] == ["80"]
    assert UNSEEN not in seen(archive)
    reasons = [item.reason for item in archive.left_out]
    assert reasons.count("a comment under a password-protected post") == 2
    assert reasons.count("a pingback") == 2
    assert len(reasons) == 9 + 3 + 7
    assert not any(UNSEEN in item.place for item in archive.left_out)


def test_who_commented_is_not_kept(tmp_path: Path) -> None:
    """E-mail and IP addresses of commenters are nowhere in what was read."""
    assert not re.search(r"reader@reader|192\.0\.2\.77", repr(read(tmp_path, export())))


def test_an_author_is_known_by_account(tmp_path: Path) -> None:
    """Any visitor can type the author's name, or her address."""
    comments = [
        C(2, "By account.", user=AUTHOR_ID),
        C(3, "By address.", email="ADA@blog.example"),
        C(4, "By name only.", name="Ada Example"),
        C(5, "Of another account.", user="99"),
    ]
    archive = read(tmp_path, export([P("one", "Text.", comments=comments)]))
    assert [comment.by_author for comment in archive.posts[0].comments] == [True, False, False, False]


def test_an_author_who_never_logs_in_is_known_by_address(tmp_path: Path) -> None:
    """Where no comment comes from the account; and it is said."""
    archive = read(
        tmp_path, export([P("one", "Text.", comments=[C(2, "Mine.", email="ADA@blog.example"), C(3, "Hers.")])])
    )
    assert [comment.by_author for comment in archive.posts[0].comments] == [True, False]
    assert any("e-mail address" in guess for guess in archive.guesses)


def test_another_account_is_not_the_author(tmp_path: Path) -> None:
    """Neither in a guest post nor in a comment; whom we took for the author is said."""
    guest = "<wp:author><wp:author_id>7</wp:author_id><wp:author_login>guest</wp:author_login></wp:author>"
    text = export([P("own", "Text."), P("two", "Text.", comments=[C(2, "Hello.", user="7")]), P("guest", "Foreign.")])
    text = text.replace("<wp:author>", f"{guest}<wp:author>", 1)
    head, _, tail = text.rpartition("<dc:creator><![CDATA[ada]]>")
    archive = read(tmp_path, f"{head}<dc:creator><![CDATA[guest]]>{tail}")
    assert [post.blocks[0].voice.value for post in archive.posts] == ["author", "author", "reader"]
    assert not archive.posts[1].comments[0].by_author
    assert any("“Ada Example” is taken for the author, not guest" in one for one in archive.guesses)


DAMAGE = {
    "two states": ("<wp:status><![CDATA[publish]]>", "<wp:status>publish</wp:status><wp:status><![CDATA[private]]>"),
    "no type": ("<wp:post_type><![CDATA[post]]></wp:post_type>", ""),
    "a damaged password": ("wp:post_password", "wp:pot_password"),
    "an unreadable password": ("<wp:post_password><![CDATA[]]>", "<wp:post_password>&unknown;"),
    "for subscribers": (
        "<wp:post_password>",
        "<wp:postmeta><wp:meta_key>_jetpack_newsletter_access</wp:meta_key>"
        "<wp:meta_value>paid_subscribers</wp:meta_value></wp:postmeta><wp:post_password>",
    ),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_what_does_not_clearly_say_that_it_is_public_stays_out(tmp_path: Path, name: str) -> None:
    """A damaged or contradictory item is withheld."""
    found, damaged = DAMAGE[name]
    head, tail = export([P("open", "Text."), P("hurt", UNSEEN)]).split("hurt/</link>")
    assert found in tail
    archive = read(tmp_path, f"{head}hurt/</link>{tail.replace(found, damaged)}")
    assert [post.slug for post in archive.posts] == ["open"]


def test_entities_of_html_are_read(tmp_path: Path) -> None:
    """Also outside of CDATA, where some exports have them; nothing after them is lost."""
    text = export([P("one", "X")]).replace("<![CDATA[X]]>", "I do not hate her.&nbsp;I said so&hellip; in anger.")
    assert read(tmp_path, text).posts[0].blocks[0].text == "I do not hate her. I said so… in anger."


def test_words_of_a_reader_in_a_reply_stay_hers(tmp_path: Path) -> None:
    """A reply that repeats a reader's paragraph is the author's only in the rest."""
    comments = [
        C(2, "I count the days. Is it childish?"),
        C(3, "I count the days. Is it childish?\n\nNo.", 2, AUTHOR_ID),
    ]
    reply = read(tmp_path, export([P("one", "Text.", comments=comments)])).posts[0].comments[1]
    assert [(block.voice.value, block.text.split()[0]) for block in reply.blocks] == [
        ("reader", "I"),
        ("author", "No."),
    ]


@pytest.mark.parametrize("link", ["http://[::1/", "javascript:alert(1)", "http://℀.example/"])
def test_an_odd_address_costs_only_the_link(tmp_path: Path, link: str) -> None:
    """One post's address must not end the rebuild."""
    archive = read(tmp_path, re.sub(r"<link>[^<]*/breaks/</link>", f"<link>{link}</link>", export()))
    assert archive.posts[0].slug == "breaks"


def test_a_comment_number_stands_once(tmp_path: Path) -> None:
    """A second comment with the same number is left out and counted."""
    archive = read(tmp_path, export([P("one", "Text.", comments=[C(2, "First."), C(2, "Second.")])]))
    assert [comment.text for comment in archive.posts[0].comments] == ["First."]
    assert [item.reason for item in archive.left_out] == ["a comment without a number of its own"]


def test_a_file_that_breaks_off_anywhere_leaks_nothing(tmp_path: Path) -> None:
    """Cut at any place, the last item may have lost what makes it private, so it is not taken in."""
    whole = export([*PRIVATE, P("also-open", "<p>The last one.</p>")]).encode()
    for length in range(600, len(whole), 37):
        try:
            archive = read(tmp_path, whole[:length])
        except SourceError:
            continue
        assert UNSEEN not in seen(archive), length


def test_damage_is_passed_over_and_said(tmp_path: Path) -> None:
    """A bare &, control bytes and an unescaped ]]> cost no post; the note names the line."""
    text = export().replace("<title>A Test", "<title>R&D \x0b\x00A Test").replace("kept free", "kept ]]> free")
    archive = read(tmp_path, text)
    assert [post.slug for post in archive.posts] == ["breaks", "fees", "silence"]
    assert "nobody should be surprised" in archive.posts[1].blocks[-1].text
    assert any("damaged at line 5" in note for note in archive.notes)


def test_old_versions_and_undeclared_prefixes(tmp_path: Path) -> None:
    """WXR 1.0 and 1.1 differ in their namespaces; some exports declare none at all."""
    for version in ("1.0", "1.1"):
        assert len(read(tmp_path, export().replace("export/1.2/", f"export/{version}/")).posts) == 3
    bare = re.sub(r' xmlns:\w+="[^"]*"', "", export())
    assert len(read(tmp_path, bare).posts) == 3


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    """No entity of the file's own is replaced, and no other file's content can be pulled in."""
    doctype = '<!DOCTYPE rss [<!ENTITY own "boom"><!ENTITY file SYSTEM "file:///etc/passwd">]>'
    text = export().replace("<rss", f"{doctype}<rss", 1).replace("<title>A Test", "<title>&own;&file;A Test")
    archive = read(tmp_path, text)
    assert len(archive.posts) == 3
    assert not re.search("boom|root:", repr(archive))


def test_an_entity_bomb_stays_folded(tmp_path: Path) -> None:
    """Entities of entities are not unfolded; what uses them stands as it is written."""
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 20}">' for n in range(1, 12))
    text = export().replace("<rss", f'<!DOCTYPE rss [<!ENTITY e0 "boom">{bomb}]><rss', 1)
    archive = read(tmp_path, text.replace("<title>A Test", "<title>&e11;A Test"))
    assert len(archive.posts) == 3
    assert archive.title == "&e11;A Test Blog"


def test_newest_export_counts_and_holds_back(tmp_path: Path) -> None:
    """Of a post in two exports the newer one's text counts; what it made private stays out of the older one too."""
    old = export([P("a", "Old text."), P("b", UNSEEN)]).replace("03 Jan 2026", "03 Jan 2025")
    (tmp_path / "1-old.xml").write_text(old)
    for status, slug in (("private", "b"), ("trash", "b__trashed"), ("draft", "")):
        (tmp_path / "2-new.xml").write_text(export([P("a", "New text."), P(slug, UNSEEN, status=status)]))
        archive = read_archive([], tmp_path, Settings())
        assert [(post.slug, post.blocks[0].text) for post in archive.posts] == [("a", "New text.")]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "an empty file"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"\x89PNG\r\n", "a picture"),
        (b"<rss><channel><item/></channel></rss>", "a feed"),
        (b"-- MySQL dump", "a database dump"),
        (b"<!DOCTYPE html><html></html>", "a saved web page"),
        (b"\x00\x01\x02", "not a WordPress export"),
    ],
)
def test_a_file_that_is_no_archive_is_named(tmp_path: Path, content: bytes, says: str) -> None:
    """The message says what the file is and what is wanted."""
    with pytest.raises(SourceError, match=f"(?s){says}.*Wanted: a WordPress export"):
        read(tmp_path, content)


def test_one_bad_file_in_the_folder_is_passed_over(tmp_path: Path) -> None:
    """Only files that were named must be archives."""
    (tmp_path / "export.xml").write_text(export())
    (tmp_path / "holiday.pdf").write_bytes(b"%PDF-1.7")
    archive = read_archive([], tmp_path, Settings())
    assert len(archive.posts) == 3
    assert ("a file that is no archive: a PDF", "holiday.pdf") in [(one.reason, one.place) for one in archive.left_out]


def test_a_folder_with_its_own_settings_is_another_archive(tmp_path: Path) -> None:
    """The example archive in data/ is not read into the author's own."""
    (tmp_path / "export.xml").write_text(export([P("mine", "Mine.")]))
    (tmp_path / "example").mkdir()
    (tmp_path / "example" / "blog.toml").write_text("example = true")
    (tmp_path / "example" / "export.xml").write_text(export([P("theirs", "Theirs.")]))
    assert [post.slug for post in read_archive([], tmp_path, Settings()).posts] == ["mine"]
