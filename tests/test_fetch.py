"""Fetching a blog: all of it, only what changed, after a cut, when it is busy, when it is closed."""

import json
import zipfile
from pathlib import Path
from typing import Any

import httpx
import pytest

from askedbefore.errors import FetchError
from askedbefore.fetching.describing import describe_feeds, describe_fetch
from askedbefore.fetching.feeds import fetch_feeds
from askedbefore.fetching.fetch import FetchReport, fetch, file_name
from askedbefore.fetching.web import Web, check_address
from askedbefore.reading import read_archive
from askedbefore.reading.harvest import Archive
from askedbefore.settings import Settings
from askedbefore.watching import Unwatched
from tests.fakewordpress import HOME, FakeWordPress, comment, post

BREAKS = "<p>A break in the work can feel like being left behind. Say so before it begins.</p>"
FEES = "<p>A missed hour is paid for because the hour was kept free for you.</p>"


@pytest.fixture(autouse=True)
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let nobody really wait; return the seconds."""
    seconds: list[float] = []
    monkeypatch.setattr("time.sleep", seconds.append)
    return seconds


@pytest.fixture
def blog() -> FakeWordPress:
    """Return a blog of two posts, a page, a protected post and three comments; a fourth is counted and not listed."""
    fake = FakeWordPress(hidden=1)
    protected = {"content": {"rendered": "", "protected": True}, "title": {"rendered": "Protected: our group"}}
    fake.items["posts"] = [post(3, "breaks", BREAKS), post(4, "fees", FEES), post(5, "group", "") | protected]
    fake.items["pages"] = [post(9, "about", "<p>Notes from a practice by the river.</p>", type="page", categories=[])]
    fake.items["comments"] = [
        comment(11, 3, "Is it childish to count the days until she returns?"),
        comment(12, 3, "Counting is how many hold on.", parent=11, author=1, author_name="Ada Example"),
        comment(13, 4, "May I be angry about the money?"),
    ]
    return fake


def run(blog: FakeWordPress, data: Path, everything: bool = False, address: str = HOME) -> FetchReport:
    """Fetch the blog, remembering only this fetch's requests."""
    blog.asked.clear()
    with Web(blog.transport()) as web:
        return fetch(address, data, web, Unwatched(), everything)


def archive(data: Path) -> Archive:
    """Read the data folder as a rebuild does."""
    return read_archive([], data, Settings())


def records(report: FetchReport) -> list[dict[str, Any]]:
    """Return the lines of a file."""
    return [json.loads(line) for line in report.path.read_text(encoding="utf-8").splitlines()]


def contents(blog: FakeWordPress) -> list[str]:
    """Return the requests that asked for more than numbers."""
    return [one for one in blog.asked if "/wp/v2/" in one and "_fields=id&" not in f"{one}&"]


def test_a_blog_becomes_an_archive(blog: FakeWordPress, tmp_path: Path) -> None:
    """Posts, pages, threads, categories and the author, all by their numbers."""
    report = run(blog, tmp_path)
    assert report.counts == {"user": 1, "category": 1, "post": 2, "page": 1, "comment": 3}
    assert report.path == tmp_path / "blog.example.jsonl"
    found = archive(tmp_path)
    assert [item.name for item in tmp_path.iterdir() if not item.name.startswith(".")] == ["blog.example.jsonl"]
    assert found.sources[0].kind == "blog fetched from the network"
    assert (found.title, found.url, found.authors) == ("A & B", HOME, ("Ada Example", "ada"))
    assert [(one.slug, one.title, one.url, one.date, one.origin, one.categories) for one in found.posts] == [
        ("breaks", "Breaks", f"{HOME}/breaks/", "2020-03-01", f"{HOME}?p=3", ("Endings",)),
        ("fees", "Fees", f"{HOME}/fees/", "2020-03-01", f"{HOME}?p=4", ("Endings",)),
        ("about", "About", f"{HOME}/about/", "2020-03-01", f"{HOME}?p=9", ()),
    ]
    asked, answer = found.posts[0].comments
    assert (asked.id, asked.parent, asked.by_author, asked.anchor) == ("11", None, False, "comment-11")
    assert asked.names == {"robin", "quill"}
    assert (answer.id, answer.parent, answer.by_author, answer.date) == ("12", "11", True, "2020-04-13")
    assert [(one.reason, one.place) for one in found.left_out] == [("a password-protected post", "post 5")]


def test_nothing_of_a_commenter_but_the_name_is_asked_or_kept(blog: FakeWordPress, tmp_path: Path) -> None:
    """No avatar, which is a hash of an e-mail address; no title of a protected post."""
    kept = run(blog, tmp_path).path.read_text(encoding="utf-8")
    assert "gravatar" not in kept
    assert "our group" not in kept
    assert not any("avatar" in one or "email" in one for one in blog.asked)


def test_pages_are_read_one_after_the_other_with_pauses(
    blog: FakeWordPress, tmp_path: Path, slept: list[float]
) -> None:
    """A hundred at a time, in the order of their numbers, half a second between requests."""
    blog.items["comments"] = [comment(number, 3, f"Day {number} without her.") for number in range(100, 350)]
    assert run(blog, tmp_path).counts["comment"] == 250
    asked = [one for one in blog.asked if "comments?" in one and "author_name" in one]
    assert [one.partition("&page=")[2][:1] for one in asked] == ["1", "2", "3"]
    assert slept == [0.5] * (len(blog.asked) - 1)


def test_a_cut_fetch_goes_on_where_it_stopped(blog: FakeWordPress, tmp_path: Path) -> None:
    """What is there is not asked again; nothing that is half there is read in."""
    blog.items["comments"] = [comment(number, 3, f"Day {number} without her.") for number in range(100, 350)]

    def cut(request: httpx.Request) -> httpx.Response | None:
        """Break off at the third page of comments."""
        if "comments" in request.url.path and request.url.params.get("page") == "3":
            raise httpx.ConnectError("cut", request=request)
        return None

    blog.refuse = cut
    with pytest.raises(FetchError, match=r"blog.example cannot be reached"):
        run(blog, tmp_path)
    part = tmp_path / "blog.example.jsonl.part"
    assert not (tmp_path / "blog.example.jsonl").exists()
    part.write_bytes(part.read_bytes() + b'{"kind":"comment","id":777,"post":3,"content":"half a li')
    blog.refuse = lambda request: None
    report = run(blog, tmp_path)
    assert report.counts["comment"] == 250
    assert not part.exists()
    whole = [one for one in contents(blog) if "after=" not in one and "categories?" not in one and "users?" not in one]
    assert [one.partition("?")[0] for one in whole] == ["/wp-json/wp/v2/comments"]
    assert "&page=3" in whole[0]


def test_what_went_while_a_fetch_was_cut_is_noticed(blog: FakeWordPress, tmp_path: Path) -> None:
    """A page shifts when something before it goes: the numbers are compared, and what was skipped is asked for."""
    blog.items["comments"] = [comment(number, 3, f"Day {number} without her.") for number in range(100, 350)]
    refused = httpx.Response(403, json={"code": "no", "message": "no"})
    blog.refuse = lambda request: refused if request.url.params.get("page") == "2" else None
    with pytest.raises(FetchError):
        run(blog, tmp_path)
    del blog.items["comments"][0]
    blog.refuse = lambda request: None
    report = run(blog, tmp_path)
    assert {one["id"] for one in records(report) if one.get("kind") == "comment"} == set(range(101, 350))


def test_a_second_fetch_asks_only_for_what_changed(blog: FakeWordPress, tmp_path: Path) -> None:
    """By the blog's own dates, a second before the newest; the total is compared and no number listed."""
    run(blog, tmp_path)
    report = run(blog, tmp_path)
    assert [one.replace("%3A", ":") for one in contents(blog)[2:]] == [
        f"/wp-json/wp/v2/{route}?per_page=100&orderby=id&order=asc&_fields={fields}&page=1&{since}"
        for route, fields, since in (
            ("posts", POST_FIELDS, "modified_after=2020-03-01T08:04:59"),
            ("pages", POST_FIELDS, "modified_after=2020-03-01T08:08:59"),
            ("comments", COMMENT_FIELDS, "after=2020-04-14T09:59:59"),
        )
    ]
    assert len(blog.asked) == 10
    assert sum("_fields=id&" in one and "per_page=1&" not in one for one in blog.asked) == 0
    assert not any(report.new.values() or report.edited.values() or report.gone.values())


POST_FIELDS = "id%2Cdate%2Cmodified%2Cslug%2Clink%2Ctitle%2Ccontent%2Cauthor%2Ccategories%2Cstatus%2Ctype"
COMMENT_FIELDS = "id%2Cpost%2Cparent%2Cauthor%2Cauthor_name%2Cdate%2Ccontent%2Cstatus%2Ctype"


def test_new_edited_and_gone_come_through(blog: FakeWordPress, tmp_path: Path) -> None:
    """A post edited, one added, one deleted; a comment added, one taken down, one approved late."""
    run(blog, tmp_path)
    blog.items["posts"][0] |= {"content": {"rendered": BREAKS + FEES}, "modified": "2020-05-01T08:00:00"}
    blog.items["posts"][1] = post(
        6, "silence", "<p>Silence in the room is not empty.</p>", modified="2020-05-02T08:00:00"
    )
    blog.items["comments"][0] = comment(10, 3, "Approved only now.", date="2020-04-02T10:00:00")
    blog.items["comments"][2] = comment(14, 6, "It is so long.", date="2020-05-03T10:00:00")
    report = run(blog, tmp_path)
    assert (report.new, report.edited, report.gone) == (
        {"post": 1, "page": 0, "comment": 2},
        {"post": 1, "page": 0, "comment": 0},
        {"post": 1, "page": 0, "comment": 2},
    )
    assert sum("include=10" in one for one in blog.asked) == 1
    found = archive(tmp_path)
    assert {one.slug: [said.id for said in one.comments] for one in found.posts} == {
        "breaks": ["10", "12"],
        "silence": ["14"],
        "about": [],
    }
    kept = report.path.read_text(encoding="utf-8")
    assert "kept free" in kept  # in the post that was edited
    assert "childish" not in kept
    assert "angry" not in kept
    assert '"fees"' not in kept
    told = list(describe_fetch(report))
    assert told[:4] == [
        "Fetched A & B: 2 posts, 1 page, 3 comments.",
        "  posts: 1 new, 1 edited, 1 gone",
        "  pages: as they were",
        "  comments: 2 new, 2 gone",
    ]
    assert told[-2:] == [f"  The file: {report.path}", "Next: askedbefore rebuild"]


def test_a_post_that_is_gone_is_not_brought_back(blog: FakeWordPress, tmp_path: Path) -> None:
    """By an older source of the same post: only its number is kept, and holds it back."""
    run(blog, tmp_path)
    older = (tmp_path / "blog.example.jsonl").read_text(encoding="utf-8").replace("2020-05-01T12", "2019-05-01T12")
    (tmp_path / "older.jsonl").write_text(older, encoding="utf-8")
    del blog.items["posts"][1], blog.items["comments"][2]
    run(blog, tmp_path)
    assert [one.slug for one in archive(tmp_path).posts] == ["breaks", "about"]


def test_a_post_that_becomes_protected_takes_its_comments_along(blog: FakeWordPress, tmp_path: Path) -> None:
    """The blog counts them still, so only the list of numbers tells."""
    run(blog, tmp_path)
    blog.items["posts"][1] |= {"content": {"rendered": "", "protected": True}, "modified": "2020-05-01T08:00:00"}
    del blog.items["comments"][2]
    blog.hidden = 2
    report = run(blog, tmp_path)
    assert "angry" not in report.path.read_text(encoding="utf-8")
    assert "missed hour" not in report.path.read_text(encoding="utf-8")


def test_all_reads_edited_comments_too(blog: FakeWordPress, tmp_path: Path) -> None:
    """WordPress gives the edit of a comment no date."""
    run(blog, tmp_path)
    blog.items["comments"][0]["content"]["rendered"] = "<p>Is it odd to count?</p>"
    assert run(blog, tmp_path).edited["comment"] == 0
    assert run(blog, tmp_path, everything=True).edited["comment"] == 1


def test_a_blog_that_is_half_down_loses_nothing(blog: FakeWordPress, tmp_path: Path) -> None:
    """When more than half of the posts would go, the file stays, and the way out is said."""
    blog.items["posts"] = [post(number, f"note-{number}", FEES) for number in range(20, 30)]
    before = run(blog, tmp_path).path.read_bytes()
    blog.items["posts"] = blog.items["posts"][:2]
    with pytest.raises(FetchError, match=r"8 of the 11 posts .* run the same command with --all"):
        run(blog, tmp_path)
    assert (tmp_path / "blog.example.jsonl").read_bytes() == before
    assert run(blog, tmp_path, everything=True).counts["post"] == 2


def test_a_busy_blog_is_waited_for(blog: FakeWordPress, tmp_path: Path, slept: list[float]) -> None:
    """As long as it asks for; and asked again."""
    busy = iter([httpx.Response(429, headers={"Retry-After": "7"}), httpx.Response(503)])
    blog.refuse = lambda request: next(busy, None) if "posts" in request.url.path else None
    assert run(blog, tmp_path).counts["post"] == 2
    waits = [seconds for seconds in slept if seconds != 0.5]
    assert waits[0] == 7
    assert len(waits) == 2
    assert 2 <= waits[1] <= 4


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (httpx.Response(500), "https://blog.example answers 500 again and again. Run the same command again later"),
        (httpx.Response(429, headers={"Retry-After": "3600"}), "asks to be left alone for 60 minutes"),
    ],
)
def test_a_blog_that_stays_busy_is_left_alone(
    blog: FakeWordPress, tmp_path: Path, answer: httpx.Response, said: str
) -> None:
    """After six tries; at once when it asks for a long time."""
    blog.refuse = lambda request: httpx.Response(answer.status_code, headers=answer.headers)
    with pytest.raises(FetchError, match=said):
        run(blog, tmp_path)
    assert len(blog.asked) == (6 if answer.status_code == 500 else 1)


CLOSED = {
    "a login": (
        httpx.Response(401, json={"code": "rest_login_required", "message": "<b>Log in</b> first."}),
        "answers 401 (rest_login_required Log in first.)",
    ),
    "a security plugin": (httpx.Response(403, text="<html>Blocked</html>"), "answers 403 with text/plain, not JSON"),
    "a page": (httpx.Response(200, html="<html>Welcome</html>"), "answers 200 with text/html, not JSON"),
}


@pytest.mark.parametrize("case", CLOSED)
def test_a_closed_blog_says_so_and_offers_the_feeds(blog: FakeWordPress, tmp_path: Path, case: str) -> None:
    """What was asked, what came back, and the two ways that are left."""
    answer, said = CLOSED[case]
    blog.refuse = lambda request: (
        httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)
        if "/wp-json" in request.url.path
        else None
    )
    with pytest.raises(FetchError) as error:
        run(blog, tmp_path)
    assert f"https://blog.example/wp-json/ {said}" in str(error.value)
    assert "Tools > Export" in str(error.value)
    assert str(error.value).endswith("askedbefore fetch https://blog.example --feeds")


def test_closed_comments_are_said(blog: FakeWordPress, tmp_path: Path) -> None:
    """The posts come in all the same, and the archive does not take the comments for deleted."""
    refused = {"code": "rest_no_route", "message": "No route."}
    blog.refuse = lambda request: httpx.Response(404, json=refused) if "comments" in request.url.path else None
    report = run(blog, tmp_path)
    assert any(line.startswith("  The comments could not be read: https://") for line in describe_fetch(report))
    (source,) = archive(tmp_path).sources
    assert source.posts == 3
    assert len(source.notes) == 1
    assert "does not let its comments be read" in source.notes[0]


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("https://elsewhere.example/", "leads to another site, elsewhere.example"),
        ("file:///etc/passwd", "leads to file:, which is not followed"),
        ("https://blog.example/", "leads from one address to the next without end"),
    ],
)
def test_a_redirect_is_followed_on_the_same_site_only(
    blog: FakeWordPress, tmp_path: Path, location: str, said: str
) -> None:
    """And never to anything but http and https."""
    blog.refuse = lambda request: httpx.Response(301, headers={"Location": location})
    with pytest.raises(FetchError, match=said):
        run(blog, tmp_path)


def test_a_redirect_to_https_or_www_is_followed(blog: FakeWordPress, tmp_path: Path) -> None:
    """As blogs move their visitors."""
    moved = httpx.Response(301, headers={"Location": "https://www.blog.example/"})
    blog.refuse = lambda request: moved if request.url.scheme == "http" else None
    assert run(blog, tmp_path, address="http://blog.example").counts["post"] == 2


@pytest.mark.parametrize(
    "address", ["", "ftp://blog.example", "file:///etc/passwd", "https://", "my blog", "https://a:b@c"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    """With one message that shows what one looks like."""
    with pytest.raises(FetchError, match=r"is no address of a blog. It looks like  https://my-blog.example"):
        check_address(address)


def test_a_host_is_taken_for_https() -> None:
    """As people type it."""
    assert check_address("my-blog.example/notes") == "https://my-blog.example/notes"


def test_a_site_that_is_no_wordpress_is_said(tmp_path: Path) -> None:
    """And what else could be done."""
    fake = FakeWordPress()
    fake.refuse = lambda request: httpx.Response(200, html="<html><p>A shop</p></html>")
    with pytest.raises(FetchError, match=r"shows no sign of WordPress"):
        run(fake, tmp_path)


def test_a_blog_without_pretty_links_and_under_a_path_works(blog: FakeWordPress, tmp_path: Path) -> None:
    """The page itself says where its REST root is."""

    def plain(request: httpx.Request) -> httpx.Response | None:
        """Answer as a blog in /notes/ whose REST root is a parameter."""
        route = request.url.params.get("rest_route")
        if route is None:
            named = '<link rel="https://api.w.org/" href="https://blog.example/notes/index.php?rest_route=/">'
            return httpx.Response(200, html=f"<html><head>{named}</head></html>")
        query = request.url.copy_remove_param("rest_route").query
        inner = httpx.URL(f"https://blog.example/wp-json{route}").copy_with(query=query)
        blog.refuse = lambda request: None
        answer = blog.answer(httpx.Request("GET", inner))
        blog.refuse = plain
        return answer

    blog.home = "https://blog.example/notes"
    blog.refuse = plain
    report = run(blog, tmp_path, address="https://blog.example/notes/")
    assert report.counts["comment"] == 3
    assert archive(tmp_path).posts[0].origin == "https://blog.example/notes?p=3"


def test_two_blogs_of_one_host_do_not_share_a_file(blog: FakeWordPress, tmp_path: Path) -> None:
    """The second is refused, and the first stays."""
    before = run(blog, tmp_path).path.read_bytes()
    blog.home = "https://blog.example/second"
    with pytest.raises(FetchError, match=r"holds another blog of this host, https://blog.example"):
        run(blog, tmp_path)
    assert (tmp_path / "blog.example.jsonl").read_bytes() == before


@pytest.mark.parametrize(
    ("home", "name"),
    [
        ("https://www.Blog.example/", "blog.example.jsonl"),
        ("http://127.0.0.1:8080/x", "127.0.0.1-8080.jsonl"),
        ("https://readme.example", "blog-readme.example.jsonl"),
        ("http://[::1]/../..", "--1.jsonl"),
    ],
)
def test_a_file_is_named_after_the_host_alone(home: str, name: str) -> None:
    """In signs that lead nowhere, and under a name that a rebuild reads."""
    assert file_name(home, ".jsonl") == name


def test_a_damaged_file_is_read_as_far_as_it_goes(blog: FakeWordPress, tmp_path: Path) -> None:
    """And the note says at which line, and what to do."""
    path = run(blog, tmp_path).path
    lines = path.read_bytes().splitlines(keepends=True)
    lines[4] = b'{"kind":"comment","id":"\xff"}\n'
    path.write_bytes(b"".join(lines))
    found = archive(tmp_path)
    assert sum(len(one.comments) for one in found.posts) == 2
    assert found.notes == (
        "blog.example.jsonl: damaged at line 5; what could be read was. Fetch the blog anew with --all",
    )
    with pytest.raises(FetchError, match=r"is damaged at line 5. Fetch the blog anew:  --all"):
        run(blog, tmp_path)


RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wfw="http://wellformedweb.org/CommentAPI/"><channel>
<title>A Test Blog</title><link>https://blog.example</link><generator>https://wordpress.org/?v=6.1</generator>{}</channel></rss>"""


def item(number: int, comments: bool = False) -> str:
    """Return a post of a feed, published on that day."""
    feed = f"<wfw:commentRss>{HOME}/note-{number}/feed/</wfw:commentRss>" if comments else ""
    return (
        f"<item><title>Note {number}</title><link>{HOME}/note-{number}/</link><guid>{HOME}/?p={number}</guid>"
        f"<pubDate>Wed, {number:02} Jan 2020 08:00:00 +0000</pubDate><dc:creator>Ada Example</dc:creator>{feed}"
        f"<content:encoded><![CDATA[<p>Note {number} says that the hour was kept free.</p>]]></content:encoded></item>"
    )


def said(number: int, under: int) -> str:
    """Return a comment of a feed, written on that day."""
    return (
        f"<item><title>By: Robin</title><link>{HOME}/note-{under}/#comment-{number}</link>"
        f"<guid>{HOME}/?p={under}#comment-{number}</guid><pubDate>Wed, {number:02} Jan 2020 09:00:00 +0000</pubDate>"
        f"<dc:creator>Robin</dc:creator><content:encoded><![CDATA[<p>Day {number}.</p>]]></content:encoded></item>"
    )


def run_feeds(blog: FakeWordPress, data: Path) -> list[str]:
    """Fetch the feeds and return what a person is told."""
    blog.asked.clear()
    with Web(blog.transport()) as web:
        return list(describe_feeds(fetch_feeds(HOME, data, web, Unwatched())))


def test_feeds_are_read_to_their_end_into_one_file(blog: FakeWordPress, tmp_path: Path) -> None:
    """Every page of the posts, all comments, and those of each post's own feed."""
    blog.feeds = {
        "/feed/": [RSS.format(item(5) + item(4, comments=True)), RSS.format(item(3))],
        "/comments/feed/": [RSS.format(said(20, 5))],
        "/note-4/feed/": [RSS.format(said(19, 4))],
    }
    told = run_feeds(blog, tmp_path)
    assert told[0] == "Fetched the feeds of https://blog.example: 3 posts, 2 comments."
    assert any("feeds hold the latest only" in line.lower() for line in told)
    with zipfile.ZipFile(tmp_path / "blog.example-feeds.zip") as packed:
        assert packed.namelist() == ["posts.xml", "comments.xml"]
    found = archive(tmp_path)
    assert {one.slug: [said.id for said in one.comments] for one in found.posts} == {
        "note-5": ["20"],
        "note-4": ["19"],
        "note-3": [],
    }


def test_what_the_feeds_hold_no_more_stays(blog: FakeWordPress, tmp_path: Path) -> None:
    """And is counted; what is missing among the newer ones was taken off the blog, and goes."""
    blog.feeds = {
        "/feed/": [RSS.format(item(4) + item(3) + item(2))],
        "/comments/feed/": [RSS.format(said(12, 4) + said(11, 4) + said(10, 4))],
    }
    run_feeds(blog, tmp_path)
    blog.feeds = {
        "/feed/": [RSS.format(item(5) + item(4) + item(3))],
        "/comments/feed/": [RSS.format(said(13, 5) + said(11, 4))],
    }
    told = run_feeds(blog, tmp_path)
    assert "  2 posts and comments of an earlier fetch stay in the file" in told[1]
    assert told[2] == "  1 post or comment that the blog has no more went from the file."
    found = archive(tmp_path)
    assert {one.slug: [said.id for said in one.comments] for one in found.posts} == {
        "note-5": ["13"],
        "note-4": ["10", "11"],
        "note-3": [],
        "note-2": [],
    }


def test_a_feed_that_breaks_off_changes_nothing(blog: FakeWordPress, tmp_path: Path) -> None:
    """Half a feed would look as if the rest had been taken off."""
    blog.feeds = {"/feed/": [RSS.format(item(4)), RSS.format(item(3))]}
    run_feeds(blog, tmp_path)
    before = (tmp_path / "blog.example-feeds.zip").read_bytes()
    blog.refuse = lambda request: httpx.Response(500) if "paged" in request.url.params else None
    with pytest.raises(FetchError, match=r"answers 500 again and again"):
        run_feeds(blog, tmp_path)
    assert (tmp_path / "blog.example-feeds.zip").read_bytes() == before


def test_a_site_without_feeds_is_said(tmp_path: Path) -> None:
    """Nothing is written."""
    with pytest.raises(FetchError, match=r"https://blog.example offers no feed that can be read"):
        run_feeds(FakeWordPress(), tmp_path)
    assert list(tmp_path.iterdir()) == []
