"""An export of a real WordPress: its links opened in a browser land on the place, and nothing private is found.

ASKEDBEFORE_WORDPRESS names a script that, called with a folder and a port, serves a blog there and leaves its
`export.xml` and the `pids` to end in the folder.
"""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from askedbefore.fetching.feeds import fetch_feeds
from askedbefore.fetching.fetch import fetch
from askedbefore.fetching.web import Web
from askedbefore.reading import read_archive
from askedbefore.reading.harvest import Archive
from askedbefore.reading.sameness import fold
from askedbefore.records import Comment, Kind, Post
from askedbefore.settings import Paths, Settings
from askedbefore.watching import Unwatched
from tests.browsing import ARGUMENTS, chromium, free_port
from tests.conftest import Blog, FakeEncoder
from tests.hosting import answering

SCRIPT = os.environ.get("ASKEDBEFORE_WORDPRESS")

pytestmark = [
    pytest.mark.wordpress,
    pytest.mark.browser,
    pytest.mark.skipif(not SCRIPT, reason="ASKEDBEFORE_WORDPRESS names no script that starts a WordPress"),
    pytest.mark.timeout(900),
]

IN_VIEW = """words => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT);
  const flat = text => text.replace(/[‘’“”]/g, '"').replace(/'/g, '"').replace(/\\s+/g, " ");
  let found = null;
  while (walk.nextNode())
    if (flat(walk.currentNode.textContent).includes(flat(words))) found = walk.currentNode;
  if (!found) return "not on the page";
  const box = found.getBoundingClientRect();
  return box.bottom > 0 && box.top < innerHeight ? "in view" : `out of view: ${box.top}`;
}"""

AT_COMMENT = """id => {
  const top = document.getElementById(id).getBoundingClientRect().top;
  return top >= -5 && top < innerHeight ? "in view" : `out of view: ${top}`;
}"""


@pytest.fixture(scope="module")
def wordpress(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Blog]:
    """Return an index of a running WordPress's export."""
    folder = tmp_path_factory.mktemp("wordpress")
    subprocess.run([str(SCRIPT), str(folder), str(free_port())], check=True, stdout=subprocess.DEVNULL)
    try:
        blog = Blog(Paths(data=folder / "data", index=folder / "index"), FakeEncoder())
        blog.write("export.xml", (folder / "export.xml").read_bytes())
        blog.rebuild()
        yield blog
    finally:
        for group in (folder / "pids").read_text().split():
            os.killpg(-int(group), signal.SIGTERM)


@pytest.fixture(scope="module")
def page(wordpress: Blog) -> Iterator[Page]:
    """Return a browser's page, small enough that most places must be scrolled to."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield browser.new_context(viewport={"width": 800, "height": 500}).new_page()
        browser.close()


def test_every_link_lands_on_its_place(wordpress: Blog, page: Page) -> None:
    """A comment's permalink on the comment, a text fragment on the passage."""
    shown = [passage for passage, _, _ in wordpress.library().all_passages() if passage.shown]
    missed = []
    for passage in shown:
        page.goto("about:blank")
        page.goto(str(passage.url))
        page.wait_for_timeout(250)
        if passage.kind is Kind.REPLY:
            landed = page.evaluate(AT_COMMENT, f"comment-{passage.comment}")
        else:
            landed = page.evaluate(IN_VIEW, " ".join(passage.text.split("\n")[0].split()[:4]))
        if landed != "in view":
            missed.append((passage.id, landed, passage.url))
    assert {passage.kind for passage in shown} >= {Kind.POST, Kind.REPLY, Kind.LETTER}
    assert missed == []


def test_the_sidebar_in_the_blog_leads_to_the_place(wordpress: Blog, page: Page) -> None:
    """Asked in the blog's own column, the answer's link opens the blog where the passage stands."""
    folder = wordpress.paths.data.parent
    with answering(wordpress) as ours:
        (folder / "widget.html").write_text(f'<script src="{ours}/embed.js" data-askedbefore></script>')
        home = str(wordpress.library().blog.url)
        page.goto(home)
        box = page.locator(".askedbefore")
        box.get_by_label("Your question").fill("How long does it take to heal a damaged self?")
        box.get_by_role("button", name="Ask", exact=True).click()
        frame = box.locator("iframe").content_frame
        link = frame.locator("article .ab-ways a").first
        expect(link).to_be_visible(timeout=20_000)
        quote = frame.locator("article blockquote p").first.inner_text().removeprefix("… ")
        with page.context.expect_page() as opened:
            link.click()
        place = opened.value
        place.set_viewport_size({"width": 800, "height": 500})
        place.wait_for_load_state()
        place.wait_for_timeout(500)
        assert place.url.startswith(home)
        assert place.evaluate(IN_VIEW, " ".join(quote.split()[:4])) == "in view"
        place.close()


def test_nothing_private_is_in_the_index(wordpress: Blog) -> None:
    """By no question, and in no byte."""
    for path in wordpress.paths.index.rglob("*"):
        if path.is_file():
            assert b"must stay unseen" not in path.read_bytes()
            assert b"192.0.2.7" not in path.read_bytes()
    for question in ("what must stay unseen?", "draft private password future sesame members comment"):
        assert not any("unseen" in hit.passage.text for hit in wordpress.ask(question).hits)


def test_markup_in_comments_is_only_text(wordpress: Blog) -> None:
    """A reader's script is no part of what was read."""
    for path in Path(wordpress.paths.index).rglob("passages.sqlite"):
        assert b"alert(" not in path.read_bytes()
        assert b"javascript:" not in path.read_bytes()


def test_saved_pages_give_what_the_export_gives(wordpress: Blog, tmp_path: Path) -> None:
    """The same posts, texts, threads, voices and replies come out of both; of lists and protected pages nothing.

    A page of type "page" shows no day. The test blog has the theme that THEME names when it is started.
    """
    exported = read_archive([wordpress.paths.data / "export.xml"], tmp_path, Settings())
    (tmp_path / "saved").mkdir()
    others = ("/", "/2016/02/members/", "/category/attachment/", "/?s=break", "/no-such-page/", "/wp-login.php")
    addresses = [str(post.url) for post in exported.posts] + [f"{exported.url}{path}" for path in others]
    for number, address in enumerate(addresses):
        (tmp_path / "saved" / f"{number}.html").write_bytes(httpx.get(address, timeout=60).content)
    saved = read_archive([tmp_path / "saved"], tmp_path, Settings())
    assert _content(saved) == _content(exported)
    assert saved.authors == exported.authors[:1]  # a page does not show the name to log in with
    assert len(saved.posts) >= 5
    assert sum(comment.by_author for post in saved.posts for comment in post.comments) >= 10
    assert sorted(one.reason for one in saved.left_out) == [
        "a login page",
        "a page that lists posts",
        "a page that lists posts",
        "a page that lists posts",
        "a page that was not found",
        "a password-protected post",
        "a pingback",
    ]


def _content(archive: Archive) -> dict[str, tuple[object, ...]]:
    """Return what an archive says of each post, by its slug."""
    return {
        post.slug: (
            post.title,
            post.url,
            post.origin,
            post.categories,
            [(block.kind, block.voice, block.letter, block.text) for block in post.blocks],
            [(one.id, one.parent, one.by_author, one.date, one.text) for one in post.comments],
        )
        for post in archive.posts
    }


def archive(source: Path) -> Archive:
    """Read one source as a rebuild does."""
    return read_archive([source], source.parent, Settings())


def of_post(post: Post) -> tuple[object, ...]:
    """Return what every source should say of a post: its place, and who speaks in each of its blocks."""
    blocks = [(block.kind, block.voice, block.letter, fold(block.text)) for block in post.blocks]
    return post.slug, fold(post.title), post.url, post.date, blocks


def of_comment(comment: Comment) -> tuple[object, ...]:
    """Return what every source should say of a comment, whom it answers aside."""
    return comment.by_author, comment.date, comment.anchor, fold(comment.text)


def threads(source: Archive) -> dict[str, dict[str, Comment]]:
    """Return the comments by post and number."""
    return {post.slug: {comment.id: comment for comment in post.comments} for post in source.posts}


def test_the_fetched_blog_says_what_the_export_says(wordpress: Blog, tmp_path: Path) -> None:
    """The same posts, voices, threads and replies; and the second time nothing is new."""
    exported = archive(wordpress.paths.data / "export.xml")
    with Web() as web:
        fetched = archive(fetch(str(exported.url), tmp_path, web, Unwatched()).path)
        again = fetch(str(exported.url), tmp_path, web, Unwatched())
    assert sum(comment.by_author for post in exported.posts for comment in post.comments) == 11
    assert {of_post(post)[0]: of_post(post) for post in fetched.posts} == {
        of_post(post)[0]: of_post(post) for post in exported.posts
    }
    for post in fetched.posts:
        same = next(one for one in exported.posts if one.slug == post.slug)
        assert (post.origin, post.categories) == (same.origin, same.categories)
        assert [(one.parent, one.names, of_comment(one)) for one in post.comments] == [
            (one.parent, one.names, of_comment(one)) for one in same.comments
        ]
    assert (fetched.title, fetched.url, fetched.authors) == (exported.title, exported.url, exported.authors)
    assert not any([*again.new.values(), *again.edited.values(), *again.gone.values()])


def test_the_feeds_say_of_the_latest_what_the_export_says(wordpress: Blog, tmp_path: Path) -> None:
    """The same posts and voices; the latest comments, with their replies, and whom they answer where that is there."""
    exported = archive(wordpress.paths.data / "export.xml")
    with Web() as web:
        fed = archive(fetch_feeds(str(exported.url), tmp_path, web, Unwatched()).path)
    posts = {post.slug: of_post(post) for post in exported.posts}
    assert len(fed.posts) == 4
    assert {post.slug: of_post(post) for post in fed.posts} == {post.slug: posts[post.slug] for post in fed.posts}
    assert sum(len(post.comments) for post in fed.posts) == 19
    for slug, comments in threads(fed).items():
        whole = threads(exported)[slug]
        assert {number: of_comment(one) for number, one in comments.items()} == {
            number: of_comment(whole[number]) for number in comments
        }
        assert {number: one.parent for number, one in comments.items()} == {
            number: whole[number].parent if whole[number].parent in comments else None for number in comments
        }
