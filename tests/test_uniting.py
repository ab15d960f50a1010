"""The same post from two sources is one post, its comments are united, and nothing that was taken back comes back."""

from dataclasses import replace

import pytest

from askedbefore.markup import plain_blocks
from askedbefore.reading.commentary import HELD_BACK as COMMENT_HELD_BACK
from askedbefore.reading.commentary import TAKEN_OFF, TWICE
from askedbefore.reading.harvest import Fullness, Harvest, Proof
from askedbefore.reading.sameness import fold, likeness, sketch
from askedbefore.reading.uniting import ALSO_ELSEWHERE, HELD_BACK, NO_POST, United, unite
from askedbefore.records import Comment, Post
from tests.conftest import Blog
from tests.wxr import AUTHOR_ID, C, P, export

URL = "https://blog.example/2020/01/breaks/"
TEXT = (
    "A break in the work can feel like being left behind. Say so before it begins. Count the days if counting helps, "
    "and put the number on the wall. When it is over, say what the days were like, all of them, also the dull ones."
)


def comment(number: int, text: str, parent: int | None = None, **others: object) -> Comment:
    """Return a comment as a WordPress source has it."""
    made = Comment(str(number), str(parent) if parent else None, False, plain_blocks(text), anchor=f"comment-{number}")
    return replace(made, **others)  # type: ignore[arg-type]


def post(*comments: Comment, text: str = TEXT, **others: object) -> Post:
    """Return a post."""
    made = Post("breaks", "Breaks", URL, "2020-01-01", plain_blocks(text), comments)
    return replace(made, **others)  # type: ignore[arg-type]


def source(*posts: Post, **others: object) -> Harvest:
    """Return what an export holds."""
    made = Harvest(posts=posts, made="2024-05-01T10:00:00", numbering="wordpress", complete=True)
    return replace(made, **others)  # type: ignore[arg-type]


def page(*posts: Post, **others: object) -> Harvest:
    """Return what a saved page holds: no date of its own, and perhaps not all comments."""
    return source(*posts, **{"made": "", "fullness": Fullness.PAGE, "complete": False, **others})


def reasons(united: United) -> list[str]:
    """Return why things were left out."""
    return [item.reason for item in (*united.united, *united.left_out)]


@pytest.mark.parametrize(
    "other",
    [
        post(url="http://www.blog.example/2020/01/Breaks", slug="x", date=None, title="X"),
        post(url=None, date="2020-01-02", title="X", text="Another beginning, and nothing else is the same here."),
        post(url=None, date=None, text="Another beginning, and nothing else is the same here."),
        post(url=None, date=None, slug="x", title="X", text=TEXT.replace("dull", "grey").replace(" - ", "–")),
    ],
    ids=["permalink", "slug and date", "slug and title", "text"],
)
def test_the_same_post_is_one(other: Post) -> None:
    """By permalink, by slug and date (a day apart in two time zones), by slug and title, by near-identical text."""
    united = unite([source(post()), page(other)])
    assert [one.slug for one in united.posts] == ["breaks"]
    assert reasons(united) == [ALSO_ELSEWHERE]


@pytest.mark.parametrize(
    "other",
    [
        post(url="https://blog.example/2021/02/breaks/", date="2021-02-01", title="Breaks again", text="Other words."),
        post(url="https://blog.example/", slug="home", date=None, title="X", text="Other words."),
        post(url=None, slug="x", date="2020-01-01", title="X", text=" ".join(TEXT.split()[:30]) + " And so on." * 9),
    ],
    ids=["slug alone", "front page", "half of the text"],
)
def test_another_post_stays_another(other: Post) -> None:
    """A slug that came again in another year, the front page, a text of which half is the same."""
    united = unite([source(post()), page(other)])
    assert len(united.posts) == 2
    assert reasons(united) == []


def test_two_posts_of_one_source_are_two() -> None:
    """A blog may print the same text twice."""
    again = post(slug="again", url="https://blog.example/2021/01/again/", date="2021-01-01", title="Again")
    assert len(unite([source(post(), again)]).posts) == 2


def test_the_fuller_wins_and_then_the_newer() -> None:
    """An export over a page, a page over a feed's summary, of two exports the newer; the rest is filled in."""
    old = source(post(text="The old text of the export."), made="2020-01-01T00:00:00")
    new = source(post(text="The new text."), made="2024-01-01T00:00:00")
    saved = page(post(text="The page's text, which is much longer than the others are.", categories=("Endings",)))
    summary = page(post(text="The page's …"), fullness=Fullness.SUMMARY, made="2025-01-01T00:00:00")
    texts = {
        "all": [old, new, saved, summary],
        "page and summary": [saved, summary],
    }
    found = {name: unite(some).posts[0] for name, some in texts.items()}
    assert found["all"].blocks[0].text == "The new text."
    assert found["all"].categories == ("Endings",)
    assert found["page and summary"].blocks[0].text.startswith("The page's text, which")


def test_comments_are_united() -> None:
    """Each once, by its number or its text; who is known only to one source comes in, tied to whom it answers."""
    ours = source(post(comment(1, "Is it childish to count?", date="2020-01-02"), comment(2, "No.", 1, by_author=True)))
    saved = page(
        post(
            comment(1, "Is it childish to count?", date="2020-01-02"),
            comment(2, "No.", 1),
            comment(3, "Thank you for that.", 2, date="2024-06-01"),
        )
    )
    typed = Comment("1", None, False, plain_blocks("Is it childish – to count?"))
    more = Comment("2", "1", False, plain_blocks("I count too, every August."))
    by_hand = page(post(typed, more, url=None), proof=Proof.SIGN_OFF, numbering="")
    (one,) = unite([ours, saved, by_hand]).posts
    assert [(c.id, c.parent, c.by_author, c.text) for c in one.comments] == [
        ("1", None, False, "Is it childish to count?"),
        ("2", "1", True, "No."),
        ("3", "2", False, "Thank you for that."),
        ("2-2", "1", False, "I count too, every August."),
    ]


def test_who_proves_best_who_wrote_decides() -> None:
    """A name over a comment in a feed does not make it the author's when the export knows that it is not."""
    feed = page(post(comment(1, "I say so.", by_author=True)), proof=Proof.NAME, made="2025-01-01T00:00:00")
    for harvests in ([source(post(comment(1, "I say so."))), feed], [feed, source(post(comment(1, "I say so.")))]):
        assert [c.by_author for c in unite(harvests).posts[0].comments] == [False]


def test_comments_find_their_post() -> None:
    """Comments kept elsewhere are joined to their post by link; those whose post is in no source stay out."""
    of_disqus = Comment("900", None, False, plain_blocks("From elsewhere."), "2020-02-02", anchor="comment-900")
    thread = post(of_disqus, text="", slug="x", title="")
    lost = replace(thread, url="https://blog.example/gone/")
    united = unite([source(post(comment(1, "Here."))), Harvest(threads=(thread, lost), numbering="disqus")])
    assert [c.id for c in united.posts[0].comments] == ["1", "900"]
    assert reasons(united) == [NO_POST]


def test_what_a_newer_source_holds_back_is_not_brought_back() -> None:
    """A post made private, a comment binned, a comment that is no longer there; not even a title is said."""
    old = page(post(comment(1, "Kept."), comment(2, "Binned."), comment(3, "Deleted.", date="2020-02-02")))
    private = page(post(slug="private", title="A title", url="https://blog.example/private/"))
    new = source(
        post(comment(1, "Kept.")),
        held_back=frozenset({"https://blog.example/private/"}),
        held_back_comments=frozenset({"comment-2"}),
    )
    united = unite([old, private, new])
    assert [c.text for c in united.posts[0].comments] == ["Kept."]
    assert len(united.posts) == 1
    assert set(reasons(united)) >= {HELD_BACK, COMMENT_HELD_BACK, TAKEN_OFF}
    assert not any("title" in item.place or "private" in item.place for item in (*united.united, *united.left_out))


def test_a_comment_newer_than_the_export_comes_in() -> None:
    """A page saved after the export may have it."""
    saved = page(post(comment(9, "Just now.", date="2024-06-01")))
    assert [c.id for c in unite([source(post()), saved]).posts[0].comments] == ["9"]


def test_a_comment_posted_twice_is_one() -> None:
    """By one reader; what answers the second answers the first. Two readers, and the author's thanks, stay."""
    said = "I was ill and paid all the same, and I never told him how angry that made me."
    thread = (
        comment(1, said, names=frozenset({"zoë"}), date="2020-01-02"),
        comment(2, said, names=frozenset({"zoë"}), date="2020-01-03"),
        comment(3, "Tell him.", 2, by_author=True),
        comment(4, said, names=frozenset({"ann"})),
        comment(5, "Thank you.", 1, by_author=True),
        comment(6, "Thank you.", 4, by_author=True),
        comment(7, "Me too.", names=frozenset({"per"}), date="2020-01-02"),
        comment(8, "Me too.", names=frozenset({"per"}), date="2020-03-02"),
    )
    united = unite([source(post(*thread))])
    assert [(c.id, c.parent) for c in united.posts[0].comments] == [
        ("1", None),
        ("3", "1"),
        ("4", None),
        ("5", "1"),
        ("6", "4"),
        ("7", None),
        ("8", None),
    ]
    assert reasons(united) == [TWICE]


def test_likeness_is_the_share_of_runs() -> None:
    """Of 10 and 12 runs of five words 8 are shared: 8 of 14."""
    one = "a b c d e f g h i j k l m n"
    assert likeness(sketch(one), sketch(one)) == 1.0
    assert likeness(sketch(one), sketch("x y z")) == 0.0
    assert likeness(sketch(one), sketch("c d e f g h i j k l m n o p q r")) == 8 / 14
    assert fold("“Don’t – stop!”  Café\n") == "dont stop cafe"


def test_two_exports_and_a_page_make_one_archive(blog: Blog) -> None:
    """Through a rebuild: nothing stands twice, and each reply is shown once."""
    thread = [C(2, "Is it childish to count the days?"), C(3, "Counting is how many people hold on.", 2, AUTHOR_ID)]
    blog.write("old.xml", export([P("breaks", f"<p>{TEXT}</p>", comments=thread)]).replace("2026", "2020"))
    blog.write("new.xml", export([P("breaks", f"<p>{TEXT}</p>", comments=thread), P("fees", "<p>On fees.</p>", id=7)]))
    blog.write(
        "page.txt",
        f"Breaks\n\n{TEXT}\n\n2 Comments\n\n  • Is it childish to count the days?\n\n"
        "    • Counting is how many people hold on.",
    )
    report = blog.rebuild()
    assert (report.counts.posts, report.counts.comments, report.counts.replies) == (2, 2, 1)
    texts = [passage.text for passage, _, _ in blog.library().all_passages()]
    assert len(texts) == len(set(texts)) == 4
