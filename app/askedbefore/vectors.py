"""Give passages, sentences, headings and units their vectors; what the live build already has is not computed again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from askedbefore.embedding import Encoder, Vectors
from askedbefore.passages import full_heading, units_of
from askedbefore.records import Passage
from askedbefore.sentences import sentence_spans
from askedbefore.storage.build import Contents
from askedbefore.storage.library import Library
from askedbefore.watching import Watcher

HEADING = 0.2  # what the heading weighs in a unit's vector, against its passages together

Known = dict[str, Vectors]


@dataclass(frozen=True, slots=True)
class Embedded:
    """What goes into the build, and how many passages had a text that was new."""

    contents: Contents
    new_passages: int


def embed_passages(passages: Sequence[Passage], live: Library | None, encoder: Encoder, watcher: Watcher) -> Embedded:
    """Return the passages with all vectors of the build. A text that stands twice is embedded once."""
    spans = [sentence_spans(passage.text) for passage in passages]
    sentences = [
        passage.text[start:end] for passage, ranges in zip(passages, spans, strict=True) for start, end in ranges
    ]
    headings = list(dict.fromkeys(full_heading(passage) for passage in passages))
    of_passages, of_parts = _known_vectors(live, encoder)
    new_passages = [text for text in dict.fromkeys(one.text for one in passages) if text not in of_passages]
    new_parts = [text for text in dict.fromkeys([*sentences, *headings]) if text not in of_parts]
    new_texts = list(dict.fromkeys([*new_passages, *new_parts]))
    watcher.stage("Embedding", len(new_texts))
    if new_texts:
        computed = dict(zip(new_texts, encoder.encode_passages(new_texts, watcher.advance), strict=True))
        of_passages |= {text: computed[text] for text in new_passages}
        of_parts |= {text: computed[text] for text in new_parts}
    contents = Contents(
        passages=passages,
        vectors=np.stack([of_passages[one.text] for one in passages]).astype(np.float32),
        sentences=spans,
        sentence_vectors=_half([of_parts[text] for text in sentences]),
        headings=headings,
        heading_vectors=_half([of_parts[text] for text in headings]),
        unit_vectors=_half(_unit_vectors(passages, of_passages, of_parts)),
    )
    return Embedded(contents, len(new_passages))


def _unit_vectors(passages: Sequence[Passage], of_passages: Mapping[str, Vectors], of_parts: Known) -> list[Vectors]:
    """Return for each unit the direction of its passages' mean, moved a little towards its heading."""
    found = []
    for rows in units_of(passages):
        members = [passages[row] for row in rows]
        mean = np.mean([of_passages[one.text] for one in members], axis=0)
        heading = np.mean([of_parts[full_heading(one)] for one in members], axis=0)
        towards = mean + HEADING * heading
        found.append(towards / max(float(np.linalg.norm(towards)), 1e-9))
    return found


def _known_vectors(live: Library | None, encoder: Encoder) -> tuple[Known, Known]:
    """Return the vectors by text of a build's passages, and of its sentences and headings, if the model is the same."""
    if live is None or live.manifest.recipe.model_sha256 != encoder.fingerprint:
        return {}, {}
    of_passages: Known = {}
    of_parts: Known = dict(zip(live.headings, live.heading_vectors(), strict=True))
    vectors = live.passage_vectors(range(live.manifest.counts.passages))
    for (passage, first, spans), vector in zip(live.all_passages(), vectors, strict=True):
        of_passages[passage.text] = vector
        of_passage = live.sentence_vectors(range(first, first + len(spans)))
        of_parts |= {passage.text[slice(*span)]: one for span, one in zip(spans, of_passage, strict=True)}
    return of_passages, of_parts


def _half(vectors: Sequence[Vectors]) -> NDArray[np.float16]:
    """Return vectors in half precision, as they are stored."""
    return np.stack(vectors).astype(np.float16)
