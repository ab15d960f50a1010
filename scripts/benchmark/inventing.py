"""A build of very many passages that nobody wrote and no model embedded, in the likeness of real ones.

Texts are sentences of this package's own texts, as many in a passage as the passages of a real archive have, each
passage with a rare word of its own kind; so words are as frequent as they really are. Vectors are drawn from a mixture
of Gaussians around every third of the real vectors of those texts, all with the covariance that real ones have around
their centres. That brings the nearest neighbours as near as the real ones have theirs (`Likeness` says how near), which
a single Gaussian, or a mixture of few, does not. Everything is written by the project's own `write_build`.
"""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from askedbefore.describing import describe_recipe
from askedbefore.embedding import Encoder, Vectors
from askedbefore.guard.examples import read_examples, read_letters
from askedbefore.passages import full_heading
from askedbefore.reading.harvest import Archive
from askedbefore.records import AskedQuestion, Kind, Passage, Voice
from askedbefore.settings import Settings
from askedbefore.storage.build import Contents, OftenAsked, new_build_id, write_build
from askedbefore.storage.builds import switch
from askedbefore.storage.layout import Counts, Manifest

# Deciles (the middle of each tenth) of 1,589 passages and 449 units of real counselling questions with their answers.
SENTENCES_OF_PASSAGE = (2, 3, 4, 5, 5, 6, 7, 8, 9, 11)
PASSAGES_OF_UNIT = (1, 2, 2, 2, 3, 3, 4, 5, 6, 7)
PASSAGES_OF_POST = 30
ASKED = 500  # real texts that are left out of what is imitated: asked when the build is measured
HELD_OUT = 500  # and as many others that are asked by the benchmark
INDEX, QUESTION_VECTORS, QUESTIONS = "index", "questions.npy", "questions.json"
_TEXTS_OF_CENTRE = 3
_RARE_WORDS = 300_000
_SENTENCE_IS_LIKE = 0.6  # the cosine of a sentence and its passage
_AT_ONCE = 1 << 15


@dataclass(frozen=True, slots=True)
class Real:
    """Real texts with their vectors, (texts, dimension), in an order by chance that is always the same."""

    texts: Sequence[str]
    vectors: Vectors


class Likeness:
    """A mixture of Gaussians that vectors like the real ones are drawn from."""

    def __init__(self, real: Vectors, chance: np.random.Generator) -> None:
        """Fit it to real unit vectors."""
        import faiss

        centres = len(real) // _TEXTS_OF_CENTRE
        kmeans = faiss.Kmeans(real.shape[1], centres, niter=10, seed=1, min_points_per_centroid=1)
        kmeans.train(real)
        _, nearest = kmeans.index.search(real, 1)
        self._centres: Vectors = np.asarray(kmeans.centroids)
        self._weights = np.bincount(nearest[:, 0], minlength=centres) / len(real)
        around = real - self._centres[nearest[:, 0]]
        covariance = around.T @ around / (len(real) - centres) + 1e-7 * np.eye(real.shape[1])
        self._spread = np.linalg.cholesky(covariance).astype(np.float32)
        self._chance = chance
        self.nearest_real, self.nearest_drawn = _usual_nearest(real), _usual_nearest(self.draw(len(real)))

    def draw(self, number: int) -> Vectors:
        """Return so many unit vectors."""
        of_centre = self._chance.choice(len(self._weights), number, p=self._weights)
        noise = self._chance.standard_normal((number, self._centres.shape[1]), dtype=np.float32)
        return _unit(self._centres[of_centre] + noise @ self._spread.T)


class Passages(Sequence[Passage]):
    """Passages that are made when they are asked for, always the same."""

    def __init__(self, number: int, pool: Sequence[str], chance: np.random.Generator) -> None:
        """Draw which sentences each of so many passages has, and where units begin."""
        lengths = chance.choice(SENTENCES_OF_PASSAGE, number)
        self.ends = np.cumsum(lengths)
        self.firsts = self.ends - lengths
        self._pool = pool
        self._drawn = chance.integers(len(pool), size=int(self.ends[-1]), dtype=np.int32)
        self._rare = (chance.pareto(1.0, number) * 1000).astype(np.int64) % _RARE_WORDS
        of_units = np.cumsum(chance.choice(PASSAGES_OF_UNIT, number))
        self.unit_starts = np.append(0, of_units[of_units < number])

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.ends)

    @overload
    def __getitem__(self, place: int) -> Passage: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Passage]: ...
    def __getitem__(self, place: int | slice) -> Passage | Sequence[Passage]:
        """Return a passage, or several."""
        if isinstance(place, slice):
            return [self._make(row) for row in range(*place.indices(len(self)))]
        if not 0 <= place < len(self):
            raise IndexError(place)
        return self._make(place)

    def sentences(self, row: int) -> list[str]:
        """Return the sentences of a passage."""
        drawn = self._drawn[self.firsts[row] : self.ends[row]].tolist()
        return [
            *(self._pool[one] for one in drawn[:-1]),
            f"{self._pool[drawn[-1]]} {_rare_word(int(self._rare[row]))}.",
        ]

    def _make(self, row: int) -> Passage:
        """Return the passage at a row: a reply where its unit begins, else the reader's words above it."""
        unit = int(np.searchsorted(self.unit_starts, row, side="right")) - 1
        start = int(self.unit_starts[unit])
        post, shown = start // PASSAGES_OF_POST, row == start
        return Passage(
            id=f"post-{post}/c{row}",
            unit=f"post-{post}/u{unit}",
            kind=Kind.REPLY if shown else Kind.COMMENT,
            voice=Voice.AUTHOR if shown else Voice.READER,
            shown=shown,
            text=" ".join(self.sentences(row)),
            post=f"post-{post}",
            title=f"Post {post}",
            comment=str(row),
            date="2020-01-01",
            url=f"https://blog.example/post-{post}/#comment-{row}",
        )


class _Spans(Sequence[Any]):
    """The ranges of each passage's sentences, made when they are asked for."""

    def __init__(self, passages: Passages) -> None:
        """Take those of these passages."""
        self._passages = passages

    def __len__(self) -> int:
        """Return how many passages there are."""
        return len(self._passages)

    def __getitem__(self, place: Any) -> Any:
        """Return the ranges of one passage."""
        if place >= len(self):
            raise IndexError(place)
        lengths = [len(one) for one in self._passages.sentences(place)]
        ends = [end + number for number, end in enumerate(accumulate(lengths))]
        return [(end - length, end) for end, length in zip(ends, lengths, strict=True)]


def real_texts(encoder: Encoder) -> Real:
    """Return texts of this package, of all sorts, with their vectors."""
    texts = [one.text for one in read_examples()] + [one.text for one in read_letters()]
    mixed = [texts[place] for place in np.random.default_rng(1).permutation(len(texts))]
    return Real(mixed, encoder.encode_passages(mixed))


def invent(folder: Path, number: int, real: Real, encoder: Encoder) -> Likeness:
    """Write a build of so many passages into an index within a new folder, and beside it questions to ask."""
    aside = folder / "aside"
    aside.mkdir(parents=True)
    held_out = slice(ASKED, ASKED + HELD_OUT)
    np.save(folder / QUESTION_VECTORS, real.vectors[held_out])
    (folder / QUESTIONS).write_text(json.dumps(real.texts[held_out]), encoding="utf-8")
    chance = np.random.default_rng(2)
    imitated = real.vectors[ASKED + HELD_OUT :]
    likeness = Likeness(imitated, chance)
    pool = [sentence.text for letter in read_letters() for sentence in letter.sentences()]
    pool += [one.text for one in read_examples() if len(one.text) < 300]
    passages = Passages(number, pool, chance)
    headings = list(dict.fromkeys(full_heading(passages[row]) for row in range(0, number, PASSAGES_OF_POST)))
    vectors = _drawn_onto_disk(aside / "passages.npy", number, likeness)
    contents = Contents(
        passages=passages,
        vectors=vectors,
        sentences=_Spans(passages),
        sentence_vectors=_like_passages(aside / "sentences.npy", vectors, passages, chance),
        headings=headings,
        heading_vectors=likeness.draw(len(headings)).astype(np.float16),
        unit_vectors=_of_units(vectors, passages.unit_starts),
    )
    questions = tuple(AskedQuestion("", text, 1, ()) for text in real.texts[:ASKED])
    manifest = _manifest(contents, encoder)
    build = write_build(folder / INDEX, contents, OftenAsked(questions, real.vectors[:ASKED]), manifest, {})
    switch(folder / INDEX, build)
    shutil.rmtree(aside)
    return likeness


def _manifest(contents: Contents, encoder: Encoder) -> Manifest:
    """Return what the build says of itself."""
    number = len(contents.passages)
    hashes = {f"post-{post}": f"{post:064x}" for post in range(number // PASSAGES_OF_POST + 1)}
    recipe = describe_recipe(hashes, Archive((), (), (), (), "An invented blog", None, ()), Settings(), encoder)
    counts = Counts(
        posts=len(hashes), comments=number, replies=0, passages=number, sentences=len(contents.sentence_vectors)
    )
    return Manifest(
        id=new_build_id(),
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        made_by="the benchmark",
        recipe=recipe,
        dimension=contents.vectors.shape[1],
        counts=counts,
        sources=(),
        files={},
    )


def _drawn_onto_disk(path: Path, number: int, likeness: Likeness) -> Vectors:
    """Return so many drawn vectors, (number, dimension) float32, as an array on disk."""
    dimension = likeness.draw(1).shape[1]
    found: Vectors = np.lib.format.open_memmap(path, "w+", np.float32, (number, dimension))
    for start in range(0, number, _AT_ONCE):
        found[start : start + _AT_ONCE] = likeness.draw(min(_AT_ONCE, number - start))
    return found


def _like_passages(
    path: Path, vectors: Vectors, passages: Passages, chance: np.random.Generator
) -> NDArray[np.float16]:
    """Return a vector for each sentence, near its passage's and moved towards another one's, as an array on disk."""
    shape = (int(passages.ends[-1]), vectors.shape[1])
    found: NDArray[np.float16] = np.lib.format.open_memmap(path, "w+", np.float16, shape)
    for start in range(0, len(vectors), _AT_ONCE):
        end = min(start + _AT_ONCE, len(vectors))
        of_passage = np.repeat(np.arange(end - start), passages.ends[start:end] - passages.firsts[start:end])
        some = np.asarray(vectors[start:end])
        others = some[chance.integers(len(some), size=len(of_passage))]
        mixed = _SENTENCE_IS_LIKE * some[of_passage] + (1 - _SENTENCE_IS_LIKE**2) ** 0.5 * others
        found[passages.firsts[start] : passages.ends[end - 1]] = _unit(mixed)
    return found


def _of_units(vectors: Vectors, starts: NDArray[np.int64]) -> NDArray[np.float16]:
    """Return the direction of each unit's passages together."""
    found = np.empty((len(starts), vectors.shape[1]), np.float16)
    ends = np.append(starts[1:], len(vectors))
    for first in range(0, len(starts), _AT_ONCE):
        some = starts[first : first + _AT_ONCE]
        last = int(ends[first + len(some) - 1])
        found[first : first + len(some)] = _unit(np.add.reduceat(vectors[some[0] : last], some - some[0], axis=0))
    return found


def _usual_nearest(vectors: Vectors) -> float:
    """Return the median cosine of vectors with the nearest other one."""
    import faiss

    cosines, _ = faiss.knn(vectors[:1000], vectors, 2, metric=faiss.METRIC_INNER_PRODUCT)
    return float(np.median(cosines[:, 1]))


def _unit(vectors: Vectors) -> Vectors:
    """Return vectors of length one in the same directions."""
    scaled: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return scaled


def _rare_word(number: int) -> str:
    """Return an invented word for a number."""
    letters = "aeioulnrstdmkpb"
    word = "zu"
    while number:
        number, letter = divmod(number, len(letters))
        word += letters[letter]
    return word
