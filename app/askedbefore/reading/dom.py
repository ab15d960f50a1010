"""A web page as a tree: its bytes as text, parsed, and what in it has a class or an id."""

import codecs
import json
import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any, TypeAlias

from lxml import etree, html

from askedbefore.cleantext import clean_text
from askedbefore.elements import BLOCKS

Element: TypeAlias = html.HtmlElement

# Only these are looked up: some names that Python knows as encodings are none of a page.
_ENCODING = re.compile(
    r"utf-?(?:8|16(?:le|be)?)|(?:x-)?mac(?:intosh|-?roman)?|us-ascii|ascii|latin-?1|(?:iso-?8859|windows|cp|ibm)[-_]?\d+"
    r"|koi8-[ru]|gb(?:k|2312|18030)|big5(?:-hkscs)?|euc-?(?:jp|kr|tw)|(?:x-)?s(?:hift)?[-_]?jis|iso-2022-(?:jp|kr)"
    r"|ks_c_5601-1987|tis-620"
)
# What a page says, and what it means by it (source: WHATWG, Encoding, names and labels).
_MEANT = {
    **dict.fromkeys(("us-ascii", "ascii", "latin1", "latin-1", "iso-8859-1", "iso8859-1"), "cp1252"),
    **dict.fromkeys(("gbk", "gb2312"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis"), "cp932"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987"), "cp949"),
    "iso-8859-9": "cp1254",
    "big5": "big5hkscs",
}
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w-]{2,30})""", re.IGNORECASE
)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}>")
_BEGINNING = 65_536
_LONG_TAG = re.compile(r"(<[a-zA-Z][\w-]{0,40})[^<>]{10000,}")
_VALUE = re.compile(r""""[^"]*"|'[^']*'""")
_MOST_ATTRIBUTES = 1_000  # the parser's time grows with their square
_ARTICLES = {"Article", "BlogPosting", "NewsArticle", "SocialMediaPosting", "ScholarlyArticle", "Report"}
_FEW_ERRORS = 0.1  # the share of letters that may be damaged in a page that is in UTF-8 all the same


def decode(data: bytes) -> str:
    """Return the text of a page: by its byte order mark, as UTF-8 where it is that, as it says, as Windows did."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    declared = _declared(data[:_BEGINNING])
    if declared.startswith("iso2022"):  # its bytes are valid UTF-8, and mean something else
        return data.decode(declared, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if declared in ("", "utf-8"):
        text = data.decode("utf-8", "replace")
        special = len(data) - len(data.translate(None, bytes(range(128, 256))))
        return text if text.count("\ufffd") <= _FEW_ERRORS * special else data.decode("cp1252", "replace")
    return data.decode(declared, "replace")


def _declared(head: bytes) -> str:
    """Return the encoding that a page says it is in, as Python knows it; "" for none or one that cannot be."""
    found = _DECLARED.search(head)
    name = found[1].decode("ascii", "replace").lower() if found else ""
    if not _ENCODING.fullmatch(name):
        return ""
    if name.startswith(("utf8", "utf-8", "utf16", "utf-16")):  # in UTF-16 it could not have been read as it was
        return "utf-8"
    try:
        return codecs.lookup(_MEANT.get(name, name)).name
    except LookupError:
        return ""


def _without_crowds(tag: re.Match[str]) -> str:
    """Return a tag without its attributes when it has more than any page needs."""
    names = _VALUE.sub("", tag[0])
    return tag[0] if names.count("=") <= _MOST_ATTRIBUTES and len(names.split()) <= _MOST_ATTRIBUTES else tag[1]


def parse(text: str) -> tuple[Element | None, bool]:
    """Return the root of a page, None when there is nothing in it; and whether it was read to its end.

    The parser goes no deeper than 2,048 levels.
    """
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True, encoding="utf-8")
    plain = _LONG_TAG.sub(_without_crowds, _DECLARATION.sub("", text.replace("\0", ""), count=1))
    try:
        root = html.document_fromstring(plain.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):  # what lxml raises for no HTML
        return None, True
    return root, not any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log)


def classes(element: Element) -> list[str]:
    """Return the classes of an element."""
    return (element.get("class") or "").split()


def find_all(root: Element, names: Collection[str], ids: Collection[str] = ()) -> Iterator[Element]:
    """Yield the elements below a root, and the root, that have one of the classes or ids, in the order of the page."""
    wanted, wanted_ids = frozenset(names), frozenset(ids)
    for element in root.iter("*"):
        found = element.get("class")
        if (found and not wanted.isdisjoint(found.split())) or (wanted_ids and element.get("id") in wanted_ids):
            yield element


def find_first(root: Element, names: Iterable[str]) -> Element | None:
    """Return the first element with the first class that any element has."""
    ranks = {name: rank for rank, name in enumerate(names)}
    best: tuple[int, Element] | None = None
    for element in find_all(root, ranks):
        rank = min(ranks[name] for name in classes(element) if name in ranks)
        if best is None or rank < best[0]:
            best = rank, element
        if rank == 0:
            break
    return best[1] if best else None


def remove_all(elements: Iterable[Element]) -> None:
    """Empty elements, so that nothing of them is read; the text that follows them stays.

    Taking each out of its page would join the texts around it anew every time.
    """
    for element in list(elements):
        element.clear(keep_tail=True)
        if element.tag not in BLOCKS:
            element.tag = "script"


def text_of(element: Element | None) -> str:
    """Return the text of an element on one line, without scripts."""
    if element is None:
        return ""
    parts = (part for part in _texts(element))
    return " ".join(clean_text("".join(parts)).split())


def _texts(element: Element) -> Iterator[str]:
    """Yield the texts of an element, without scripts and styles."""
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, one in walk:
        if event == "start" and one.tag in ("script", "style", "template", "noscript"):
            walk.skip_subtree()
        elif event == "start":
            yield one.text or ""
        elif one is not element:
            yield one.tail or ""


def meta(root: Element, *names: str) -> str:
    """Return what the first of these `<meta>` properties says, "" when there is none."""
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        name = element.get("property") or element.get("name") or ""
        found.setdefault(name.lower(), (element.get("content") or "").strip())
    return next((found[name] for name in names if found.get(name)), "")


def link(root: Element, relation: str) -> str:
    """Return the address of the first `<link>` with a relation, "" when there is none."""
    found = (one for one in root.iter("link") if relation in (one.get("rel") or "").lower().split())
    return next((address for one in found if (address := (one.get("href") or "").strip())), "")


def _records(root: Element) -> Iterator[dict[str, Any]]:
    """Yield the records that a page holds for search engines (JSON-LD)."""
    for element in root.iter("script"):
        if (element.get("type") or "").lower() != "application/ld+json":
            continue
        try:
            waiting = [json.loads(element.text or "")]
        except (ValueError, RecursionError):
            continue
        while waiting:
            one = waiting.pop()
            if isinstance(one, list):
                waiting += reversed(one)
            elif isinstance(one, dict):
                yield one
                waiting.append(one.get("@graph"))


def article_record(root: Element) -> dict[str, Any]:
    """Return the record that a page holds of its article, {} for none."""
    for one in _records(root):
        kinds = one.get("@type")
        if _ARTICLES & {kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)}:
            return one
    return {}
