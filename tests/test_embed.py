"""What `askedbefore embed` prints, and the scripts that the snippets load."""

import gzip
import json
import re
from pathlib import Path

import pytest

from askedbefore.errors import SettingsError
from askedbefore.helplines import Signposts
from askedbefore.settings import Settings, load_settings
from askedbefore.snippets import describe_embedding, page_address, snippets
from askedbefore.web.embed import embed_script, frame_script
from askedbefore.wording import ENGLISH
from tests.conftest import Blog
from tests.serving import client, small_blog

ORIGINS = ("https://blog.example", "https://www.blog.example", "https://blog.wordpress.example")


def printed(blog: Blog, address: str = "https://ask.blog.example") -> str:
    """Return what the command prints for a blog."""
    return "\n".join(describe_embedding(address, blog.paths, load_settings(blog.paths.data)))


def test_the_address_is_the_given_one_else_the_settings_else_the_default() -> None:
    """Without a closing slash; what is no address of a page is refused."""
    settings = Settings(address="https://ask.blog.example/")
    assert page_address("https://other.example/ask/", settings) == "https://other.example/ask"
    assert page_address(None, settings) == "https://ask.blog.example"
    assert page_address(None, Settings()) == "http://127.0.0.1:7860"
    for wrong in ("ask.blog.example", "javascript:alert(1)", "https://a.example/?q=1", 'https://"><script>'):
        with pytest.raises(SettingsError, match="no address of a page"):
            page_address(wrong, settings)


def test_every_snippet_names_the_address_and_nothing_else() -> None:
    """Script with a link for those without scripts, WordPress block, frame, link; an address is escaped in it."""
    found = dict(snippets("https://ask.blog.example/a&b", ENGLISH))
    assert len(found) == 4
    for one in found.values():
        addresses = re.findall(r'(?:src|href)="([^"]*)"', one)
        assert addresses
        assert all(each.startswith("https://ask.blog.example/a&amp;b/") for each in addresses)
    script, block, frame, link = found.values()
    assert '<script src="https://ask.blog.example/a&amp;b/embed.js" data-askedbefore async></script>' in script
    assert '<noscript><a href="https://ask.blog.example/a&amp;b/plain">' in script
    assert block == f"<!-- wp:html -->\n{script}\n<!-- /wp:html -->"
    assert "<iframe" in frame
    assert "title=" in frame
    assert link.startswith("<a ")


def test_it_says_who_is_allowed(tmp_path: Path, blog: Blog) -> None:
    """What the server enforces, that is the live index; a change of `blog.toml` waits for a rebuild."""
    assert "Nobody may show it" in printed(blog)
    blog.write("blog.toml", 'url = "https://blog.example"')
    assert "May show it: https://blog.example." in printed(blog)
    assert "There is no index yet" in printed(blog)
    built = small_blog(tmp_path / "built", 'embed_origins = ["https://one.example"]')
    assert "May show it: https://one.example." in printed(built)
    assert "something else by now" not in printed(built)
    built.write("blog.toml", 'embed_origins = ["https://two.example"]')
    assert "May show it: https://one.example." in printed(built)
    assert "something else by now" in printed(built)


def test_it_warns_of_an_address_that_readers_cannot_use(blog: Blog) -> None:
    """Plain http inside of https, and this machine's own."""
    assert "put it behind TLS" in printed(blog, "http://ask.blog.example")
    assert "from this machine alone" in printed(blog, "http://127.0.0.1:7860")
    assert "from this machine alone" not in printed(blog)


def test_the_script_is_small_and_knows_who_is_allowed() -> None:
    """At most 4 KB packed, with three origins; it uses no storage, no cookie, no markup from text, no inline style."""
    script = embed_script(ORIGINS, "en", Signposts())
    assert len(gzip.compress(script.encode(), 9, mtime=0)) <= 4096
    config = json.loads(script[script.rindex("})(") + 3 : script.rindex(");")])
    assert tuple(config["allowed"]) == ORIGINS
    assert config["lines"][0] == ["United States (911), Canada (911)", "988", "tel:988"]
    assert config["lines"][-1] == ["Everywhere", "findahelpline.com", "https://findahelpline.com/"]
    for script in (embed_script(ORIGINS, "en", Signposts()), frame_script(ORIGINS)):
        code = script[: script.rindex("})(")]
        for word in (
            "Storage",
            "cookie",
            "innerHTML",
            "insertAdjacentHTML",
            "eval",
            'setAttribute("style',
            "scrollIntoView",
            '"*"',
        ):
            assert word not in code
        assert "//" not in re.sub(r'"[^"\n]*"|`[^`\n]*`|/\^[^/\n]*/', "", code)


def test_the_scripts_are_served_packed_to_any_page(tmp_path: Path) -> None:
    """Packed where the browser can unpack it, for a few minutes, and a new list of origins comes with a rebuild."""
    blog = small_blog(tmp_path, 'embed_origins = ["https://one.example"]')
    server = client(blog)
    packed = server.get("/embed.js", headers={"accept-encoding": "gzip, br"})
    plain = server.get("/embed.js", headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text
    assert packed.headers["content-type"] == "text/javascript; charset=utf-8"
    assert packed.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "max-age=300" in packed.headers["cache-control"]
    assert '["https://one.example"]' in server.get("/frame.js").text
    blog.write("blog.toml", 'embed_origins = ["https://two.example"]')
    blog.rebuild()
    assert '["https://two.example"]' in server.get("/embed.js").text


def test_the_documents_name_every_option_of_the_script() -> None:
    """Each that the script reads is explained, and none that it does not read."""
    document = (Path(__file__).parent.parent / "docs" / "embedding.md").read_text(encoding="utf-8")
    read = set(re.findall(r"(?:options|dataset)\.(\w+)", embed_script(ORIGINS, "en", Signposts()))) - {"askedbefore"}
    assert read == {"accent", "theme", "placeholder", "lang", "position"}
    assert set(re.findall(r"data-(\w+)=", document)) == read
