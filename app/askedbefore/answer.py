"""A question's whole way to its answer. Nothing is written, logged or kept."""

import time

from askedbefore.embedding import Encoder
from askedbefore.floor import above_floor
from askedbefore.guard import find_support
from askedbefore.questions import check_question
from askedbefore.ranking import mark_sentences, spread
from askedbefore.records import Answer, Outcome
from askedbefore.search import search
from askedbefore.storage.library import Library
from askedbefore.wording import DISCLAIMER, NOTHING_CLOSE


def answer_question(question: str, library: Library, encoder: Encoder) -> Answer:
    """Return the closest passages of the archive to a question, or in words why there are none."""
    begun = time.perf_counter()
    support = find_support(question)
    text, problem = check_question(question)
    if problem:
        return Answer(text, Outcome.INVALID, DISCLAIMER, (), problem, support, _since(begun))

    vector = encoder.encode_questions([text])[0]
    found = search(library, text, vector)
    close = above_floor(found, library, vector)
    hits = tuple(mark_sentences(one) for one in spread(close))

    if not hits:
        return Answer(text, Outcome.NOTHING_CLOSE, DISCLAIMER, (), NOTHING_CLOSE, support, _since(begun))
    return Answer(text, Outcome.PASSAGES, DISCLAIMER, hits, None, support, _since(begun))


def _since(begun: float) -> float:
    """Return the milliseconds since a moment of the performance counter."""
    return (time.perf_counter() - begun) * 1000
