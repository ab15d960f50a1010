"""Which vectors the guard's head reads: those of the packaged model, whatever model the archive is embedded with.

The head and the lines that it decides at were measured with that model. Another model's own head would be as good as
nobody has measured; the packaged one is always there, and small.
"""

from functools import cache

from askedbefore.embedding import Encoder, SentenceTransformerEncoder
from askedbefore.errors import ModelError
from askedbefore.guard.head import shipped_head
from askedbefore.guard.weighing import Encode

_standing_in: Encoder | None = None  # the packaged model as it came with the build that this process serves


def fitting(encoder: Encoder | None) -> Encode | None:
    """Return what makes the vectors that the head reads, or None when there is nothing that does.

    That is the encoder at hand if it is the packaged model, else that model beside it.
    """
    if encoder is None:
        return None
    if encoder.fingerprint == shipped_head().model:
        return encoder.encode_questions
    packaged = packaged_encoder()
    return packaged.encode_questions if packaged else None


def prepare(encoder: Encoder) -> None:
    """Load what the guard needs now, so that the first reader does not wait for it."""
    encode = fitting(encoder)
    if encode:
        encode(["ready"])


def stand_in(encoder: Encoder) -> None:
    """Have this encoder stand in for the packaged model from now on, in this process, if it is the same model."""
    global _standing_in
    if encoder.fingerprint == shipped_head().model:
        _standing_in = encoder


def packaged_encoder() -> Encoder | None:
    """Return the packaged model, None when it is not the one that the head was learnt with; loaded when first used.

    It is the one that came with a build, if one did: that needs no PyTorch.
    """
    return _standing_in or _installed_encoder()


@cache
def _installed_encoder() -> Encoder | None:
    """Return the packaged model as it is installed."""
    try:
        encoder = SentenceTransformerEncoder()
    except (ModelError, ImportError):
        return None
    return encoder if encoder.fingerprint == shipped_head().model else None
