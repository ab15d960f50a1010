"""Addresses of places in the blog: a comment's permalink, or a text fragment that the browser scrolls to and marks."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from urllib.parse import quote, urlsplit

from askedbefore.records import Comment, Post

# WordPress shows "..." as an ellipsis, "--" as a dash and straight quotes as curly ones: words with these
# are not looked for on the page.
_CHANGED_ON_PAGE = re.compile(r"[\"'“”‘’«»`…*<>&\[\]—–-]|\.\.")
_ENOUGH_WORDS = 5
_MOST_SKIPPED = 15  # words at the start of a passage that may stay outside of the marked range


class Links:
    """The links to places in one post and its comments."""

    def __init__(self, post: Post, comments_per_page: int = 0) -> None:
        """Prepare what all links of the post need."""
        self._post = post
        self._url = post.url if _is_web_address(post.url) else None
        blocks = [*post.blocks, *(block for comment in post.comments for block in comment.blocks)]
        parts = [post.title, *(block.on_page or block.text for block in blocks)]
        self._page = flatten(" ".join(parts))
        self._thread = _number_threads(post.comments)
        self._per_page = comments_per_page

    def to_passage(self, passage: str) -> str | None:
        """Return the post's address with a text fragment for the passage, or the bare one when none would be sure."""
        if self._url is None:
            return None
        fragment = text_fragment(passage, self._page)
        if not fragment:
            return self._url
        return f"{self._url}{'' if '#' in self._url else '#'}:~:text={fragment}"

    def to_comment(self, comment: Comment, passage: str) -> str | None:
        """Return a comment's permalink, or a text fragment for the passage where the page has no anchors.

        WordPress pages comments by whole threads, oldest first.
        """
        if self._url is None or not comment.anchor:
            return self.to_passage(passage)
        base = self._url.partition("#")[0]
        if self._per_page:
            page = self._thread[comment.id] // self._per_page + 1
            base = f"{base}&cpage={page}" if "?" in base else f"{base.rstrip('/')}/comment-page-{page}/"
        return f"{base}#{quote(comment.anchor, safe='')}"


def _number_threads(comments: Sequence[Comment]) -> dict[str, int]:
    """Return for each comment the number of the thread that it stands in, from 0, oldest thread first."""
    by_id = {one.id: one for one in comments}
    numbers: dict[str, int] = {}
    threads = 0
    for comment in comments:
        top, path = comment.id, {comment.id}
        while top not in numbers and (parent := by_id[top].parent) in by_id and parent not in path:
            top = str(parent)
            path.add(top)
        if top not in numbers:
            numbers[top] = threads
            threads += 1
        numbers |= dict.fromkeys(path, numbers[top])
    return numbers


def flatten(text: str) -> str:
    """Return text in small letters with single spaces, as a browser compares it; wide spaces stay."""
    return re.sub(r"[^\S\u00a0]+", " ", text).strip().casefold()


def text_fragment(passage: str, flat_page: str) -> str | None:
    """Return `start,end` (or just `start`) in the encoding of a text fragment, or None.

    Start and end are runs of a few plain words from the first and last lines of the passage. The start must stand
    only once on the page, because a browser takes the first place it finds. `flat_page` is the page's text in small
    letters with single spaces.
    """
    lines = [line for line in passage.split("\n") if line.strip()]
    start = next((run for line in lines for run in _starts(line) if _is_unique(run, flat_page)), None)
    if start is None:
        return None
    after = passage.find(start) + len(start)
    end = next((run for run in _ends(lines[-1]) if passage.rfind(run) >= after and flatten(run) in flat_page), None)
    encoded = [quote(run, safe="").replace("-", "%2D") for run in (start, end) if run]
    return ",".join(encoded)


def _starts(line: str) -> Iterator[str]:
    """Yield runs of plain words near the start of a line, the most useful first."""
    for words in _plain_runs(line):
        for begin in range(min(len(words) - 1, _MOST_SKIPPED)):
            for length in (_ENOUGH_WORDS, 2 * _ENOUGH_WORDS, 4 * _ENOUGH_WORDS):
                yield " ".join(words[begin : begin + length]).rstrip(".,;:")


def _ends(line: str) -> Iterator[str]:
    """Yield runs of plain words near the end of a line, the most useful first."""
    for words in reversed(_plain_runs(line)):
        if len(words) > 1:
            yield " ".join(words[-_ENOUGH_WORDS:]).rstrip(".,;:")


def _plain_runs(line: str) -> list[list[str]]:
    """Return the runs of words that stand on the page as they stand here."""
    groups = groupby(line.split(), key=lambda word: not _CHANGED_ON_PAGE.search(word))
    return [list(words) for is_plain, words in groups if is_plain]


def _is_unique(run: str, flat_page: str) -> bool:
    """Say whether the words stand just once on the page, letter case aside."""
    return flat_page.count(flatten(run)) == 1


def _is_web_address(url: str | None) -> bool:
    """Say whether an address may be shown as a link."""
    try:
        return url is not None and urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return False
