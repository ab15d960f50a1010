"""The comments of a saved page, in the markup that WordPress gives them, whatever the theme makes of it.

A comment is an element with the id `comment-12` (`li-comment-12`, `div-comment-12`) or with the classes of WordPress's
`comment_class()`; one in another answers that one. Who wrote it is told by the class `bypostauthor`, which WordPress
gives to comments that the post's own author wrote while logged in, and to no others.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from lxml import etree

from askedbefore.markup import html_blocks
from askedbefore.reading.dom import (
    Element,
    classes,
    find_all,
    find_first,
    remove_all,
    text_of,
)
from askedbefore.reading.themes import all_listed, listed
from askedbefore.reading.webthreads import PageComment, tie
from askedbefore.records import Block

MODERATION = "a comment waiting for approval"
DAMAGED = "a comment whose markup is damaged, which may hide that it waits for approval"
PINGBACK = "a pingback"
UNKNOWN = "a comment in a markup that is not known"
EMPTY = "a comment without text"
TWICE = "a comment that stands on the page twice"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LABEL_TAGS = {"footer", "header", "time", "cite", "form", "button", "small"}
_ANSWERED = {"comment-reply-to", "in-reply-to", "comment-parent-link"}

_INVITATION = 25  # words that stand there when nobody has commented
_ID = re.compile(r"(?:(?:li|div|article)-)?comment-(\d{1,19})")
_BY_WORDPRESS = re.compile(r"depth-\d+|(?:thread-)?(?:even|odd|alt)")
_DEPTH = re.compile(r"depth-(\d{1,4})")
_LOGIN = re.compile(r"comment-author-(.+)")
_TO = re.compile(r"#(?:li-|div-)?comment-(\d{1,19})$")
_MENTION = re.compile(r"in\s+(?:reply|response|answer)\s+to\b", re.IGNORECASE)
_WAITS = re.compile(r"\bawaiting\s+(?:moderation|approval)\b", re.IGNORECASE)
_PINGS = re.compile(r"\s*(?:pingback|trackback)s?\s*:", re.IGNORECASE)
_TAGS = ("li", "div", "article", "section")
_DAY = re.compile(
    r"\b(?:([A-Z][a-z]{2,8})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})|(\d{1,2})\.? ([A-Z][a-z]{2,8}) (\d{4}))\b"
)


@dataclass(slots=True)
class _Open:
    """A comment's element while the page is walked through."""

    element: Element
    number: str | None
    marks: set[str]
    parent: int | None
    place: int = field(default=0)


def take_comments(root: Element) -> tuple[PageComment, ...]:
    """Return the comments in the order of the page, and take them out of it."""
    found = _find(root)
    for one in reversed(found):  # so that each is without those that answer it
        if (above := one.element.getparent()) is not None:
            above.remove(one.element)
    numbers: set[str] = set()
    comments: list[PageComment] = []
    for one in found:
        comments.append(_read(one, twice=one.number in numbers))
        numbers |= {one.number} if one.number else set()
    return tie(comments)


def remove_areas(root: Element) -> bool:
    """Take what is left of the places for comments out of a page, and say whether there were comments in them.

    What holds the post stays: the first text of a post on the page, with a title.
    """
    text, title = next(find_all(root, listed("post_text")), None), next(root.iter("h1"), None)
    titled = set() if title is None else set(title.iterancestors())
    around = set() if text is None else titled & set(text.iterancestors())
    found, last = False, None
    for area in list(find_all(root, listed("comments"), listed("comments_ids"))):
        if area.tag in ("html", "body", "main") or area in around or last in area.iterancestors():
            continue
        remove_all(area.iter("form", "script", "style"))
        found, last = found or _holds_comments(area), area
        remove_all([area])
    return found


def _holds_comments(area: Element) -> bool:
    """Say whether a place for comments holds more than an invitation to write one."""
    marked = find_first(area, ("comment", *listed("comment_text"), *listed("comment_body"))) is not None
    return marked or next(area.iter("iframe"), None) is not None or len(text_of(area).split()) > _INVITATION


def _find(root: Element) -> list[_Open]:
    """Return the elements that are comments, those that are one comment as one, in the order of the page."""
    found: list[_Open] = []
    open_ones: list[_Open] = []
    for event, element in etree.iterwalk(root, events=("start", "end"), tag=_TAGS):
        if event == "end":
            if open_ones and open_ones[-1].element is element:
                open_ones.pop()
            continue
        match = _ID.fullmatch(element.get("id") or "")
        number, marks = match[1] if match else None, set(classes(element))
        if number is None and not _has_classes_of_a_comment(element, marks):
            continue
        above = open_ones[-1] if open_ones else None
        if above and element.tag != "li" and (number is None or above.number in (None, number)):
            above.number = above.number or number
            above.marks |= marks
            continue
        if above and above.number == number and number is not None:
            continue
        one = _Open(element, number, marks, above.place if above else None, len(found))
        found.append(one)
        open_ones.append(one)
    return found


def _has_classes_of_a_comment(element: Element, marks: set[str]) -> bool:
    """Say whether an element has the classes that WordPress gives to a comment."""
    kinds = marks & {"comment", "pingback", "trackback"}
    return element.tag != "section" and bool(kinds) and any(_BY_WORDPRESS.fullmatch(one) for one in marks)


def _read(one: _Open, twice: bool) -> PageComment:
    """Return a comment whose element holds no other any more."""
    parts = _Parts.of(one.element)
    name = text_of(parts.first(listed("comment_name"), ("cite",)))
    text = _text_element(parts, has_name=bool(name))
    withheld = TWICE if twice else _why_withheld(one, parts, text)
    day, answered = _date(parts), _answered(parts)
    blocks: tuple[Block, ...] = ()
    if withheld is None and text is not None:
        _strip(text, has_own_place=text is not one.element)
        blocks = html_blocks(etree.tostring(text, encoding="unicode", method="html", with_tail=False), rendered=True)
        withheld = None if blocks else EMPTY
    login = next((match[1] for mark in sorted(one.marks) if (match := _LOGIN.fullmatch(mark))), None)
    return PageComment(
        number=one.number,
        parent=one.parent,
        depth=max((int(match[1]) for mark in one.marks if (match := _DEPTH.fullmatch(mark))), default=0),
        answered=answered,
        by_post_author="bypostauthor" in one.marks,
        login=login if "byuser" in one.marks else None,
        name=name,
        date=day,
        blocks=blocks,
        withheld=withheld,
        can_be_answered="comment-reply-link" in parts.by_class,
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    """A comment's element: the first part with each class and each tag, and its links, notes and bodies."""

    element: Element
    by_class: dict[str, Element]
    by_tag: dict[str, Element]
    links: list[Element]
    notes: list[Element]
    bodies: list[Element]

    @classmethod
    def of(cls, element: Element) -> "_Parts":
        """Return the parts of a comment, in one walk."""
        parts = cls(element, {}, {}, [], [], [])
        for one in element.iter("*"):
            marks = classes(one)
            for mark in marks:
                parts.by_class.setdefault(mark, one)
            parts.by_tag.setdefault(one.tag, one)
            if one.tag == "a":
                parts.links.append(one)
            elif one.tag in ("em", "small"):
                parts.notes.append(one)
            elif one is not element and not all_listed("comment_body").isdisjoint(marks):
                parts.bodies.append(one)
        return parts

    def first(self, names: Sequence[str], tags: Sequence[str] = ()) -> Element | None:
        """Return the part with the first class, else the first tag, that there is."""
        of_class = next((self.by_class[name] for name in names if name in self.by_class), None)
        return (
            of_class if of_class is not None else next((self.by_tag[tag] for tag in tags if tag in self.by_tag), None)
        )


def _text_element(parts: _Parts, has_name: bool) -> Element | None:
    """Return what holds a comment's text; the whole comment only where it is known what in it is the name."""
    if (found := parts.first(listed("comment_text"))) is not None:
        return found
    if not has_name:
        return None
    alone = (
        one
        for one in parts.bodies
        if find_first(one, listed("comment_name")) is None and next(one.iter("cite"), None) is None
    )
    return next(alone, parts.element)


def _answered(parts: _Parts) -> str | None:
    """Return the number of the comment that one says it is a reply to."""
    for link in parts.links:
        to = _TO.search(link.get("href") or "")
        around = [one for one in (link, link.getparent()) if one is not None]
        says = any(_ANSWERED & set(classes(one)) or _MENTION.search((one.text or "")[:80]) for one in around)
        if to and says:
            return to[1]
    return None


def _why_withheld(one: _Open, parts: _Parts, text: Element | None) -> str | None:
    """Say why a comment is left out, or return None."""
    if one.marks & {"pingback", "trackback"} or _PINGS.match(text_of(parts.element)[:80]):
        return PINGBACK
    if any("<" in mark or ">" in mark for mark in one.marks):
        return DAMAGED
    if "unapproved" in one.marks or "comment-awaiting-moderation" in parts.by_class:
        return MODERATION
    own_place = None if text is parts.element else text
    if any(_WAITS.search(text_of(note)) for note in parts.notes if own_place not in note.iterancestors()):
        return MODERATION
    return UNKNOWN if text is None else None


def _strip(text: Element, has_own_place: bool) -> None:
    """Take out of a comment's text what its writer did not write."""
    tags = {"form", "button"} if has_own_place else _LABEL_TAGS
    labels = [
        one
        for one in text.iter("*")
        if one is not text and (one.tag in tags or all_listed("no_comment_text") & set(classes(one)))
    ]
    remove_all(labels)


def _date(parts: _Parts) -> str | None:
    """Return the day of a comment as YYYY-MM-DD: as the page says it to machines, else in English words."""
    time = parts.by_tag.get("time")
    if time is not None and (match := re.match(r"\d{4}-\d\d-\d\d", time.get("datetime") or "")):
        return match[0]
    found = _DAY.search(text_of(parts.first(listed("comment_date")))[:200])
    if not found:
        return None
    month, day, year = (found[1], found[2], found[3]) if found[1] else (found[5], found[4], found[6])
    if month[:3] not in _MONTHS:
        return None
    try:
        return date(int(year), _MONTHS.index(month[:3]) + 1, int(day)).isoformat()
    except ValueError:
        return None
