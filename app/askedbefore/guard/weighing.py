"""What speaks for a cry in a text: what the phrases hear in its sentences, and what the head makes of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from askedbefore.embedding import Vectors
from askedbefore.guard.finding import NOTHING, Finding, Kind, Tier, gravest
from askedbefore.guard.head import TIERS, Chances, Head, shipped_head
from askedbefore.guard.normalising import name_therapist, pieces
from askedbefore.guard.reading import Reading, read, read_whole
from askedbefore.sentences import sentence_spans

LONGEST = 20_000  # characters that are looked at: far more than can be asked, and not without end
MOST_PIECES = 200  # sentences that are looked at, half of them the first and half the last of a text
MOST_MEASURED = 12  # sentences of a text whose vectors are made: the likeliest by their words
SUSPICIOUS = 0.2  # how likely a sentence must be a cry by its words for its vector to be made

Encode = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True, slots=True)
class Judged:
    """What the head makes of a text; `has_vector` says that it had more to go by than words."""

    chances: Chances
    acute: float
    kind: Kind
    has_vector: bool


@dataclass(frozen=True, slots=True)
class Weighed:
    """What speaks for a cry: what the phrases heard, how likely it is one at all and an acute one, and of what kind.

    `only_sounds` says that each sentence holds an idiom, a negation or talk about the subject; `has_vector` that the
    head had more to go by than words.
    """

    heard: Finding
    alarm: float
    acute: float
    kind: Kind
    only_sounds: bool = False
    has_vector: bool = True


def weigh(text: str, encode: Encode | None) -> Weighed:
    """Return what speaks for a cry in a text. `encode` as in `assess`."""
    text, head = name_therapist(text[:LONGEST]), shipped_head()
    readings = read_all(text)
    judged = judge(text, readings, encode, head)
    return Weighed(
        heard=gravest(NOTHING, *(one.heard for one in readings)),
        alarm=head.alarm(judged.chances, judged.has_vector),
        acute=judged.acute,
        kind=judged.kind,
        only_sounds=all(one.only_sounds for one in readings),
        has_vector=judged.has_vector,
    )


def read_all(text: str) -> list[Reading]:
    """Return the sentences of a text as the guard reads them."""
    found = pieces(text)
    if len(found) > MOST_PIECES:
        found = found[: MOST_PIECES // 2] + found[-MOST_PIECES // 2 :]
    return [read(piece) for piece in found]


def judge(text: str, readings: Sequence[Reading], encode: Encode | None, head: Head) -> Judged:
    """Return what a head makes of a text and of those of its sentences that are more than an idiom or a negation."""
    whole = readings[0] if len(readings) == 1 else read_whole(text)
    parts = [one for one in readings if not one.only_sounds] if len(readings) > 1 else []
    by_words = {one: _alarm(head.chances(one.spelt)) for one in parts}
    likeliest = sorted(by_words, key=by_words.__getitem__, reverse=True)[:MOST_MEASURED]
    suspicious = [one for one in likeliest if by_words[one] >= SUSPICIOUS]
    vectors = _vectors([whole, *suspicious], encode)
    of_whole = head.chances(whole.spelt, vectors.get(whole.text))
    known = [(head.chances(one.spelt, vectors.get(one.text)), one) for one in suspicious or likeliest[:1]]
    known = sorted(known, key=lambda one: _alarm(one[0]), reverse=True) or [(of_whole, whole)]
    return Judged(
        Chances(
            whole=_alarm(of_whole),
            gravest=_alarm(known[0][0]),
            second=_alarm(known[1][0]) if len(known) > 1 else 0.0,
            sentences=len(sentence_spans(text)) or 1,
        ),
        acute=max(float(chances[TIERS.index(Tier.ACUTE)]) for chances in (of_whole, known[0][0])),
        kind=head.kind(known[0][1].spelt),
        has_vector=bool(vectors),
    )


def _alarm(chances: Vectors) -> float:
    """Return how likely it is a cry at all."""
    return 1 - float(chances[TIERS.index(Tier.NONE)])


def _vectors(readings: Sequence[Reading], encode: Encode | None) -> dict[str, Vectors]:
    """Return the vectors of readings, of none when none can be made: the guard must not fail with the model."""
    if encode is None:
        return {}
    texts = list(dict.fromkeys(one.text for one in readings))
    try:
        return dict(zip(texts, encode(texts), strict=True))
    except Exception:  # whatever it was, the words have spoken; the answer itself will say that something is wrong
        return {}
