"""What an element of a page is: a block of text, a part that readers don't read, a quotation, verse or a note."""

import re
from itertools import islice

from lxml import html

from askedbefore.records import BlockKind

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

_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# Names of classes, by their parts: "wp-block-verse" has "verse".
_CAPTIONS = re.compile(r"(?<![a-z])(?:wp-caption(?!-)|(?:wp-)?caption-text|gallery-caption|wp-block-embed__wrapper)")
_KINDS = {
    BlockKind.NOTE: re.compile(r"(?<![a-z])(?:foot|end)-?notes?(?![a-z])"),
    BlockKind.QUOTE: re.compile(r"(?<![a-z])(?:(?:block)?quote|quotation|epigraph|testimonial)s?(?![a-z])"),
    BlockKind.VERSE: re.compile(r"(?<![a-z])(?:verse|poem|poetry|stanza)s?(?![a-z])"),
}
_HOLD_NOTES = {"section", "div", "aside", "footer", "ol", "ul", "dl", "li", "p"}
_MOST_SIGN_PARTS = 4  # elements that the sign of a note is made of
_NOTE_SIGN = re.compile(r"[\[(]?(?:\d{1,3}|[*†‡§]{1,3}|[ivx]{1,5}|[a-z])[\])]?|[↩↑^⤴]\ufe0e?")


def is_unread(element: html.HtmlElement, tag: str) -> bool:
    """Say whether an element's content is no text for readers: scripts, forms, pictures and captions, hidden parts."""
    if tag in UNREAD or element.get("hidden") is not None:
        return True
    names = element.get("class", "").lower()
    if (tag == "figure" and "pullquote" in names) or _CAPTIONS.search(names):
        return True  # a pull quote repeats what stands in the text
    return bool(_HIDDEN.search(element.get("style", "")))


def kind_by_name(element: html.HtmlElement, tag: str) -> BlockKind | None:
    """Return what an element's tag, class, role or id says that its text is, if they say it."""
    if tag == "blockquote":
        return BlockKind.QUOTE
    names = " ".join(element.get(name, "") for name in ("class", "role", "id")).lower()
    if tag in _HOLD_NOTES and _KINDS[BlockKind.NOTE].search(names):
        return BlockKind.NOTE
    classes = element.get("class", "").lower() if tag in BLOCKS else ""
    return next((kind for kind in (BlockKind.QUOTE, BlockKind.VERSE) if _KINDS[kind].search(classes)), None)


def is_note_sign(element: html.HtmlElement, tag: str) -> bool:
    """Say whether an element is the sign of a note in the text, or the arrow that leads back from the note."""
    if tag not in ("sup", "a"):
        return False
    parts = list(islice(element.iter(), _MOST_SIGN_PARTS + 1))
    if len(parts) > _MOST_SIGN_PARTS:
        return False
    inward = any(part.get("href", "").startswith("#") for part in parts)
    named = bool(_KINDS[BlockKind.NOTE].search(element.get("class", "").lower())) or "data-fn" in element.attrib
    return (inward or named) and bool(_NOTE_SIGN.fullmatch("".join(element.itertext()).strip()))
