"""The page's HTML, without a browser: everything is escaped, every state has its words."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from askedbefore.answer import answer_question
from askedbefore.records import Answer, Hit, Kind, Outcome, Passage, Voice
from askedbefore.storage.layout import Blog as BlogRecord
from askedbefore.web.live import LiveLibrary
from askedbefore.web.parts import header_html
from askedbefore.web.render import answer_html, failure_html
from tests.conftest import Blog
from tests.wxr import POSTS, P, export

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>${alert(3)}{{value}}"
RECORD = BlogRecord(
    title=EVIL, url="https://blog.example/?a=1&b='", author=EVIL, example=True, example_questions=(EVIL,)
)


def passage(**changes: str | None) -> Passage:
    """Return a passage."""
    fields = {"heading": None, "comment": None, "date": "2020-01-01", "url": None, "asked": None, **changes}
    return Passage(
        "p/1", "p/1", Kind.REPLY, Voice.AUTHOR, True, str(fields.pop("text", None) or "Text."), "p", "Title", **fields
    )


def test_nothing_of_the_archive_or_a_reader_becomes_markup() -> None:
    """Not the text, the title, the heading, the question, the blog's name; nor a template of gr.HTML."""
    hit = Hit(passage(text=EVIL, heading=EVIL, asked=EVIL, url=f"https://blog.example/{EVIL}"), 0.5, EVIL, ((0, 8),))
    answer = Answer(EVIL, Outcome.PASSAGES, EVIL, (hit,))
    for html in (answer_html(answer, RECORD), header_html(RECORD), failure_html(EVIL, blog=RECORD)):
        assert "<script" not in html
        assert "<img" not in html
        assert "${" not in html
        assert "{{" not in html
        assert "&lt;script&gt;" in html


def test_marks_and_paragraphs() -> None:
    """Highlighted sentences are marked where they stand, also after a paragraph's end and with letters to escape."""
    text = "One & two. Three.\n\nFour.\nFive."
    html = answer_html(Answer("q", Outcome.PASSAGES, "d", (Hit(passage(), 0.5, text, ((0, 10), (19, 24))),)), RECORD)
    quote = "<p><mark>One &amp; two.</mark> Three.</p><p><mark>Four.</mark><br>Five.</p>"
    assert f'<blockquote dir="auto">{quote}</blockquote>' in html


def test_a_source_line_says_who_speaks() -> None:
    """A reply is the author's, a letter a reader's."""
    html = answer_html(Answer("q", Outcome.PASSAGES, "d", (Hit(passage(asked="Why?"), 0.5, "Text."),)), RECORD)
    assert "The author’s reply to a reader, under “Title”, 2020" in html
    assert "A reader asked:</span> Why?" in html


def test_links_open_in_a_new_tab_without_a_way_back() -> None:
    """The blog does not learn where a reader came from."""
    html = answer_html(
        Answer("q", Outcome.PASSAGES, "d", (Hit(passage(url="https://b.example/#comment-1"), 0.5, "Text."),)), RECORD
    )
    assert 'href="https://b.example/#comment-1" target="_blank" rel="noopener noreferrer"' in html


def test_a_running_server_takes_the_new_index(small_blog: Blog) -> None:
    """At the next question, without a restart; an answer under way keeps to the build it began with."""
    live = LiveLibrary(small_blog.paths.index, small_blog.encoder)
    before = live.current()
    small_blog.write("export.xml", export([*POSTS, P("new", "<p>Brand new text.</p>")]))
    small_blog.rebuild()
    assert live.current().manifest.counts.posts == 4
    before.check_rows()


def test_many_readers_at_once_get_the_answers_of_one(small_blog: Blog) -> None:
    """Eight threads share one library, while rebuilds switch it; every answer is whole and right."""
    live = LiveLibrary(small_blog.paths.index, small_blog.encoder)
    questions = ["is it childish to count the days?", "why pay a fee for a missed hour?", "silence in the room"] * 40
    expected = {one: small_blog.ask(one).to_json()["passages"] for one in questions}

    def ask(question: str) -> bool:
        answer = answer_question(question, live.current(), small_blog.encoder)
        return bool(answer.to_json()["passages"][:1] == expected[question][:1])

    with ThreadPoolExecutor(8) as readers:
        answers = readers.map(ask, questions)
        for number in range(3):
            small_blog.write("more.xml", export([P(f"new-{number}", f"<p>Zebra number {number}.</p>", id=90 + number)]))
            small_blog.rebuild()
        assert all(answers)


def test_a_damaged_new_index_is_not_taken(small_blog: Blog, caplog: pytest.LogCaptureFixture) -> None:
    """The one before goes on answering, and the log says why."""
    live = LiveLibrary(small_blog.paths.index, small_blog.encoder)
    small_blog.write("export.xml", export(POSTS[:2]))
    small_blog.rebuild()
    damage(small_blog.library().folder)
    assert live.current().manifest.counts.posts == 3
    assert "goes on answering" in caplog.text


def test_a_build_that_is_only_late_is_taken_later(small_blog: Blog, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy that is not complete at the first question is tried again."""
    monkeypatch.setattr("askedbefore.web.live.RETRY_SECONDS", 0)
    live = LiveLibrary(small_blog.paths.index, small_blog.encoder)
    small_blog.write("export.xml", export(POSTS[:2]))
    small_blog.rebuild()
    manifest = small_blog.library().folder / "manifest.json"
    manifest.rename(manifest.with_name("late"))
    assert live.current().manifest.counts.posts == 3
    manifest.with_name("late").rename(manifest)
    assert live.current().manifest.counts.posts == 2


def damage(build: Path) -> None:
    """Cut a byte off a build."""
    path = build / "vectors.faiss"
    path.write_bytes(path.read_bytes()[:-1])
