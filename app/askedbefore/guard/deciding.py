"""The guard's decision: what the phrases hear in a sentence and what the head makes of its vector, put together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from askedbefore.embedding import Vectors
from askedbefore.guard.finding import NOTHING, Finding, Tier, gravest
from askedbefore.guard.head import Head, shipped_head
from askedbefore.guard.normalising import pieces
from askedbefore.guard.reading import read

LONGEST = 20_000  # characters that are looked at: far more than can be asked, and not without end
MOST_MEASURED = 96  # sentences whose vectors are made, half of them the first and half the last of a text

# Where the head speaks without a phrase: measured on tests/data/guard/dev.tsv with scripts/evaluate_guard.py.
ACUTE_FROM = 0.6
CONCERN_FROM = 0.75
# Where the head makes a phrase graver, and where it is sure that a concern is only talk.
GRAVER_FROM = 0.5
TALK_BELOW = 0.06

Encode = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True, slots=True)
class Chances:
    """How likely a sentence is acute and at least a concern, and the likeliest finding of each tier."""

    acute: float
    alarm: float
    as_acute: Finding
    as_concern: Finding


def assess(text: str, encode: Encode | None) -> Finding:
    """Return the gravest that is found in any sentence of a text. Nothing of it is kept.

    `encode` makes unit vectors of the packaged model, of shape (len(texts), dimension). Without it, and when it
    fails, the phrases alone decide.
    """
    readings = [read(piece) for piece in pieces(text[:LONGEST])]
    heard = gravest(NOTHING, *(one.heard for one in readings))
    if encode is None or heard.tier is Tier.ACUTE:
        return heard
    to_measure = list(dict.fromkeys(one.text for one in readings if one.text is not None))
    if len(to_measure) > MOST_MEASURED:
        to_measure = to_measure[: MOST_MEASURED // 2] + to_measure[-MOST_MEASURED // 2 :]
    chances = _measure(to_measure, encode)
    return gravest(NOTHING, *(decide(one.heard, chances.get(one.text or "")) for one in readings))


def decide(heard: Finding, chances: Chances | None) -> Finding:
    """Return what one sentence is taken for. In doubt it is a cry: a false alarm costs little, a miss may cost a life."""
    if chances is None or heard.tier is Tier.ACUTE:
        return heard
    if heard.tier is Tier.CONCERN:
        if chances.alarm < TALK_BELOW:
            return NOTHING
        return Finding(Tier.ACUTE, heard.kind) if chances.acute >= GRAVER_FROM else heard
    if chances.acute >= ACUTE_FROM:
        return chances.as_acute
    return chances.as_concern if chances.alarm >= CONCERN_FROM else NOTHING


def _measure(texts: Sequence[str], encode: Encode) -> dict[str, Chances]:
    """Return the chances of each text, of none when no vectors can be made: the guard must not fail with the model."""
    if not texts:
        return {}
    head = shipped_head()
    try:
        found = head.chances(encode(texts))
    except Exception:  # whatever it was, the phrases have spoken; the answer itself will say that something is wrong
        return {}
    return {text: _chances(head, row) for text, row in zip(texts, found, strict=True)}


def _chances(head: Head, row: Vectors) -> Chances:
    """Return the chances that a row of the head's chances, of shape (classes,), comes to."""
    of_tier = {
        tier: [place for place, one in enumerate(head.meanings) if one.tier is tier] for tier in (Tier.ACUTE, Tier.CONCERN)
    }
    sums = {tier: float(row[places].sum()) for tier, places in of_tier.items()}
    likeliest = {tier: head.meanings[places[int(np.argmax(row[places]))]] for tier, places in of_tier.items()}
    return Chances(sums[Tier.ACUTE], sum(sums.values()), likeliest[Tier.ACUTE], likeliest[Tier.CONCERN])
