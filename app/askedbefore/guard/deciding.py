"""The guard's decision: what the phrases hear in a text and what the head makes of it, put together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from askedbefore.embedding import Vectors
from askedbefore.guard.finding import NOTHING, Finding, Kind, Tier, gravest
from askedbefore.guard.head import TIERS, shipped_head
from askedbefore.guard.normalising import pieces
from askedbefore.guard.reading import Reading, read, read_whole
from askedbefore.sentences import sentence_spans

LONGEST = 20_000  # characters that are looked at: far more than can be asked, and not without end
MOST_PIECES = 200  # sentences that are looked at, half of them the first and half the last of a text
MOST_MEASURED = 12  # sentences of a text whose vectors are made: the likeliest by their words
SUSPICIOUS = 0.2  # how likely a sentence must be a cry by its words for its vector to be made

# How likely a text must be a cry for the head to speak, and from where on it is taken for acute: lower where a phrase
# has spoken too. Chosen on the development sets in tests/data/guard with scripts/evaluate_guard.py.
LINES = {
    Tier.NONE: (0.55, 0.2),
    Tier.CONCERN: (0.35, 0.3),
    Tier.ACUTE: (0.2, 0.0),
}
FEW = 3  # sentences; of more, one sounds like a cry by chance, so
SURER = 0.2  # is how much likelier a longer text must be
ALARM_FROM_OF_SOUNDS = 0.97  # where all that sounds like a cry is an idiom, a negation or talk about the subject
OF_SENTENCE = 0.65  # how much the gravest sentence of several counts, against the text as a whole

Encode = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True, slots=True)
class Weighed:
    """What speaks for a cry: what the phrases heard, how likely it is one at all and an acute one, and of what kind.

    `only_sounds` says that each sentence holds an idiom, a negation or talk about the subject; `has_vector` that the
    head had more to go by than words; `is_long` that there are more than a few sentences.
    """

    heard: Finding
    alarm: float
    acute: float
    kind: Kind
    only_sounds: bool = False
    has_vector: bool = True
    is_long: bool = False


def assess(text: str, encode: Encode | None) -> Finding:
    """Return how grave a text is, and of what kind. Nothing of it is kept.

    `encode` makes unit vectors of the packaged model, of shape (len(texts), dimension). Without it, and when it
    fails, words and letters alone decide.
    """
    return decide(weigh(text, encode))


def weigh(text: str, encode: Encode | None) -> Weighed:
    """Return what speaks for a cry in a text, by the text as a whole and its gravest sentence."""
    found = pieces(text[:LONGEST])
    if len(found) > MOST_PIECES:
        found = found[: MOST_PIECES // 2] + found[-MOST_PIECES // 2 :]
    readings, whole, head = [read(piece) for piece in found], read_whole(text[:LONGEST]), shipped_head()
    by_words = {one: _alarm(head.chances(one.spelt)) for one in readings if not one.only_sounds}
    likeliest = sorted(by_words, key=by_words.__getitem__, reverse=True)[:MOST_MEASURED] if len(readings) > 1 else []
    suspicious = [one for one in likeliest if by_words[one] >= SUSPICIOUS]
    vectors = _vectors([whole, *suspicious], encode)
    chances, told_by = head.chances(whole.spelt, vectors.get(whole.text)), whole
    if likeliest:
        known = {one: head.chances(one.spelt, vectors.get(one.text)) for one in suspicious or likeliest[:1]}
        told_by = max(known, key=lambda one: _alarm(known[one]))
        chances = (1 - OF_SENTENCE) * chances + OF_SENTENCE * known[told_by]
    return Weighed(
        heard=gravest(NOTHING, *(one.heard for one in readings)),
        alarm=_alarm(chances),
        acute=float(chances[TIERS.index(Tier.ACUTE)]),
        kind=head.kind(told_by.spelt),
        only_sounds=not by_words,
        has_vector=bool(vectors),
        is_long=len(sentence_spans(text[:LONGEST])) > FEW,
    )


def _alarm(chances: Vectors) -> float:
    """Return how likely it is a cry at all."""
    return 1 - float(chances[TIERS.index(Tier.NONE)])


def decide(weighed: Weighed) -> Finding:
    """Return what a text is taken for. In doubt it is a cry: a false alarm costs little, a miss may cost a life."""
    alarm_from, acute_from = LINES[weighed.heard.tier]
    if weighed.heard and not weighed.has_vector:
        return weighed.heard  # words alone are too little to overrule a phrase
    if weighed.only_sounds:
        alarm_from = ALARM_FROM_OF_SOUNDS
    elif weighed.is_long:
        alarm_from += SURER
    if weighed.alarm < alarm_from:
        return NOTHING
    tier = Tier.ACUTE if weighed.acute >= acute_from else Tier.CONCERN
    return Finding(tier, weighed.heard.kind or weighed.kind)


def _vectors(readings: Sequence[Reading], encode: Encode | None) -> dict[str, Vectors]:
    """Return the vectors of readings, of none when none can be made: the guard must not fail with the model."""
    if encode is None:
        return {}
    texts = list(dict.fromkeys(one.text for one in readings))
    try:
        return dict(zip(texts, encode(texts), strict=True))
    except Exception:  # whatever it was, the words have spoken; the answer itself will say that something is wrong
        return {}
