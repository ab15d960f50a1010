"""The XML of WordPress exports as plain fields: a stream that survives damage and expands no entity."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any, BinaryIO

from lxml import etree

_LINE_ENDS = bytes.maketrans(b"\x0b\x0c", b"\n\n")
_CONTROL_BYTES = bytes(set(range(32)) - set(b"\t\n\r\x0b\x0c"))
_STRAY_CDATA_END = re.compile(
    rb"\]\]>(?!\s*(?:<!\[CDATA\[|</\w+:|</(?:title|link|category|description|guid|author|creator)>))"
)
_LOOKAHEAD_BYTES = 256
_TAIL_BYTES = 4096
# Fields that decide who may see an item.
DECIDING = {"wp:status", "wp:post_type", "wp:post_password", "wp:comment_approved", "wp:comment_type"}
RESTRICTING_META = {"_jetpack_newsletter_access"}

Fields = dict[str, str]
Item = tuple[Fields, list[Fields]]  # an item's own fields, and those of each of its comments


class _Mended:
    """A file as it is read, mended where mending is sure.

    Control bytes, which XML does not allow, are left out; a `]]>` inside a CDATA section, which would end it too
    soon, is written as it should have been.
    """

    def __init__(self, file: BinaryIO) -> None:
        """Wrap an open file."""
        self._file = file
        self._held = b""
        self._tail = b""

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; b"" only at the end."""
        while True:
            part = self._file.read(size)
            text = self._held + part.translate(_LINE_ENDS, _CONTROL_BYTES)
            # What follows a `]]>` decides what it is, so one near the end of a part waits for the next part.
            near_end = text.find(b"]", max(len(text) - _LOOKAHEAD_BYTES, 0)) if part else -1
            ready = text if near_end < 0 else text[:near_end].rstrip(b"]")
            self._held = text[len(ready) :]
            mended = _STRAY_CDATA_END.sub(b"]]]]><![CDATA[>", ready)
            self._tail = (self._tail + mended)[-_TAIL_BYTES:]
            if mended or not part:
                return mended

    def ends_between_items(self) -> bool:
        """Say whether what was read ends as an export does, or at least not in the middle of an item."""
        return b"</rss>" in self._tail or self._tail.rstrip().endswith((b"</channel>", b"</item>"))


class ExportFile:
    """An export as a stream of items. What it says of the blog, and what is wrong with it, is known after them.

    `channel` are the blog's own fields, `accounts` its authors'; `damage` says where the file is damaged first,
    `breaks_off` that it ends within an item; `has_passwords` that items have a field for a password.
    """

    def __init__(self, path: Path) -> None:
        """Take an export; nothing is read yet."""
        self._path = path
        self.channel: Fields = {}
        self.accounts: list[Fields] = []
        self.damage: str | None = None
        self.breaks_off = False
        self.has_passwords = False

    def items(self) -> Iterator[Item]:
        """Yield each complete item. Raises OSError when the file cannot be read.

        The last one is held back until the end of the file is seen: an item that the file breaks off in may have lost
        the very field that makes it private.
        """
        with self._path.open("rb") as file:
            self.has_passwords = any(b"post_password" in line for line in file)
        last: Item | None = None
        with self._path.open("rb") as file:
            text = _Mended(file)
            events = etree.iterparse(
                text, recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
            )
            try:
                for _, element in events:
                    parent = element.getparent()
                    if _name(element) == "item":
                        if last:
                            yield last
                        last = _read_item(element)
                        element.clear()
                        while parent is not None and element.getprevious() is not None:
                            del parent[0]
                    elif parent is not None and _name(parent) == "channel":
                        self._take_channel_field(element)
            except etree.XMLSyntaxError:
                pass  # nothing of it could be parsed; the error log says where
        self.breaks_off = last is not None and not text.ends_between_items()
        if last and not self.breaks_off:
            yield last
        for error in list(events.error_log)[:1]:
            self.damage = f"damaged at line {error.line} ({error.message.strip()})"

    def _take_channel_field(self, element: Any) -> None:
        """Note what the file says of the blog and its authors."""
        name = _name(element)
        if name == "wp:author":
            self.accounts.append(_fields(element))
        else:
            self.channel.setdefault(name, _text(element))


def _read_item(element: Any) -> Item | None:
    """Return an item's fields and its comments'; None for one inside of another, which only damage makes."""
    if any(_name(one) == "item" for one in element.iterancestors()):
        return None
    return _fields(element), [_fields(one) for one in element if _name(one) == "wp:comment"]


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
        if name == "wp:post_password" and not text and (len(child) or child.text):
            text = "unreadable"
        if name in DECIDING and fields.get(name, text) != text:
            fields[name] = f"{fields[name]} and {text}"
        elif text or name == "wp:post_password":
            fields.setdefault(name, text)
        if name == "wp:postmeta" and _fields(child).get("wp:meta_key") in RESTRICTING_META:
            fields["restricted"] = _fields(child).get("wp:meta_value", "")
    return fields


def _text(element: Any) -> str:
    """Return the text of an element. HTML's own entities are read, any other is dropped, and none is expanded."""
    parts = [element.text or ""]
    for child in element:
        if child.tag is etree.Entity:
            character = unescape(f"&{child.name};")
            parts.append(character if not character.startswith("&") else "")
        elif isinstance(child.tag, str):
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts).strip()


def _name(element: Any) -> str:
    """Return an element's name with its usual prefix, whatever version or damage of namespaces the file has."""
    if not isinstance(element.tag, str):
        return ""
    namespace, _, local = element.tag.rpartition("}")
    if "wordpress.org/export/" in namespace:
        return f"{'excerpt' if 'excerpt' in namespace else 'wp'}:{local}"
    if "rss/1.0/modules/content" in namespace:
        return f"content:{local}"
    if "purl.org/dc/" in namespace:
        return f"dc:{local}"
    return local if not namespace else f"other:{local}"
