"""What kind of page was saved: a post, or one of the many that are none, and what readers may not see."""

import re
from collections.abc import Iterator
from pathlib import Path

from askedbefore.reading.dom import Element, classes, find_all, find_first, link, meta, text_of
from askedbefore.reading.themes import all_listed

PART = "a part of another saved page"
LIST = "a page that lists posts"
NO_TEXT = "a page without a post's text"
PASSWORD = "a password-protected post"  # noqa: S105
FURTHER = "a further page of a post in several pages"
NOT_PUBLISHED = {
    "status-private": "a private post",
    "status-draft": "a draft",
    "status-auto-draft": "a draft",
    "status-future": "a post scheduled for later",
    "status-pending": "a post waiting for review",
    "status-trash": "a post in the bin",
    "post-password-required": PASSWORD,
    "post-password-protected": PASSWORD,
}
# The classes that WordPress, and Blogger, give to a page's body.
_BODIES = {
    "error404": "a page that was not found",
    "login": "a login page",
    "attachment": "a picture's or file's page",
    "bbpress": "a page of a forum",
    "buddypress": "a page of a forum",
    "woocommerce": "a page of a shop",
}
# Where browsers put the parts of a page that they save whole: beside it, under its name and one of these.
_FOLDER = re.compile(
    r"(.+?)[-_. ](?:files|dateien|fichiers|archivos|ficheros|arquivos|bestanden|filer|tiedostot|pliki|soubory|file)",
    re.IGNORECASE,
)
_NOT_FOR_ALL = re.compile(
    r"(?:(protected|geschützt|protégé|protegido|protetto|beveiligd)|private|privat|privé|privado|privato)\s*:\s",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?:postid|page-id|attachment-id)-(\d{1,19})")
_SHORT = re.compile(r"[?&](?:p|page_id)=(\d{1,19})(?:&|$)")
_SEVERAL = 2  # posts on one page


def is_part(path: Path) -> bool:
    """Say whether a file stands in the folder that a browser saved beside a page."""
    match = _FOLDER.fullmatch(path.parent.name)
    beside = path.parent.parent
    return match is not None and any((beside / f"{match[1]}{end}").is_file() for end in (".html", ".htm", ".xhtml"))


def post_number(root: Element) -> str | None:
    """Return the number of the post that a WordPress page shows, None when it does not say."""
    marks = body_classes(root)
    found = next((match[1] for mark in marks if (match := _NUMBER.fullmatch(mark))), None)
    short = _SHORT.search(link(root, "shortlink"))
    return found or (short[1] if short else None)


def body_classes(root: Element) -> list[str]:
    """Return the classes of a page's body."""
    body = next(root.iter("body"), None)
    return [] if body is None else classes(body)


def is_wordpress(root: Element) -> bool:
    """Say whether WordPress made a page."""
    if meta(root, "generator").lower().startswith(("wordpress", "classicpress")):
        return True
    if any("api.w.org" in (one.get("rel") or "") for one in root.iter("link")):
        return True
    if any(_NUMBER.fullmatch(mark) or mark.startswith("wp-") for mark in body_classes(root)):
        return True
    named = (one.get(name) or "" for one in root.iter("link", "script", "img") for name in ("href", "src"))
    return any("/wp-content/" in one or "/wp-includes/" in one for one in named)


def why_no_post(root: Element) -> str | None:
    """Say why a page is no post, by what it says of itself; None when nothing speaks against it."""
    marks = set(body_classes(root))
    if reason := next((_BODIES[mark] for mark in _BODIES if mark in marks), None):
        return reason
    if other := _other_type(root, marks):
        return f"a page of another kind than posts and pages ({other})"
    if any(re.fullmatch(r"(?:single|page)-paged-\d+", mark) for mark in marks) and not marks & {"archive", "blog"}:
        return FURTHER
    if marks & all_listed("single_page"):
        return None
    if marks & all_listed("list_page") or _posts_of_a_list(root):
        return LIST
    return None


def _other_type(root: Element, marks: set[str]) -> str | None:
    """Return the name of the type that WordPress shows here, when it is neither a post nor a page."""
    types = {mark.removeprefix("single-") for mark in marks if mark.startswith("single-")}
    if "single" in marks and "single-post" not in marks:
        return next(
            (one for one in sorted(types) if f"{one}-template-default" in marks or f"{one}-template" in marks), None
        )
    number = post_number(root)
    own = next((one for one in root.iter("article", "div") if number and one.get("id") == f"post-{number}"), None)
    kinds = [] if own is None else [mark.removeprefix("type-") for mark in classes(own) if mark.startswith("type-")]
    return next((one for one in kinds if one not in ("post", "page")), None)


def _posts_of_a_list(root: Element) -> bool:
    """Say whether a page shows several posts, none of them much longer than the others together."""
    posts = [
        one
        for one in root.iter("article", "div", "section")
        if (one.tag == "article" or "hentry" in classes(one)) and not _is_in_another(one) and _has_linked_title(one)
    ]
    if len(posts) < _SEVERAL:
        return False
    lengths = sorted(len(text_of(one)) for one in posts)
    own = next((len(text_of(one)) for one in root.iter("article") if not _has_linked_title(one)), 0)
    return max(own, lengths[-1]) < 2 * sum(lengths[:-1])


def _is_in_another(element: Element) -> bool:
    """Say whether an article stands in another, or in what is beside the page's main part."""
    return any(one.tag in ("article", "aside", "footer") or "hentry" in classes(one) for one in element.iterancestors())


def _has_linked_title(element: Element) -> bool:
    """Say whether an article's title leads elsewhere, as titles in lists do."""
    for heading in element.iter("h1", "h2", "h3", "h4"):
        links = [heading.getparent(), *heading.iter("a")]
        return any(one is not None and one.tag == "a" and one.get("href") for one in links)
    return False


def why_withheld(root: Element, scope: Element) -> str | None:
    """Say why readers may not see a post, by what its page says; None when nothing does."""
    if any("post-password-form" in classes(one) for one in root.iter("form")):
        return PASSWORD
    if any((one.get("name") or "") == "post_password" for one in root.iter("input")):
        return PASSWORD
    marks = [mark for one in (scope, *scope.iterancestors()) for mark in classes(one)]
    if reason := next((NOT_PUBLISHED[mark] for mark in marks if mark in NOT_PUBLISHED), None):
        return reason
    return None if "status-publish" in marks else _by_title(root, scope)


def _by_title(root: Element, scope: Element) -> str | None:
    """Say why readers may not see a post, by the word that WordPress puts before its title."""
    titles = [find_first(scope, ("entry-title", "wp-block-post-title")), next(scope.iter("h1"), None)]
    for title in (*map(text_of, titles), text_of(next(root.iter("title"), None))):
        if match := _NOT_FOR_ALL.match(title):
            return PASSWORD if match[1] else NOT_PUBLISHED["status-private"]
    return None


def pages_of_post(scope: Element) -> Iterator[str]:
    """Yield the addresses of the further pages of a post that was written in several."""
    for one in find_all(scope, ("page-links", "post-page-numbers")):
        yield from (address for part in one.iter("a") if (address := part.get("href")))
