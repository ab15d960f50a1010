"""Put questions into at most a dozen topics with names: the blog's own categories, else words of those who asked."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from askedbefore.embedding import Encoder, Vectors
from askedbefore.sentences import sentence_spans, words
from askedbefore.standalone import FUNCTION_WORDS

Places = NDArray[np.bool_]

MOST_TOPICS = 12
OTHER = "Other questions"
ALL = "All questions"

_FEWEST_OF_TOPIC = 4  # questions for each topic that is found, on the average
_MOST_CLUSTERED = 4000  # their distances take 64 MB
_FEWEST_LETTERS = 4
_AFTER_SUCH = 0.3  # the share of a noun's places in which it stands right after one of these words:
_BEFORE_NOUNS = frozenset(words("a an the my your his her our their its this of about with no some any more and"))
_AT_END = (
    0.4  # the share of a noun's places in which no other noun follows: "positive" goes with another, "stress" does not
)
_NEARLY_AS_TELLING = 0.8
_STEM = 5  # letters that tell one word from another: "grief" and "grieving" are not both named


@dataclass(frozen=True, slots=True)
class Subject:
    """What a question is about: a unit vector, how often it was asked, its posts' categories, all that was said."""

    vector: Vectors
    count: int
    categories: tuple[str, ...]
    text: str


def name_topics(subjects: Sequence[Subject], posts_of: Mapping[str, int], encoder: Encoder) -> list[str]:
    """Return for each question the name of its topic. `posts_of` says how many posts a category has."""
    topics = _from_categories(subjects, posts_of)
    unnamed = [place for place, name in enumerate(topics) if name is None]
    room = MOST_TOPICS - 1 - len({name for name in topics if name})
    for place, name in zip(unnamed, _from_words([subjects[one] for one in unnamed], room, encoder), strict=True):
        topics[place] = name
    rest = OTHER if any(topics) else ALL
    return [name or rest for name in topics]


def _from_categories(subjects: Sequence[Subject], posts_of: Mapping[str, int]) -> list[str | None]:
    """Return a category of each question, of several the one with the fewest posts: it says the most.

    Only the categories with the most questions are taken; one alone tells nothing apart.
    """
    asked = Counter(name for subject in subjects for name in subject.categories for _ in range(subject.count))
    taken = sorted(asked, key=lambda name: (-asked[name], name))[: MOST_TOPICS - 1]
    if len(taken) < 2:
        return [None] * len(subjects)
    return [
        min((one for one in subject.categories if one in taken), key=lambda name: (posts_of[name], name), default=None)
        for subject in subjects
    ]


def _from_words(subjects: Sequence[Subject], most: int, encoder: Encoder) -> list[str | None]:
    """Return the topic of each question as found by Ward's clustering, None where no word names it.

    Questions beyond the first few thousand, the most asked, go to the nearest of the groups that these make.
    """
    number = min(most, len(subjects) // _FEWEST_OF_TOPIC)
    if number < 2:
        return [None] * len(subjects)
    from scipy.cluster.hierarchy import fcluster, linkage

    vectors = np.stack([subject.vector for subject in subjects])
    labels = fcluster(linkage(vectors[:_MOST_CLUSTERED], "ward"), number, "maxclust")
    means = np.stack([vectors[:_MOST_CLUSTERED][labels == label].mean(axis=0) for label in np.unique(labels)])
    labels = np.append(labels, np.unique(labels)[(vectors[_MOST_CLUSTERED:] @ means.T).argmax(axis=1)])
    groups = [labels == label for label in np.unique(labels)]
    nouns = _nouns([subject.text for subject in subjects])
    topics: list[str | None] = [None] * len(subjects)
    for inside in sorted(groups, key=lambda group: (-group.sum(), np.flatnonzero(group)[0])):
        if named := _telling_words(subjects, inside, nouns, encoder):
            nouns = {word for word in nouns if all(word[:_STEM] != one[:_STEM] for one in named)}
            for place in np.flatnonzero(inside):
                topics[place] = " and ".join(named).capitalize()
    return topics


def _telling_words(subjects: Sequence[Subject], inside: Places, nouns: set[str], encoder: Encoder) -> list[str]:
    """Return the one or two nouns, used in several exchanges of a group, that are nearest to it, not to the rest."""
    texts = [subject.text for subject, one in zip(subjects, inside, strict=True) if one]
    used = Counter(word for text in texts for word in _small_words(text))
    often = {word for word, number in used.items() if word in nouns and number >= max(2, len(texts) / 4)}
    candidates = sorted(word for word in often if word.removesuffix("s") == word or word.removesuffix("s") not in often)
    if not candidates:
        return []
    vectors = np.stack([subject.vector for subject in subjects])
    direction = vectors[inside].mean(axis=0) - vectors[~inside].mean(axis=0)
    telling = dict(zip(candidates, (encoder.encode_questions(candidates) @ direction).tolist(), strict=True))
    best, *others = sorted(candidates, key=lambda word: (-round(telling[word], 4), word))
    seconds = (word for word in others if word[:_STEM] != best[:_STEM])
    return [best, *(word for word in [next(seconds, best)] if best != word and _nearly(telling[word], telling[best]))]


def _nearly(second: float, best: float) -> bool:
    """Say whether a second word tells nearly as much as the best."""
    return second >= _NEARLY_AS_TELLING * best


def _small_words(text: str) -> set[str]:
    """Return the words of some length that are written small, so no names."""
    return {word for word in words(text) if word.isalpha() and word.islower() and len(word) >= _FEWEST_LETTERS}


def _nouns(texts: Sequence[str]) -> set[str]:
    """Return the words that often stand after "the", "my" or "about" and not before another noun: mostly nouns."""
    places: Counter[str] = Counter()
    after_such: Counter[str] = Counter()
    at_end: Counter[str] = Counter()
    for text in dict.fromkeys(texts):
        for span in sentence_spans(text):
            running = ["", *words(text[slice(*span)].lower()), ""]
            for before, word, after in zip(running, running[1:], running[2:], strict=False):
                places[word] += 1
                after_such[word] += before in _BEFORE_NOUNS
                at_end[word] += not after or after in FUNCTION_WORDS
    return {
        word
        for word, number in places.items()
        if after_such[word] >= _AFTER_SUCH * (number + 2) and at_end[word] >= _AT_END * number
    }
