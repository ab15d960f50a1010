"""An encoder that asks the model no question twice: neither in one answer or rebuild, nor in the next rebuild."""

from collections.abc import Sequence

import numpy as np

from askedbefore.embedding import Encoder, Progress, Vectors
from askedbefore.storage.library import Library
from askedbefore.storage.questions import DIGEST_BYTES, Questions, digest, load_questions, no_questions


class Remembering:
    """Gives the vectors of questions, those of the live build as they are there, and keeps all that were asked for.

    What the live build has and this rebuild does not ask for is not kept: nothing of what is gone stays.
    """

    def __init__(self, encoder: Encoder, live: Library | None = None) -> None:
        """Take over what the live build has, if it was made with the same model; without one remember nothing yet."""
        self.name, self.fingerprint = encoder.name, encoder.fingerprint
        self._encoder = encoder
        same_model = live is not None and live.manifest.recipe.model_sha256 == encoder.fingerprint
        known = load_questions(live.folder) if live is not None and same_model else no_questions(0)
        self._known = {key.tobytes(): row for row, key in enumerate(known.digests)}
        self._known_vectors = known.vectors
        self._asked: dict[bytes, Vectors] = {}

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return vectors of passages, which are not kept here."""
        return self._encoder.encode_passages(texts, progress)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of questions, of shape (len(texts), dimension); only those that are new are encoded."""
        keys = [digest(text) for text in texts]
        new: dict[bytes, str] = {}
        for key, text in zip(keys, texts, strict=True):
            if key in self._known:
                self._asked[key] = self._known_vectors[self._known[key]]
            elif key not in self._asked:
                new[key] = text
        if new:
            self._asked |= zip(new, self._encoder.encode_questions(list(new.values())), strict=True)
        return np.stack([self._asked[key] for key in keys])

    def questions(self, dimension: int) -> Questions:
        """Return all that were asked for, in the order of their digests, to be written into the new build."""
        if not self._asked:
            return no_questions(dimension)
        keys = sorted(self._asked)
        digests = np.frombuffer(b"".join(keys), np.uint8).reshape(-1, DIGEST_BYTES)
        return Questions(digests, np.stack([self._asked[key] for key in keys]).astype(np.float32))
