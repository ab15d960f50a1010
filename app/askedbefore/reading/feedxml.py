"""The XML of feeds, mended where mending is sure, so that what reads them further meets no damage and no entity."""

import codecs
import re
from collections.abc import Iterator
from html.entities import html5
from typing import Any
from xml.parsers import expat  # of text that lxml wrote, without any entity

from lxml import etree

_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LINE_ENDS = {0x0B: "\n", 0x0C: "\n"}
_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
_ENCODING = re.compile(rb"<\?xml[^>]{0,200}encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_TAIL_BYTES = 4096
_ENDS = re.compile(rb"</(?:rss|feed|rdf:RDF)\s*>|</(?:channel|item|entry)\s*>\s*$", re.IGNORECASE)
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_AMPERSAND = re.compile(r"&(?:#(\d{1,7}|[xX][0-9a-fA-F]{1,6});|([A-Za-z][A-Za-z0-9]{1,31});)?")
PREFIXES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "thr": "http://purl.org/syndication/thread/1.0",
    "wfw": "http://wellformedweb.org/CommentAPI/",
}
_LONG = {"body", "content", "description", "encoded", "summary"}  # what holds the text of an entry
_LONGEST_FIELD = 4_000  # characters
_MOST_ATTRIBUTES = 200  # of one element; feedparser takes the square of their number in time
_OF_XML = {"amp", "lt", "gt", "quot", "apos"}


class Feed:
    """A feed as a tree of elements: `root`, None when nothing of it is XML; `damage` says what was wrong first.

    `breaks_off` says that the file ends within an item, which is then not to be trusted.
    """

    def __init__(self, data: bytes) -> None:
        """Parse the bytes of a feed."""
        parser = etree.XMLParser(
            recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_pis=True
        )
        self.root: Any = None
        self.damage: str | None = None
        self.breaks_off = not _ENDS.search(data[-_TAIL_BYTES:])
        try:
            self.root = etree.fromstring(_mended(data).encode("utf-8"), parser)
        except (etree.XMLSyntaxError, ValueError):
            self.damage = "damaged at its beginning"
        _declare_prefixes(self.root)
        _shorten_fields(self.root)
        for error in list(parser.error_log)[:1]:
            self.damage = f"damaged at line {error.line}"  # what the parser says may quote the file

    def text(self) -> bytes:
        """Return the feed as XML without damage; b"" when that cannot be had."""
        if self.root is None:
            return b""
        text: bytes = etree.tostring(self.root, encoding="utf-8", xml_declaration=True)
        try:
            expat.ParserCreate(namespace_separator=" ").Parse(text, True)
        except expat.ExpatError:
            return b""
        return text

    def items(self) -> list[Any]:
        """Return the elements that are posts or comments."""
        return [] if self.root is None else [one for one in self.root.iter() if local_name(one) in ("item", "entry")]


def local_name(element: Any) -> str:
    """Return an element's name in small letters, without its namespace."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def child_text(element: Any, *names: str) -> str:
    """Return the text of the first child that has one of the names, the first name first."""
    for name in names:
        for child in element:
            if local_name(child) == name:
                return "".join(child.itertext()).strip()
    return ""


def _declare_prefixes(root: Any) -> None:
    """Give elements with an undeclared prefix the namespace that it stands for; drop attributes that no feed has."""
    for element in () if root is None else root.iter():
        if isinstance(element.tag, str) and ":" in element.tag and "}" not in element.tag:
            prefix, _, name = element.tag.partition(":")
            name = re.sub(r"^[^A-Za-z]+|[^\w.-]", "", name, flags=re.ASCII) or "unknown"
            element.tag = f"{{{PREFIXES[prefix]}}}{name}" if prefix in PREFIXES else f"unknown-{name}"
        if len(element.attrib) > _MOST_ATTRIBUTES:
            element.attrib.clear()
        for name in [one for one in element.attrib if ":" in one and "}" not in one]:
            del element.attrib[name]


def _shorten_fields(root: Any) -> None:
    """Cut names, dates and links that are longer than any is: feedparser takes the square of their length in time."""
    if root is None:
        return
    walk = etree.iterwalk(root, events=("start",))
    for _, element in walk:
        if local_name(element) in _LONG:
            walk.skip_subtree()
        elif element.text and len(element.text) > _LONGEST_FIELD:
            element.text = element.text[:_LONGEST_FIELD]


def _mended(data: bytes) -> str:
    """Return a feed as text: no characters that XML does not allow, no entities but XML's own, no bare ampersands."""
    text = _CONTROL.sub("", _decode(data).translate(_LINE_ENDS))
    text = _DECLARATION.sub("", text, count=1)
    begin = min((at for at in (text.find("<rss"), text.find("<feed"), text.find("<rdf")) if at >= 0), default=0)
    # What stands before the feed (a stray <meta>, the warning of a plugin, a list of entities) is none of it.
    return "".join(_mend_outside_cdata(text[begin:]))


def _mend_outside_cdata(text: str) -> Iterator[str]:
    """Yield the parts of a feed, with the ampersands mended that do not stand in a CDATA section."""
    at = 0
    while (start := text.find(_CDATA, at)) >= 0 and (end := text.find(_CDATA_END, start)) >= 0:
        yield _AMPERSAND.sub(_mend, text[at:start])
        at = end + len(_CDATA_END)
        yield text[start:at]
    yield _AMPERSAND.sub(_mend, text[at:])


def _decode(data: bytes) -> str:
    """Return bytes as text: as they say, else as UTF-8."""
    declared = _ENCODING.search(data[:300])
    named = declared[1].decode("ascii") if declared else "utf-8"
    for name in (named, "utf-8"):
        try:
            if codecs.lookup(name).name not in ("utf-7", "utf-16", "utf-32"):
                return data.decode(name).removeprefix("\ufeff")
        except (LookupError, UnicodeError, ValueError):
            continue
    return data.decode("utf-8", "replace").removeprefix("\ufeff")


def _mend(found: re.Match[str]) -> str:
    """Return an ampersand as XML wants it, HTML's entities as their characters."""
    number, name = found[1], found[2]
    if number:
        code = int(number[1:], 16) if number[0] in "xX" else int(number)
        return found[0] if code < 0x110000 and not _CONTROL.match(chr(code)) and code not in _LINE_ENDS else ""
    if name in _OF_XML:
        return found[0]
    character = html5.get(f"{name};", "") if name else ""
    return character if character and character not in "&<>" else f"&amp;{found[0][1:]}"
