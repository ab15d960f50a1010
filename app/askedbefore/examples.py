"""Which of the often-asked questions a reader is offered: to begin with, and when nothing was close to hers."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from askedbefore.records import AskedQuestion
from askedbefore.sentences import count_words

if TYPE_CHECKING:
    from askedbefore.embedding import Vectors
    from askedbefore.storage.library import Library

MOST_EXAMPLES = 3
MOST_TOPICS = 8
MOST_OF_TOPIC = 5
_SHORT = 16  # words; a longer one does not fit a button
_ITSELF = 0.99  # the cosine of a question and itself, rounding aside


def choose_examples(asked: Sequence[AskedQuestion]) -> tuple[str, ...]:
    """Return up to three short questions, the most asked first, of different topics where possible."""
    short = [one for one in asked if count_words(one.question) <= _SHORT]
    return _spread(sorted(short, key=lambda one: -one.count), MOST_EXAMPLES)


def choose_topics(asked: Sequence[AskedQuestion]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the topics most asked about, each with its most asked short questions."""
    topics: dict[str, list[AskedQuestion]] = {}
    for one in asked:
        if count_words(one.question) <= _SHORT:
            topics.setdefault(one.topic, []).append(one)
    often = sorted(topics.items(), key=lambda pair: -sum(one.count for one in pair[1]))[:MOST_TOPICS]
    return tuple(
        (topic, tuple(one.question for one in sorted(questions, key=lambda one: -one.count)[:MOST_OF_TOPIC]))
        for topic, questions in often
    )


def suggest(library: "Library", question_vector: "Vectors", most: int = 3) -> tuple[str, ...]:
    """Return the often-asked questions nearest to a unit vector, of different topics where possible, not itself."""
    cosines = (library.asked_vectors @ question_vector).tolist()
    ranked = sorted(zip(library.asked, cosines, strict=True), key=lambda pair: (-pair[1], pair[0].question))
    return _spread((one for one, cosine in ranked if cosine < _ITSELF), most)


def _spread(asked: Iterable[AskedQuestion], most: int) -> tuple[str, ...]:
    """Return the first few, one of each topic before a second of any."""
    ranked = list(asked)
    first = {one.topic: one for one in reversed(ranked)}
    of_new_topics = [one for one in ranked if first[one.topic] is one]
    others = [one for one in ranked if first[one.topic] is not one]
    return tuple(one.question for one in [*of_new_topics, *others][:most])
