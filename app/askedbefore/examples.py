"""Choose questions for the page's first view: readers' own, which the author answered."""

import re
from collections.abc import Iterable

from askedbefore.records import Post
from askedbefore.sentences import count_words, sentence_spans
from askedbefore.threads import find_exchanges

MOST_EXAMPLES = 3
_FEWEST_WORDS, _GOOD_WORDS, _MOST_WORDS = 5, 9, 18
_WORTH_FINDING = 40  # words of a reply that is more than a courtesy

_ASKS = re.compile(
    r"^(?:is it|how|why|what|when|should|can|could|do|does|am i|are|will|would|must|has)\b", re.IGNORECASE
)
# Words that point at something said before, or at the author: such a question means little on its own.
_POINTS_BACK = re.compile(
    r"^(?:what about|how come|why not|what if not|can you|could you|do you|would you)\b"
    r"|\b(?:that|this|these|those|your|then|above|below|also|blog|post|they|them)\b",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(
    r"\b(?:she|he|her|him|his|it)\b(?! (?:ok|okay|normal|possible|wrong|bad|childish)\b)", re.IGNORECASE
)
_UNPRINTABLE = re.compile(r"https?:|www\.|@|[\[\]{}<>\n]")
_ABOUT_THERAPY = re.compile(r"\b(?:therap\w*|analyst|counsel\w*|session\w*|psych\w*|treatment)\b", re.IGNORECASE)


def choose_example_questions(posts: Iterable[Post]) -> tuple[str, ...]:
    """Return up to three questions in readers' own words, of different posts where possible, the same at every call."""
    found = sorted(
        {(-_worth(question), question, post.slug) for post in posts for question in _answered_questions(post)}
    )
    chosen = {slug: question for worth, question, slug in reversed(found) if worth < 0}
    first = [question for _, question, slug in found if chosen.get(slug) == question]
    others = [question for worth, question, _ in found if worth < 0 and question not in first]
    return tuple([*first, *others][:MOST_EXAMPLES])


def _answered_questions(post: Post) -> Iterable[str]:
    """Yield the question sentences of the readers' comments that the author answered at some length."""
    for exchange in find_exchanges(post.comments)[0]:
        if exchange.question and sum(count_words(reply.text) for reply in exchange.replies) >= _WORTH_FINDING:
            text = exchange.question.text
            yield from (text[start:end] for start, end in sentence_spans(text) if text[end - 1] == "?")


def _worth(question: str) -> int:
    """Return how well a question stands alone; 0 when it does not. One about therapy, of good length, is best."""
    length = count_words(question)
    about_therapy = bool(_ABOUT_THERAPY.search(question))
    if not _FEWEST_WORDS <= length <= _MOST_WORDS or _UNPRINTABLE.search(question):
        return 0
    if not _ASKS.match(question) or _POINTS_BACK.search(question) or (_SOMEBODY.search(question) and not about_therapy):
        return 0
    return (100 if about_therapy else 50) - abs(length - _GOOD_WORDS)
