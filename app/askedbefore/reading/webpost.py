"""The post of a saved page: where it stands, its title, day, writer and text, whatever the theme.

Themes name these parts alike, as WordPress's own themes began to. Where none of the names is found, the main text is
what trafilatura takes for it.
"""

import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from lxml import etree

from askedbefore.cleantext import clean_text
from askedbefore.markup import html_blocks
from askedbefore.reading.dom import (
    Element,
    article_record,
    classes,
    find_all,
    find_first,
    meta,
    remove_all,
    text_of,
)
from askedbefore.reading.themes import all_listed, listed
from askedbefore.records import Block, BlockKind

_NO_OWN_TEXTS = {"entry"}  # which some themes give to the whole article
_BY = re.compile(r"^\s*(?:(?:posted|written|published)\s+)?(?:by|von|par|por|di|door|av|af)\b[\s:]+", re.IGNORECASE)
_WRITER = re.compile(r"/author/([^/?#]+)/?(?:[?#].*)?$")
_DAY = re.compile(r"(?!0000)\d{4}-\d\d-\d\d")
_DAY_IN_ADDRESS = re.compile(r"/(\d{4})/(\d\d)/(\d\d)/")
_LARGEST = 3_000_000  # characters of a page whose main text is looked for; that takes its time
_MOST_PLACES = 500  # with the same mark on one page; more are no layout
_MOST_OF_A_TEXT = 0.8  # the share that shows where a text is
_LONGEST_NAME = 80
_SEPARATORS = re.compile(r"\s+[|–—•·«»:-]\s+")


@dataclass(frozen=True, slots=True)
class PagePost:
    """A post as a page shows it. `login` is what the blog calls its writer in its addresses."""

    title: str
    date: str | None
    byline: str | None
    login: str | None
    blocks: tuple[Block, ...]
    categories: tuple[str, ...]
    by_extraction: bool


def find_scope(root: Element, number: str | None) -> Element:
    """Return the smallest element that is known to hold the whole post: its own, else the page's main part."""
    own = f"post-{number}"
    if number:
        for element in root.iter("article", "div", "section", "li"):
            if element.get("id") == own or own in classes(element):
                return element
    texts = list(islice(find_all(root, listed("post_text")), _MOST_PLACES))
    for element in texts:
        around = next(
            (one for one in element.iterancestors() if one.tag == "article" or "hentry" in classes(one)), None
        )
        if around is not None:
            return around
    main = next((one for one in root.iter("*") if one.tag == "main" or one.get("role") == "main"), None)
    if main is not None and (not texts or find_first(main, listed("post_text")) is not None):
        return main
    return next(root.iter("body"), root)


def read_post(root: Element, scope: Element, address: str | None) -> PagePost:
    """Return the post of a page from which the comments are gone; the page is changed on the way."""
    written = article_record(root)
    byline, login = _byline(root, scope, written)
    title = _title(root, scope, written)
    day, categories = _date(root, scope, written, address), tuple(_categories(root, scope))
    blocks = _known_text(scope, title)
    extracted = not blocks
    if extracted:
        blocks = _main_text(root, title)
    return PagePost(title, day, byline, login, blocks, categories, extracted)


def _title(root: Element, scope: Element, written: dict[str, Any]) -> str:
    """Return the post's title."""
    if title := text_of(find_first(scope, listed("post_title"))) or text_of(find_first(root, listed("post_title")[:2])):
        return title
    heading = next((one for one in scope.iter("h1") if "site-title" not in classes(one)), None)
    if title := text_of(heading):
        return title
    said = written.get("headline")
    title = said if isinstance(said, str) and said.strip() else meta(root, "og:title", "twitter:title")
    return _without_site(title or text_of(next(root.iter("title"), None)), root) or "Untitled"


def _without_site(title: str, root: Element) -> str:
    """Return a page's title without the blog's name at its end."""
    title = " ".join(clean_text(title).split())
    site = meta(root, "og:site_name")
    parts = _SEPARATORS.split(title)
    if site and title.endswith(site) and len(title) > len(site):
        return _SEPARATORS.sub("", title.removesuffix(site) + " ").strip(" |–—•·«»:-") or title
    return title if len(parts) < 2 or site else title[: title.rindex(parts[-1])].strip(" |–—•·«»:-") or title


def _date(root: Element, scope: Element, written: dict[str, Any], address: str | None) -> str | None:
    """Return the day that the post is of, as the blog counts days where the page tells."""
    times = [
        one for place in (scope, root) for one in find_all(place, ("published", "entry-date", "wp-block-post-date"))
    ]
    said = [one.get("datetime") or one.get("title") for one in times]
    said += [one.get("datetime") for time in times for one in time.iter("time")]
    said += [meta(root, "article:published_time", "og:published_time"), written.get("datePublished")]
    said += [one.get("datetime") for one in scope.iter("time") if "updated" not in classes(one)]
    for one in said:
        if isinstance(one, str) and (match := _DAY.match(one.strip())):
            return match[0]
    match = _DAY_IN_ADDRESS.search(address or "")
    return "-".join(match.groups()) if match else None


def _byline(root: Element, scope: Element, written: dict[str, Any]) -> tuple[str | None, str | None]:
    """Return the name of the post's writer, and what the blog's addresses call them; None for what is not said."""
    for place in (scope, *root.iter("main")):
        for element in _in_order(place, listed("byline")):
            name, login = _read_byline(element)
            if name:
                return name, login
        for one in place.iter("a"):
            if "author" in (one.get("rel") or "").split() and not _is_aside(one, place):
                name, login = _read_byline(one)
                if name:
                    return name, login
    said = written.get("author")
    said = said[0] if isinstance(said, list) and said else said
    said = said.get("name") if isinstance(said, dict) else said
    name = _name(said if isinstance(said, str) else "") or _name(_labelled_author(root) or meta(root, "author"))
    return name or None, None


def _in_order(place: Element, names: Sequence[str]) -> Iterator[Element]:
    """Yield the elements with one of the classes, those with the first class first; not what is about the writer."""
    places = islice(find_all(place, names), _MOST_PLACES)
    found = [one for one in places if not _is_aside(one, place)]
    yield from sorted(found, key=lambda one: min(names.index(mark) for mark in classes(one) if mark in names))


def _is_aside(element: Element, place: Element) -> bool:
    """Say whether an element stands in the text of the post, or in something that is no part of it."""
    for one in (element, *element.iterancestors()):
        marks = classes(one)
        if not (all_listed("no_byline") | all_listed("post_text") - _NO_OWN_TEXTS).isdisjoint(marks) or one.tag in (
            "aside",
            "nav",
        ):
            return one is not place
        if one is place:
            return False
    return False


def _read_byline(element: Element) -> tuple[str, str | None]:
    """Return the name in a byline, and what its link calls the writer."""
    links = [
        one for one in element.iter("a") if _WRITER.search(one.get("href") or "") or "author" in (one.get("rel") or "")
    ]
    if links:
        match = _WRITER.search(links[0].get("href") or "")
        return _name(text_of(links[0])), match[1].casefold() if match else None
    inner = find_first(element, ("fn", "author-name", "author"))
    return _name(text_of(inner if inner is not None else element)), None


def _name(text: str) -> str:
    """Return the name in the words of a byline, "" when they are too many or an address."""
    name = _BY.sub("", " ".join(clean_text(text).split())).strip(" ,·|")
    return "" if len(name) > _LONGEST_NAME or "://" in name or not re.search(r"\w", name) else name


def _labelled_author(root: Element) -> str:
    """Return the writer as pages name them for Twitter ("Written by", then the name)."""
    found = {(one.get("name") or ""): (one.get("content") or "") for one in root.iter("meta")}
    return next(
        (
            found.get(f"twitter:data{number}", "")
            for number in "12"
            if _BY.match(found.get(f"twitter:label{number}", "") + " ")
        ),
        "",
    )


def _categories(root: Element, scope: Element) -> Iterator[str]:
    """Yield the names of the categories that the post is filed under."""
    seen: set[str] = set()
    for place in (scope, *root.iter("main")):
        for one in place.iter("a"):
            filed = "category" in (one.get("rel") or "").split()
            above = one.getparent()
            filed = filed or (above is not None and "taxonomy-category" in classes(above))
            name = text_of(one) if filed and not _is_aside(one, place) else ""
            if name and name.casefold() not in seen | {"uncategorized"}:
                seen.add(name.casefold())
                yield name
        if seen:
            return


def _known_text(scope: Element, title: str) -> tuple[Block, ...]:
    """Return the blocks of the post's text where its place is known by a class; () when it is not."""
    places = islice(find_all(scope, listed("post_text")), _MOST_PLACES)
    found = [one for one in places if not any(map(_is_aside_mark, _marks_of(one, scope)))]
    for name in listed("post_text"):
        if named := [one for one in found if name in classes(one)]:
            return _blocks(max(_outermost(named), key=lambda one: len(text_of(one))), title)
    marked = next((one for one in scope.iter("*") if "articleBody" in (one.get("itemprop") or "").split()), None)
    if marked is None and scope.tag != "article":
        return ()
    return _blocks(scope if marked is None else marked, title)


def _outermost(elements: Iterable[Element]) -> Iterator[Element]:
    """Yield those elements, of some in the order of the page, that stand in none of the others."""
    last = None
    for element in elements:
        if last is None or last not in element.iterancestors():
            last = element
            yield element


def _marks_of(element: Element, scope: Element) -> Iterator[str]:
    """Yield the classes of an element and of what it stands in, up to the post's own element."""
    for one in (element, *element.iterancestors()):
        if one is scope:
            return
        yield from classes(one)


def _is_aside_mark(mark: str) -> bool:
    """Say whether a class marks what is none of the post's text: comments, or what is beside it."""
    return mark.startswith("comment") or mark in all_listed("no_text")


def _blocks(text: Element, title: str) -> tuple[Block, ...]:
    """Return the blocks of a post's text, without what stands in it and is none of it."""
    remove_all(one for one in find_all(text, listed("no_text"), listed("no_text_ids")) if one is not text)
    remove_all(one for one in text.iter("nav", "aside", "footer", "header", "form") if one is not text)
    blocks = html_blocks(etree.tostring(text, encoding="unicode", method="html", with_tail=False), rendered=True)
    return blocks[1:] if blocks and blocks[0].text == title else blocks


def _main_text(root: Element, title: str) -> tuple[Block, ...]:
    """Return the blocks of a page's main text, where no mark shows it.

    What trafilatura takes for it only shows the place: it leaves out headings and lists, and parts lines at quotations.
    So the place is read whole, from the first to the last of the lines that it found.
    """
    remove_all(find_all(root, listed("no_text"), listed("no_text_ids")))
    lines = _extracted(root)
    blocks = _blocks(_holding(root, lines), title) if lines else ()
    found = [place for place, block in enumerate(blocks) if not lines.isdisjoint(block.text.split("\n"))]
    if not found:
        return ()
    first, last = found[0], found[-1]
    if first and blocks[first - 1].kind is BlockKind.HEADING:
        first -= 1
    return blocks[first : last + 1]


def _extracted(root: Element) -> frozenset[str]:
    """Return the lines that trafilatura takes for a page's main text."""
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it could not find is said by us
    source = etree.tostring(root, encoding="unicode", method="html")
    if len(source) > _LARGEST:
        return frozenset()
    try:
        found = trafilatura.extract(source, output_format="html", include_comments=False, fast=True)
    except Exception:  # what it raises on damaged pages is not said anywhere, and no page is worth a rebuild
        return frozenset()
    return frozenset(line for block in html_blocks(found or "", rendered=True) for line in block.text.split("\n"))


def _holding(root: Element, lines: frozenset[str]) -> Element:
    """Return the smallest element that holds most of some lines."""
    weights: Counter[Element] = Counter()
    for element in root.iter("p", "li", "blockquote", "h2", "h3", "h4", "pre", "td"):
        text = text_of(element) if next(element.iter("p"), element) is element else ""
        if text in lines:
            for one in element.iterancestors():
                weights[one] += len(text)
    holding, whole = root, weights[root]
    while (inner := max(holding, key=lambda one: weights[one], default=None)) is not None:
        if not whole or weights[inner] < _MOST_OF_A_TEXT * whole:
            break
        holding = inner
    return holding
