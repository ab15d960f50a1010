"""One sentence as the guard looks at it: its bare words for the phrases, and what of it a vector is made of."""

from dataclasses import dataclass

from askedbefore.guard.finding import Finding, gravest
from askedbefore.guard.normalising import bare_words, in_full, is_english, spell_out, unmask
from askedbefore.guard.phrases import english, heard_in_others

# On fewer words only the phrases decide. What is left of a sentence must say more, or it is a scrap without sense.
FEWEST_WORDS, FEWEST_LEFT = 3, 5


@dataclass(frozen=True, slots=True)
class Reading:
    """What the phrases hear in a sentence, and the text whose vector says more of it, None when none would."""

    heard: Finding
    text: str | None


def read(piece: str) -> Reading:
    """Read one sentence. Where nothing had to be mended or taken out, `text` is the sentence just as it was typed.

    So the vector that was made of a question serves the guard too.
    """
    unmasked = unmask(piece)
    spelt = spell_out(unmasked)
    left = english().without_harmless(spelt)
    heard = gravest(english().heard(left), heard_in_others(bare_words(unmasked)))
    fewest = FEWEST_WORDS if left == spelt else FEWEST_LEFT
    if not is_english(spelt) or len(left.split()) < fewest:
        return Reading(heard, None)
    as_typed = left == spelt == in_full(unmasked) and bare_words(unmasked) == bare_words(piece.casefold())
    return Reading(heard, piece if as_typed else left)
