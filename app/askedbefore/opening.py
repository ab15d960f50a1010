"""Find what makes the vectors of questions for a build: the model that is in it, else sentence-transformers."""

from dataclasses import dataclass
from pathlib import Path

from askedbefore.embedding import Encoder, SentenceTransformerEncoder
from askedbefore.errors import ModelError
from askedbefore.extras import INSTALL, has_rebuild_extra
from askedbefore.guard.encoding import stand_in
from askedbefore.onnxencoder import OnnxEncoder
from askedbefore.storage.layout import ENCODER, GUARD, Manifest


@dataclass(frozen=True, slots=True)
class Opened:
    """What makes the vectors, loaded when it is first needed, and what a person should know of it."""

    encoder: Encoder
    remark: str | None = None


def open_encoder(build: Path, manifest: Manifest) -> Opened:
    """Return the build's own model; and have the guard read by the one that is in it for that.

    Without a model in the build sentence-transformers loads the original, and that is said. Raises ModelError when
    neither can be had.
    """
    exported, for_guard = manifest.model_in(ENCODER), manifest.model_in(GUARD)
    if for_guard is not None:
        stand_in(OnnxEncoder(build, for_guard))
    if exported is not None:
        return Opened(OnnxEncoder(build, exported))
    why = manifest.not_exported or "The index holds no model that runs by itself."
    if not has_rebuild_extra():
        raise ModelError(f"{why} So sentence-transformers must run it. Install that with  {INSTALL}")
    original = SentenceTransformerEncoder(manifest.recipe.settings.get("model"))
    return Opened(original, f"{why} So sentence-transformers runs it, which takes longer to load.")
