"""A place is found by whatever link an author pastes."""

from dataclasses import replace

import pytest

from askedbefore.curation import Curation
from askedbefore.places import Place, find_places
from askedbefore.reading import read_archive
from askedbefore.records import Comment, Post
from askedbefore.settings import Settings
from tests.conftest import Blog
from tests.test_curation import BREAKS, passages


def some_posts() -> list[Post]:
    """Return posts of a blog with pretty links, of one with plain links, and a page saved as text."""
    comments = tuple(Comment(number, None, False, (), anchor=f"comment-{number}") for number in ("3", "12"))
    return [
        Post("breaks", "Breaks", BREAKS, None, (), comments, origin="https://blog.example?p=7"),
        Post(
            "über-uns", "Über uns", "https://blog.example/%c3%bcber-uns/", None, (), origin="https://blog.example?p=8"
        ),
        Post("plain", "Plain", "http://www.other.example/?p=7", None, (), comments[:1]),
        Post("the-waiting-room", "Waiting", None, None, (), tuple(replace(one, anchor=None) for one in comments[:1])),
    ]


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("https://blog.example/2020/01/breaks/", ["breaks"]),
        ("http://www.blog.example/2020/01/breaks", ["breaks"]),
        ("blog.example/2020/01/breaks/", ["breaks"]),
        ("HTTPS://Blog.Example/2020/01/Breaks/?utm_source=letter&x=1", ["breaks"]),
        ("/2020/01/breaks/", ["breaks"]),
        ("https://blog.example/2020/01/breaks/#:~:text=Say%20so,is%20over", ["breaks"]),
        ("https://blog.example/?p=7", ["breaks"]),
        ("https://blog.example/?p=7&preview=true#comment-12", ["comment 12 under breaks"]),
        ("https://moved.example/2020/01/breaks/", ["breaks"]),
        ("https://moved.example/?p=7", []),
        ("breaks", ["breaks"]),
        ("Breaks/", ["breaks"]),
        ("breaks#comment-12", ["comment 12 under breaks"]),
        ("https://blog.example/2020/01/breaks/#comment-12", ["comment 12 under breaks"]),
        ("https://blog.example/2020/01/breaks#li-comment-12", ["comment 12 under breaks"]),
        ("https://blog.example/2020/01/breaks/comment-page-2/#comment-12", ["comment 12 under breaks"]),
        ("https://blog.example/2020/01/breaks/?replytocom=12#comment-12:~:text=a%20b", ["comment 12 under breaks"]),
        ("#comment-12", ["comment 12 under breaks"]),
        ("#comment-3", ["comment 3 under breaks", "comment 3 under plain"]),
        ("other.example/?p=7#comment-3", ["comment 3 under plain"]),
        ("http://www.other.example/?p=7&cpage=2#comment-3", ["comment 3 under plain"]),
        ("https://blog.example/über-uns", ["über-uns"]),
        ("https://blog.example/%C3%BCber-uns/", ["über-uns"]),
        ("über-uns", ["über-uns"]),
        ("the-waiting-room", ["the-waiting-room"]),
        ("https://blog.example/2014/the-waiting-room/", ["the-waiting-room"]),
        ("the-waiting-room#comment-3", []),
        ("https://blog.example/2020/01/breaks/#comment-13", []),
        ("https://blog.example/tag/breaks/", []),
        ("https://blog.example/", []),
        ("/", []),
        ("fees", []),
    ],
)
def test_a_place_is_named_as_an_author_pastes_it(name: str, places: list[str]) -> None:
    """With or without what a browser adds; what is not there is nothing."""
    named = Curation.model_validate({"hide": [name]}).hide[0]
    assert [str(place) for place in find_places(named, some_posts())] == places


def test_links_of_our_own_name_their_places(small_blog: Blog) -> None:
    """What stands under "Read it in context" can be pasted; in the paged thread too."""
    small_blog.write("blog.toml", "comments_per_page = 1")
    small_blog.rebuild()
    archive = read_archive([], small_blog.paths.data, Settings())
    for passage in passages(small_blog):
        assert passage.url
        named = Curation.model_validate({"hide": [passage.url]}).hide[0]
        assert find_places(named, archive.posts) == (Place(passage.post, passage.comment),)
