"""Files with front matter: what a site generator would show of them, and nothing that it would not."""

import zipfile
from pathlib import Path

import pytest

from askedbefore.errors import SourceError
from askedbefore.reading import importer_for, markdownfile, read_archive
from askedbefore.reading.harvest import Harvest
from askedbefore.settings import Settings

UNSEEN = "must stay unseen"
SITE = Settings(url="https://blog.example")


def read(tmp_path: Path, text: str | bytes, name: str = "a-post.md", settings: Settings = SITE) -> Harvest:
    """Read a file that is first recognised."""
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    assert markdownfile.recognise(path.read_bytes()[:65_536].removeprefix(b"\xef\xbb\xbf"))
    return markdownfile.read(path, settings)


def matter(lines: str, body: str = "Some words.") -> str:
    """Return a text under YAML front matter."""
    return f"---\n{lines}\n---\n\n{body}\n"


def test_a_jekyll_post(tmp_path: Path) -> None:
    """Markdown becomes blocks; the date and slug come from the file's name; line ends are spaces."""
    body = (
        "One line\nand the next[^1].\n\n## Then\n\n> Her words.\n\n- one\n- two\n\n~~gone~~ *stays*\n\n"
        "| a | b |\n|---|---|\n| c | d |\n\n[^1]: A note."
    )
    found = read(
        tmp_path, matter("title: On ends\ncategories: [Endings, Rooms]\nauthor: Ada", body), "2014-02-20-ends.md"
    )
    (post,) = found.posts
    assert (post.title, post.slug, post.date) == ("On ends", "ends", "2014-02-20")
    assert post.url == "https://blog.example/ends/"
    assert post.categories == ("Endings", "Rooms")
    assert post.account == found.accounts[0].key == "Ada"
    assert [(block.kind.value, block.text) for block in post.blocks][:5] == [
        ("paragraph", "One line and the next."),
        ("heading", "Then"),
        ("quote", "Her words."),
        ("list", "one\ntwo"),
        ("paragraph", "stays"),
    ]
    assert "A note." in [block.text for block in post.blocks][-1]


@pytest.mark.parametrize(
    "text",
    [
        '+++\ntitle = "T"\ndate = 2015-01-02T03:04:05Z\nslug = "own"\n+++\nSome words.\n',
        '{\n"title": "T",\n"date": "2015-01-02",\n"slug": "own"\n}\n\nSome words.\n',
        "---\r\ntitle: T\r\ndate: 2015-01-02 23:30:00 +0200\r\nslug: own\r\n...\r\nSome words.\r\n",
    ],
)
def test_toml_json_and_other_editors(tmp_path: Path, text: str) -> None:
    """Hugo's three kinds of front matter say the same; line ends and marks make no difference."""
    (post,) = read(tmp_path, b"\xef\xbb\xbf" + text.encode()).posts
    assert (post.title, post.slug, post.date, post.blocks[0].text) == ("T", "own", "2015-01-02", "Some words.")


@pytest.mark.parametrize(
    ("lines", "name", "url"),
    [
        ("permalink: /:year/:month/:title/\ndate: 2015-01-02", "x.md", "https://blog.example/2015/01/x/"),
        ("url: /a/b.html\ntitle: T", "x.md", "https://blog.example/a/b.html"),
        ("permalink: https://other.example/y/", "x.md", "https://other.example/y/"),
        ("title: T", "my-bundle/index.md", "https://blog.example/my-bundle/"),
        ("title: T\npermalink: pretty", "x.md", "https://blog.example/x/"),
    ],
)
def test_links(tmp_path: Path, lines: str, name: str, url: str) -> None:
    """The front matter's own address, else the slug's; a bundle has its folder's name. Without a blog there is none."""
    assert read(tmp_path, matter(lines), name).posts[0].url == url


def test_without_the_blogs_address_there_is_no_link(tmp_path: Path) -> None:
    """And the author is told."""
    found = read(tmp_path, matter("title: T"), settings=Settings())
    assert found.posts[0].url is None
    assert "set url in blog.toml" in found.notes[0]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("draft: true", "a draft"),
        ("Draft: yes", "a draft"),
        ("published: false", "a draft"),
        ("private: 1", "a private post"),
        ("visibility: members", "a private post"),
        ("visibility: [x]", "a private post"),
        ("password: sesame", "a password-protected post"),
        ("status: private", "a post that is not published"),
        ("date: 2999-01-01", "a post scheduled for later"),
        ("date: 2001-01-01\npublishDate: 2999-01-01", "a post scheduled for later"),
        ("expiryDate: 2001-01-01", "a post whose time is over"),
        ("build:\n  render: never", "a hidden post"),
        ("permalink: false", "a hidden post"),
    ],
)
def test_what_is_not_public_stays_out(tmp_path: Path, lines: str, reason: str) -> None:
    """Whatever a site generator takes as a reason; the slug is held back from other sources too."""
    found = read(tmp_path, matter(f"title: {UNSEEN}\n{lines}", UNSEEN))
    assert [(item.reason, item.place) for item in found.left_out] == [(reason, "the file")]
    assert (found.posts, UNSEEN in repr(found), "a-post" in found.held_back) == ((), False, True)


def test_drafts_are_known_by_their_folder_also_in_a_zip_file(tmp_path: Path) -> None:
    """A packed blog keeps its folders; a name that leaves the folder is not read."""
    draft = matter(f"title: {UNSEEN}", UNSEEN)
    assert read(tmp_path, draft, "_drafts/a.md").left_out[0].reason == "a draft"
    (tmp_path / "data").mkdir()
    with zipfile.ZipFile(tmp_path / "data" / "site.zip", "w") as packed:
        packed.writestr("site/_drafts/a.md", draft)
        packed.writestr("site/_posts/2014-02-20-b.md", matter("title: B"))
        packed.writestr("../../../site/_posts/2014-02-20-c.md", matter("title: C"))
    found = read_archive([], tmp_path / "data", SITE)
    assert [(post.title, post.slug) for post in found.posts] == [("B", "b")]
    assert UNSEEN not in repr(found)


@pytest.mark.parametrize(
    ("lines", "name", "body"),
    [
        ("layout: archive\ntitle: T", "archive.md", "x"),
        ("title: T", "_index.md", "x"),
        ("title: T", "404.html", "x"),
        ("layout: default", "index.html", "x"),
        ("layout: page\ntitle: T", "blog.html", "{% for post in site.posts %}{{ post.title }}{% endfor %}"),
        ("layout: null", "_layouts/default.html", "{{ content }}"),
    ],
)
def test_lists_and_templates_are_no_posts(tmp_path: Path, lines: str, name: str, body: str) -> None:
    """They are counted, and hold nothing back."""
    found = read(tmp_path, matter(lines, body), name)
    assert [item.reason for item in found.left_out] == ["a list, template or other page that is no post"]
    assert (found.posts, found.held_back) == ((), frozenset())


def test_tags_of_generators_are_no_text(tmp_path: Path) -> None:
    """What they hide is none either; what they quote is somebody else's."""
    body = (
        "{: .lead}\nBefore {{ site.title }}{% include x.html %} and after.\n\n{% raw %}Literal.{% endraw %}\n\n"
        f"{{% comment %}}{UNSEEN}{{% endcomment %}}{{{{< private >}}}}{UNSEEN}{{{{< /private >}}}}\n\n"
        f'{{{{< quote author="x" >}}}}Her words.{{{{< /quote >}}}}\n\n'
        f"{{% if x %}}{UNSEEN}{{% if y %}}{{% endif %}}{UNSEEN}"
        '{% endif %}{{< figure src="a.png" >}}\n\n{{% notice %}}Mind this.{{% /notice %}}\n\nAn open {{ brace.'
    )
    (post,) = read(tmp_path, matter("title: T", body)).posts
    assert UNSEEN not in repr(post)
    assert [(block.kind.value, block.text) for block in post.blocks] == [
        ("paragraph", "Before and after."),
        ("paragraph", "Literal."),
        ("quote", "Her words."),
        ("paragraph", "Mind this."),
        ("paragraph", "An open {{ brace."),
    ]


def test_html_files_and_missing_titles(tmp_path: Path) -> None:
    """HTML stays HTML; the first heading is the title where there is no other, else the file's name."""
    (post,) = read(tmp_path, matter("date: 2015-01-02", "<h1>Own</h1>\n<p>A *star*\nstays.</p>"), "x.html").posts
    assert (post.title, [block.text for block in post.blocks]) == ("Own", ["A *star* stays."])
    assert read(tmp_path, matter("date: 2015-01-02"), "on-rooms.md").posts[0].title == "On rooms"


@pytest.mark.parametrize(
    "lines",
    [
        "title: &a x\nother: *a",
        "draft: true\ndraft: false",
        "title: [unclosed",
        "title: x\n\tother: y",
        "title: " + "[" * 20_000,
        "title: T\n- a list",
    ],
)
def test_front_matter_that_cannot_be_read(tmp_path: Path, lines: str) -> None:
    """Aliases, which make bombs, names that stand twice and broken lines are refused, in words and without content."""
    with pytest.raises(SourceError, match="front matter") as raised:
        read(tmp_path, matter(lines, UNSEEN))
    assert UNSEEN not in str(raised.value)


def test_yaml_tags_make_nothing(tmp_path: Path) -> None:
    """A tag that would make a Python object is passed over; what is written stays text."""
    target = tmp_path / "made"
    found = read(tmp_path, matter(f'title: T\nx: !!python/object/apply:os.mkdir ["{target}"]\nslug: 0012'))
    assert (found.posts[0].slug, target.exists()) == ("0012", False)


def test_files_without_front_matter_are_passed_over(tmp_path: Path) -> None:
    """The report says what is wanted."""
    (tmp_path / "a.md").write_text(matter("title: T"))
    (tmp_path / "b.md").write_text("# A title\n\nSome words that nobody dated.\n")
    (tmp_path / "style.scss").write_text(matter("title: T", "body {}"))
    found = read_archive([], tmp_path, SITE)
    assert [post.title for post in found.posts] == ["T"]
    reasons = {item.place: item.reason for item in found.left_out}
    assert "front matter" in reasons["b.md"]
    assert "posts end in .md or .html" in reasons["style.scss"]


def test_what_is_no_front_matter() -> None:
    """A rule, a list of settings and data are not."""
    for head in (b"---\n\nA rule above.\n\n---\n", b"--- a\n+++ b\n", b'{"a": 1}', b'{"title": "x"}', b"{" * 9_000):
        assert not markdownfile.recognise(head), head
    assert importer_for(matter("title: T").encode()) is not None


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "piece", ["> ", "[", "![", "^[", "[a][", "*a _b ", "<div>", "{% ", "{{", "`a``", "- ", "|", "<!-- "]
)
def test_hostile_text_ends_soon(tmp_path: Path, piece: str) -> None:
    """Ten thousand of anything is read or refused, not waited for."""
    found = read(tmp_path, matter("title: T", piece * 10_000 + "\n\nThe end."))
    assert len(found.posts) + len(found.left_out) == 1


def test_a_name_that_damage_has_made_is_refused(tmp_path: Path) -> None:
    """It may be what is left of the line that says that the text is a draft."""
    with pytest.raises(SourceError, match="a name that is none"):
        read(tmp_path, "---\ntitle: A text\ndraft:& t&#0;published: false\n---\n\nSome words.\n")
