"""Find the units of an archive that a label means: by a place's name, or by the link to it as a browser shows it."""

import re
from collections import defaultdict
from urllib.parse import SplitResult, unquote, urlsplit

from askedbefore.records import Kind, Passage
from askedbefore.storage.library import Library

_COMMENT = re.compile(r"comment-([^:]+)")
_PAGE_OF_COMMENTS = re.compile(r"/comment-page-\d+(?=/|$)")
_PASSING = re.compile(r"(utm_\w+|fbclid|gclid|cpage|replytocom)(=|$)")  # in an address, but no part of the place


class Places:
    """The places of an archive, a post's text or a comment, and the units that stand there."""

    def __init__(self, library: Library) -> None:
        """Learn every place of the library."""
        self._named: defaultdict[str, set[str]] = defaultdict(set)
        self._linked: defaultdict[str, set[str]] = defaultdict(set)
        for passage, _, _ in library.all_passages():
            for name in _names(passage):
                self._named[name].add(passage.unit)
            if passage.url and (parts := _split(passage.url)):
                self._linked[_address(parts, parts.fragment)].add(passage.unit)
                if passage.kind in (Kind.POST, Kind.LETTER):
                    self._linked[_address(parts)].add(passage.unit)

    def units(self, label: str) -> frozenset[str]:
        """Return the names of the units at a place; none when the label matches nothing.

        A label is a post's slug, `slug#comment-12`, a comment's id, or a link. A link into a post's text means all of
        that text: what a browser adds to mark words (`#:~:text=`) is left aside. When a link has another address than
        the archive knows, its last part may still be a post's slug.
        """
        if label in self._named:
            return frozenset(self._named[label])
        parts = _split(label)
        if parts is None:
            return frozenset()
        comment = _COMMENT.match(parts.fragment)
        anchor = f"comment-{comment[1]}" if comment else ""
        slug = _path(parts).rpartition("/")[2]
        for table, key in (
            (self._linked, _address(parts, parts.fragment)),
            (self._linked, _address(parts, anchor)),
            (self._named, f"{slug}#{anchor}" if anchor else slug),
        ):
            if key in table:
                return frozenset(table[key])
        return frozenset()


def _names(passage: Passage) -> tuple[str, ...]:
    """Return what the place of a passage is called in labels."""
    if passage.kind in (Kind.POST, Kind.LETTER):
        return (passage.post,)
    return (str(passage.comment), f"{passage.post}#comment-{passage.comment}")


def _split(link: str) -> SplitResult | None:
    """Return the parts of a link, None when it is none."""
    try:
        parts = urlsplit(link if "://" in link else f"https://{link}")
    except ValueError:
        return None
    return parts if parts.scheme in ("http", "https") else None


def _path(parts: SplitResult) -> str:
    """Return the path of an address without its closing slash and the page of comments."""
    return _PAGE_OF_COMMENTS.sub("", unquote(parts.path)).rstrip("/")


def _address(parts: SplitResult, fragment: str = "") -> str:
    """Return an address in one spelling: no scheme, no www, no closing slash, nothing that only came along."""
    host = parts.netloc.casefold().removeprefix("www.")
    query = "&".join(sorted(one for one in parts.query.split("&") if one and not _PASSING.match(one)))
    return f"{host}{_path(parts)}?{query}#{unquote(fragment)}"
