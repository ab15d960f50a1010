"""Saved web pages: a post with its comments as a browser shows it, saved one by one or as a mirror of the whole site.

Pages of WordPress are read with their comments, whatever the theme (`webpost.py`, `webcomments.py`); of other pages
only the main text. Pages that are none of a post (`webkind.py`) are left out and counted. Who wrote a comment is proved
only by the class that WordPress gives to comments from the account of the post's own writer.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from askedbefore.errors import SourceError
from askedbefore.reading import webkind
from askedbefore.reading.authorship import name_words
from askedbefore.reading.dom import Element, decode, find_first, meta, parse, text_of
from askedbefore.reading.harvest import Account, Fullness, Harvest, LeftOut, Proof
from askedbefore.reading.webaddress import Saved, blog_address, find_link, own_address, slug_of, slug_of_title
from askedbefore.reading.webcomments import MODERATION, remove_areas, take_comments
from askedbefore.reading.webpost import PagePost, find_scope, read_post
from askedbefore.reading.webthreads import PageComment, untangle
from askedbefore.records import Comment, Post
from askedbefore.settings import Settings

MOST_BYTES = 128 << 20
POST_AUTHOR = "the post's author"  # the key of an account that only its comments show
OTHER_COMMENTS = "comments in a markup that is not known"

_PAGE = re.compile(
    r"\ufeff?(?:\s|<\?xml[^>]{0,300}>|<!--.*?-->)*<(?:!doctype\s+html|html|head|body|meta|title)\b",
    re.IGNORECASE | re.DOTALL,
)
_ARCHIVE = re.compile(rb"(?:[\w-]{2,40}:[^\n]{0,500}\r?\n(?:[ \t][^\n]{0,500}\r?\n){0,20}){1,40}")
_SEVERAL_COMMENT_PAGES = re.compile(r"/comment-page-\d+|[?&]cpage=\d+")
_HEAD = 65_536


def recognise(head: bytes) -> bool:
    """Say whether a file that begins like this is a web page, or many files of one packed as mail (MHTML)."""
    return _is_packed(head) or bool(_PAGE.match(decode(head).replace("\0", "")))


def read(path: Path, _: Settings) -> Harvest:
    """Read one page. Raises OSError when the file cannot be read, SourceError when it is no page that can be read."""
    if path.stat().st_size > MOST_BYTES:
        raise SourceError("it is larger than a page of a blog can be; save the page again, without pictures")
    data = path.read_bytes()
    if _is_packed(data[:_HEAD]):
        raise SourceError(
            "it was saved as one packed file (.mht, .mhtml); open it in the browser and save it as “Webpage, complete” "
            "or “Webpage, HTML only”"
        )
    text = decode(data)
    del data
    root, is_whole = parse(text)
    if root is None or not text_of(root):
        raise SourceError("there is nothing in it; save the page again")
    saved = Saved.of(text[:_HEAD])
    del text
    if webkind.is_part(path):
        return _without_post(webkind.PART)
    harvest = _read_page(root, saved)
    if not is_whole:
        note = "it is nested deeper than can be read, and what comes after that place is missing"
        harvest = replace(harvest, notes=(*harvest.notes, note))
    return replace(harvest, made=saved.made)


def _is_packed(head: bytes) -> bool:
    """Say whether a file is a page with all its parts, packed like a mail (MHTML)."""
    lines = _ARCHIVE.match(head[:8192])
    return lines is not None and b"multipart/related" in lines[0].lower()


def _without_post(reason: str, notes: Sequence[str] = (), held_back: frozenset[str] = frozenset()) -> Harvest:
    """Return what a page gives that is no post for readers."""
    left_out = (LeftOut(reason, "the page"),)
    return Harvest(
        left_out=left_out, notes=tuple(notes), held_back=held_back, numbering="wordpress", fullness=Fullness.PAGE
    )


def _read_page(root: Element, saved: Saved) -> Harvest:
    """Return what a page holds."""
    if reason := webkind.why_no_post(root):
        return _without_post(reason)
    number = webkind.post_number(root)
    made_by_wordpress = webkind.is_wordpress(root)
    address = own_address(find_link(root, saved.url))
    base = blog_address(root, address)
    origin = f"{base}?p={number}" if base and number and made_by_wordpress else None
    scope = find_scope(root, number)
    if reason := webkind.why_withheld(root, scope):
        names = frozenset(one for one in (slug_of(address), address, origin) if one)
        return _without_post(reason, held_back=names)
    notes = list(_notes_on_pages(root, scope))
    comments, tied = untangle(take_comments(root)) if made_by_wordpress else ((), 0)
    others_found = remove_areas(root)
    post = read_post(root, find_scope(root, number), address)
    if not post.blocks:
        return _without_post(webkind.NO_TEXT)
    name = slug_of(address) or slug_of_title(post.title) or (f"post-{number}" if number else "page")
    left_out = _left_out(comments, name)
    if not comments and others_found:
        left_out.append(LeftOut(OTHER_COMMENTS, "the page"))
        notes.append("its comments are not read: they are not in the markup of WordPress. An export has them")
    if post.by_extraction:
        notes.append("its layout is not known, so its main text was looked for; see whether it is whole")
    writers = _Writers.of(post, comments)
    notes += _on_name_alone(post, comments)
    return Harvest(
        posts=(
            Post(
                slug=name,
                title=post.title,
                url=address,
                date=post.date,
                blocks=post.blocks,
                comments=tuple(_comments(comments, writers)),
                origin=origin,
                categories=post.categories,
                account=writers.post,
            ),
        ),
        comments=len(comments),
        left_out=tuple(left_out),
        notes=tuple(notes),
        guesses=tuple(_on_tied(tied)),
        held_back_comments=frozenset(f"comment-{one.number}" for one in comments if one.withheld == MODERATION),
        numbering="wordpress",
        title=meta(root, "og:site_name") or text_of(find_first(root, ("site-title", "wp-block-site-title"))) or None,
        url=base,
        accounts=writers.accounts,
        proof=Proof.ACCOUNT,
        fullness=Fullness.PAGE,
    )


@dataclass(frozen=True, slots=True)
class _Writers:
    """The accounts that a page proves; whose the post is, and whose the comments from the account of its writer are."""

    accounts: tuple[Account, ...]
    post: str | None
    of_comments: str

    @classmethod
    def of(cls, post: PagePost, comments: Sequence[PageComment]) -> "_Writers":
        """Unite the writer in the byline with the one of the comments, unless they differ.

        Where several people write under one post, the byline may name another than the account that the post is of.
        Other accounts are named only beside the post's: nobody is an author for having commented.
        """
        own = [one for one in comments if one.by_post_author]
        login = next((one.login for one in own if one.login), None)
        names = tuple(dict.fromkeys(one.name for one in own if one.name))
        if post.login and login:
            same = post.login == login
        else:
            same = not own or not post.byline or not names or name_words(post.byline) in map(name_words, names)
        commenter = Account(_key(login, names), names)
        if not post.byline:
            known = commenter.key if names and own else None
            return cls((commenter,) if own else (), known, commenter.key)
        writer = Account(_key(post.login or (login if same else None), (post.byline,)), (post.byline,))
        if same:
            writer = Account(writer.key, tuple(dict.fromkeys((post.byline, *names))))
        others = dict.fromkeys(one.login for one in comments if one.login and not one.by_post_author)
        accounts = [writer, *([] if same else [commenter]), *(Account(_key(one, ())) for one in others if one)]
        unique = {one.key: one for one in reversed(accounts)}
        return cls(tuple(reversed(unique.values())), writer.key, writer.key if same else commenter.key)


def _key(login: str | None, names: Sequence[str]) -> str:
    """Return what an account is known by: what the blog calls it, else the displayed name."""
    return f"user {login}" if login else f"name {names[0]}" if names else POST_AUTHOR


def _comments(comments: Sequence[PageComment], writers: _Writers) -> Iterator[Comment]:
    """Yield the comments that readers may see."""
    known = {account.key for account in writers.accounts}
    for place, one in enumerate(comments):
        if one.withheld:
            continue
        account = writers.of_comments if one.by_post_author else _key(one.login, ()) if one.login else None
        yield Comment(
            id=_comment_id(one, place),
            parent=None if one.parent is None else _comment_id(comments[one.parent], one.parent),
            by_author=False,
            blocks=one.blocks,
            date=one.date,
            names=name_words(one.name),
            anchor=f"comment-{one.number}" if one.number else None,
            account=account if account in known else None,
        )


def _comment_id(comment: PageComment, place: int) -> str:
    """Return a comment's number, or one by its place on the page where it has none."""
    return comment.number or f"on-page-{place + 1}"


def _left_out(comments: Sequence[PageComment], slug: str) -> list[LeftOut]:
    """Return the comments that are left out, with the reasons."""
    return [
        LeftOut(one.withheld, f"comment {_comment_id(one, place)} under {slug}")
        for place, one in enumerate(comments)
        if one.withheld
    ]


def _notes_on_pages(root: Element, scope: Element) -> Iterator[str]:
    """Yield what is to be said where a post, or its comments, go on on other pages."""
    if next(webkind.pages_of_post(scope), None):
        yield "the post goes on on further pages, which are not read; an export has all of it"
    links = (one.get("href") or "" for one in root.iter("a", "link"))
    if any(_SEVERAL_COMMENT_PAGES.search(one) and "#comment-" not in one for one in links):
        yield "it has its comments on several pages; save all of them (comment-page-1, comment-page-2 and so on)"


def _on_name_alone(post: PagePost, comments: Sequence[PageComment]) -> Iterator[str]:
    """Say how many comments are under the writer's name where the page does not prove whose they are."""
    if not post.byline or any(one.by_post_author for one in comments):
        return
    names = Counter(name_words(one.name) for one in comments if not one.withheld)
    if number := names[name_words(post.byline)]:
        are = "comment is" if number == 1 else "comments are"
        yield (
            f"{number:,} {are} under the name of the post's author, which any visitor can type, and the page does not "
            "prove whose; they are taken for a reader's. An export knows"
        )


def _on_tied(number: int) -> Iterator[str]:
    """Say that replies at the deepest level were tied to the comments beside them."""
    if number:
        are = "reply of the author is" if number == 1 else "replies of the author are"
        yield (
            f"{number:,} {are} at the deepest level of a thread, where no page shows what they answer, and "
            "taken to answer the comment above. An export knows"
        )
