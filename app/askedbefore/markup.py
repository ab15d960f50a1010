"""HTML as blogs store it, to blocks of clean text. Nothing of the markup survives, no word is changed."""

import re

from lxml import etree, html

from askedbefore.records import Block, BlockKind

HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
LISTS = {"ul", "ol", "dl"}
ITEMS = {"li", "dt", "dd"}
BLOCKS = (
    {"address", "article", "aside", "blockquote", "center", "details", "div", "figure", "footer", "header"}
    | {"hr", "main", "p", "pre", "section", "summary", "table", "tbody", "td", "th", "tr"}
    | HEADINGS
    | LISTS
    | ITEMS
)
UNREAD = {
    "audio",
    "button",
    "canvas",
    "embed",
    "figcaption",
    "form",
    "iframe",
    "img",
    "input",
    "link",
    "math",
    "meta",
    "nav",
} | {"noscript", "object", "picture", "script", "select", "style", "svg", "template", "textarea", "title", "video"}
# Shortcodes whose content is no prose. Any other one loses its brackets and keeps what stands between them.
UNREAD_SHORTCODES = "caption|wp_caption|gallery|playlist|audio|video|embed|contact-form|contact-form-7"

_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SHORTCODE_WITH_CONTENT = re.compile(rf"(?<!\[)\[({UNREAD_SHORTCODES})(?:\s[^\]]*)?\].*?\[/\1\]", re.DOTALL)
_SHORTCODE = re.compile(rf"(?<!\[)\[/?(?:(?:{UNREAD_SHORTCODES})(?=[\s/\]])|[a-z][\w-]*\s+[\w-]+\s*=)[^\]]*\]")
_SHORTCODE_PAIR = re.compile(r"(?<!\[)\[([a-z][\w-]*)\](.*?)\[/\1\]", re.DOTALL)
_ESCAPED_SHORTCODE = re.compile(r"\[(\[[^\[\]]*\])\]")
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff]")
_SPACES = re.compile(r"[^\S\n]+")
_PARAGRAPH_END = re.compile(r"\n[^\S\n]*\n\s*")


def clean_text(text: str) -> str:
    """Return text without invisible characters, with single spaces and no space around line ends."""
    text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n")).strip()


def plain_blocks(text: str) -> tuple[Block, ...]:
    """Return the paragraphs of plain text, parted by blank lines."""
    parts = _PARAGRAPH_END.split(clean_text(text))
    return tuple(Block(BlockKind.PARAGRAPH, part) for part in parts if part)


def html_blocks(source: str) -> tuple[Block, ...]:
    """Return the blocks of an HTML fragment, shortcodes taken out.

    In classic WordPress content, as in comments, blank lines part paragraphs and a line end is one (`wpautop`);
    content written with the block editor has its own paragraph marks, and line ends in it are spaces.
    """
    has_own_paragraphs = "<!-- wp:" in source
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True)
    text = _take_out_shortcodes(_INVISIBLE.sub("", source.replace("\r\n", "\n")))
    try:
        root = html.fragment_fromstring(text, create_parent="div", parser=parser)
    except (etree.ParserError, ValueError):
        return ()
    return _Walker(line_ends_count=not has_own_paragraphs).read(root)


def _take_out_shortcodes(text: str) -> str:
    """Remove WordPress shortcodes; square brackets that are prose, such as [sic], stay."""
    text = _SHORTCODE_WITH_CONTENT.sub("\n\n", text)
    text = _SHORTCODE_PAIR.sub(r"\2", text)
    return _ESCAPED_SHORTCODE.sub(r"\1", _SHORTCODE.sub("", text))


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
        if tag == "br":
            self.pending.append("\n")
        self.open_tags.append(tag)

    def _close(self, tag: str) -> None:
        """Note a closed tag; a block that ends, ends its text."""
        if tag in BLOCKS:
            self._end_block()
        self.open_tags.pop()

    def _text(self, text: str | None) -> None:
        """Add running text; where line ends count, a blank line begins a new paragraph."""
        if not text:
            return
        if not self.line_ends_count and "pre" not in self.open_tags:
            text = text.replace("\n", " ")
        first, *others = _PARAGRAPH_END.split(text)
        self._add(first)
        for paragraph in others:
            self._end_block()
            self._add(paragraph)

    def _add(self, text: str) -> None:
        """Add text to the pending block and remember how much of it is bold."""
        self.pending.append(text)
        letters = len(text.strip())
        if {"strong", "b"} & set(self.open_tags):
            self.bold += letters
        else:
            self.plain += letters

    def _end_block(self) -> None:
        """Turn the pending text into a block; items of one list are one block."""
        text = clean_text("".join(self.pending))
        all_bold = self.bold > 0 and self.plain == 0
        self.pending, self.bold, self.plain = [], 0, 0
        if not text:
            return
        kind = self._kind(text, all_bold)
        if kind is BlockKind.LIST and self.list_goes_on:
            self.blocks[-1] = Block(kind, f"{self.blocks[-1].text}\n{text}")
        else:
            self.blocks.append(Block(kind, text))
        self.list_goes_on = kind is BlockKind.LIST

    def _kind(self, text: str, all_bold: bool) -> BlockKind:
        """Say what the block is from the tags that are open; a short bold line serves many as a heading."""
        tags = set(self.open_tags)
        if "blockquote" in tags:
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
    if tag == "figure" and "pullquote" in element.get("class", ""):
        return True  # it repeats what stands in the text
    return bool(_HIDDEN.search(element.get("style", "")))
