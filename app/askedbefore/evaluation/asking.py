"""Ask every question in the program's own way, and look it up once more in each way that it is compared with."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from askedbefore.answer import answer_question, look_up, usable_before
from askedbefore.calibration import margin
from askedbefore.embedding import Encoder, Progress, Vectors
from askedbefore.questions import check_question
from askedbefore.ranking import choose
from askedbefore.records import Answer, Hit
from askedbefore.search import SHIPPED, Found, Way
from askedbefore.storage.library import Library
from askedbefore.watching import Watcher

SHIPPED_WAY, BASELINE = "as shipped", "vectors only"

# The first three are what a blog could use instead; the others are what ships but for one thing.
WAYS: Mapping[str, Way] = MappingProxyType(
    {
        "words only": Way(meaning=0, words=1, phrases=0, sentence=0, whole=0, hubness=0, rewording=False),
        BASELINE: Way(meaning=1, words=0, phrases=0, sentence=0, whole=0, hubness=0, rewording=False),
        "words and vectors": Way(meaning=0.75, words=0.25, phrases=0, sentence=0, whole=0, hubness=0, rewording=False),
        "without exchanges": Way(exchanges=False),
        "without sentences": Way(sentence=0),
        "without whole units": Way(whole=0),
        "without hubness": Way(hubness=0),
        "without phrases": Way(phrases=0),
        "without rewording": Way(rewording=False),
        SHIPPED_WAY: SHIPPED,
    }
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question to ask. `group` is one of several sorts: those with right places, or one of those without any.

    `relevant` are the names of the units at its right places.
    """

    text: str
    group: str
    relevant: frozenset[str] = frozenset()
    line: int = 0
    kind: str | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a question.

    `margin` is how far it lies above what is not asked here, None when nothing at all was found. `found` are the names
    of the units found in each way, the best first, whatever was shown of them; `nearest` is the first as it would be
    quoted. `encoder_ms` is how much of the answer's time the encoder took.
    """

    question: Question
    answer: Answer
    margin: float | None
    found: Mapping[str, tuple[str, ...]]
    nearest: Hit | None
    encoder_ms: float

    @property
    def shows_right(self) -> bool:
        """Say whether a passage that the reader sees stands in a right unit."""
        return any(hit.passage.unit in self.question.relevant for hit in self.answer.hits)


class _Remembering:
    """An encoder that encodes one question once, for its answer and all ways; `spent_ms` is how long that took."""

    def __init__(self, encoder: Encoder) -> None:
        """Ask `encoder` for what is not yet known."""
        self.name, self.fingerprint = encoder.name, encoder.fingerprint
        self._encoder = encoder
        self._known: dict[tuple[str, ...], Vectors] = {}
        self.spent_ms = 0.0

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return what the encoder returns."""
        return self._encoder.encode_passages(texts, progress)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Return what the encoder returns, or returned."""
        key = tuple(texts)
        if key not in self._known:
            begun = time.perf_counter()
            self._known[key] = self._encoder.encode_questions(texts)
            self.spent_ms += (time.perf_counter() - begun) * 1000
        return self._known[key]


def ask_all(questions: Sequence[Question], library: Library, encoder: Encoder, watcher: Watcher) -> list[Asked]:
    """Ask all questions. Those without a right place are looked up only as the program ships."""
    encoder.encode_questions(["ready"])  # the first time loads the model, which is no reader's wait
    watcher.stage("Asking", len(questions))
    asked = []
    for question in questions:
        asked.append(_ask(question, library, encoder))
        watcher.advance()
    return asked


def _ask(question: Question, library: Library, encoder: Encoder) -> Asked:
    """Ask one question."""
    remembering = _Remembering(encoder)
    answer = answer_question(question.text, library, remembering, before=question.before)
    encoder_ms = remembering.spent_ms
    text, problem = check_question(question.text)
    if problem:
        return Asked(question, answer, None, {}, None, encoder_ms)
    names = [*WAYS] if question.relevant else [SHIPPED_WAY]
    before = usable_before(question.before)
    looked_up = {name: look_up(text, library, remembering, before=before, way=WAYS[name]) for name in names}
    found, vector, _ = looked_up[SHIPPED_WAY]
    closest = max((one.closeness for one in found), default=None)
    above = None if closest is None else margin(closest, vector, library.measured)
    nearest = next(iter(choose(found[:1], library, vector, 1)), None)
    ranked = {name: _names(found, library) for name, (found, _, _) in looked_up.items()}
    return Asked(question, answer, above, ranked, nearest, encoder_ms)


def _names(found: Sequence[Found], library: Library) -> tuple[str, ...]:
    """Return the names of the units found."""
    return tuple(library.unit_names([one.unit for one in found]))
