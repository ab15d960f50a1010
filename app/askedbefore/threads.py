"""Exchanges: which reader's words each reply of the author answers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from askedbefore.records import Comment
from askedbefore.sentences import count_words, sentence_spans, words

ASKED_WORDS = 60

_SPEAKS_FOR_ITSELF = 25  # words; a shorter question is understood with what the reader said before
_BEFORE = 3  # comments of readers between themselves that lead up to a question
_ADDRESS = re.compile(
    r"https?:|www\.|\w\s?(?:@|\(at\))\s?\w|\b[\w-]+\.(?:com|org|net|info|blog|co)\b|\+?\d[\d ()/.-]{6,}\d"
)
_SAYS_NAME = re.compile(r"\b(?:my name is|i am called|i'm called)\b", re.IGNORECASE)
# What closes a comment and says who wrote it: "Thanks, Ann", "All the best", or a line with only a name.
_CLOSING = re.compile(
    r"(?:\n\s*|(?<=[.!?…])\s+)(?:"
    r"(?i:(?:many |with |all (?:my |the )?)?(?:thanks|thank you|thx|best|love|cheers|regards|sincerely|yours|warmly)\b)"
    r"(?=,|\W*$|[!.]?\s+(?:[^\W\d_a-z]|(?:wishes|regards|for|so|in|a|very|and|again|to|you|from)\b))"
    r"[^.!?\n]{0,40}[.!]?"
    r"|[-–—~]\s*[^.!?\n]{1,40})$"
    r"|\n\s*[-–—~]?\s*[^\W\d_a-z][^\s.!?:]*(?: [^\W\d_a-z][^\s.!?:]*){0,3}$",
)
_LONGEST_CLOSING = 100  # characters


@dataclass(frozen=True, slots=True)
class Exchange:
    """A reader's comment and the author's replies to it, oldest first. `before` is what led up to the comment.

    A comment of the author's that answers nobody is an exchange without a question.
    """

    question: Comment | None
    before: tuple[Comment, ...]
    replies: tuple[Comment, ...]

    @property
    def id(self) -> str:
        """Return the id of the comment that begins the exchange."""
        return (self.question or self.replies[0]).id


def find_exchanges(comments: Sequence[Comment]) -> tuple[list[Exchange], list[Comment]]:
    """Return the exchanges in the order of their first reply, and the readers' comments in none of them.

    What is hidden is left out at the end, so that the comments around it stay together as they were written.
    """
    by_id = {comment.id: comment for comment in comments}
    groups: dict[str, list[Comment]] = {}
    for comment in comments:
        if comment.by_author:
            question = _answered(comment, by_id)
            groups.setdefault(question.id if question else comment.id, []).append(comment)
    exchanges = []
    for key, replies in groups.items():
        question = None if by_id[key].by_author else by_id[key]
        exchanges.append(Exchange(question, _before(question, by_id), tuple(replies)))
    used = {comment.id for exchange in exchanges for comment in (exchange.question, *exchange.before) if comment}
    unanswered = [one for one in comments if not (one.by_author or one.hidden or one.id in used)]
    return [one for exchange in exchanges if (one := _without_hidden(exchange)).replies], unanswered


def question_excerpt(comment: Comment) -> str:
    """Return what a reader asked, in her own words and at most `ASKED_WORDS` of them, `…` where something is left out.

    It ends with her last question, if she asked one. Who she is stays out: a closing with her name, and sentences
    that hold her name or an address.
    """
    text = _without_closing(comment.text)
    spans = sentence_spans(text)
    usable = [says_not_who(text[slice(*span)], comment.names) for span in spans]
    asked = [place for place, (_, end) in enumerate(spans) if usable[place] and text[end - 1] == "?"]
    candidates = asked or [place for place, one in enumerate(usable) if one]
    if not candidates:
        return ""
    lengths = [count_words(text[slice(*span)]) for span in spans]
    first = last = candidates[-1]
    while first > 0 and usable[first - 1] and sum(lengths[first - 1 : last + 1]) <= ASKED_WORDS:
        first -= 1
    while last + 1 < len(spans) and usable[last + 1] and sum(lengths[first : last + 2]) <= ASKED_WORDS:
        last += 1
    before = "… " if first > 0 else ""
    after = " …" if last + 1 < len(spans) else ""
    return before + _cut(text[spans[first][0] : spans[last][1]]) + after


def _without_closing(text: str) -> str:
    """Return a comment's text without the lines that close it and say who wrote it."""
    for _ in range(4):
        text = text.rstrip()
        closing = _CLOSING.search(text, max(len(text) - _LONGEST_CLOSING, 0))
        if closing is None:
            break
        text = text[: closing.start()]
    return text


def says_not_who(sentence: str, names: frozenset[str]) -> bool:
    """Say whether a sentence holds neither the writer's name nor an address."""
    said = {word.casefold() for word in words(sentence) if word[0].isupper()}  # "one" is not Quiet One's name
    return not (_ADDRESS.search(sentence) or _SAYS_NAME.search(sentence) or said & names)


def _cut(text: str) -> str:
    """Return the text, or its first words and `…` when even one sentence is too long to show."""
    ends = [match.end() for match in re.finditer(r"\S+", text)]
    return text if len(ends) <= 2 * ASKED_WORDS else text[: ends[ASKED_WORDS - 1]] + " …"


def _answered(reply: Comment, by_id: dict[str, Comment]) -> Comment | None:
    """Return the reader's comment that a reply answers; the author's addition to a reply answers the same one."""
    seen = {reply.id}
    above = by_id.get(reply.parent or "")
    while above is not None and above.by_author and above.id not in seen:
        seen.add(above.id)
        above = by_id.get(above.parent or "")
    return above if above is not None and not above.by_author else None


def _without_hidden(exchange: Exchange) -> Exchange:
    """Return what is left of an exchange without its hidden comments."""
    question = None if exchange.question is None or exchange.question.hidden else exchange.question
    before, replies = (tuple(one for one in side if not one.hidden) for side in (exchange.before, exchange.replies))
    return Exchange(question, before, replies)


def _before(question: Comment | None, by_id: dict[str, Comment]) -> tuple[Comment, ...]:
    """Return the readers' comments that a question goes on from, oldest first.

    Those since the author last spoke belong to the question; where it is too short to speak for itself, the
    reader's last comment before that does too.
    """
    if question is None:
        return ()
    found: list[Comment] = []
    seen, author_spoke = {question.id}, False
    above = by_id.get(question.parent or "")
    while above is not None and above.id not in seen and len(found) < _BEFORE:
        seen.add(above.id)
        if above.by_author:
            author_spoke = True
        elif not author_spoke:
            found.append(above)
        else:
            if count_words(question.text) < _SPEAKS_FOR_ITSELF and not found:
                found.append(above)
            break
        above = by_id.get(above.parent or "")
    return tuple(reversed(found))
