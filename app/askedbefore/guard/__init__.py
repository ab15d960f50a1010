"""Notice when a question may be a cry for help, before anything is looked up. Nothing of it is kept.

Two things are put together: phrases (`phrases.toml`), and a head (`head.npz`) that has learnt from examples
(`examples.en.tsv` and its kin) and goes by words, letters and vectors. Either can speak alone. `deciding.py` decides;
docs/safety.md has the figures.
"""

from typing import Any

from askedbefore.embedding import Encoder
from askedbefore.guard.deciding import assess
from askedbefore.guard.encoding import fitting
from askedbefore.guard.finding import NOTHING, Finding, Kind, Tier, gravest
from askedbefore.guard.normalising import pieces
from askedbefore.guard.reading import read
from askedbefore.guard.showing import support_for
from askedbefore.guard.weighing import LONGEST, Encode
from askedbefore.helplines import Signposts
from askedbefore.wording import ENGLISH, Words

__all__ = [
    "LONGEST",
    "NOTHING",
    "Encode",
    "Finding",
    "Kind",
    "Tier",
    "assess",
    "detect",
    "find_support",
    "gravest",
]


def find_support(
    *texts: str, encoder: Encoder | None = None, wording: Words = ENGLISH, signposts: Signposts | None = None
) -> dict[str, Any] | None:
    """Return what to show a reader who may need help now, in the public JSON form, or None.

    `texts` are what she wrote, now and just before; the gravest in any of them counts. Without an encoder
    phrases, words and letters decide. `signposts` say whose help lines are shown.
    """
    encode = fitting(encoder)
    finding = gravest(*(assess(text, encode) for text in texts if text))
    return support_for(finding, "\n".join(texts), wording, signposts or Signposts())


def detect(text: str) -> str | None:
    """Return the kind of help that a text may ask for, by the phrases alone, or None.

    For the archive's own texts: without vectors the head takes too many long letters for a cry.
    """
    finding = gravest(NOTHING, *(read(piece).heard for piece in pieces(text[:LONGEST])))
    return finding.kind.value if finding.kind else None
