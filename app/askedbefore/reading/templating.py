"""The tags of site generators in a text: Liquid's `{% … %}` and `{{ … }}`, Hugo's `{{< … >}}`, kramdown's `{: … }`.

A tag is no text. What stands between two tags is, unless they make it a comment, a condition or something for some
readers only; of a quotation it is somebody else's words.
"""

import re
from collections.abc import Iterator

from askedbefore.shortcodes import FOR_SOME, QUOTATIONS, UNREAD

_CLOSERS = {"{{<": ">}}", "{{%": "%}}", "{%": "%}", "{{": "}}", "{#": "#}", "{::": "}", "{:/": "}", "{:": "}"}
_OPENER = re.compile(r"\{\{<|\{\{%|\{%|\{\{|\{#|\{::|\{:/|\{:")
_NAME = re.compile(r"-?\s*(/?)\s*(end)?([\w.-]{0,80})")
# What is shown only sometimes, or never.
_HIDING = {"comment", "if", "unless", "case", "for", "tablerow", "capture", "javascript", "schema", "stylesheet"}
_LOOP = re.compile(r"\{%-?\s*(?:for|tablerow|paginate)\b|\{\{-?\s*(?:range|template|block|define)\b")


def is_template(text: str) -> bool:
    """Say whether a text makes a list of posts or is a piece of a theme."""
    return bool(_LOOP.search(text))


def take_out_tags(text: str) -> str:
    """Return text without the tags of site generators, and without what they hide, each to its end."""
    tags = list(_tags(text))
    closed = {name for _, _, name, closes in tags if closes}
    kept: list[str] = []
    at, hidden_by, depth = 0, "", 0
    for start, end, name, closes in tags:
        if not hidden_by:
            kept.append(text[at:start])
        at = end
        if hidden_by:
            depth += (-1 if closes else 1) if name == hidden_by or (closes and not name) else 0
            hidden_by = hidden_by if depth else ""
        elif not closes and (name in _HIDING or _hides(name)) and (name in _HIDING or name in closed):
            hidden_by, depth = name, 1
        elif name in QUOTATIONS and name in closed:
            kept.append("\n\n</blockquote>\n\n" if closes else "\n\n<blockquote>\n\n")
    return "".join(kept) + ("" if hidden_by else text[at:])


def _hides(name: str) -> bool:
    """Say whether what stands between such tags is not for every reader, or is no text."""
    return name in UNREAD or bool(FOR_SOME.search(name))


def _tags(text: str) -> Iterator[tuple[int, int, str, bool]]:
    """Yield each tag's beginning and end, its name ("" for a mere value), and whether it closes."""
    at = 0
    missing: set[str] = set()  # closing signs that do not come any more, so that no text is searched twice
    for opener in _OPENER.finditer(text):
        sign = _CLOSERS[opener[0]]
        if opener.start() < at or sign in missing:
            continue
        end = text.find(sign, opener.end())
        if end < 0:
            missing.add(sign)
            continue
        at = end + len(sign)
        found = _NAME.match(text, opener.end())
        closes = bool(found and (found[1] or found[2])) or opener[0] == "{:/"
        yield opener.start(), at, found[3].lower() if found and opener[0] not in ("{{", "{#", "{:") else "", closes
