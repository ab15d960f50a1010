"""Write a sentence-transformers model as ONNX, so that it runs without PyTorch, and measure whether it is the same.

The graph goes from tokens to the vector before any scaling, so pooling is in it; the tokenizer is written beside it.
"""

import copy
import io
import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np

from askedbefore.embedding import Encoder, SentenceTransformerEncoder, Vectors
from askedbefore.errors import ModelError
from askedbefore.onnxencoder import OUTPUT, OnnxEncoder
from askedbefore.settings import Precision
from askedbefore.storage.layout import ONNX, TOKENIZER, WEIGHTS, Exported, Parity, Side

# The least cosine with the original, of any text of the sample, that is the same model for our purposes.
LEAST: dict[Precision, float] = {"fp32": 0.999, "int8": 0.95}
OPSET = 17
INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_PROBE = ("Why do I miss her?", "She goes away every August, and I never know what to do with the Tuesdays.")


class NotExported(Exception):
    """A model cannot be had as ONNX; the text says why, and is no sentence."""


def export(
    encoder: SentenceTransformerEncoder, build: Path, folder: str, sample: Sequence[str], precision: Precision
) -> tuple[Exported, str | None]:
    """Write the model into a folder of `build`, and say what it is; and, where int8 is too far off, that in words.

    `sample` are texts of the archive. Raises NotExported when the model does something that ONNX has not, or when its
    vectors are not those of the original; ModelError when the original is broken; OSError when the disk is full.
    """
    (build / folder).mkdir(parents=True)
    try:
        exported = _export_fp32(encoder, build, folder, precision)
        original = _vectors(encoder, sample)
        parity = _parity(original, _vectors(OnnxEncoder(build, exported), sample))
    except (ModelError, NotExported, OSError):
        raise
    except Exception as error:  # PyTorch, transformers and onnxruntime raise errors without a common base
        raise NotExported(f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}") from error
    if parity.least < LEAST["fp32"]:
        raise NotExported(f"its vectors are too far from the original's, with a cosine of {parity.least:.4f}")
    exported = exported.model_copy(update={"parity": {"fp32": parity}})
    return _add_int8(exported, build, original, sample) if precision == "int8" else (exported, None)


def _export_fp32(encoder: SentenceTransformerEncoder, build: Path, folder: str, precision: Precision) -> Exported:
    """Write the model in full precision, and its tokenizer; nothing is measured yet."""
    import torch

    model = encoder.model
    questions, of_question = _side(model, "query", ("query",))
    passages, of_passage = _side(model, "document", ("document", "passage", "corpus"))
    inputs = tuple(name for name, value in of_passage.items() if isinstance(value, torch.Tensor))
    if not set(inputs) <= set(INPUTS) or {*of_question} - {*of_passage} - {"prompt_length"}:
        raise NotExported(f"it takes more than tokens: {', '.join(of_passage)}")
    with _quiet(), torch.no_grad():
        torch.onnx.export(
            _as_module(model, inputs),
            tuple(of_passage[name] for name in inputs),
            str(build / folder / ONNX["fp32"]),
            dynamo=False,  # its graphs take a third less memory than those of the newer one, at the same speed
            opset_version=OPSET,
            input_names=list(inputs),
            output_names=[OUTPUT],
            dynamic_axes={**{name: {0: "texts", 1: "tokens"} for name in inputs}, OUTPUT: {0: "texts"}},
        )
    _put_weights_apart(build / folder, "fp32")
    model.tokenizer.backend_tokenizer.save(str(build / folder / TOKENIZER))
    return Exported(
        folder=folder,
        name=encoder.name,
        fingerprint=encoder.fingerprint,
        inputs=inputs,
        dimension=int(model.get_embedding_dimension()),
        unit=encoder.has_unit_vectors,
        usual_length=encoder.usual_length,
        questions=questions,
        passages=passages,
        wanted=precision,
        serves="fp32",
        parity={},
    )


def _side(model: Any, task: str, prompt_names: Sequence[str]) -> tuple[Side, dict[str, Any]]:
    """Return what sentence-transformers does with a question or a passage, and what it makes of two.

    Source: sentence-transformers, `encode_query`, `encode_document` and `_resolve_prompt`.
    """
    names = [name for name in (*prompt_names, model.default_prompt_name) if name in model.prompts]
    prompt = (model.prompts[names[0]] if names else None) or ""
    features = dict(model.preprocess(list(_PROBE), prompt=prompt or None, task=task))
    if prompt and not all(getattr(module, "include_prompt", True) for module in model):
        raise NotExported("it leaves its prompt out of the vector")
    tokenizer = getattr(model.tokenizer, "backend_tokenizer", None)
    if tokenizer is None or tokenizer.padding is None:
        raise NotExported("its tokenizer is not one of the tokenizers package")
    cut = tokenizer.truncation  # as it was set for these two
    return Side(prompt=prompt, most_tokens=cut["max_length"] if cut else None), features


def _as_module(model: Any, inputs: Sequence[str]) -> Any:
    """Return a copy of the model that takes its inputs one by one, in full precision, and gives vectors alone."""
    import torch

    class Plain(torch.nn.Module):
        """All modules of a SentenceTransformer, one after the other."""

        def __init__(self) -> None:
            """Take a copy, so that the original stays as it is."""
            super().__init__()
            self.parts = copy.deepcopy(model).float().eval()
            transformer: Any = getattr(self.parts[0], "auto_model", None)
            if hasattr(transformer, "set_attn_implementation"):
                transformer.set_attn_implementation("eager")  # onnxruntime knows this pattern, and makes it one step

        def forward(self, *values: Any) -> Any:
            """Return the vectors of texts."""
            features = dict(zip(inputs, values, strict=True))
            for module in self.parts:
                features = module(features)
            vectors = features["sentence_embedding"]
            return vectors if model.truncate_dim is None else vectors[:, : model.truncate_dim]

    return Plain()


def _add_int8(exported: Exported, build: Path, original: Vectors, sample: Sequence[str]) -> tuple[Exported, str | None]:
    """Write the model in int8 beside it, to be served, unless its vectors are too far off; then say so."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    full, quick = (build / exported.folder / ONNX[one] for one in ("fp32", "int8"))
    try:
        with _quiet():
            # Seven bits: without the newest processors' instructions eight overflow, and the server may be an old one.
            quantize_dynamic(full, quick, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
            _put_weights_apart(build / exported.folder, "int8")
        parity = _parity(original, _vectors(OnnxEncoder(build, exported, "int8"), sample))
    except Exception as error:  # as above
        return exported, f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}"
    if parity.least < LEAST["int8"]:
        return exported, f"its vectors are too far from the original's, with a cosine of {parity.least:.4f}"
    return exported.model_copy(update={"serves": "int8", "parity": {**exported.parity, "int8": parity}}), None


def _put_weights_apart(folder: Path, precision: Precision) -> None:
    """Write a model's weights into a file of their own: onnxruntime then keeps no second copy of them in memory.

    Of the table of all words' vectors, half of a small model, only the words that are asked for are read from disk.
    """
    import onnx

    path, weights = folder / ONNX[precision], folder / WEIGHTS[precision]
    weights.touch()  # with the rights of every other file; the package would let nobody else read it
    onnx.save(onnx.load(path), path, save_as_external_data=True, location=weights.name)


def _vectors(encoder: Encoder, texts: Sequence[str]) -> Vectors:
    """Return the vectors of texts as passages, and after them as questions."""
    return np.concatenate([encoder.encode_passages(texts), encoder.encode_questions(texts)])


def _parity(original: Vectors, exported: Vectors) -> Parity:
    """Return how far vectors are those of the original, row by row."""
    squares = np.maximum((original**2).sum(axis=1), (exported**2).sum(axis=1))
    cosines = np.clip((original * exported).sum(axis=1) / np.maximum(squares, 1e-12), -1, 1)
    return Parity(least=float(cosines.min()), mean=float(cosines.mean()), texts=len(original) // 2)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what packages say to programmers from the author, and from the output of --json."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
