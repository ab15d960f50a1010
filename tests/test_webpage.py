"""Saved web pages: posts with their comments whatever the theme, and pages that are no posts left out."""

from collections.abc import Callable
from pathlib import Path

import pytest

from askedbefore.errors import SourceError
from askedbefore.reading import importer_for, read_archive, webpage
from askedbefore.reading.harvest import Archive, Harvest
from askedbefore.records import Voice
from askedbefore.settings import Settings
from tests.webpages import CONTENT, DEEP, OWN, C, block, classic, early, head, page, plain
from tests.wxr import C as ExportedComment
from tests.wxr import P, export


def read(tmp_path: Path, *pages: str | bytes) -> Archive:
    """Read pages from files in a folder of their own."""
    folder = tmp_path / "pages"
    folder.mkdir()
    for number, one in enumerate(pages):
        (folder / f"{number:03}.html").write_bytes(one.encode() if isinstance(one, str) else one)
    return read_archive([folder], tmp_path, Settings())


def harvest(tmp_path: Path, text: str | bytes, name: str = "page.html") -> Harvest:
    """Read one page with the importer alone."""
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return webpage.read(path, Settings())


@pytest.mark.parametrize("theme", [classic, early, plain, block])
def test_a_page_gives_the_post_with_threads_and_replies(tmp_path: Path, theme: Callable[[], str]) -> None:
    """Labels, names, dates, buttons and related posts are no text; a pingback and what waits are left out."""
    archive = read(tmp_path, theme())
    (post,) = archive.posts
    assert (post.title, post.slug, post.date) == ("The Shut Door", "shut-door", "2019-03-04")
    assert (post.url, post.origin) == ("https://blog.example/2019/03/shut-door/", "https://blog.example?p=7")
    assert post.categories == ("Houses",)
    assert [(block.kind.value, block.text, block.voice) for block in post.blocks] == [
        ("paragraph", "A door can be shut without being locked — try it.", Voice.AUTHOR),
        ("heading", "The handle", Voice.AUTHOR),
        ("paragraph", "Turn it\nslowly.", Voice.AUTHOR),
        ("list", "Left first\nThen right", Voice.AUTHOR),
    ]
    assert [(c.id, c.parent, c.by_author, c.text, c.date, c.anchor) for c in post.comments] == [
        ("11", None, False, "May I knock twice?", "2019-05-11", "comment-11"),
        ("12", "11", True, "You may knock as often as you like.", "2019-05-12", "comment-12"),
        ("13", "12", False, "Thank you, I will.", "2019-05-13", "comment-13"),
        ("16", None, False, "I am the author, believe me.", "2019-05-16", "comment-16"),
    ]
    assert post.comments[0].names == {"bo", "reader"}
    assert archive.sources[0].comments == 6
    assert [(one.reason, one.place) for one in archive.left_out] == [
        ("a pingback", "comment 14 under shut-door"),
        ("a comment waiting for approval", "comment 15 under shut-door"),
    ]
    assert (archive.title, archive.url, archive.authors) == ("A Test Blog", "https://blog.example", ("Ada Example",))


def test_a_name_proves_nothing_and_that_is_said(tmp_path: Path) -> None:
    """Without `bypostauthor` on the page a comment under the author's name is a reader's."""
    archive = read(tmp_path, classic((C(1, "I am she.", name="Ada Example"),)))
    assert [comment.by_author for comment in archive.posts[0].comments] == [False]
    assert any("1 comment is under the name of the post's author" in note for note in archive.notes)


def test_the_author_is_proved_without_a_byline(tmp_path: Path) -> None:
    """The class alone shows whose a comment is, even where nobody is named."""
    archive = read(tmp_path, classic((C(11, "Who?"), C(12, "It was I.", name="", marks="bypostauthor")), byline=""))
    assert [comment.by_author for comment in archive.posts[0].comments] == [False, True]
    assert {block.voice for block in archive.posts[0].blocks} == {Voice.AUTHOR}


def test_a_registered_reader_is_no_author(tmp_path: Path) -> None:
    """An account that only commented is nobody's author, whatever name it shows, with a byline and without."""
    thread = (C(11, "I have an account here.", name="Ada Example", marks="byuser comment-author-bo"),)
    for number, byline in enumerate(["", "By Ada Example"]):
        (tmp_path / str(number)).mkdir()
        archive = read(tmp_path / str(number), classic(thread, byline=byline))
        assert [comment.by_author for comment in archive.posts[0].comments] == [False]


def test_the_author_comments_under_a_guests_post(tmp_path: Path) -> None:
    """A guest's post is not the author's voice; her comment there is hers by the account that the page names."""
    guest = page(
        '<ol class="comment-list">'
        '<li id="comment-41" class="comment byuser comment-author-ada even depth-1"><b class="fn">Ada Example</b>'
        '<div class="comment-content"><p>Welcome to this house.</p></div></li>'
        '<li id="comment-42" class="comment byuser comment-author-gus bypostauthor odd depth-1"><b class="fn">Gus</b>'
        '<div class="comment-content"><p>Glad to be here.</p></div></li></ol>',
        body="single single-post postid-8",
        title="A Guest",
        address="https://blog.example/2019/04/a-guest/",
        byline='By <a href="https://blog.example/author/gus/" rel="author">Gus</a>',
        content="<p>I am only visiting, and I say so at the door.</p>",
    ).replace("?p=7", "?p=8")
    second = classic(
        (), "<p>Windows are the eyes of a house, they say.</p>", title="Windows", address="https://blog.example/w/"
    )
    archive = read(tmp_path, classic(), second.replace("?p=7", "?p=9").replace("postid-7", "postid-9"), guest)
    posts = {post.slug: post for post in archive.posts}
    assert archive.authors == ("Ada Example",)
    assert {block.voice for block in posts["a-guest"].blocks} == {Voice.READER}
    assert [(one.id, one.by_author) for one in posts["a-guest"].comments] == [("41", True), ("42", False)]


def test_the_same_post_on_several_pages_of_comments_is_one(tmp_path: Path) -> None:
    """Comment pages have addresses of their own, and are united by the post's."""
    first = classic((C(11, "The first of them."),), address="https://blog.example/2019/03/shut-door/comment-page-1/")
    second = classic((C(12, "The second of them."),), address="https://blog.example/2019/03/shut-door/?cpage=2")
    archive = read(tmp_path, first, second)
    (post,) = archive.posts
    assert post.url == "https://blog.example/2019/03/shut-door/"
    assert [comment.id for comment in post.comments] == ["11", "12"]


def test_a_page_and_the_export_are_one_archive(tmp_path: Path) -> None:
    """The post is united by its number although its address differs, and each comment is there once.

    The export counts as newer than a page that does not say when it was saved, and it holds all comments of its day:
    one that is only on the page was taken off the blog.
    """
    comments = [ExportedComment(11, "May I knock twice?"), ExportedComment(12, "You may knock often.", 11, user="1")]
    (tmp_path / "export.xml").write_text(export([P("door", CONTENT, id=7, comments=comments)]))
    (tmp_path / "page.html").write_text(classic())
    archive = read_archive([tmp_path / "export.xml", tmp_path / "page.html"], tmp_path, Settings())
    (post,) = archive.posts
    assert [(one.id, one.parent, one.by_author) for one in post.comments] == [("11", None, False), ("12", "11", True)]
    assert [one.reason for one in archive.united].count("a comment that another source has too") == 2
    assert [one.reason for one in archive.left_out].count("a comment that the blog no longer has") == 2


def test_the_deepest_level_shows_what_a_reply_answers(tmp_path: Path) -> None:
    """Where WordPress nests no deeper, the author's reply after a reader's comment answers that one, not herself."""
    last = (
        C(23, "And at night?", can_be_answered=False),
        C(24, "At night ring the bell.", name="Ada Example", marks=OWN, can_be_answered=False),
    )
    found = harvest(tmp_path, classic((C(21, "May I?", (C(22, "Yes.", last, name="Ada Example", marks=OWN),)),)))
    assert [(one.id, one.parent) for one in found.posts[0].comments] == [
        ("21", None),
        ("22", "21"),
        ("23", "22"),
        ("24", "23"),
    ]
    assert any("at the deepest level" in guess for guess in found.guesses)


def test_threads_without_nesting_are_told_by_depth_and_by_links(tmp_path: Path) -> None:
    """A theme may list all comments side by side: the class says how deep, or a link says to whom."""

    def flat(number: int, depth: int, extra: str = "") -> str:
        return (
            f'<div id="comment-{number}" class="comment even depth-{depth}"><cite class="fn">Bo</cite>{extra}'
            f'<div class="comment-text"><p>Number {number} says this.</p></div></div>'
        )

    link = '<p class="in-reply-to">In reply to <a href="https://blog.example/x/#comment-1">Bo</a></p>'
    found = harvest(tmp_path, page(flat(1, 1) + flat(2, 2) + flat(3, 3) + flat(4, 2) + flat(5, 1) + flat(6, 1, link)))
    assert [(one.id, one.parent, one.text) for one in found.posts[0].comments] == [
        ("1", None, "Number 1 says this."),
        ("2", "1", "Number 2 says this."),
        ("3", "2", "Number 3 says this."),
        ("4", "1", "Number 4 says this."),
        ("5", None, "Number 5 says this."),
        ("6", "1", "Number 6 says this."),
    ]


def test_a_comment_in_an_unknown_markup_stays_out(tmp_path: Path) -> None:
    """Where it is not known which words are the writer's name, none are taken."""
    found = harvest(tmp_path, page('<li id="comment-9" class="comment even">Bo Reader wrote: hello</li>'))
    assert found.posts[0].comments == ()
    assert [one.reason for one in found.left_out] == ["a comment in a markup that is not known"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("home blog", "a page that lists posts"),
        ("archive category category-houses", "a page that lists posts"),
        ("search search-results", "a page that lists posts"),
        ("error404", "a page that was not found"),
        ("login wp-core-ui", "a login page"),
        ("attachment single single-attachment attachmentid-9", "a picture's or file's page"),
        ("topic bbpress single", "a page of a forum"),
        (
            "testimonial-template-default single single-testimonial postid-7",
            "a page of another kind than posts and pages (testimonial)",
        ),
        ("single single-post postid-7 paged-2 single-paged-2", "a further page of a post in several pages"),
    ],
)
def test_pages_that_are_no_posts_are_left_out(tmp_path: Path, body: str, reason: str) -> None:
    """Each with its reason, and nothing of it is read."""
    found = harvest(tmp_path, classic(body=body))
    assert (found.posts, found.threads) == ((), ())
    assert [(one.reason, one.place) for one in found.left_out] == [(reason, "the page")]


def test_a_list_of_posts_is_known_by_its_shape(tmp_path: Path) -> None:
    """A page of other software says nowhere that it is a list; several posts with titles that lead on show it."""
    posts = "".join(f'<article><h2><a href="/{n}/">Post {n}</a></h2><p>{DEEP}.</p></article>' for n in range(3))
    found = harvest(tmp_path, f"<html><head><title>Blog</title></head><body>{posts}</body></html>")
    assert [one.reason for one in found.left_out] == ["a page that lists posts"]


FORM = '<form class="post-password-form"><p>This content is password protected.</p><input name="post_password"></form>'


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (classic((), FORM), "a password-protected post"),
        (classic(post="type-post status-publish post-password-protected"), "a password-protected post"),
        (classic(post="type-post status-private"), "a private post"),
        (classic(post="type-post status-draft"), "a draft"),
        (classic(title="Private: The Shut Door", post=""), "a private post"),
        (classic(title="Protected: The Shut Door", post=""), "a password-protected post"),
    ],
)
def test_what_readers_may_not_see_is_held_back(tmp_path: Path, written: str, reason: str) -> None:
    """Also when the author saved it while she was logged in; and an older source does not bring it back."""
    found = harvest(tmp_path, written)
    assert found.posts == ()
    assert [one.reason for one in found.left_out] == [reason]
    assert found.held_back == {"shut-door", "https://blog.example/2019/03/shut-door/", "https://blog.example?p=7"}


@pytest.mark.parametrize("comments", ['<div id="comments">{}</div>', '<section class="post-comments">{}</section>'])
def test_a_page_of_unknown_layout_gives_its_main_text_alone(tmp_path: Path, comments: str) -> None:
    """Headings, lists and quotations survive, menus go; comments are left out and that is said."""
    reader = (
        f'<div class="comment"><div class="e-content entry-content"><p>A reader wrote this: {DEEP}.</p></div></div>'
    )
    text = (
        "<p>The first paragraph is about the rain that falls on my window, all the afternoon long.</p>"
        "<h2>What it brings</h2><p>He said <q>come in</q> to every drop, and none of them ever knocked at the door.</p>"
        "<ul><li>wet shoes</li><li>a good smell</li></ul>"
        "<blockquote><p>It rained for nine days, said my aunt, and then some more.</p></blockquote>"
        "<p>The last paragraph stands here so that the rain may end before the evening comes.</p>"
    )
    found = harvest(
        tmp_path,
        "<html><head><title>Rain | Some Blog</title></head><body><nav><a href='/'>Home</a></nav>"
        f"<div class='x'><h1>Rain</h1>{text}</div>{comments.format(reader)}<footer>Copyright</footer></body></html>",
    )
    (post,) = found.posts
    assert post.title == "Rain"
    assert [(block.kind.value, block.text) for block in post.blocks] == [
        ("paragraph", "The first paragraph is about the rain that falls on my window, all the afternoon long."),
        ("heading", "What it brings"),
        ("paragraph", "He said “come in” to every drop, and none of them ever knocked at the door."),
        ("list", "wet shoes\na good smell"),
        ("quote", "It rained for nine days, said my aunt, and then some more."),
        ("paragraph", "The last paragraph stands here so that the rain may end before the evening comes."),
    ]
    assert [one.reason for one in found.left_out] == ["comments in a markup that is not known"]
    assert any("comments are not read" in note for note in found.notes)


def test_a_readers_words_never_become_the_post(tmp_path: Path) -> None:
    """A page whose only known text is a comment's gives no post."""
    reader = f'<div id="comments"><div class="comment"><div class="entry-content"><p>{DEEP}.</p></div></div></div>'
    found = harvest(tmp_path, f"<html><head><title>X</title></head><body><h1>X</h1>{reader}</body></html>")
    assert found.posts == ()


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8-sig", "iso-8859-1"),
        ("utf-8", "iso-8859-1"),
        ("cp1252", "iso-8859-1"),
        ("cp1252", "utf-8"),
        ("utf-16", "x"),
    ],
)
def test_the_encoding_is_found_whatever_the_page_says(tmp_path: Path, encoding: str, declared: str) -> None:
    """The byte order mark first, then valid UTF-8, then what is declared, then as Windows wrote it."""
    text = classic((), "<p>“Über die Tür”, sagte er – ja.</p>").replace('charset="UTF-8"', f'charset="{declared}"')
    path = tmp_path / "page.html"
    path.write_bytes(text.encode(encoding))
    importer = importer_for(path.read_bytes()[:65536])
    assert importer is not None
    assert importer.read(path, Settings()).posts[0].blocks[0].text == "“Über die Tür”, sagte er – ja."


def test_japanese_in_its_own_encoding(tmp_path: Path) -> None:
    """Seven-bit bytes that would be valid UTF-8 are read as what they are declared to be."""
    text = classic((), "<p>静かな部屋です。</p>").replace('charset="UTF-8"', 'charset="iso-2022-jp"')
    assert harvest(tmp_path, text.encode("iso-2022-jp")).posts[0].blocks[0].text == "静かな部屋です。"


def test_pictured_emoji_are_words_again(tmp_path: Path) -> None:
    """A browser saves the page after WordPress made pictures of the signs."""
    found = harvest(tmp_path, classic((), '<p>Good <img class="emoji" alt="🚪" src="x.svg"> door.</p>'))
    assert found.posts[0].blocks[0].text == "Good 🚪 door."


def test_what_saved_the_page_tells_when_and_where(tmp_path: Path) -> None:
    """SingleFile and HTTrack note the day and the address; nothing else is taken for the day of a page."""
    when = "Tue Nov 24 2026 17:16:35 GMT+0100 (CET)"
    single = f"<!-- Page saved with SingleFile\n url: https://blog.example/x/\n saved date: {when}\n-->"
    bare = classic().replace('<link rel="canonical" href="https://blog.example/2019/03/shut-door/">', single)
    found = harvest(tmp_path, bare)
    assert (found.made, found.posts[0].url) == ("2026-11-24T16:16:35+00:00", "https://blog.example/x/")
    when = "Tue, 24 Nov 2026 17:16:35 GMT"
    mirrored = f"<!-- Mirrored from blog.example/y/ by HTTrack Website Copier/3.x [XR&CO'2014], {when} -->"
    found = harvest(tmp_path, bare.replace(single, mirrored))
    assert (found.made, found.posts[0].url) == ("2026-11-24T17:16:35+00:00", "http://blog.example/y/")
    assert harvest(tmp_path, classic()).made == ""


def test_parts_of_a_saved_page_are_no_posts(tmp_path: Path) -> None:
    """Browsers put frames into a folder beside the page."""
    (tmp_path / "Door.html").write_text(classic())
    found = harvest(tmp_path, classic(), "Door_files/saved_resource.html")
    assert [one.reason for one in found.left_out] == ["a part of another saved page"]


def test_a_packed_page_is_refused_with_what_to_do(tmp_path: Path) -> None:
    """MHTML is recognised, and the message says how to save instead."""
    path = tmp_path / "page.mht"
    path.write_text(
        "From: <Saved by Blink>\nSnapshot-Content-Location: https://blog.example/\nMIME-Version: 1.0\n"
        'Content-Type: multipart/related;\n\ttype="text/html";\n\tboundary="x"\n\n--x\n<html></html>'
    )
    with pytest.raises(SourceError, match="HTML only"):
        read_archive([path], tmp_path, Settings())


def test_a_thousand_levels_are_read(tmp_path: Path) -> None:
    """Each comment knows the one it answers, without an error of recursion."""
    opened = "".join(
        f'<li id="comment-{n}" class="comment depth-{n} even"><b class="fn">Bo</b>'
        f'<div class="comment-content">Text {n}</div><ol>'
        for n in range(1, 1001)
    )
    found = harvest(tmp_path, page(f'<ol class="comment-list">{opened}{"</ol></li>" * 1000}</ol>'))
    comments = found.posts[0].comments
    assert len(comments) == 1000
    assert (comments[-1].id, comments[-1].parent, comments[-1].text) == ("1000", "999", "Text 1000")


def test_deeper_than_the_parser_goes_is_said(tmp_path: Path) -> None:
    """The post is read, and a note says that something is missing."""
    found = harvest(tmp_path, page("<div>" * 5000 + "too deep"))
    assert found.posts[0].title == "The Shut Door"
    assert any("nested deeper" in note for note in found.notes)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "text",
    [
        "<html>" + "<!--" * 300_000,
        "<html><body " + " ".join(f'a{n}="1"' for n in range(100_000)) + "><p>x",
        classic((), "<div class=entry-content>x" * 1500),
        classic((), "<span class=author>x</span>" * 20_000),
        page("<div class=comments-area>" * 1800),
        head() + '<script type="application/ld+json">' + "[" * 100_000 + "</script>",
        "<html><body>" + "<p <b></i>&&&#x <ul><li>" * 20_000,
        "<html>\0<body>\0<p>\0",
        "<!doctype html>",
    ],
)
def test_hostile_pages_end_soon_and_without_an_error(tmp_path: Path, text: str) -> None:
    """Whatever stands in it, a page is read or refused, in a time that grows with its length."""
    path = tmp_path / "page.html"
    path.write_text(text)
    assert webpage.recognise(text.encode()[:65536])
    try:
        found = webpage.read(path, Settings())
    except SourceError:
        return
    assert len(found.posts) + len(found.left_out) > 0


def test_other_files_are_no_pages() -> None:
    """XML, data and text that only speaks of HTML."""
    for other in (
        b"<rss><channel>",
        b'{"html": "<html>"}',
        b"How to write <html> in a page",
        b"---\ntitle: x\n---\n<p>",
    ):
        assert not webpage.recognise(other)


def test_what_waits_for_approval_is_no_text_of_a_page_whose_layout_is_not_known(tmp_path: Path) -> None:
    """Also where damage hides that it is a comment."""
    waiting = (
        '<div class="comment unapproved"><p>Words that wait for approval, and are longer than the post is.</p></div>'
    )
    words = "The words of the post, of which there are some. " * 12
    found = harvest(tmp_path, f"<html><head><title>A post</title></head><body><p>{words}</p>{waiting}</body></html>")
    assert "approval" not in repr(found)
