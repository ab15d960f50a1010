"""An evaluation: figures that were worked out by hand, labels in all their forms, and a report that stands alone."""

import json
import math
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from askedbefore.errors import EvaluationError
from askedbefore.evaluation.evaluate import Evaluation, evaluate
from askedbefore.evaluation.labels import read_questions
from askedbefore.evaluation.places import Places
from askedbefore.evaluation.report import render
from askedbefore.evaluation.summary import describe_evaluation
from askedbefore.watching import Unwatched
from tests.conftest import EXAMPLE, Blog
from tests.wxr import P, export

DATA = Path(__file__).parent / "data"

# As shipped the right unit comes first, second (the exchange that the words stand in themselves comes before the one
# that only grew out of it), and fifth (nothing is shared, so the units stand in the order of their names).
QUESTIONS = """
{"question": "silence", "relevant": ["silence"], "kind": "keywords"}
{"question": "childish to count the days until she returns", "relevant": ["breaks#comment-5"], "kind": "question"}
{"question": "penguin jokes", "relevant": ["fees"], "kind": "question"}
{"question": "train timetable to Tokyo", "relevant": []}
{"question": "where did it go?", "relevant": ["gone", "breaks#comment-99"]}
"""
OFF_TOPIC = "# two\ngearbox oil\n\nis the hour paid\n"  # the archive does answer the second, so it is let through


def measure(blog: Blog, questions: str = QUESTIONS, off_topic: str | None = OFF_TOPIC) -> Evaluation:
    """Evaluate a blog with questions in JSON."""
    path = blog.write("labels/questions.jsonl", questions)
    others = [blog.write("labels/others.txt", off_topic)] if off_topic else []
    return evaluate(path, others, blog.library(), blog.encoder, Unwatched())


def test_figures_are_those_worked_out_by_hand(small_blog: Blog) -> None:
    """Hits, reciprocal ranks, discounted gain, and what the reader sees."""
    evaluation = measure(small_blog)
    ways = {way.name: way for way in evaluation.ways}
    shipped = {name: one.value for name, one in ways["as shipped"].measures.items()}
    assert shipped == pytest.approx(
        {
            "hit@1": 1 / 3,
            "hit@3": 2 / 3,
            "hit@5": 1,
            "MRR@10": (1 + 1 / 2 + 1 / 5) / 3,
            "nDCG@10": (1 + 1 / math.log2(3) + 1 / math.log2(6)) / 3,
        }
    )
    assert ways["as shipped"].hits_by_depth[:6] == pytest.approx((1 / 3, 2 / 3, 2 / 3, 2 / 3, 1, 1))
    words = ways["words only"]  # it finds nothing for the penguins
    assert words.measures["MRR@10"].value == pytest.approx((1 + 1 / 2) / 3)
    assert words.measures["hit@5"].value == pytest.approx(2 / 3)
    assert words.over_baseline["hit@5"].value == pytest.approx(-1 / 3)
    assert ways["vectors only"].over_baseline["hit@1"].value == 0
    assert evaluation.shown.value == pytest.approx(2 / 3)
    assert [(kind.kind, kind.questions, kind.hit1, kind.shown) for kind in evaluation.kinds] == [
        ("question", 2, 0.0, 0.5),
        ("keywords", 1, 1.0, 1.0),
    ]


def test_ranges_hold_the_mean_and_are_the_same_each_time(small_blog: Blog) -> None:
    """The bootstrap of three questions, one of them a hit, reaches from none to all."""
    first, second = measure(small_blog), measure(small_blog)
    assert first.ways == second.ways
    hit = first.ways[-1].measures["hit@1"]
    assert (hit.low, round(hit.value, 3), hit.high) == (0, 0.333, 1)


def test_refusals_are_counted_from_the_answers(small_blog: Blog) -> None:
    """The shipped line keeps two of three, refuses one of two off-topic ones and the one without a place."""
    evaluation = measure(small_blog)
    shown, certain, lenient = evaluation.cuts
    assert (shown.kept, certain.kept) == pytest.approx((2 / 3, 1 / 3))
    assert shown.refused == {"unanswerable": 1.0, "others.txt": 0.5}
    assert shown.line == small_blog.library().measured.line < certain.line
    assert (lenient.kept, lenient.refused) == (1.0, {"unanswerable": 0.0, "others.txt": 0.0})  # all share no word
    margins = {one.question.text: one.margin for one in evaluation.asked}
    outcomes = {one.question.text: one.answer.outcome.value for one in evaluation.asked}
    for text, margin in margins.items():
        assert margin is not None
        assert (margin >= shown.line) == (outcomes[text] == "passages"), text


def test_labels_that_match_nothing_are_named_and_left_out(small_blog: Blog) -> None:
    """With their line; the other questions are measured."""
    evaluation = measure(small_blog)
    assert evaluation.left_out == 1
    assert [remark.partition("questions.jsonl, ")[2] for remark in evaluation.remarks] == [
        "line 6: gone is no place of this archive.",
        "line 6: breaks#comment-99 is no place of this archive.",
    ]
    lines = "\n".join(describe_evaluation(evaluation))
    assert "line 6: gone is no place of this archive." in lines
    assert "1 question left out, for want of a place" in lines
    assert re.search(r"as shipped +0\.333 +0\.667 +1\.000 +0\.567 +0\.673", lines)


def test_nothing_to_measure_is_an_error(small_blog: Blog) -> None:
    """It says what was looked for."""
    with pytest.raises(EvaluationError, match=r"No question of .* has a place.*\n.*line 1: gone is no place"):
        measure(small_blog, '{"question": "why?", "relevant": ["gone"]}')


def test_a_follow_up_is_asked_with_the_question_before(small_blog: Blog) -> None:
    """By itself it shares no word with its place."""
    alone = '{"question": "and penguins?", "relevant": ["silence"]}'
    after = '{"question": "and penguins?", "relevant": ["silence"], "before": "where does the second sentence grow"}'
    ranks = [measure(small_blog, text).to_json()["questions"][0]["ranks"]["as shipped"] for text in (alone, after)]
    assert ranks[0] > ranks[1] == 1


LINKS = {
    "https://blog.example/2020/01/breaks/": {"breaks/1", "breaks/2"},
    "http://www.blog.example/2020/01/breaks": {"breaks/1", "breaks/2"},
    "https://blog.example/2020/01/breaks/#:~:text=Ask%20on,see%20them": {"breaks/1", "breaks/2"},
    "https://blog.example/2020/01/breaks/#respond": {"breaks/1", "breaks/2"},
    "https://blog.example/2020/01/breaks/?utm_source=letter": {"breaks/1", "breaks/2"},
    "https://blog.example/2020/01/breaks/#comment-3": {"breaks/c2"},
    "https://blog.example/2020/01/breaks/comment-page-2/#comment-5": {"breaks/c4"},
    "https://blog.example/2020/01/breaks/?replytocom=5#comment-5": {"breaks/c4"},
    "https://blog.example/2020/01/breaks/#comment-3:~:text=Counting": {"breaks/c2"},
    "https://moved.example/archive/breaks/#comment-4": {"breaks/c4"},
    "breaks#comment-2": {"breaks/c2", "breaks/c4"},  # a reader's question that led up to two replies
    "4": {"breaks/c4"},
    "fees": {"fees/1"},
    "https://blog.example/2020/01/breaks/#comment-77": set(),
    "https://blog.example/2020/09/never-written/": set(),
    "https://blog.example/": set(),
    "https://[blog.example/": set(),
    "mailto:ada@blog.example": set(),
}


@pytest.mark.parametrize("link", LINKS)
def test_a_link_means_its_place(small_blog: Blog, link: str) -> None:
    """As it is copied from a browser, or as a name."""
    assert Places(small_blog.library()).units(link) == LINKS[link]


def test_a_table_as_spreadsheets_write_it(tmp_path: Path) -> None:
    """Other columns, quotation marks, semicolons, several rows and several links for a question."""
    path = tmp_path / "questions.csv"
    path.write_bytes(
        "\ufeffLink;Question ;note\r\n"
        'https://a.example/x/ https://a.example/y/;"Why; and when?";mine\r\n'
        ";;\r\n"
        "https://a.example/z/;Why; and\r\n".replace("Why; and\r", '"Why; and when?"\r').encode()
    )
    (one,) = read_questions(path)
    assert one.text == "Why; and when?"
    assert one.places == ("https://a.example/x/", "https://a.example/y/", "https://a.example/z/")
    assert one.line == 2


BAD = {
    "nowhere.csv": (None, "There is no file nowhere.csv. Check its name and folder."),
    "q.xlsx": (b"PK", "q.xlsx is not named .jsonl or .csv, so nobody can tell how to read it. Rename it."),
    "latin.csv": (
        "question,link\nWas heißt das?,x".encode("latin-1"),
        "latin.csv is not in UTF-8. Save it as “CSV UTF",
    ),
    "empty.jsonl": (b"\n", "empty.jsonl holds no questions. Write some, each with the link of its place."),
    "broken.jsonl": (
        b'\n{"question": "why?"\n',
        "broken.jsonl, line 2: not JSON (Expecting ',' delimiter). A line look",
    ),
    "list.jsonl": (b"[1]", "list.jsonl, line 1: the line: "),
    "unlabelled.jsonl": (
        b'{"question": "why?"}',
        "unlabelled.jsonl, line 1: relevant: Field required. A line looks like",
    ),
    "wrong.jsonl": (
        b'{"question": "why?", "relevant": "a"}',
        "wrong.jsonl, line 1: relevant: Input should be a valid li",
    ),
    "headless.csv": (
        b"why?,https://a.example/\n",
        "headless.csv, line 1: no columns question and link. The first line is",
    ),
    "half.csv": (
        b"question,link\nwhy?,\n",
        "half.csv, line 2: a question without a link. Fill it in, or take the line",
    ),
    "other.csv": (b"question,link\n,https://a.example\n", "other.csv, line 2: a link without a question. Fill it in"),
    "comma.csv": (
        b"question,link\nWhy, and when?,https://a.example\n",
        "comma.csv, line 2: more columns than line 1 name",
    ),
    "quote.csv": (
        b'question,link\n"Why?,https://a.example\n',
        "quote.csv, line 2: this cannot be read as a table (unexpe",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_one_clear_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The file, the line and the remedy."""
    monkeypatch.chdir(tmp_path)
    content, says = BAD[name]
    if content is not None:
        Path(name).write_bytes(content)
    with pytest.raises(EvaluationError) as caught:
        read_questions(Path(name))
    assert str(caught.value).startswith(says)


class _Page(HTMLParser):
    """Collects the elements of a page, the addresses that they name, and ids."""

    def __init__(self, html: str) -> None:
        """Read the page."""
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Take note of an element."""
        self.tags.append(tag)
        for name, value in attributes:
            if name in ("src", "href", "xlink:href", "srcset", "action", "data") and value:
                self.addresses.append((tag, value))
            if name == "id" and value:
                self.ids.append(value)


def test_the_report_stands_alone_and_escapes_everything(blog: Blog) -> None:
    """No script, no request; all that leads outside are the links to the blog's own places."""
    nasty = "<script>alert('{{ 7 * 7 }}')</script>"
    blog.write("export.xml", export([P("one", "Silence is not empty.", title=nasty), P("two", "A fee is a fee.")]))
    blog.rebuild()
    rows = [{"question": f"silence {nasty}", "relevant": ["one"]}, {"question": "penguins", "relevant": ["two"]}]
    evaluation = measure(blog, "\n".join(json.dumps(row) for row in rows), f"{nasty} gearbox\nsilence is empty\n")
    html = render(evaluation, blog.library())
    page = _Page(html)
    assert not {*page.tags} & {"script", "link", "iframe", "img", "object", "form"}
    assert "alert(&#39;{{ 7 * 7 }}&#39;)" in html
    outside = {value for tag, value in page.addresses if not value.startswith("#")}
    assert outside
    assert all(value.startswith("https://blog.example/2020/") for value in outside)
    assert "url(http" not in html
    assert "@import" not in html
    assert page.tags.count("svg") == html.count('role="img" aria-label="') == 3
    assert len(page.ids) == len({*page.ids})


def test_the_report_says_what_was_measured(small_blog: Blog) -> None:
    """Misses with their rank, what was refused and let through, and the outcome of every question."""
    html = render(measure(small_blog), small_blog.library())
    text = re.sub(r"\s+", " ", re.sub(r"<svg.*?</svg>|<[^>]+>", " ", html, flags=re.DOTALL))
    assert "The right place did not come first for 2 of 3 questions." in text
    assert "1 question, with what stood first before the line was drawn" in text
    assert re.search(r"penguin jokes 5 −?-?0\.77 Fees Breaks A break in the work", text)
    assert re.search(
        r"childish to count the days until she returns 2 \d\.\d\d Breaks, comment 5 Breaks, comment 3", text
    )
    assert re.search(r"is the hour paid others\.txt \d\.\d\d about it Fees A missed hour is paid for", text)
    assert "The outcomes of all 6 questions" in text


def test_one_question_and_no_others_are_enough(small_blog: Blog) -> None:
    """Then there is no range but the value, and no refusals to draw."""
    evaluation = measure(small_blog, '{"question": "silence", "relevant": ["silence"]}', None)
    assert evaluation.ways[-1].measures["hit@1"].low == 1
    assert "was not measured" in render(evaluation, small_blog.library())
    assert evaluation.to_json()["cuts"][0]["refused"] == {}


@pytest.mark.model
def test_the_example_archive_through_the_command_line(tmp_path: Path) -> None:
    """A table for people, JSON for programs, and a report that a second run may replace."""
    places = ["--data", str(EXAMPLE), "--index", str(tmp_path / "index")]

    def run(*arguments: str) -> str:
        """Run a command of the program and return what it prints."""
        command = [sys.executable, "-m", "askedbefore", *arguments, *places]
        return subprocess.run(command, capture_output=True, check=True, cwd=tmp_path).stdout.decode()

    run("rebuild")
    questions = (DATA / "example-questions.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "few.jsonl").write_text("".join(questions[::6]), encoding="utf-8")
    files = ["few.jsonl", "--off-topic", str(DATA / "example-unanswerable.txt")]
    assert "as shipped over vectors only, hit@1:" in run("evaluate", *files)
    figures = json.loads(run("evaluate", *files, "--json"))
    ways = {way["name"]: way["measures"] for way in figures["ways"]}
    assert ways["as shipped"]["hit@5"]["value"] > ways["words only"]["hit@5"]["value"]
    assert len(figures["questions"]) == len(questions[::6]) + 44
    assert "<h1>How well “Notes from the Second Chair” answers</h1>" in (tmp_path / "evaluation.html").read_text(
        "utf-8"
    )
