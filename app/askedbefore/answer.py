"""A question's whole way to its answer. Nothing is written, logged or kept."""

import time

from askedbefore.calibration import above_line, is_certain
from askedbefore.embedding import Encoder, Vectors
from askedbefore.guard import find_support
from askedbefore.query import understand
from askedbefore.questions import check_question
from askedbefore.ranking import MOST_PASSAGES, choose
from askedbefore.records import Answer, Outcome
from askedbefore.search import SHIPPED, Found, Way, search
from askedbefore.storage.library import Library
from askedbefore.wording import DISCLAIMER, NOTHING_CLOSE, PERHAPS

NEW_SUBJECT = 0.9  # of the best score together with the question before


def answer_question(
    question: str,
    library: Library,
    encoder: Encoder,
    *,
    before: str | None = None,
    most: int = MOST_PASSAGES,
    way: Way = SHIPPED,
) -> Answer:
    """Return the closest passages of the archive to a question, or in words why there are none.

    `before` is the reader's question before this one, if there was one: a follow-up is understood with it.
    """
    begun = time.perf_counter()
    support = find_support(question)
    text, problem = check_question(question)
    if problem:
        return Answer(text, Outcome.INVALID, DISCLAIMER, message=problem, support=support, elapsed_ms=_since(begun))

    found, vector = look_up(text, library, encoder, before=before, way=way)
    close = above_line(found, library, vector)
    hits = choose(close, library, vector, most)

    if not hits:
        return Answer(
            text, Outcome.NOTHING_CLOSE, DISCLAIMER, message=NOTHING_CLOSE, support=support, elapsed_ms=_since(begun)
        )
    certain = is_certain(close, library, vector)
    message = None if certain else PERHAPS
    return Answer(text, Outcome.PASSAGES, DISCLAIMER, hits, message, support, certain, elapsed_ms=_since(begun))


def look_up(
    question: str, library: Library, encoder: Encoder, *, before: str | None = None, way: Way = SHIPPED
) -> tuple[list[Found], Vectors]:
    """Return all units near a question, the best first, before any line is drawn; and the vector it was looked up by.

    After another question it may be a follow-up or a new subject: what comes as near to the archive by itself as
    together with the one before is new.
    """
    alone = understand(question, library, encoder, rewording=way.rewording)
    found = search(library, alone, way)
    if not (before and before.strip()):
        return found, alone.vector
    together = understand(question, library, encoder, before=before, rewording=way.rewording)
    found_together = search(library, together, way)
    if _best(found) >= NEW_SUBJECT * _best(found_together):
        return found, alone.vector
    return found_together, together.vector


def _best(found: list[Found]) -> float:
    """Return the score of the best unit, 0 when there is none."""
    return found[0].score if found else 0.0


def _since(begun: float) -> float:
    """Return the milliseconds since a moment of the performance counter."""
    return (time.perf_counter() - begun) * 1000
