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

# Classes of what themes and plugins put into a post: buttons, lists of other posts and of other people's comments,
# tables of contents, captions. The author did not write it there.
PLUGIN_PARTS = (
    {"addtoany_content", "addtoany_share_save_container", "author-box", "crp_related", "ez-toc-container"}
    | {"gallery-caption", "heateor_sss_sharing_container", "jetpack-likes-widget-wrapper", "jp-relatedposts"}
    | {"kk-star-ratings", "lwptoc", "mashsb-container", "mc4wp-form", "molongui-author-box", "nc_socialpanel"}
    | {"post-password-form", "post-ratings", "post-views", "printfriendly", "related-posts", "rp4wp-related-posts"}
    | {"saboxplugin-wrap", "screen-reader-text", "sd-sharing", "sfsi_widget", "sharedaddy", "shareaholic-canvas"}
    | {"sociable", "social-share", "ssba", "swp_social_panel", "toc_container", "tptn_counter", "wp-caption-text"}
    | {"wp-block-archives", "wp-block-calendar", "wp-block-categories", "wp-block-jetpack-subscriptions"}
    | {"wp-block-latest-comments", "wp-block-latest-posts", "wp-block-loginout", "wp-block-navigation"}
    | {"wp-block-page-list", "wp-block-post-comments-form", "wp-block-query-pagination", "wp-block-rss"}
    | {"wp-block-search", "wp-block-social-links", "wp-block-tag-cloud", "wpcf7", "wpulike", "yarpp", "yarpp-related"}
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
    if names and not PLUGIN_PARTS.isdisjoint(names.split()):
        return True
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
