"""Give passages, sentences, headings and units their vectors; what the live build already has is not computed again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from askedbefore.embedding import Encoder, Vectors
from askedbefore.passages import full_heading, units_of
from askedbefore.records import Passage
from askedbefore.sentences import sentence_spans
from askedbefore.storage.build import Contents
from askedbefore.storage.library import Library, Rows
from askedbefore.unchanged import NOTHING, Unchanged
from askedbefore.watching import Watcher

HEADING = 0.2  # what the heading weighs in a unit's vector, against its passages together
_AT_ONCE = 8192  # vectors that are copied in one go

Stored = Callable[[Rows], Vectors]


@dataclass(frozen=True, slots=True)
class Embedded:
    """What goes into the build, and how many passages had a text that was new."""

    contents: Contents
    new_passages: int


class _Texts:
    """Texts, of which one that stands twice has one number, and the row in which the live build has each, or -1."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Give each text a number, in the order in which they first stand."""
        self._numbers = {text: number for number, text in enumerate(dict.fromkeys(texts))}
        self._rows = np.full(len(self._numbers), -1, np.int64)
        self._of_each = np.array([self._numbers[text] for text in texts], np.int64)

    def note(self, text: str, row: int) -> None:
        """Take note of the row in which the live build has a text, if it is one of these."""
        number = self._numbers.get(text)
        if number is not None:
            self._rows[number] = row

    def new(self) -> list[str]:
        """Return the texts that the live build has not, each once."""
        return [text for text, number in self._numbers.items() if self._rows[number] < 0]

    def vectors(self, computed: Mapping[str, Vectors], stored: Stored, dimension: int, kind: Any) -> NDArray[Any]:
        """Return the vector of each text, also of one that stands twice, as (texts, dimension) of the kind named."""
        found = np.empty((len(self._numbers), dimension), kind)
        for text in self.new():
            found[self._numbers[text]] = computed[text]
        known = np.flatnonzero(self._rows >= 0)
        for start in range(0, len(known), _AT_ONCE):
            some = known[start : start + _AT_ONCE]
            found[some] = stored(self._rows[some])
        return found[self._of_each]


def embed_passages(
    passages: Sequence[Passage],
    live: Library | None,
    encoder: Encoder,
    watcher: Watcher,
    unchanged: Unchanged = NOTHING,
) -> Embedded:
    """Return the passages with all vectors of the build. A text that stands twice is embedded once."""
    known_spans = unchanged.sentences
    spans = [known_spans.get(one.text) or sentence_spans(one.text) for one in passages]
    sentences = [
        passage.text[start:end] for passage, ranges in zip(passages, spans, strict=True) for start, end in ranges
    ]
    headings = {text: number for number, text in enumerate(dict.fromkeys(full_heading(one) for one in passages))}
    whole, parts = _Texts([one.text for one in passages]), _Texts([*sentences, *headings])
    known = live if live is not None and live.manifest.recipe.model_sha256 == encoder.fingerprint else None
    if known is not None:
        _look_up(known, whole, parts)
    new_texts = list(dict.fromkeys([*whole.new(), *parts.new()]))
    watcher.stage("Embedding", len(new_texts))
    computed: dict[str, Vectors] = {}
    if new_texts:
        computed |= zip(new_texts, encoder.encode_passages(new_texts, watcher.advance), strict=True)
    dimension = known.manifest.dimension if known is not None else len(computed[new_texts[0]])
    stored = (known.passage_vectors, known.sentence_vectors) if known is not None else (_none, _none)
    vectors = whole.vectors(computed, stored[0], dimension, np.float32)
    of_parts = parts.vectors(computed, stored[1], dimension, np.float16)
    of_headings = of_parts[len(sentences) :]
    under = [headings[full_heading(one)] for one in passages]
    contents = Contents(
        passages=passages,
        vectors=vectors,
        sentences=spans,
        sentence_vectors=of_parts[: len(sentences)],
        headings=list(headings),
        heading_vectors=of_headings,
        unit_vectors=_unit_vectors(passages, vectors, of_headings[under].astype(np.float32)),
    )
    return Embedded(contents, len(whole.new()))


def _none(rows: Rows) -> Vectors:
    """Return the vectors of a build that is not there: it has no row."""
    return np.zeros((len(rows), 0), np.float32)


def _look_up(live: Library, whole: _Texts, parts: _Texts) -> None:
    """Note where a build has the texts of passages, and of sentences and headings, which it keeps one after the other.

    Its own texts are read one by one and not kept.
    """
    for number, heading in enumerate(live.headings(), start=live.manifest.counts.sentences):
        parts.note(heading, number)
    for row, (passage, first, spans) in enumerate(live.all_passages()):
        whole.note(passage.text, row)
        for number, (start, end) in enumerate(spans, start=first):
            parts.note(passage.text[start:end], number)


def _unit_vectors(passages: Sequence[Passage], vectors: Vectors, of_headings: Vectors) -> NDArray[np.float16]:
    """Return for each unit the direction of its passages' mean, moved a little towards its headings'.

    `of_headings` are the vectors of the heading of each passage, of shape (passages, dimension).
    """
    units = list(units_of(passages))
    starts, lengths = [rows.start for rows in units], np.array([len(rows) for rows in units], np.float32)[:, None]
    towards = np.add.reduceat(vectors, starts, axis=0) / lengths
    towards += HEADING * (np.add.reduceat(of_headings, starts, axis=0) / lengths)
    towards /= np.maximum(np.linalg.norm(towards, axis=1, keepdims=True), 1e-9)
    return towards.astype(np.float16)
