"""What Ghost's two editors store, Lexical and Mobiledoc, as HTML: running text alone, without the cards between."""

import json
from collections.abc import Iterator
from html import escape
from typing import Any

_LEXICAL_TAGS = {
    "paragraph": "p",
    "heading": "h2",
    "extended-heading": "h2",
    "quote": "blockquote",
    "extended-quote": "blockquote",
    "aside": "blockquote",
    "list": "ul",
    "listitem": "li",
    "link": "span",
    "autolink": "span",
    "root": "div",
}
_MOBILEDOC_TAGS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "aside"}
_FOR_MEMBERS = "paywall"  # what comes after this card is not for everybody


def html_of_lexical(source: str) -> str:
    """Return the text of a Lexical document as HTML, "" when there is none."""
    parts: list[str] = []
    waiting: list[Any] = [_loaded(source).get("root")]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            parts.append(node)
        if not isinstance(node, dict):
            continue
        kind = node.get("type")
        if kind == _FOR_MEMBERS:
            break
        if kind == "linebreak":
            parts.append("<br>")
        elif isinstance(kind, str) and kind in _LEXICAL_TAGS:
            parts.append(f"<{_LEXICAL_TAGS[kind]}>")
            waiting.append(f"</{_LEXICAL_TAGS[kind]}>")
            waiting.extend(reversed([one for one in _list(node.get("children")) if isinstance(one, dict)]))
        elif kind in ("text", "extended-text") and isinstance(node.get("text"), str):
            parts.append(escape(node["text"]))
    return "".join(parts)


def html_of_mobiledoc(source: str) -> str:
    """Return the text of a Mobiledoc document as HTML, "" when there is none."""
    document = _loaded(source)
    cards = _list(document.get("cards"))
    parts: list[str] = []
    for section in map(_list, _list(document.get("sections"))):
        match section:
            case [1, str(tag), list(markers), *_] if tag in _MOBILEDOC_TAGS:
                parts.append(f"<{tag}>{_text_of(markers)}</{tag}>")
            case [3, _, list(items), *_]:
                parts.append("<ul>" + "".join(f"<li>{_text_of(_list(item))}</li>" for item in items) + "</ul>")
            case [10, int(number), *_] if 0 <= number < len(cards) and _list(cards[number])[:1] == [_FOR_MEMBERS]:
                break
    return "".join(parts)


def _text_of(markers: list[Any]) -> str:
    """Return the text of a section's markers."""
    return escape("".join(_texts(markers)))


def _texts(markers: list[Any]) -> Iterator[str]:
    """Yield the text of each marker: `[0, opened, closed, text]`."""
    for marker in markers:
        match marker:
            case [0, _, _, str(text), *_]:
                yield text


def _loaded(source: str) -> dict[str, Any]:
    """Return a JSON object, an empty one for anything else."""
    try:
        loaded = json.loads(source)
    except (ValueError, RecursionError):
        return {}
    return loaded if isinstance(loaded, dict) else {}


def _list(value: Any) -> list[Any]:
    """Return a list, an empty one for anything else."""
    return value if isinstance(value, list) else []
