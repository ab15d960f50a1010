"""What is quoted of a passage: whole sentences, enough to stand alone and not too many to read."""

import re
from collections.abc import Sequence

from askedbefore.sentences import count_words

Span = tuple[int, int]

WHOLE_WORDS = 110  # up to so many words a passage is quoted whole
FEWEST_WORDS = 60  # a quote grows to so many words,
MOST_WORDS = 130  # and, while its neighbours are near to the question too, up to so many
NEAR_BEST = 0.8  # a neighbouring sentence belongs to the quote when it is nearly as close as the closest
MARKED = 0.9  # a second sentence is marked when it is nearly as close as the closest
MOST_MARKED = 2
MOST_OF_QUOTE = 0.8  # where more than that of a quote would be marked, a mark tells nothing
_STUB_WORDS = 12  # what is left over at an end is not cut off when it is shorter

# A sentence that begins so goes on from the one before it.
_HANGS = re.compile(
    r"""^["“'(]?(?:and|but|or|so|then|yet|still|also|too|because|therefore|thus|hence|however|besides|otherwise|instead|rather
    |nor|this|that|these|those|it|its|he|she|they|his|her|their|him|them|such|both|neither|either|another|second|secondly
    |third|finally|in\sother\swords|for\sexample|for\sinstance|on\sthe\sother\shand|at\sthe\ssame\stime|after\sall
    |if\sso|if\snot|when\sthat|the\slatter|the\sformer|the\ssame|(?:the\s)?others?)\b""",
    re.VERBOSE | re.IGNORECASE,
)


def cut_quote(text: str, spans: Sequence[Span], closeness: Sequence[float]) -> range:
    """Return the sentences of a text to quote. `closeness` is that of each sentence with the question.

    The quote grows from the closest sentence to its nearer neighbour each time, and begins where the sense does:
    never with a sentence that hangs on the one before it, unless that would make it too long.
    """
    lengths = [count_words(text[start:end]) for start, end in spans]
    if sum(lengths) <= WHOLE_WORDS:
        return range(len(spans))
    best = max(range(len(spans)), key=lambda place: (closeness[place], -place))
    first, last = best, best
    while last - first + 1 < len(spans):
        sides = [place for place in (last + 1, first - 1) if 0 <= place < len(spans)]
        nearer = max(sides, key=lambda place: closeness[place])
        words = sum(lengths[first : last + 1])
        grown = words + lengths[nearer]
        if grown > MOST_WORDS or (words >= FEWEST_WORDS and closeness[nearer] < NEAR_BEST * closeness[best]):
            break
        first, last = min(first, nearer), max(last, nearer)
    while first > 0 and _HANGS.match(text[slice(*spans[first])]) and sum(lengths[first - 1 : last + 1]) <= MOST_WORDS:
        first -= 1
    if sum(lengths[:first]) <= _STUB_WORDS:
        first = 0
    if sum(lengths[last + 1 :]) <= _STUB_WORDS:
        last = len(spans) - 1
    return range(first, last + 1)


def sentences_to_mark(text: str, spans: Sequence[Span], closeness: Sequence[float]) -> tuple[Span, ...]:
    """Return the sentences that answer, in the order of the text: the closest that do not ask back themselves.

    What is nearly the whole quote, such as a lone sentence, needs no mark.
    """
    saying = [place for place, (_, end) in enumerate(spans) if text[end - 1] != "?"] or list(range(len(spans)))
    ranked = sorted(saying, key=lambda place: (-closeness[place], place))
    near = [place for place in ranked[:MOST_MARKED] if closeness[place] >= MARKED * closeness[ranked[0]]]
    while near and sum(_length(spans[place]) for place in near) > MOST_OF_QUOTE * sum(map(_length, spans)):
        near.pop()
    return tuple(spans[place] for place in sorted(near))


def _length(span: Span) -> int:
    """Return the characters of a sentence."""
    return span[1] - span[0]
