"""The guard's decision: what the phrases hear in a text and what the head makes of it, put together."""

from askedbefore.guard.finding import NOTHING, Finding, Tier
from askedbefore.guard.weighing import Encode, Weighed, weigh

# How likely a text must be a cry for the head to speak, and from where on it is taken for acute: lower where a phrase
# has spoken too. Chosen on the development sets in tests/data/guard with scripts/evaluate_guard.py.
LINES = {
    Tier.NONE: (0.4, 0.12),
    Tier.CONCERN: (0.05, 0.3),
    Tier.ACUTE: (0.0, 0.0),
}
ALARM_FROM_OF_SOUNDS = 0.97  # where all that sounds like a cry is an idiom, a negation or talk about the subject
ALARM_FROM_WITHOUT_VECTOR = 0.5  # words alone know less


def assess(text: str, encode: Encode | None) -> Finding:
    """Return how grave a text is, and of what kind. Nothing of it is kept.

    `encode` makes unit vectors of the packaged model, of shape (len(texts), dimension). Without it, and when it
    fails, words and letters alone decide.
    """
    return decide(weigh(text, encode))


def decide(weighed: Weighed) -> Finding:
    """Return what a text is taken for. In doubt it is a cry: a false alarm costs little, a miss may cost a life."""
    if weighed.heard and not weighed.has_vector:
        return weighed.heard  # words alone are too little to overrule a phrase
    alarm_from, acute_from = LINES[weighed.heard.tier]
    if weighed.only_sounds:
        alarm_from = ALARM_FROM_OF_SOUNDS
    elif not weighed.has_vector:
        alarm_from = ALARM_FROM_WITHOUT_VECTOR
    if weighed.alarm < alarm_from:
        return NOTHING
    tier = Tier.ACUTE if weighed.acute >= acute_from else Tier.CONCERN
    return Finding(tier, weighed.heard.kind or weighed.kind)
