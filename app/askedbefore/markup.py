"""HTML as blogs store it, to blocks of clean text. Nothing of the markup survives, no word is changed."""

import re

from lxml import etree, html

from askedbefore.records import Block, BlockKind
from askedbefore.shortcodes import take_out_shortcodes

HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
LISTS = {"ul", "ol", "dl"}
ITEMS = {"li", "dt", "dd"}
BLOCKS = (
    {"address", "article", "aside", "blockquote", "center", "details", "dialog", "div", "fieldset", "figure", "footer"}
    | {
        "header",
        "hgroup",
        "hr",
        "legend",
        "main",
        "menu",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "th",
        "tr",
    }
    | HEADINGS
    | LISTS
    | ITEMS
)
UNREAD = (
    {
        "audio",
        "button",
        "canvas",
        "del",
        "embed",
        "figcaption",
        "form",
        "iframe",
        "img",
        "input",
        "link",
        "math",
        "meta",
    }
    | {"nav", "noscript", "object", "picture", "s", "script", "select", "style", "svg", "template", "textarea", "title"}
    | {"video"}
)
# Classes of what themes and plugins put into a post: buttons, lists of other posts and of other people's comments,
# tables of contents, captions. The author did not write it there.
PLUGIN_PARTS = (
    {"addtoany_content", "addtoany_share_save_container", "author-box", "crp_related", "ez-toc-container"}
    | {"gallery-caption", "heateor_sss_sharing_container", "jetpack-likes-widget-wrapper", "jp-relatedposts"}
    | {"kk-star-ratings", "lwptoc", "mashsb-container", "mc4wp-form", "molongui-author-box", "nc_socialPanel"}
    | {"post-password-form", "post-ratings", "post-views", "printfriendly", "related-posts", "rp4wp-related-posts"}
    | {"saboxplugin-wrap", "screen-reader-text", "sd-sharing", "sfsi_widget", "sharedaddy", "shareaholic-canvas"}
    | {"sociable", "social-share", "ssba", "swp_social_panel", "toc_container", "tptn_counter", "wp-caption-text"}
    | {"wp-block-archives", "wp-block-calendar", "wp-block-categories", "wp-block-jetpack-subscriptions"}
    | {"wp-block-latest-comments", "wp-block-latest-posts", "wp-block-loginout", "wp-block-navigation"}
    | {"wp-block-page-list", "wp-block-post-comments-form", "wp-block-query-pagination", "wp-block-rss"}
    | {"wp-block-search", "wp-block-social-links", "wp-block-tag-cloud", "wpcf7", "wpulike", "yarpp", "yarpp-related"}
)
PICTURED_SIGNS = {"emoji", "wp-smiley"}  # classes of pictures that stand for a sign, which is their text
_ONE_PARAGRAPH = {"p", "li", "pre", "td", "th"} | HEADINGS
_STANDS_FOR = {"br": ("\n", ""), "q": ("“", "”")}  # what a tag's beginning and end are in text
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_PAGE_TAGS = re.compile(r"</?(?:html|head|body)\b[^>]*>", re.IGNORECASE)
_FOR_SOME = re.compile(r"<!--\s+wp:(\S*(?:premium|paywall|paid|member|restrict|subscri)\S*)\s")
_LINE_ENDS = {0x0B: "\n", 0x0C: "\n", 0x85: "\n", 0x2028: "\n", 0x2029: "\n\n"}
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff]")
_SPACES = re.compile(r"[^\S\n]+")
_WIDE_SPACE = re.compile(r"\s*\u00a0\s+|\s+\u00a0\s*")
_PARAGRAPH_END = re.compile(r"\n[^\S\n]*\n\s*")


def clean_text(text: str) -> str:
    """Return text without invisible characters, with single spaces and no space around line ends."""
    return "\n".join(_SPACES.sub(" ", line).strip() for line in _visible(text).split("\n")).strip()


def plain_blocks(text: str) -> tuple[Block, ...]:
    """Return the paragraphs of plain text, parted by blank lines."""
    blocks = []
    for part in _PARAGRAPH_END.split(_visible(text)):
        if cleaned := clean_text(part):
            kind = BlockKind.QUOTE if cleaned.startswith(">") else BlockKind.PARAGRAPH
            blocks.append(Block(kind, cleaned, on_page=_on_page(part)))
    return tuple(blocks)


def _on_page(text: str) -> str | None:
    """Return text as a browser finds it, if it has spaces that do not collapse into one, else None."""
    return _WIDE_SPACE.sub("\u00a0\u00a0", text) if _WIDE_SPACE.search(text) else None


def html_blocks(source: str, rendered: bool = False) -> tuple[Block, ...]:
    """Return the blocks of an HTML fragment, shortcodes and what is for some readers only taken out.

    Blank lines part paragraphs. In classic WordPress content, as in comments, a line end is one too (`wpautop`);
    content written with the block editor has its own marks, and line ends in it are spaces, as they are in HTML that
    is `rendered` for a browser.
    """
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True)
    text = _PAGE_TAGS.sub(" ", _without_blocks_for_some(_visible(source)))
    try:
        root = html.fragment_fromstring(take_out_shortcodes(text), create_parent="div", parser=parser)
    except (etree.ParserError, ValueError, AssertionError):  # what lxml raises when nothing of it is HTML
        return ()
    return _Walker(line_ends_count=not rendered and "<!-- wp:" not in source).read(root)


def _visible(text: str) -> str:
    """Return text with plain line ends and without characters that cannot be seen."""
    return _INVISIBLE.sub("", text.translate(_LINE_ENDS).replace("\r\n", "\n").replace("\r", "\n"))


def _without_blocks_for_some(text: str) -> str:
    """Remove blocks of the block editor that only some readers may see, each to its end."""
    while opening := _FOR_SOME.search(text):
        closing = re.compile(rf"<!--\s+/wp:{re.escape(opening[1])}\s+-->").search(text, opening.end())
        text = text[: opening.start()] + (text[closing.end() :] if closing else "")
    return text


class _Walker:
    """Walks a parsed page from start to end, collecting text until a block ends."""

    def __init__(self, line_ends_count: bool) -> None:
        """Start with nothing read."""
        self.line_ends_count = line_ends_count
        self.blocks: list[Block] = []
        self.pending: list[str] = []
        self.bold = self.plain = 0  # letters of the pending text inside and outside of <strong>
        self.open_tags: list[str] = []
        self.list_goes_on = False  # the block before was an item, and no other text came since

    def read(self, root: html.HtmlElement) -> tuple[Block, ...]:
        """Return the blocks below `root`."""
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            tag = str(element.tag).lower()
            if event == "start" and _is_unread(element, tag):
                walk.skip_subtree()
                if tag == "img" and PICTURED_SIGNS & set(element.get("class", "").split()):
                    self._add(element.get("alt", ""))
            elif event == "start":
                self._open(tag)
                self._text(element.text)
            else:
                if self.open_tags and self.open_tags[-1] == tag and not _is_unread(element, tag):
                    self._close(tag)
                if element is not root:
                    self._text(element.tail)
        self._end_block()
        return tuple(self.blocks)

    def _open(self, tag: str) -> None:
        """Note an opened tag; a new block ends the text before it."""
        if tag in BLOCKS:
            self._end_block()
        if tag in _STANDS_FOR:
            self.pending.append(_STANDS_FOR[tag][0])
        self.open_tags.append(tag)

    def _close(self, tag: str) -> None:
        """Note a closed tag; a block that ends, ends its text."""
        if tag in BLOCKS:
            self._end_block()
        if tag in _STANDS_FOR:
            self.pending.append(_STANDS_FOR[tag][1])
        self.open_tags.pop()

    def _text(self, text: str | None) -> None:
        """Add running text; where line ends count, a blank line begins a new paragraph."""
        if not text:
            return
        in_paragraph = bool(_ONE_PARAGRAPH & set(self.open_tags))
        first, *others = [text] if in_paragraph and not self.line_ends_count else _PARAGRAPH_END.split(text)
        self._add(first)
        for paragraph in others:
            self._end_block()
            self._add(paragraph)

    def _add(self, text: str) -> None:
        """Add text to the pending block and remember how much of it is bold."""
        if not self.line_ends_count and "pre" not in self.open_tags:
            text = text.replace("\n", " ")
        self.pending.append(text)
        letters = len(text.strip())
        if {"strong", "b"} & set(self.open_tags):
            self.bold += letters
        else:
            self.plain += letters

    def _end_block(self) -> None:
        """Turn the pending text into a block; items of one list are one block."""
        source = "".join(self.pending)
        text = clean_text(source)
        all_bold = self.bold > 0 and self.plain == 0
        self.pending, self.bold, self.plain = [], 0, 0
        if not text:
            return
        kind = self._kind(text, all_bold)
        if kind is BlockKind.LIST and self.list_goes_on:
            self.blocks[-1] = Block(kind, f"{self.blocks[-1].text}\n{text}")
        else:
            self.blocks.append(Block(kind, text, on_page=_on_page(source)))
        self.list_goes_on = kind is BlockKind.LIST

    def _kind(self, text: str, all_bold: bool) -> BlockKind:
        """Say what the block is from the tags that are open; a short bold line serves many as a heading."""
        tags = set(self.open_tags)
        if "blockquote" in tags or text.startswith(">"):
            return BlockKind.QUOTE
        if tags & HEADINGS:
            return BlockKind.HEADING
        if tags & ITEMS:
            return BlockKind.LIST
        if all_bold and len(text.split()) <= 12 and "\n" not in text and not text.endswith((".", "!", ",")):
            return BlockKind.HEADING
        return BlockKind.PARAGRAPH


def _is_unread(element: html.HtmlElement, tag: str) -> bool:
    """Say whether an element's content is no text for readers: scripts, forms, pictures, hidden parts."""
    if tag in UNREAD or element.get("hidden") is not None:
        return True
    classes = element.get("class", "")
    if tag == "figure" and "pullquote" in classes:
        return True  # it repeats what stands in the text
    if classes and not PLUGIN_PARTS.isdisjoint(classes.split()):
        return True
    return bool(_HIDDEN.search(element.get("style", "")))
