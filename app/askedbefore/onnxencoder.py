"""Turn text into vectors with a model that a rebuild has exported, by onnxruntime: PyTorch is not needed.

It does what sentence-transformers does with the original: the same prompts, tokens, cut, pooling and lengths.
"""

import ctypes
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from askedbefore.embedding import Progress, Vectors
from askedbefore.errors import ModelError
from askedbefore.settings import Precision, processors
from askedbefore.storage.layout import ONNX, TOKENIZER, Exported, Side

LARGEST_BATCH = 32
BATCH_CHARACTERS = 1200  # larger batches of long texts do not stay in a processor's own memory
OUTPUT = "vector"


@dataclass(frozen=True, slots=True)
class _Running:
    """What one process holds of the model: what a thread holds during a fork is never let go in the other process."""

    process: int
    session: Any
    tokenizers: dict[Side, Any]


class OnnxEncoder:
    """An exported model on the processor. Safe to use from several threads at once, and in a process that was forked.

    The files are read when they are first needed. Source: onnxruntime, `InferenceSession`; tokenizers, `Tokenizer`.
    """

    def __init__(self, build: Path, exported: Exported, precision: Precision | None = None) -> None:
        """Name the build that the model is in; `precision` is another one than the model serves with."""
        self.name = exported.name
        self.fingerprint = exported.fingerprint
        self._exported = exported
        self._precision = precision or exported.serves
        self._folder = build / exported.folder
        self._lock = Lock()
        self._held: _Running | None = None

    def load(self) -> None:
        """Load the model now and run it once, so that the first reader does not wait for it."""
        self.encode_questions(["ready"])

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return vectors of shape (len(texts), dimension), float32. Texts of like length go together."""
        vectors = self._encode(texts, self._exported.passages, progress)
        return _unit(vectors) if self._exported.unit else vectors / np.float32(self._exported.usual_length)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of questions, of shape (len(texts), dimension), float32: their length ranks nothing."""
        return _unit(self._encode(texts, self._exported.questions))

    def _encode(self, texts: Sequence[str], side: Side, progress: Progress | None = None) -> Vectors:
        """Return the model's own vectors."""
        running = self._running()
        vectors = np.zeros((len(texts), self._exported.dimension), dtype=np.float32)
        batches = list(self._batches(texts))
        threads = min(processors(), len(batches))

        def compute(places: list[int]) -> int:
            """Put the vectors of a few texts into their places."""
            tokens = running.tokenizers[side].encode_batch_fast([side.prompt + texts[place] for place in places])
            vectors[places] = running.session.run([OUTPUT], self._feed(tokens))[0]
            return len(places)

        with ThreadPoolExecutor(threads) if threads > 1 else nullcontext() as pool:
            for done in pool.map(compute, batches) if pool else map(compute, batches):
                if progress:
                    progress(done)
        return vectors

    def _batches(self, texts: Sequence[str]) -> Iterator[list[int]]:
        """Yield the places of texts that go together, shorter ones first.

        int8 scales by what else is in the batch: so that a text has the same vector each time, it goes alone.
        """
        most = LARGEST_BATCH if self._precision == "fp32" else 1
        batch: list[int] = []
        for place in sorted(range(len(texts)), key=lambda place: len(texts[place])):
            if batch and (len(batch) == most or (len(batch) + 1) * len(texts[place]) > BATCH_CHARACTERS):
                yield batch
                batch = []
            batch.append(place)
        if batch:
            yield batch

    def _feed(self, tokens: Sequence[Any]) -> dict[str, NDArray[np.int64]]:
        """Return the model's inputs, each of shape (texts, tokens), which the tokenizer has made of one length."""
        parts = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}
        return {
            name: np.array([getattr(one, parts[name]) for one in tokens], dtype=np.int64)
            for name in self._exported.inputs
        }

    def _running(self) -> _Running:
        """Return the loaded model of this process. Raises ModelError when it cannot be loaded."""
        held = self._held
        if held is None or held.process != os.getpid():
            with self._lock:
                held = self._held
                if held is None or held.process != os.getpid():
                    if held is not None:  # let nobody end that session: it might wait for a lock for ever
                        ctypes.pythonapi.Py_IncRef(ctypes.py_object(held.session))
                    held = self._held = self._load()
        return held

    def _load(self) -> _Running:
        """Read the files."""
        session = self._session()
        try:
            from tokenizers import Tokenizer

            tokenizers = {}
            for side in {self._exported.questions, self._exported.passages}:
                tokenizers[side] = Tokenizer.from_file(str(self._folder / TOKENIZER))
                if side.most_tokens is None:
                    tokenizers[side].no_truncation()
                else:
                    tokenizers[side].enable_truncation(side.most_tokens, **_rest(tokenizers[side].truncation))
        except Exception as error:  # the package raises nothing more special
            raise ModelError(f"The tokenizer in {self._folder} cannot be loaded: {error}") from error
        return _Running(os.getpid(), session, tokenizers)

    def _session(self) -> Any:
        """Load the model, to compute on the thread that asks.

        Several at work on one question are no quicker than one, and each batch or reader can have a processor.
        """
        path = self._folder / ONNX[self._precision]
        try:
            import onnxruntime

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1
            options.inter_op_num_threads = 1
            options.enable_cpu_mem_arena = False  # it keeps what it took once, and makes no question quicker
            options.log_severity_level = 3  # what goes wrong is raised; the rest is for programmers
            return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # its errors have no common base
            raise ModelError(f"The model {path} cannot be loaded: {error}") from error


def _rest(truncation: dict[str, Any] | None) -> dict[str, Any]:
    """Return how a text is cut, but for where."""
    return {name: value for name, value in (truncation or {}).items() if name != "max_length"}


def _unit(vectors: Vectors) -> Vectors:
    """Return vectors of length one in the same directions."""
    scaled: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12).astype(np.float32)
    return scaled
