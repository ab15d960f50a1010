"""Addresses of places in the blog: a comment's permalink, or a text fragment that the browser scrolls to and marks."""

import re
from collections.abc import Sequence
from itertools import groupby
from urllib.parse import quote, urlsplit

from askedbefore.records import Comment, Post

# WordPress shows "..." as an ellipsis, "--" as a dash and straight quotes as curly ones: words with these
# are not looked for on the page.
_CHANGED_ON_PAGE = re.compile(r"[\"'“”‘’«»`…*<>&\[\]—–-]|\.\.")
_ENOUGH_WORDS = 5


def post_link(post: Post, passage: str) -> str | None:
    """Return the post's address with a text fragment for the passage, or the bare one when none would be sure."""
    if not _is_web_address(post.url):
        return None
    page = "\n".join([post.title, *(block.text for block in post.blocks), *(comment.text for comment in post.comments)])
    fragment = text_fragment(passage, page)
    return f"{post.url}#:~:text={fragment}" if fragment else post.url


def comment_link(post: Post, comment: Comment, passage: str, comments_per_page: int = 0) -> str | None:
    """Return the address of a comment: its permalink, or a text fragment where the page has no anchors."""
    if not _is_web_address(post.url):
        return None
    if not post.comment_links:
        return post_link(post, passage)
    page = _comment_page(comment, post.comments, comments_per_page)
    base = str(post.url).rstrip("/") + f"/comment-page-{page}/" if page else post.url
    return f"{base}#comment-{quote(comment.id, safe='')}"


def text_fragment(passage: str, page: str) -> str | None:
    """Return `start,end` (or just `start`) in the encoding of a text fragment, or None.

    Start and end are runs of a few plain words from the first and last lines of the passage. The start must stand
    only once on the page, because a browser takes the first place it finds.
    """
    flat_page = " ".join(page.split()).casefold()
    lines = [line for line in passage.split("\n") if line.strip()]
    start = next((run for line in lines for run in _runs(line, from_end=False) if _is_unique(run, flat_page)), None)
    if start is None:
        return None
    after = passage.find(start) + len(start)
    end = next((run for run in _runs(lines[-1], from_end=True) if passage.rfind(run) >= after), None)
    encoded = [quote(run, safe="").replace("-", "%2D") for run in (start, end) if run]
    return ",".join(encoded)


def _runs(line: str, from_end: bool) -> list[str]:
    """Return runs of plain words near the start (or end) of a line, the most useful first."""
    plain = groupby(line.split(), key=lambda word: not _CHANGED_ON_PAGE.search(word))
    runs = [" ".join(words) for is_plain, words in plain if is_plain]
    if from_end:
        return [" ".join(run.split()[-_ENOUGH_WORDS:]).rstrip(".,;:") for run in reversed(runs) if len(run.split()) > 1]
    return [
        " ".join(words[:length]).rstrip(".,;:")
        for words in (run.split() for run in runs)
        if len(words) > 1
        for length in (_ENOUGH_WORDS, 2 * _ENOUGH_WORDS, len(words))
    ]


def _is_unique(run: str, flat_page: str) -> bool:
    """Say whether the words stand just once on the page, letter case aside."""
    return flat_page.count(" ".join(run.split()).casefold()) == 1


def _comment_page(comment: Comment, comments: Sequence[Comment], per_page: int) -> int:
    """Return the number of the comment page that WordPress puts a comment on, or 0 when comments are not paged.

    WordPress pages by whole threads, oldest first.
    """
    if not per_page:
        return 0
    by_id = {one.id: one for one in comments}
    root = comment
    seen = {root.id}
    while root.parent in by_id and root.parent not in seen:
        root = by_id[root.parent]
        seen.add(root.id)
    threads = [one.id for one in comments if one.parent not in by_id]
    return threads.index(root.id) // per_page + 1 if root.id in threads else 1


def _is_web_address(url: str | None) -> bool:
    """Say whether an address may be shown as a link."""
    return url is not None and urlsplit(url).scheme in ("http", "https")
