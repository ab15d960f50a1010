"""The XML of WordPress exports as plain fields, item by item: a stream that survives damage and expands no entity."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from askedbefore.reading.pieces import Part, Piece, read_pieces
from askedbefore.reading.segments import Scanner
from askedbefore.reading.xmltext import XmlText, holds

# Fields that decide who may see an item or comment.
ITEM_DECIDES = ("wp:status", "wp:post_type", "wp:post_password")
COMMENT_DECIDES = ("wp:comment_approved", "wp:comment_type")
RESTRICTING_META = {"_jetpack_newsletter_access"}
CUT, RUN_TOGETHER, UNCLEAR = "cut", "run together", "unclear"  # what damage may have done to a record

_DECIDING = {*ITEM_DECIDES, *COMMENT_DECIDES}
_USUAL = {
    "wp": "http://wordpress.org/export/1.2/",
    "excerpt": "http://wordpress.org/export/1.2/excerpt/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
}
_PLACES_NAMED = 20

Fields = dict[str, str]


@dataclass(frozen=True, slots=True)
class Record:
    """The fields of an item, comment or author, the line where it begins, and what damage has done to it, if any."""

    fields: Fields
    line: int
    damage: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """An item of an export, and its comments as they are read."""

    record: Record
    comments: Iterator[Record]


@dataclass
class Places:
    """Places in a file that something is to be said of: the first ones, and how many there are."""

    named: dict[str, None] = field(default_factory=dict)
    number: int = 0

    def add(self, line: int, what: str) -> None:
        """Note a place; what is the same on the same line counts once among those that are named."""
        self.number += 1
        if len(self.named) < _PLACES_NAMED:
            self.named[f"line {line:,} ({what})"] = None

    def describe(self) -> str:
        """Return the places as a list."""
        more = self.number - len(self.named)
        places = "; ".join(self.named)
        return places + (f"; and {more:,} more" if more and len(self.named) == _PLACES_NAMED else "")


class ExportFile:
    """An export as a stream of items. What it says of the blog stands before them; what is wrong is known after them.

    `channel` are the blog's own fields, `accounts` its authors'; `lost` says where something could not be read,
    `mended` where it could be all the same; `has_passwords` that items have a field for a password.
    """

    def __init__(self, path: Path) -> None:
        """Take an export; nothing is read yet."""
        self._path = path
        self.channel: Fields = {}
        self.accounts: list[Fields] = []
        self.lost = Places()
        self.mended = Places()
        self.has_passwords = False
        self._namespaces: dict[str, str] = {}
        self._strict = _parser(recover=False)

    def items(self) -> Iterator[Item]:
        """Yield each item, also one that damage has cut. Raises OSError when the file cannot be read."""
        self.has_passwords = holds(self._path, "post_password")
        text = XmlText(self._path, self.mended.add)
        try:
            for piece in read_pieces(Scanner(text.read, self.mended.add).segments(), self._namespaces):
                if piece.name == "item":
                    yield Item(self._record(piece, "item"), self._comments(piece))
                else:
                    self._take_channel(piece)
        finally:
            text.close()

    def _comments(self, piece: Piece) -> Iterator[Record]:
        """Yield the comments of an item."""
        for part in piece.parts:
            record = self._record(part, "wp:comment")
            if record.fields or record.damage:
                yield record

    def _take_channel(self, piece: Piece) -> None:
        """Note what the file says of the blog and its authors."""
        element, broken = self._parse(f"<channel>{piece.text}</channel>")
        for child in element if element is not None else ():
            self.channel.setdefault(_name(child), _text(child))
        if broken:
            self.lost.add(piece.line, "broken markup before the items")
        for part in piece.parts:
            author = self._record(part, "wp:author")
            if author.fields:
                self.accounts.append(author.fields)

    def _record(self, part: Part, name: str) -> Record:
        """Return the fields of a part, if it is what it is called."""
        element, broken = self._parse(part.text)
        if element is not None and _name(element) != name:
            return Record({}, part.line)
        fields = _fields(element) if element is not None else {}
        if damage := _damage(part, fields, broken, name):
            what = {CUT: "it breaks off", RUN_TOGETHER: "a text in it has no end"}.get(damage, "broken markup")
            self.lost.add(part.line, f"{_called(name, fields)}: {what}")
        elif broken:
            self.lost.add(part.line, f"{_called(name, fields)}: broken markup, of which was read what could be")
        return Record(fields, part.line, damage)

    def _parse(self, text: str) -> tuple[Any | None, bool]:
        """Return the element of a piece, and whether its markup is broken."""
        source = f"<rss {_declare(self._namespaces)}>{text}</rss>"
        parser = self._strict
        try:
            root = etree.fromstring(source, parser)
        except etree.XMLSyntaxError:
            parser = _parser(recover=True)
            root = etree.fromstring(source, parser)
        # A prefix that is not declared, or not as it should be, takes nothing away.
        broken = any(error.domain_name != "NAMESPACE" for error in parser.error_log)
        return (root[0] if root is not None and len(root) else None), broken


def _parser(recover: bool) -> etree.XMLParser:
    """Return a parser that expands and fetches nothing."""
    return etree.XMLParser(
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
    )


def _declare(namespaces: dict[str, str]) -> str:
    """Return declarations of prefixes: those of the file, and the usual ones where it has no other for the same."""
    declared = {prefix: uri for prefix, uri in namespaces.items() if uri and not prefix.startswith("xml")}
    known = {_kind(uri) for uri in declared.values()}
    declared |= {prefix: uri for prefix, uri in _USUAL.items() if prefix not in known}
    return " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in declared.items())


def _damage(part: Part, fields: Fields, broken: bool, name: str) -> str:
    """Say what damage has done to a record, "" when nothing that matters for who may see it."""
    if not part.ended:
        return CUT
    if part.run_together:
        return RUN_TOGETHER
    deciding = {"item": ITEM_DECIDES, "wp:comment": COMMENT_DECIDES}.get(name, ())
    if broken and not (fields.keys() >= set(deciding) and all(_stands_once(one, part.text) for one in deciding)):
        return UNCLEAR
    return UNCLEAR if broken and fields.get("unreadable meta") else ""


def _stands_once(name: str, text: str) -> bool:
    """Say whether a field stands in a text just once and whole: half of one says nothing, two are of two records."""
    whole = rf"<{name}\s*(?:/>|>(?:[^<]*|\s*<!\[CDATA\[[^\]<]*\]\]>\s*)</{name}\s*>)"
    return len(re.findall(rf"<{name}\b", text)) == 1 and re.search(whole, text) is not None


def _called(name: str, fields: Fields) -> str:
    """Say which record it is by its number, where that can be read."""
    kind, key = {"item": ("item", "wp:post_id"), "wp:comment": ("comment", "wp:comment_id")}.get(name, ("author", ""))
    return f"{kind} {number_of(fields, key)}".strip()


def number_of(fields: Fields, key: str) -> str:
    """Return a field that is a number, "" for anything else."""
    value = fields.get(key, "")
    return value if re.fullmatch(r"[0-9]{1,19}", value) else ""


def _fields(element: Any) -> Fields:
    """Return an element's simple children by name; of several with one name, the first. Categories stand one a line.

    Of a field that decides who may see it every value is kept: one that withholds is not lost behind one that allows.
    """
    fields: Fields = {}
    for child in element:
        name, text = _name(child), _text(child)
        if name == "category" and child.get("domain") != "category":
            continue  # a tag
        if name == "category" and "category" in fields:
            text = f"{fields.pop(name)}\n{text}"
        if name == "wp:post_password" and not text and len(child):
            text = "unreadable"
        if name in _DECIDING and fields.get(name, text) != text:
            fields[name] = f"{fields[name]} and {text}"
        elif text or name in _DECIDING:
            fields.setdefault(name, text)
        if name == "wp:postmeta":
            meta = _fields(child)
            if meta.get("wp:meta_key") in RESTRICTING_META:
                fields["restricted"] = meta.get("wp:meta_value", "")
            elif "wp:meta_key" not in meta:
                fields["unreadable meta"] = "yes"
    return fields


def _text(element: Any) -> str:
    """Return the text of an element."""
    return "".join(element.itertext()).strip()


def _name(element: Any) -> str:
    """Return an element's name with its usual prefix, whatever version or damage of namespaces the file has."""
    if not isinstance(element.tag, str):
        return ""
    namespace, _, local = element.tag.rpartition("}")
    kind = _kind(namespace)
    if kind:
        return f"{kind}:{local}"
    return local if not namespace else f"other:{local}"


def _kind(namespace: str) -> str:
    """Return the usual prefix of a namespace, "" for one that no export uses."""
    if "wordpress.org/export/" in namespace:
        return "excerpt" if "excerpt" in namespace else "wp"
    if "rss/1.0/modules/content" in namespace:
        return "content"
    return "dc" if "purl.org/dc/" in namespace else ""
