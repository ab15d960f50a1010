"""Give every passage and sentence its vector; what the live build already has is not computed again."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from askedbefore.embedding import Encoder, Vectors
from askedbefore.records import Passage
from askedbefore.sentences import sentence_spans
from askedbefore.storage.build import Contents
from askedbefore.storage.library import Library
from askedbefore.watching import Watcher


@dataclass(frozen=True, slots=True)
class Embedded:
    """What goes into the build, and how many passages had a text that was new."""

    contents: Contents
    new_passages: int


def embed_passages(passages: Sequence[Passage], live: Library | None, encoder: Encoder, watcher: Watcher) -> Embedded:
    """Return the passages with vectors of them and of their sentences. A text that stands twice is embedded once."""
    spans = [sentence_spans(passage.text) for passage in passages]
    sentences = [
        passage.text[start:end] for passage, ranges in zip(passages, spans, strict=True) for start, end in ranges
    ]
    reusable = live if live is not None and live.manifest.recipe.model_sha256 == encoder.fingerprint else None
    of_passages, of_sentences = _known_vectors(reusable)
    new_passages = [text for text in dict.fromkeys(one.text for one in passages) if text not in of_passages]
    new_sentences = [text for text in dict.fromkeys(sentences) if text not in of_sentences]
    new_texts = list(dict.fromkeys([*new_passages, *new_sentences]))
    watcher.stage("Embedding", len(new_texts))
    if new_texts:
        computed = dict(zip(new_texts, encoder.encode_passages(new_texts, watcher.advance), strict=True))
        of_passages |= {text: computed[text] for text in new_passages}
        of_sentences |= {text: computed[text] for text in new_sentences}
    vectors = np.stack([of_passages[one.text] for one in passages]).astype(np.float32)
    sentence_vectors = np.stack([of_sentences[text] for text in sentences]).astype(np.float16)
    return Embedded(Contents(passages, vectors, spans, sentence_vectors), len(new_passages))


def _known_vectors(library: Library | None) -> tuple[dict[str, Vectors], dict[str, Vectors]]:
    """Return the vectors of a build's passages and of its sentences by their text."""
    passages: dict[str, Vectors] = {}
    sentences: dict[str, Vectors] = {}
    if library is not None:
        vectors = library.passage_vectors(range(library.manifest.counts.passages))
        for (passage, first, spans), vector in zip(library.all_passages(), vectors, strict=True):
            passages[passage.text] = vector
            of_passage = library.sentence_vectors(first, first + len(spans))
            sentences |= {passage.text[slice(*span)]: one for span, one in zip(spans, of_passage, strict=True)}
    return passages, sentences
