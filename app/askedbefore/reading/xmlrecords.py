"""XML files that are a row of records, as a stream: memory is bounded, damage is survived, no entity expands."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any, TypeVar

from lxml import etree

from askedbefore.reading.xmltext import XmlText

_TAIL_BYTES = 4096

Record = TypeVar("Record")
Result = TypeVar("Result")


class _Watched:
    """A file as it is read: as UTF-8 without what XML does not allow, knowing its end when it has come."""

    def __init__(self, text: XmlText) -> None:
        """Wrap an open file."""
        self._text = text
        self.tail = b""
        self.at_end = False
        self._has_begun = False

    def read(self, _: int = -1) -> bytes:
        """Return the next bytes; b"" only at the end."""
        while part := self._text.read():
            if not self._has_begun:  # a slip of the keyboard may stand before the first tag
                part = part[part.find("<") :] if "<" in part else ""
                self._has_begun = bool(part)
            if part:
                data = part.encode("utf-8")
                self.tail = (self.tail + data)[-_TAIL_BYTES:]
                return data
        self.at_end = True
        return b""


class RecordFile:
    """A file whose root holds records of some names. What is wrong with it is known after them.

    `damage` says where it is damaged first; `breaks_off` that it ends within a record, which is not taken, as it may
    have lost the very field that makes it private.
    """

    def __init__(self, path: Path, root: str, names: frozenset[str], prefixes: Mapping[str, str]) -> None:
        """Take a file; nothing is read yet. `prefixes` are parts of namespaces and what stands for each before a name.

        `root` and `names` are local names: of the outermost element and of the records in it.
        """
        self._path = path
        self._names = names
        self._prefixes = prefixes
        self._names_of_tags: dict[str, str] = {}
        self._end = re.compile(rb"</(?:\w+:)?(?:%s)\s*>\s*\Z" % "|".join([root, *names]).encode())
        self.root_fields: list[tuple[str, Any]] = []
        self.damage: str | None = None
        self.breaks_off = False

    def records(self, read: Callable[[str, Any], Record | None]) -> Iterator[Record]:
        """Yield what `read` makes of each whole record's name and element. Raises OSError.

        Elements of the root that are no records are kept in `root_fields`.
        """
        with closing(XmlText(self._path, self._note)) as file:
            text = _Watched(file)
            # Not huge_tree: its limits are what bounds depth, and text that comes out of entities.
            events = etree.iterparse(
                text, recover=True, resolve_entities=False, no_network=True, load_dtd=False, encoding="utf-8"
            )
            try:
                for _, element in events:
                    root = element.getparent()
                    if root is None or root.getparent() is not None:
                        continue
                    name = self._readable(self.name_of, element)
                    if name not in self._names:
                        if self._readable(text_of, element) is not None:
                            self.root_fields.append((name or "", element))
                        continue
                    if text.at_end and not self._end.search(text.tail):
                        self.breaks_off = True
                    elif next(element.iterdescendants(element.tag), None) is not None:
                        self._note(element.sourceline or 0, "an entry without an end")  # the next one is in it
                    elif record := self._readable(partial(read, name), element):
                        yield record
                    element.clear()
                    while (before := element.getprevious()) is not None and self._readable(
                        self.name_of, before
                    ) in self._names:
                        root.remove(before)
            except etree.XMLSyntaxError:
                pass  # nothing of it could be parsed; the error log says where
        for error in list(events.error_log)[:1]:
            self.damage = f"damaged at line {error.line}"  # what the parser says may quote the file

    def _readable(self, read: Callable[[Any], Result | None], element: Any) -> Result | None:
        """Return what is read of an element, or None when a number in it stands for a character that is none."""
        try:
            return read(element)
        except UnicodeDecodeError:
            self._note(element.sourceline or 0, "a character that is none")
            return None

    def _note(self, line: int, what: str) -> None:
        """Keep where the file is damaged first."""
        self.damage = self.damage or f"damaged at line {line} ({what})"

    def name_of(self, element: Any) -> str:
        """Return an element's name with its usual prefix, whatever the file calls that; "" for what is no element."""
        if not isinstance(element.tag, str):
            return ""
        if (known := self._names_of_tags.get(element.tag)) is not None:
            return known
        namespace, _, local = element.tag.rpartition("}")
        prefix = next((short for part, short in self._prefixes.items() if part in namespace), "")
        return self._names_of_tags.setdefault(element.tag, f"{prefix}{local}")

    def children(self, element: Any) -> Iterator[tuple[str, Any]]:
        """Yield the elements in an element, each with its name."""
        yield from ((name, child) for child in element if (name := self.name_of(child)))


def text_of(element: Any) -> str:
    """Return the text of an element. HTML's own entities are read, any other is dropped, and none is expanded."""
    parts = [element.text or ""]
    for child in element:
        if child.tag is etree.Entity:
            character = unescape(f"&{child.name};")
            parts.append(character if not character.startswith("&") else "")
        elif isinstance(child.tag, str):
            parts.append(text_of(child))
        parts.append(child.tail or "")
    return "".join(parts).strip()


def attribute(element: Any, name: str) -> str:
    """Return an attribute by its local name, whatever its namespace; "" without it."""
    return next((str(value) for key, value in element.attrib.items() if _local(key) == name), "").strip()


def _local(name: str) -> str:
    """Return a name without namespace and prefix."""
    return re.split("[}:]", name)[-1]
