"""HTML as blogs store it becomes clean text, word for word."""

import pytest

from askedbefore.cleantext import clean_text
from askedbefore.markup import html_blocks, plain_blocks


def read(source: str) -> list[tuple[str, str]]:
    """Return the blocks of a piece of HTML as pairs of kind and text."""
    return [(block.kind.value, block.text) for block in html_blocks(source)]


GOLDEN = {
    "classic content: blank lines part paragraphs, line ends stay": (
        "One line\nand another.\n\nA <em>second</em> paragraph.",
        [("paragraph", "One line\nand another."), ("paragraph", "A second paragraph.")],
    ),
    "block editor: its own paragraphs, line ends are spaces": (
        "<!-- wp:paragraph -->\n<p>One\nline.</p>\n<!-- /wp:paragraph -->\n\n<!-- wp:heading --><h2>Head</h2>"
        "<!-- /wp:heading --><!-- wp:list --><ul><!-- wp:list-item --><li>First</li><!-- /wp:list-item -->"
        "<!-- wp:list-item --><li>Second <strong>bold</strong></li><!-- /wp:list-item --></ul><!-- /wp:list -->",
        [("paragraph", "One line."), ("heading", "Head"), ("list", "First\nSecond bold")],
    ),
    "quotations, also of several paragraphs": (
        "<blockquote><p>Hers.</p><p>Hers too.</p></blockquote><p>Mine.</p>",
        [("quote", "Hers."), ("quote", "Hers too."), ("paragraph", "Mine.")],
    ),
    "entities and spaces": (
        "Tom &amp; Ann&nbsp;said&#8230; &lt;3 &ldquo;yes&rdquo;",
        [("paragraph", "Tom & Ann said… <3 “yes”")],
    ),
    "a bare < is text": ("I <3 you & a < b", [("paragraph", "I <3 you & a < b")]),
    "scripts, pictures, forms and hidden parts are no text": (
        'Seen <script>alert(1)</script><img src=x onerror="alert(2)"><form>no</form><span hidden>no</span>'
        '<span style="display: none">no</span>again.',
        [("paragraph", "Seen again.")],
    ),
    "words of adjacent blocks stay apart": (
        "<div>one</div><div>two</div>three<br>four",
        [("paragraph", "one"), ("paragraph", "two"), ("paragraph", "three\nfour")],
    ),
    "a caption goes with its picture": (
        'Before.[caption id="x" width="300"]<img src="/a.jpg"> Nine boxes[/caption]After.',
        [("paragraph", "Before."), ("paragraph", "After.")],
    ),
    "shortcodes with settings go, brackets that are prose stay": (
        '[gallery ids="1,2"]He said [sic] it [to quote you] and [[not]] more.[embed]https://x.example[/embed]',
        [("paragraph", "He said [sic] it [to quote you] and [not] more.")],
    ),
    "a short bold line is a heading, a bold sentence is not": (
        "<strong>What helps</strong>\n\n<b>Say it.</b>\n\nThen wait.",
        [("heading", "What helps"), ("paragraph", "Say it."), ("paragraph", "Then wait.")],
    ),
    "settings and nesting of page builders": (
        '[vc_row][vc_column width="1/2"][vc_column_text el="a]b"]Mine.[/vc_column_text][/vc_column][/vc_row]',
        [("paragraph", "Mine.")],
    ),
    "words of neighbouring columns stay apart": (
        "[column]one[/column][column]two[/column]",
        [("paragraph", "one"), ("paragraph", "two")],
    ),
    "what is for some readers only stays out": (
        '<p>All.</p>[members_only]secret[/members_only]<p>[restrict level="2"]secret[/restrict]More.</p>'
        "<!-- wp:premium-content/subscriber-view --><p>secret</p><!-- /wp:premium-content/subscriber-view -->",
        [("paragraph", "All."), ("paragraph", "More.")],
    ),
    "a quotation by shortcode or mark": (
        "[quote]Hers.[/quote]Mine.\n\n&gt; Hers again.\n\nMine again.",
        [("quote", "Hers."), ("paragraph", "Mine."), ("quote", "> Hers again."), ("paragraph", "Mine again.")],
    ),
    "a short quotation keeps its marks, what is crossed out goes": (
        "She said <q>yes</q>, <del>no</del> really.",
        [("paragraph", "She said “yes”, really.")],
    ),
    "tags of a whole page": ("<p>One.</p></body></html><p>Two.</p>", [("paragraph", "One."), ("paragraph", "Two.")]),
    "no text in it": ("<html><head><title>x</title></head></html>", []),
    "classic text before blocks": (
        "one para\n\ntwo para\n\n<!-- wp:paragraph --><p>Three.</p><!-- /wp:paragraph -->",
        [("paragraph", "one para"), ("paragraph", "two para"), ("paragraph", "Three.")],
    ),
    "a pull quote repeats the text and is dropped": (
        '<p>Once.</p><figure class="wp-block-pullquote"><blockquote><p>Once.</p></blockquote></figure>',
        [("paragraph", "Once.")],
    ),
    "a comment in the middle of a word": ("be<!-- x -->fore", [("paragraph", "before")]),
    "scripts of other writings": (
        "今日は寒い。\n\nשלום עולם",
        [("paragraph", "今日は寒い。"), ("paragraph", "שלום עולם")],
    ),
    "nothing": ("", []),
    "only white space and comments": (" \n<!-- wp:separator -->\n ", []),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_html_becomes_blocks(name: str) -> None:
    """Every kind of markup has its blocks."""
    source, expected = GOLDEN[name]
    assert read(source) == expected


def test_clean_text_takes_out_what_cannot_be_seen() -> None:
    """Control characters, soft hyphens and zero-width spaces go; a vertical tab ends a line; runs of spaces are one."""
    assert clean_text("a\u00ad\u200bb\x00\x0b  c \r\n d\u00a0e") == "ab\nc\nd e"


def test_plain_text_has_paragraphs_at_blank_lines() -> None:
    """A line end inside a paragraph stays."""
    assert [block.text for block in plain_blocks("a\nb\n\n \n c")] == ["a\nb", "c"]


@pytest.mark.timeout(30)
@pytest.mark.parametrize("piece", ["[sic] ", "[caption] ", '[a x="', "<br>", "<blockquote>", "<!-- wp:premium-x --> "])
def test_no_run_of_marks_is_slow(piece: str) -> None:
    """What takes a moment once may not take minutes ten thousand times."""
    assert len(html_blocks("before " + piece * 10_000 + " after")) >= 1
