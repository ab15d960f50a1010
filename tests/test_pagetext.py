"""A page saved as text: title, slug, body, comments whose indent is the thread, replies known by their sign-off."""

from pathlib import Path

from askedbefore.reading import read_archive
from askedbefore.reading.harvest import Archive
from askedbefore.settings import Settings

PAGE = """The Clock On The Wall

clock-on-wall

Bea writes: the clock makes me angry.

I stare at it. Thank you. Bea

Dear Bea, I bought it on purpose so that you can see it.

Why it hangs there:

It hangs where both of us can read it.

XY

5 Comments

  • I like the clock.

    It ticks like mine at home.

    • Then you are among friends.

      XY

      • Is it ever wrong?

        • Twice a year it is, and we laugh about it. XY

  • […] A fine post about clocks over there. […]

Leave a Comment
"""


def read(tmp_path: Path, text: str | bytes, settings: Settings | None = None) -> Archive:
    """Read a page from a file."""
    path = tmp_path / "page.txt"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_archive([path], tmp_path, settings or Settings())


def test_a_page_has_title_body_threads_and_replies(tmp_path: Path) -> None:
    """Four levels deep each reply knows the comment that it answers; the pingback is left out."""
    archive = read(tmp_path, PAGE, Settings(sign_off="XY", url="https://blog.example"))
    (post,) = archive.posts
    assert (post.title, post.slug, post.date) == ("The Clock On The Wall", "clock-on-wall", None)
    assert post.url == "https://blog.example/clock-on-wall/"
    assert [(block.voice.value, block.kind.value, block.text.split()[0]) for block in post.blocks] == [
        ("reader", "paragraph", "Bea"),
        ("reader", "paragraph", "I"),
        ("author", "paragraph", "Dear"),
        ("author", "heading", "Why"),
        ("author", "paragraph", "It"),
    ]
    assert [(c.id, c.parent, c.by_author, c.text) for c in post.comments] == [
        ("1", None, False, "I like the clock.\n\nIt ticks like mine at home."),
        ("2", "1", True, "Then you are among friends."),
        ("3", "2", False, "Is it ever wrong?"),
        ("4", "3", True, "Twice a year it is, and we laugh about it."),
    ]
    assert archive.sources[0].comments == 5
    assert [item.reason for item in archive.left_out] == ["a pingback"]


def test_the_sign_off_is_guessed_and_said(tmp_path: Path) -> None:
    """Without `sign_off` in blog.toml the page's own is found, and the author is told."""
    archive = read(tmp_path, PAGE)
    assert [comment.by_author for comment in archive.posts[0].comments] == [False, True, False, True]
    assert any("“XY”" in note and "a guess" in note for note in archive.guesses)


def test_comments_never_become_the_authors_post(tmp_path: Path) -> None:
    """Whatever the page calls them, and whatever line stands inside one."""
    for count in ("Comments (5)", "Comments", "Five Comments", "1,024 comments", "5 Kommentare", ""):
        archive = read(tmp_path, PAGE.replace("5 Comments", count))
        assert len(archive.posts[0].comments) == 4, count
        assert "like" not in " ".join(block.text for block in archive.posts[0].blocks)
    inside = PAGE.replace(
        "    It ticks like mine at home.", "    I have read all of it, and also\n\n    5 comments\n\n    of others."
    )
    assert len(read(tmp_path, inside).posts[0].comments) == 4


def test_bullets_and_thanks_inside_comments(tmp_path: Path) -> None:
    """A list in a reply does not part it, and thanking the author is not being the author."""
    page = PAGE.replace("    • Then you are", "    • Three things:\n      • one\n      • two\n\n      Then you are")
    page = page.replace("  • I like the clock.", "  • I like the clock, thank you so much XY")
    comments = read(tmp_path, page).posts[0].comments
    assert [comment.by_author for comment in comments] == [False, True, False, True]
    assert comments[1].text == "Three things:\n• one\n• two\n\nThen you are among friends."


def test_windows_text_and_byte_order_marks(tmp_path: Path) -> None:
    """Line ends, marks and encodings of other editors make no difference."""
    plain = read(tmp_path, PAGE).posts
    assert read(tmp_path, b"\xef\xbb\xbf" + PAGE.replace("\n", "\r\n").encode()).posts == plain
    western = PAGE.replace("[…]", "[...]")
    assert read(tmp_path, western.encode("cp1252")).posts == plain


def test_a_page_without_comments_or_slug(tmp_path: Path) -> None:
    """A slug or a comment count is enough to know a page by."""
    assert read(tmp_path, "Title\n\na-slug\n\nText.").posts[0].slug == "a-slug"
    (post,) = read(tmp_path, "A Long Title\n\nText of it.\n\n1 Comment\n\n  • Hello there.").posts
    assert (post.slug, post.blocks[0].text, len(post.comments)) == ("a-long-title", "Text of it.", 1)
