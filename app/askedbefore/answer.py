"""A question's whole way to its answer. Nothing is written, logged or kept."""

import time
from collections.abc import Sequence

from askedbefore.calibration import above_line, is_certain, is_elsewhere
from askedbefore.embedding import Encoder, Vectors
from askedbefore.examples import suggest
from askedbefore.guard import find_support
from askedbefore.pins import pinned
from askedbefore.query import Query, asks_for_more, understand
from askedbefore.questions import check_question
from askedbefore.ranking import MOST_PASSAGES, choose
from askedbefore.records import Answer, Hit, Outcome
from askedbefore.remembering import Remembering
from askedbefore.search import SHIPPED, Found, Way, search
from askedbefore.storage.library import Library
from askedbefore.wording import Words

NEW_SUBJECT = 0.9  # of the best score together with the question before


def answer_question(
    question: str,
    library: Library,
    encoder: Encoder,
    *,
    before: str | None = None,
    most: int = MOST_PASSAGES,
    way: Way = SHIPPED,
    wording: Words | None = None,
) -> Answer:
    """Return the closest passages of the archive to a question, or in words why there are none.

    `before` is the reader's question before this one, if there was one: a follow-up is understood with it. `wording`
    is what she is told besides, in the blog's language unless given.
    """
    begun, wording = time.perf_counter(), wording or library.wording
    encoder = Remembering(encoder)  # what the guard has encoded of the question is not encoded again
    signposts = library.manifest.recipe.blog.signposts
    support = find_support(question, before or "", encoder=encoder, wording=wording, signposts=signposts)
    before = usable_before(before)
    text, problem = check_question(question, wording)
    if problem:
        return Answer(
            text, Outcome.INVALID, wording.disclaimer, message=problem, support=support, elapsed_ms=_since(begun)
        )

    more = before is not None and asks_for_more(text)
    if more:
        found, vector, _ = look_up(before or "", library, encoder, way=way)
        hits, certain = _shown(found, library, vector, 2 * most)
        hits = hits[most:]
    else:
        found, vector, before = look_up(text, library, encoder, before=before, way=way)
        hits, certain = _shown(found, library, vector, most)

    nothing = wording.nothing_more if more else wording.nothing_beside_help if support else wording.nothing_close
    message = nothing if not hits else None if certain else wording.perhaps
    outcome = Outcome.PASSAGES if hits else Outcome.NOTHING_CLOSE
    suggestions = () if hits or support else suggest(library, vector)
    elapsed = _since(begun)
    return Answer(text, outcome, wording.disclaimer, hits, message, support, certain, before, suggestions, elapsed)


def more_like(passage_id: str, library: Library, *, most: int = MOST_PASSAGES, wording: Words | None = None) -> Answer:
    """Return the passages of the archive that are closest to one of its own; `wording` is as in `answer_question`."""
    begun, wording = time.perf_counter(), wording or library.wording
    row = library.row_of(passage_id)
    if row is None:
        return Answer("", Outcome.INVALID, wording.disclaimer, message=wording.gone, elapsed_ms=_since(begun))
    passage, _, _ = library.passages([row])[row]
    vector = library.passage_vectors([row])[0]
    own = int(library.units_of_rows([row])[0])
    found = [one for one in search(library, Query(vector, (), ())) if one.unit != own]
    close = above_line(found, library, vector)
    hits, certain = choose(close, library, vector, most), is_certain(close, library, vector)
    question = wording.more_like.format(title=passage.title)
    message = None if hits else wording.nothing_more
    outcome = Outcome.PASSAGES if hits else Outcome.NOTHING_CLOSE
    return Answer(question, outcome, wording.disclaimer, hits, message, certain=certain, elapsed_ms=_since(begun))


def look_up(
    question: str, library: Library, encoder: Encoder, *, before: str | None = None, way: Way = SHIPPED
) -> tuple[list[Found], Vectors, str | None]:
    """Return all units near a question, the best first, before any line is drawn, and what it was looked up by.

    That is a unit vector, and the question before if it was understood as a follow-up to that one. A new subject is
    what comes nearly as close to the archive by itself as together with the question before, and what is so far from
    it that it is about something else.
    """
    alone = understand(question, library, encoder, rewording=way.rewording)
    found = search(library, alone, way)
    if before is None or is_elsewhere(found, library, alone.vector):
        return found, alone.vector, None
    together = understand(question, library, encoder, before=before, rewording=way.rewording)
    found_together = search(library, together, way)
    if _best(found) >= NEW_SUBJECT * _best(found_together):
        return found, alone.vector, None
    return found_together, together.vector, before


def usable_before(before: str | None) -> str | None:
    """Return the question before as clean text, or None when there was none that could be looked up."""
    text, problem = check_question(before or "")
    return None if problem else text


def _shown(found: Sequence[Found], library: Library, vector: Vectors, most: int) -> tuple[tuple[Hit, ...], bool]:
    """Return what is shown of the units found, and whether the archive is for certain about the question."""
    close, rows = above_line(found, library, vector), pinned(library, vector)
    return choose(close, library, vector, most, rows), is_certain(close, library, vector)


def _best(found: Sequence[Found]) -> float:
    """Return the score of the best unit, 0 when there is none."""
    return found[0].score if found else 0.0


def _since(begun: float) -> float:
    """Return the milliseconds since a moment of the performance counter."""
    return (time.perf_counter() - begun) * 1000
