"""HTML as blogs store it, to blocks of clean text. Nothing of the markup survives, no word is changed."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lxml import etree, html

from askedbefore.cleantext import clean_text, visible_text
from askedbefore.elements import BLOCKS, HEADINGS, ITEMS, is_note_sign, is_unread, kind_by_name
from askedbefore.records import Block, BlockKind
from askedbefore.shortcodes import take_out_shortcodes

PICTURED_SIGNS = {"emoji", "wp-smiley"}  # classes of pictures that stand for a sign, which is their text
_ONE_PARAGRAPH = {"p", "li", "pre", "td", "th"} | HEADINGS
_HEADING_WORDS = 12  # at most, of a bold line that serves as a heading
_STANDS_FOR = {"br": ("\n", ""), "q": ("“", "”")}  # what a tag's beginning and end are in text
_PAGE_TAGS = re.compile(r"</?(?:html|head|body)\b[^>]*>", re.IGNORECASE)
_FOR_SOME = re.compile(r"<!--\s+wp:(\S*(?:premium|paywall|paid|member|restrict|subscri)\S*)\s")
_WIDE_SPACE = re.compile(r"\s*\u00a0\s+|\s+\u00a0\s*")
_PARAGRAPH_END = re.compile(r"\n[^\S\n]*\n\s*")


def plain_blocks(text: str) -> tuple[Block, ...]:
    """Return the paragraphs of plain text, parted by blank lines."""
    blocks = []
    for part in _PARAGRAPH_END.split(visible_text(text)):
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
    content written with the block editor has its own marks, and line ends in it are spaces. So they are in what is
    `rendered`, as a page shows it.
    """
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True)
    text = _PAGE_TAGS.sub(" ", _without_blocks_for_some(visible_text(source)))
    try:
        root = html.fragment_fromstring(take_out_shortcodes(text), create_parent="div", parser=parser)
    except (etree.ParserError, ValueError, AssertionError):  # what lxml raises when nothing of it is HTML
        return ()
    return _Walker(line_ends_count=not rendered and "<!-- wp:" not in source).read(root)


def _without_blocks_for_some(text: str) -> str:
    """Remove blocks of the block editor that only some readers may see, each to its end."""
    while opening := _FOR_SOME.search(text):
        closing = re.compile(rf"<!--\s+/wp:{re.escape(opening[1])}\s+-->").search(text, opening.end())
        text = text[: opening.start()] + (text[closing.end() :] if closing else "")
    return text


@dataclass(frozen=True, slots=True)
class _Piece:
    """Running text within one element: whether it is bold, and whether it is only on the page, as a note's sign is."""

    text: str
    bold: bool = False
    only_on_page: bool = False


class _Walker:
    """Walks a parsed page from start to end, collecting text until a block ends."""

    def __init__(self, line_ends_count: bool) -> None:
        """Start with nothing read."""
        self.line_ends_count = line_ends_count
        self.blocks: list[Block] = []
        self.pending: list[_Piece] = []
        self.open_tags: list[str] = []
        self.open_kinds: list[BlockKind | None] = []  # what each open tag says that its text is
        self.items: list[str] = []  # of a list that goes on as long as no other text comes
        self.names_source = False  # the pending text closes with a <cite>

    def read(self, root: html.HtmlElement) -> tuple[Block, ...]:
        """Return the blocks below `root`."""
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            tag = str(element.tag).lower()
            is_sign = is_note_sign(element, tag)
            if event == "start" and (is_sign or is_unread(element, tag)):
                if is_sign:
                    self.pending.append(_Piece("".join(element.itertext()), only_on_page=True))
                walk.skip_subtree()
                if tag == "img" and PICTURED_SIGNS & set(element.get("class", "").split()):
                    self._add(element.get("alt", ""))
            elif event == "start":
                self._open(tag, kind_by_name(element, tag))
                self._text(element.text)
            else:
                if self.open_tags and self.open_tags[-1] == tag and not is_sign and not is_unread(element, tag):
                    self._close(tag)
                if element is not root:
                    self._text(element.tail)
        self._end_block()
        self._end_list()
        return tuple(self.blocks)

    def _open(self, tag: str, kind: BlockKind | None) -> None:
        """Note an opened tag; a new block ends the text before it."""
        if tag in BLOCKS:
            self._end_block()
        if tag in _STANDS_FOR:
            self.pending.append(_Piece(_STANDS_FOR[tag][0], self._is_bold()))
        self.open_tags.append(tag)
        self.open_kinds.append(kind)

    def _close(self, tag: str) -> None:
        """Note a closed tag; a block that ends, ends its text."""
        if tag in BLOCKS:
            self._end_block()
        if tag in _STANDS_FOR:
            self.pending.append(_Piece(_STANDS_FOR[tag][1], self._is_bold()))
        if tag == "cite":
            self.names_source = True
        self.open_tags.pop()
        self.open_kinds.pop()

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
        """Add text to the pending block."""
        if not self.line_ends_count and "pre" not in self.open_tags:
            text = text.replace("\n", " ")
        self.pending.append(_Piece(text, self._is_bold()))
        if text.strip():
            self.names_source = False

    def _is_bold(self) -> bool:
        """Say whether text that comes now is bold."""
        return bool({"strong", "b"} & set(self.open_tags))

    def _end_block(self) -> None:
        """Turn the pending text into a block, or into several where whole lines are bold; a list is one block."""
        pending, names_source = self.pending, self.names_source
        self.pending, self.names_source = [], False
        text = clean_text(_text_of(pending))
        if not text:
            return
        kind = BlockKind.QUOTE if names_source else self._kind(text)
        if kind is BlockKind.LIST:
            self.items.append(text)
            return
        self._end_list()
        for is_bold, pieces in _by_boldness(pending) if kind is BlockKind.PARAGRAPH else [(False, pending)]:
            if text := clean_text(_text_of(pieces)):
                is_heading = kind is BlockKind.PARAGRAPH and is_bold and _serves_as_heading(text)
                block_kind = BlockKind.HEADING if is_heading else kind
                self.blocks.append(Block(block_kind, text, on_page=_pieces_on_page(pieces), bold=is_bold))

    def _end_list(self) -> None:
        """Turn the items of the list before into a block."""
        if self.items:
            self.blocks.append(Block(BlockKind.LIST, "\n".join(self.items)))
            self.items = []

    def _kind(self, text: str) -> BlockKind:
        """Say what the pending text is from the tags that are open."""
        tags, kinds = set(self.open_tags), [kind for kind in self.open_kinds if kind]
        # What stands in a figure and is no table was taken from elsewhere.
        if BlockKind.QUOTE in kinds or text.startswith(">") or ("figure" in tags and "table" not in tags):
            return BlockKind.QUOTE
        if tags & HEADINGS:
            return BlockKind.HEADING
        if kinds:
            return kinds[-1]
        return BlockKind.LIST if tags & ITEMS else BlockKind.PARAGRAPH


def _text_of(pieces: Iterable[_Piece]) -> str:
    """Return the text of the pieces, without what is only on the page."""
    return "".join(piece.text for piece in pieces if not piece.only_on_page)


def _pieces_on_page(pieces: Sequence[_Piece]) -> str | None:
    """Return the pieces as a browser finds them, if that is not their text, else None."""
    source = "".join(piece.text for piece in pieces)
    has_signs = any(piece.only_on_page for piece in pieces)
    return _on_page(source) or (clean_text(source) if has_signs else None)


def _by_boldness(pieces: Iterable[_Piece]) -> list[tuple[bool, list[_Piece]]]:
    """Return the runs of lines that are all in bold letters, and of those that are not."""
    runs: list[tuple[bool, list[_Piece]]] = []
    for line in _lines(pieces):
        letters = [piece for piece in line if piece.text.strip() and not piece.only_on_page]
        is_bold = bool(letters) and all(piece.bold for piece in letters)
        if runs and (not letters or runs[-1][0] == is_bold):
            runs[-1][1].extend([_Piece("\n"), *line])
        else:
            runs.append((is_bold, line))
    return runs


def _lines(pieces: Iterable[_Piece]) -> list[list[_Piece]]:
    """Return pieces line by line, without the line ends."""
    lines: list[list[_Piece]] = [[]]
    for piece in pieces:
        first, *others = piece.text.split("\n")
        lines[-1].append(replace(piece, text=first))
        lines.extend([replace(piece, text=other)] for other in others)
    return lines


def _serves_as_heading(text: str) -> bool:
    """Say whether a bold text is a short line, such as serves many as a heading."""
    return len(text.split()) <= _HEADING_WORDS and "\n" not in text and not text.endswith((".", "!", ","))
