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

# How likely a cry must be for the head to speak without a phrase. In a text of many sentences each must be clearer:
# one of twenty sounds like a cry by chance. Measured on tests/data/guard/dev.tsv with scripts/evaluate_guard.py.
ALARM_FROM = 0.5
ALARM_FROM_IN_LONG = 0.8
FEW = 4  # sentences and windows of a text that is not long
ACUTE_FROM = 0.35  # how likely it must be acute, once the head took it for a cry
GRAVER_FROM = 0.6  # and once a phrase heard concern in it: phrases tell what is past from what is now

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
    alarm_from = ALARM_FROM if len(readings) <= FEW else ALARM_FROM_IN_LONG
    return gravest(NOTHING, *(decide(one.heard, chances.get(one.text or ""), alarm_from) for one in readings))


def decide(heard: Finding, chances: Chances | None, alarm_from: float = ALARM_FROM) -> Finding:
    """Return what a sentence is taken for. In doubt it is a cry: a false alarm costs little, a miss may cost a life."""
    if chances is None or heard.tier is Tier.ACUTE:
        return heard
    if heard:
        return Finding(Tier.ACUTE, heard.kind) if chances.acute >= GRAVER_FROM else heard
    if chances.alarm < alarm_from:
        return NOTHING
    return chances.as_acute if chances.acute >= ACUTE_FROM else chances.as_concern


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
        tier: [place for place, one in enumerate(head.meanings) if one.tier is tier]
        for tier in (Tier.ACUTE, Tier.CONCERN)
    }
    sums = {tier: float(row[places].sum()) for tier, places in of_tier.items()}
    likeliest = {tier: head.meanings[places[int(np.argmax(row[places]))]] for tier, places in of_tier.items()}
    return Chances(sums[Tier.ACUTE], sum(sums.values()), likeliest[Tier.ACUTE], likeliest[Tier.CONCERN])
