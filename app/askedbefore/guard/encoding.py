"""Which vectors the guard's head reads: those of the packaged model, whatever model the archive is embedded with.

The head and the lines that it decides at were measured with that model. Another model's own head would be as good as
nobody has measured; the packaged one is always there, and small.
"""

from functools import cache

from askedbefore.embedding import Encoder, SentenceTransformerEncoder
from askedbefore.errors import ModelError
from askedbefore.guard.head import shipped_head
from askedbefore.guard.weighing import Encode


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


@cache
def packaged_encoder() -> Encoder | None:
    """Return the packaged model, None when it is not the one that the head was learnt with; loaded when first used."""
    try:
        encoder = SentenceTransformerEncoder()
    except (ModelError, ImportError):
        return None
    return encoder if encoder.fingerprint == shipped_head().model else None
