"""The report for the author: in the terminal, as JSON and as a page; and looking first without doing anything."""

import json
from pathlib import Path

from typer.testing import CliRunner

from askedbefore.cli import app
from askedbefore.rebuild import dry_run
from askedbefore.report import Came
from askedbefore.report.page import report_page
from askedbefore.report.text import describe
from askedbefore.settings import load_settings
from askedbefore.watching import Unwatched
from tests.conftest import Blog
from tests.wxr import POSTS, C, P, export


def files(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def look(blog: Blog) -> dict[str, object]:
    """Return the report of a dry run as JSON."""
    report = dry_run([], blog.paths, load_settings(blog.paths.data), blog.encoder, Unwatched())
    assert report.came is Came.DRY_RUN
    return json.loads(json.dumps(report.to_json()))  # type: ignore[no-any-return]


def test_a_dry_run_reports_what_a_rebuild_would(blog: Blog) -> None:
    """The same figures; nothing is embedded, and no file or folder comes or changes."""
    blog.write("export.xml", export())
    blog.write("notes.pdf", b"%PDF")
    before = files(blog.paths.data.parent)
    looked = look(blog)
    assert blog.encoder.embedded == []
    assert files(blog.paths.data.parent) == before
    assert not blog.paths.index.exists()
    built = json.loads(json.dumps(blog.rebuild().to_json()))
    for key in ("blog", "sources", "taken_in", "united", "left_out", "guesses", "warnings", "changes"):
        assert looked[key] == built[key], key
    assert looked["outcome"] == "dry_run"
    assert built["index"]["embedded"] == 8


def test_the_json_holds_figures_by_source(blog: Blog) -> None:
    """Posts, comments, replies and voices of each, and what stayed out by reason; worked out by hand."""
    hidden = P("plan", "Not yet.", status="draft", id=9)
    waiting = C(8, "Still waiting.", approved="0")
    posts = [P("breaks", POSTS[0].content, comments=[*POSTS[0].comments, waiting]), *POSTS[1:], hidden]
    blog.write("export.xml", export(posts))
    found = look(blog)
    assert found["sources"] == [
        {
            "name": "export.xml",
            "kind": "WordPress export",
            "posts": 3,
            "comments": 6,
            "replies": 2,
            # 3 + 2 + 1 blocks of posts and the replies' 2 + 1 (one has its sign-off apart), against readers' 3 comments
            "voices": {"author": 9, "reader": 3},
            "left_out": {"a comment waiting for approval": 1, "a draft": 1},
            "guesses": [],
            "warnings": [],
        }
    ]
    assert found["taken_in"] == {
        "posts": 3,
        "comments": 5,
        "replies": 2,
        "passages": 9,
        "shown": 6,
        "voices": {"author": 6, "reader": 0},
        "kinds": {"post": 4, "reply": 2, "letter": 0, "comment": 0},
    }


def test_a_dry_run_says_that_a_rebuild_would_stop(small_blog: Blog) -> None:
    """And exits as if all were well: it was only looked at."""
    small_blog.write("export.xml", export([POSTS[2]]))
    found = look(small_blog)
    assert "2 of the 3 posts in the index" in str(found["would_stop"])
    assert found["changes"] == {"new": [], "edited": ["silence"], "gone": ["breaks", "fees"], "same": 0, "read_anew": 0}


def test_the_page_is_in_the_build_and_opens_alone(small_blog: Blog) -> None:
    """Everything is escaped, nothing is asked of another host, and nothing private stands in it."""
    small_blog.write(
        "more.xml",
        export(
            [P("x", "Some text.", title="<script>alert(1)</script>", id=50), P("d", "SECRET", status="draft", id=51)]
        ),
    )
    small_blog.write("blog.toml", 'title = "<b>Mine</b> & hers"')
    report = small_blog.rebuild()
    page = (small_blog.library().folder / "report.html").read_text(encoding="utf-8")
    assert page == report_page(report)
    assert "<script" not in page
    assert "&lt;b&gt;Mine&lt;/b&gt; &amp; hers" in page
    assert "1 × a draft" in page
    assert not any(word in page for word in ("SECRET", "http://", "https://", "src="))
    assert "this report as a page" in "\n".join(describe(report))


def test_many_sources_of_one_kind_are_counted(blog: Blog) -> None:
    """A folder of a thousand pages does not fill the terminal; --verbose names each."""
    for number in range(13):
        text = f"Title {number}\n\nslug-{number}\n\nThe words of page number {number}, which no other page has."
        blog.write(f"{number:02}.txt", text)
    report = blog.rebuild()
    assert list(describe(report))[1] == "  13 files: page saved as text, 13 posts, 0 comments"
    assert len([line for line in describe(report, verbose=True) if "page saved as text," in line]) == 13


def test_the_command_prints_json_alone(blog: Blog) -> None:
    """Standard output is the report, for programs."""
    blog.write("export.xml", export())
    folders = ["--data", str(blog.paths.data), "--index", str(blog.paths.index)]
    result = CliRunner().invoke(app, ["rebuild", "--dry-run", "--json", *folders])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["taken_in"]["posts"] == 3
    assert not blog.paths.index.exists()
