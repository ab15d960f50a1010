"""What readers have often asked: found, presentable, united, by topic; as text, JSON and a page for the blog."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from lxml import html

from askedbefore.examples import choose_examples, suggest
from askedbefore.passages import make_passages
from askedbefore.records import AskedQuestion, Passage, Post
from askedbefore.settings import Paths, Settings
from askedbefore.standalone import present
from askedbefore.storage import layout
from askedbefore.unchanged import Unchanged
from tests.conftest import Blog
from tests.wxr import AUTHOR_ID, POSTS, C, P, export

# Replies that are more than a courtesy, each with words of the question it answers.
GIFTS = "A jar of honey is a fine gift, and a therapist may take it at Christmas. Ask about anything that costs more."
CRYING = (
    "Many therapists cry now and then, and it is allowed. What counts is what becomes of it afterwards in the room."
)
FEES = "You pay the fee for a missed session because the hour was kept free for you, and that is what it costs."


def reply(number: int, text: str) -> C:
    """Return the author's reply to the comment before."""
    return C(number, text, number - 1, AUTHOR_ID)


def asked(blog: Blog, *posts: P) -> list[AskedQuestion]:
    """Return what is often asked in a blog of these posts."""
    blog.write("export.xml", export(list(posts)))
    blog.rebuild(yes=True)
    return list(blog.library().asked)


def change_build(blog: Blog, sql: str) -> None:
    """Change the passages of the live build as if they had been written like that."""
    folder = blog.library().folder
    with closing(sqlite3.connect(folder / layout.PASSAGES)) as database, database:
        database.execute(sql)
    manifest = layout.read_manifest(folder)
    files = {**manifest.files, layout.PASSAGES: layout.checksum(folder / layout.PASSAGES)}
    (folder / layout.MANIFEST).write_text(layout.sealed(manifest.model_copy(update={"files": files})))


def asked_in(blog: Blog, *comments: str, name: str = "A Reader", answer: str = GIFTS) -> list[str]:
    """Return what is often asked when each of these comments got the same reply."""
    thread = [C(2 * n, text, name=name) for n, text in enumerate(comments, start=1)]
    replies = [reply(2 * n + 1, answer) for n in range(1, len(comments) + 1)]
    return [one.question for one in asked(blog, P("post", "Some text.", comments=[*thread, *replies]))]


def questions(blog: Blog, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `askedbefore questions` on the blog's index."""
    command = [sys.executable, "-m", "askedbefore", "questions", "--index", str(blog.paths.index), *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture
def asked_blog(blog: Blog) -> Blog:
    """Return a blog with three questions in two categories; one was asked twice."""
    boundaries = P(
        "gifts",
        "<p>On presents.</p>",
        title="Gifts & <b>thanks</b>",
        categories=["Feelings", "Boundaries"],
        comments=[
            C(10, "Hello! So, may I give my therapist a gift?? I was thinking of honey."),
            reply(11, GIFTS),
            C(12, "My question is: a gift, may I give my therapist?"),
            C(14, "May I give a gift, my therapist?"),
            reply(
                15,
                "Yes, a small one, from time to time, if you feel like it; she can say no to it, and then you talk.",
            ),
        ],
    )
    feelings = P(
        "tears",
        "<p>On tears.</p>",
        title="Tears",
        categories=["Feelings"],
        comments=[C(20, "Are therapists allowed to cry?"), reply(21, CRYING)],
    )
    money = P(
        "money",
        "<p>On money.</p>",
        title="Money",
        categories=["Uncategorized"],
        comments=[
            C(30, "must i pay the fee for a session that i missed?!"),
            reply(31, f"{FEES} &lt;b&gt; &amp; ${{1}}"),
        ],
    )
    blog.write("export.xml", export([boundaries, feelings, money], title="A Test & Blog"))
    blog.rebuild()
    return blog


def test_a_golden_list(asked_blog: Blog) -> None:
    """The most asked topic first, a post's rarest category, the best reply first; what nobody answered counts not.

    The two questions about a gift hold the same words, so their cosine is 1 and they are one, equally central. The
    one whose own reply shares more words with it is shown. Who asked in vain, in comment 12, is not counted.
    """
    library = asked_blog.library()
    assert library.asked == (
        AskedQuestion("Boundaries", "May I give my therapist a gift?", 2, ("gifts/c11", "gifts/c15")),
        AskedQuestion("Feelings", "Are therapists allowed to cry?", 1, ("tears/c21",)),
        AskedQuestion("Other questions", "Must i pay the fee for a session that i missed?", 1, ("money/c31",)),
    )
    assert library.asked_vectors.shape == (3, 512)
    assert library.blog.example_questions == tuple(one.question for one in library.asked)


def test_the_same_archive_gives_the_same_bytes(asked_blog: Blog) -> None:
    """Also from a fresh index."""
    fresh = Blog(
        Paths(data=asked_blog.paths.data, index=asked_blog.paths.data.parent / "fresh"), type(asked_blog.encoder)()
    )
    fresh.rebuild()
    for name in ("asked.json", "asked.npy"):
        one, other = (blog.library().folder / name for blog in (asked_blog, fresh))
        assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Does therapy ever end?", "Does therapy ever end?"),
        ("does therapy ever end??!", "Does therapy ever end?"),
        ("So, does therapy ever end?", "Does therapy ever end?"),
        ("And also, does therapy ever end?", "Does therapy ever end?"),
        ("My question is: does therapy ever end?", "Does therapy ever end?"),
        ("I was wondering, does therapy ever end?", "Does therapy ever end?"),
        ("The other way round: do you ever dream of a patient?", "Do you ever dream of a patient?"),
        ("Is it normal to cry in every session?", "Is it normal to cry in every session?"),
        ("How do I tell my husband that I miss him?", "How do I tell my husband that I miss him?"),
        ("If I stop now, does that mean I failed?", "If I stop now, does that mean I failed?"),
        ("Is there a way to end well?", "Is there a way to end well?"),
        ("Why do I cry at Christmas?", "Why do I cry at Christmas?"),
        ("How do I fill a whole 50 minutes?", "How do I fill a whole 50 minutes?"),
        ('Am I a "good" patient?', 'Am I a "good" patient?'),
    ],
)
def test_a_question_that_stands_alone_is_made_presentable(said: str, shown: str) -> None:
    """Only what leads up to it goes, the capital and the sign at the end come: the rest is as she wrote it."""
    assert present(said) == shown
    assert shown[1:-1] in said


@pytest.mark.parametrize(
    "said",
    [
        "And by email?",  # means nothing without what came before
        "Is this normal?",
        "Why did she do that?",
        "Is that why people cry in therapy?",
        "Does she love me like a daughter?",  # who?
        "How do I tell him that I love my wife?",
        "Is it because of my childhood dreams?",  # what?
        "What do you mean by working through?",  # points at the post
        "Would you write about dreams some day?",  # a request
        "What about people who laugh in sessions?",
        "Should I look for somebody who speaks mine?",
        "I was wondering if therapy ever ends?",  # what is left would be no question
        "My therapist never says a word?",
        "Should I tell Rita about my dreams?",  # a name
        "Is 43 too old for therapy to work?",  # an age
        "Why do I dream (and cry?",
        "Why do I dream) and cry?",
        "Why do I dream of … well, of dying flowers?",
        "Do I cry?",  # about nothing
        "How do I " + "very " * 30 + "often dream of my therapist?",
    ],
)
def test_a_question_that_does_not_stand_alone_is_left_out(said: str) -> None:
    """Better none than a crippled one."""
    assert present(said) is None


@pytest.mark.parametrize(
    "comment",
    [
        "Beatrice wants to know. May Beatrice give her therapist a gift?",
        "I want to die. May I give my therapist a gift?",
        "May I give my therapist a gift, or write at home-of-ann.com?",
        "She looked up. “You are late. May I give my therapist a gift? Think of that.” I left.",
        "<blockquote>May I give my therapist a gift?</blockquote> I agree.",
        "May I give my therapist a gift? No, of course I may not.",
    ],
)
def test_what_says_who_asks_or_is_not_her_own_question_stays_out(blog: Blog, comment: str) -> None:
    """Her name, an address, a cry for help anywhere in the comment, quoted words, a question she answers herself."""
    assert asked_in(blog, comment, "Are therapists allowed to cry?", name="Beatrice Miller") == [
        "Are therapists allowed to cry?"
    ]
    assert "eatrice" not in (blog.library().folder / "asked.json").read_text()


@pytest.mark.parametrize(
    "courtesy",
    [
        "Thank you for your comment on this, it is a very good one and I am glad that you took the time for it.",
        "Dear Ann, I want to write a whole post about gifts and about what they mean. Please be patient with me.",
        "Yes.",
    ],
)
def test_a_courtesy_is_no_answer(blog: Blog, courtesy: str) -> None:
    """Thanks, or the promise of a post."""
    assert asked_in(blog, "May I give my therapist a gift?", answer=courtesy) == []


def test_a_name_that_looks_like_a_month_is_a_name_when_it_is_hers(blog: Blog) -> None:
    """And any other capital word inside of a question may be one."""
    assert asked_in(blog, "Should April give her therapist a gift?", name="April Jones") == []
    assert asked_in(blog, "Should April pass without a gift?", name="Ann") == ["Should April pass without a gift?"]


def test_nearly_the_same_question_is_the_same(blog: Blog) -> None:
    """Nine of ten words and nine of nine, a cosine of 0.95, are one question; six of nine are not."""
    found = asked(
        blog,
        P(
            "post",
            "Some text.",
            comments=[
                C(2, "May I give my old therapist a gift at Christmas?"),
                reply(3, GIFTS),
                C(4, "May I give my therapist a gift at Christmas?"),
                reply(5, f"{GIFTS} And why not?"),
                C(6, "May I give my dog a bone at Easter?"),
                reply(
                    7, "You may give your dog a bone at Easter, and I do not see why a dog should have to wait for one."
                ),
            ],
        ),
    )
    assert [(one.question, one.count) for one in found] == [
        ("May I give my therapist a gift at Christmas?", 2),
        ("May I give my dog a bone at Easter?", 1),
    ]


def test_what_is_not_in_the_build_is_not_asked(small_blog: Blog) -> None:
    """A comment that was taken out between reading and embedding leaves no question behind."""
    comment = [C(2, "May I give my therapist a gift?"), reply(3, GIFTS)]
    small_blog.write("export.xml", export([*POSTS, P("gifts", "Some text.", id=99, comments=comment)]))

    def without(posts: Iterable[Post], settings: Settings, unchanged: Unchanged) -> list[Passage]:
        """Make passages of all but what the reader asked."""
        return [one for one in make_passages(posts, settings, unchanged) if "May I give" not in one.text]

    with patch("askedbefore.rebuild.make_passages", without):
        small_blog.rebuild()
    assert not any("gift" in one.question for one in small_blog.library().asked)


def test_what_is_hidden_never_appears(asked_blog: Blog) -> None:
    """A question whose only reply is hidden goes with it."""
    change_build(asked_blog, "UPDATE passages SET shown = 0 WHERE id IN ('tears/c21', 'gifts/c11')")
    found = json.loads(questions(asked_blog, "--json").stdout)
    assert [[one["id"] for one in question["answers"]] for question in found] == [["gifts/c15"], ["money/c31"]]


def test_of_questions_with_one_reply_the_nearest_is_listed(blog: Blog) -> None:
    """So that no answer stands twice; a question that the reply is about comes before another of the same comment."""
    comment = "Why do I dream of snow? May a therapist take a gift of honey at Christmas?"
    assert asked_in(blog, comment) == ["May a therapist take a gift of honey at Christmas?"]


def test_a_reply_about_something_else_is_no_answer(blog: Blog) -> None:
    """Of fifteen exchanges, a reply must be among the three nearest: three others share words with the question."""
    near = "Penguins swim well, and penguins dream of fish, and penguins are penguins whatever else you may have read."
    comments = []
    for number in range(100, 130, 2):
        answer = GIFTS if number == 100 else near if number < 107 else CRYING
        comments += [C(number, "Do penguins dream?" if number == 100 else "A remark."), reply(number + 1, answer)]
    assert asked(blog, P("post", "Some text.", comments=comments)) == []
    comments[0] = C(100, "Is honey a fine gift?")
    assert [one.question for one in asked(blog, P("post", "Some text.", comments=comments))] == [
        "Is honey a fine gift?"
    ]


@pytest.mark.parametrize(
    "letter",
    [
        "<p>Lotte writes: My husband is cross. What do I owe my husband after a session?</p><p>Lotte</p>",
        "<p>A reader asks:</p><blockquote>“He is cross. What do I owe my husband after a session? L.”</blockquote>",
    ],
)
def test_a_printed_letter_is_answered_by_the_section_that_is_nearest(blog: Blog, letter: str) -> None:
    """The post goes on under headings; the letter's question is answered under one of them."""
    about_garage = "Dear Lotte, let me begin with the garage, where so many men go when nobody speaks to them. " * 4
    about_debt = "What you owe your husband after a session is a word about the weather in it, and no more. " * 4
    content = f"{letter}<p>{about_garage}</p><h2>What you owe</h2><p>{about_debt}</p>"
    found = asked(blog, P("letters", content))
    passages = {one.id: one for one, _, _ in blog.library().all_passages()}
    assert [(one.question, one.count) for one in found] == [("What do I owe my husband after a session?", 1)]
    assert {passages[one].heading for one in found[0].answers} == {"What you owe"}


def test_topics_are_named_by_the_words_of_those_who_asked(blog: Blog) -> None:
    """Where posts have no categories: four questions about dreams, four about the fee."""
    subjects = {
        "dreams": "My dreams frighten me, and I think about my dreams. ",
        "fees": "The fees worry me, and I think about the fees. ",
    }
    comments: list[C] = []
    for name, before in subjects.items():
        for verb in ("explain", "change", "forget", "describe"):
            number = 2 * len(comments) + 100
            said = f"Take your time with the {name}, and speak about the {name}; one can {verb} the {name} a little."
            comments += [C(number, f"{before}How can I {verb} my {name}?"), reply(number + 1, said)]
    found = asked(blog, P("post", "Some text.", comments=comments))
    assert [one.topic for one in found] == ["Dreams"] * 4 + ["Fees"] * 4
    assert all(one.topic.lower() in one.question for one in found)


def test_suggestions_are_near_of_different_topics_and_never_the_question_itself(asked_blog: Blog) -> None:
    """Cosines by hand: "gift therapist cry" shares two of its three words with one question, one with another."""
    library = asked_blog.library()
    vector = asked_blog.encoder.encode_questions(["gift therapist cry"])[0]
    gift, cry, pay = (one.question for one in library.asked)
    assert suggest(library, vector) == (gift, cry, pay)
    assert suggest(library, vector, most=1) == (gift,)
    itself = asked_blog.encoder.encode_questions([gift])[0]
    assert gift not in suggest(library, itself)


def test_examples_are_short_and_of_different_topics() -> None:
    """The most asked first; a second of a topic only when there is no other topic left."""
    found = [
        AskedQuestion("A", "Is it one?", 3, ()),
        AskedQuestion("A", "Is it two?", 3, ()),
        AskedQuestion("B", "Is it " + "very " * 20 + "long?", 9, ()),
        AskedQuestion("B", "Is it three?", 1, ()),
    ]
    assert choose_examples(found) == ("Is it one?", "Is it three?", "Is it two?")


def test_questions_as_text_and_as_json(asked_blog: Blog) -> None:
    """For people by topic with links; for programs with the keys that are documented."""
    text = questions(asked_blog).stdout
    assert text.index("Boundaries") < text.index("May I give my therapist a gift?  (asked 2 times)")
    assert "https://blog.example/2020/01/gifts/#comment-11" in text
    assert "not therapy" in text
    found = json.loads(questions(asked_blog, "--json").stdout)
    assert [set(one) for one in found] == [{"topic", "question", "count", "answers"}] * 3
    assert found[1]["answers"] == [
        {
            "id": "tears/c21",
            "url": "https://blog.example/2020/02/tears/#comment-21",
            "title": "Tears",
            "quote": CRYING,
        }
    ]


def test_the_page_for_the_blog(asked_blog: Blog, tmp_path: Path) -> None:
    """One file, escaped, with the replies word for word, their links, the disclaimer and the help lines."""
    path = tmp_path / "faq.html"
    assert f"Written: {path}" in questions(asked_blog, "--html", str(path)).stderr
    text = path.read_text()
    page: Any = html.fromstring(text)
    assert not page.xpath("//script | //link | //img | //iframe | //*[@src] | //@style | //@onclick")
    assert "url(" not in text
    assert "<b>" not in text
    assert [one.text for one in page.xpath("//h2")] == ["Boundaries", "Feelings", "Other questions"]
    assert page.xpath("//details/summary/span[1]/text()")[0] == "May I give my therapist a gift?"
    assert [one.text_content() for one in page.xpath("//blockquote")][1:] == [CRYING, f"{FEES} <b> & ${{1}}"]
    assert "/gifts/#comment-11" in page.xpath("//figcaption/a/@href")[0]
    assert "/gifts/#comment-15" in page.xpath("//ul[@class='also']//a/@href")[0]
    assert "not therapy" in text
    assert page.xpath("//footer//a[@href='tel:988']")
    assert page.xpath("//header//a[@href='https://blog.example']/text()") == ["A Test & Blog"]


def test_the_page_replaces_only_a_page_of_its_own(asked_blog: Blog, tmp_path: Path) -> None:
    """A second time the same; a file of the author's stays; a missing folder is named."""
    path = tmp_path / "faq.html"
    questions(asked_blog, "--html", str(path))
    before = path.read_bytes()
    assert questions(asked_blog, "--html", str(path)).returncode == 0
    assert path.read_bytes() == before
    export_file = asked_blog.paths.data / "export.xml"
    kept = export_file.read_bytes()
    for target, says in (
        (export_file, "is there already and is no page that this command made"),
        (tmp_path / "nowhere" / "faq.html", f"There is no folder {tmp_path / 'nowhere'}. Make it"),
        (tmp_path, "is a folder. Name a file"),
    ):
        done = questions(asked_blog, "--html", str(target))
        assert (done.returncode, done.stdout) == (1, "")
        assert says in done.stderr
    assert export_file.read_bytes() == kept
    assert sorted(one.name for one in tmp_path.iterdir()) == ["data", "faq.html", "index"]


def test_without_comments_nothing_is_asked(blog: Blog) -> None:
    """One sentence with what to do; no example questions; no page."""
    assert asked(blog, P("post", "Some text."), POSTS[2]) == []
    assert blog.library().blog.example_questions == ()
    assert suggest(blog.library(), blog.encoder.encode_questions(["why?"])[0]) == ()
    assert "askedbefore rebuild" in questions(blog).stdout
    assert json.loads(questions(blog, "--json").stdout) == []
    path = blog.paths.data / "faq.html"
    assert "There is no such question" in questions(blog, "--html", str(path)).stderr
    assert not path.exists()
