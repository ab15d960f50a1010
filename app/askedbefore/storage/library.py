"""Read a build: the passages, their vectors and words. Opens only what the manifest names, and changes nothing."""

import json
import sqlite3
import weakref
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from askedbefore.embedding import Encoder, Vectors
from askedbefore.errors import IndexProblem
from askedbefore.examples import MOST_EXAMPLES, choose_examples, choose_topics
from askedbefore.records import AskedQuestion, Kind, Passage, Voice
from askedbefore.sentences import plain_word
from askedbefore.sentences import words as split_words
from askedbefore.storage import layout
from askedbefore.storage.layout import Blog, Manifest
from askedbefore.storage.measured import load_measured
from askedbefore.storage.places import load_places
from askedbefore.storage.vectorindex import VectorIndex
from askedbefore.wording import Words

SHOWN_COLUMNS = ("text", "title")
COLUMNS = [field.name for field in fields(Passage)]
_ROWS_AT_ONCE = 500  # SQLite allows a limited number of parameters
_MOST_WORDS = 100_000  # that are held in memory; what is rarer is hardly what a reader meant to type
_MOST_PLACES = 1000  # in the archive that the words of a question stand in, and its phrases
MOST_EVERYWHERE = 60  # of the most frequent words, which may stand in more than half of the units

Rows = NDArray[np.int64]
Spans = tuple[tuple[int, int], ...]


class Library:
    """One build, open for reading. Safe to use from several threads at once."""

    def __init__(self, folder: Path) -> None:
        """Open the build in `folder`. Raises IndexProblem, with what was found and expected, when it is not sound."""
        self.manifest: Manifest = layout.read_manifest(folder)
        self.folder = folder
        _check_files(folder, self.manifest)
        try:
            address = f"{(folder / layout.PASSAGES).absolute().as_uri()}?mode=ro&immutable=1"
            self._database = sqlite3.connect(address, uri=True, check_same_thread=False)
            weakref.finalize(self, self._database.close)  # by itself it stays open until cycles are looked for
            self._vectors = VectorIndex(folder, self.manifest.nearest)
            self._units = _on_disk(folder / layout.UNITS)
            self._sentences = _on_disk(folder / layout.SENTENCES)
            self._places = load_places(folder)
            self.measured = load_measured(folder)
            self.asked = tuple(_read_asked(folder / layout.ASKED))
            self.asked_vectors: Vectors = np.load(folder / layout.ASKED_VECTORS, allow_pickle=False).astype(np.float32)
            self.pins: Vectors = np.load(folder / layout.PINS, allow_pickle=False)
            self._read_tables()
        except (OSError, RuntimeError, TypeError, ValueError, KeyError, sqlite3.Error) as error:
            raise IndexProblem(f"The build {folder} cannot be read ({error}). {layout.REPAIR}") from error
        counts = self.manifest.counts
        for name, number, expected in (
            ("passages", self._number_of("passages"), counts.passages),
            ("places of passages", len(self._places.shown), counts.passages),
            ("vectors", self._vectors.shape[0], counts.passages),
            ("dimensions", self._vectors.shape[1], self.manifest.dimension),
            ("sentences and headings", len(self._sentences), counts.sentences + self._number_of("headings")),
            ("units", self._number_of("units"), len(self.shown_units)),
            ("vectors of units", len(self._units), len(self.shown_units)),
            ("measures of units", len(self.measured.hubness), len(self.shown_units)),
            ("vectors of questions", len(self.asked_vectors), len(self.asked)),
            ("pins", len(self.pins), len(self.manifest.pins)),
        ):
            _expect(folder, name, number, expected)

    def _read_tables(self) -> None:
        """Read what every search needs: what is shown of units, and all words that are not very rare."""
        places = self._places
        self._end_sentences: Rows = np.append(places.first_sentences[1:], self.manifest.counts.sentences)
        self.shown_units = np.add.reduceat(places.shown, places.first_rows, dtype=np.int64) > 0
        words = self._database.execute(
            "SELECT word, count, units FROM vocabulary ORDER BY rowid LIMIT ?", (_MOST_WORDS,)
        ).fetchall()
        self.vocabulary: dict[str, int] = {word: number for word, number, _ in words}
        half = len(self.shown_units) / 2
        self._everywhere = frozenset(word for word, _, units in words if units is not None and units > half)

    def close(self) -> None:
        """Let go of the files."""
        self._database.close()

    @cached_property
    def blog(self) -> Blog:
        """Return what the page says of the blog, with questions to begin with."""
        blog = self.manifest.recipe.blog
        questions = self.manifest.recipe.curation.with_examples(choose_examples(self.asked))[:MOST_EXAMPLES]
        topics = choose_topics(self.asked)
        return blog.model_copy(update={"example_questions": questions, "topics": topics})

    @property
    def wording(self) -> Words:
        """Return what readers are told, in the blog's language."""
        return self.manifest.recipe.blog.wording

    @property
    def synonyms(self) -> Mapping[str, Sequence[str]]:
        """Return the words that the author added to those of the field."""
        return self.manifest.recipe.curation.synonyms

    def check_fits(self, encoder: Encoder) -> None:
        """Raise IndexProblem when the build was made with another model than `encoder`."""
        recipe = self.manifest.recipe
        if recipe.model_sha256 != encoder.fingerprint:
            raise IndexProblem(
                f"The index was made with the model {recipe.model} (weights {recipe.model_sha256[:12]}); "
                f"the one in use is {encoder.name} (weights {encoder.fingerprint[:12]}). {layout.REPAIR}"
            )

    def check_rows(self) -> None:
        """Read every passage and its sentences. Raises IndexProblem when a row does not hold together."""
        sentence = 0
        for row, passage, first, spans in self._records("ORDER BY row"):
            in_order = first == sentence and all(0 <= start < end <= len(passage.text) for start, end in spans)
            if not passage.text or not in_order:
                raise IndexProblem(f"Row {row} of {self.folder / layout.PASSAGES} is damaged. {layout.REPAIR}")
            sentence += len(spans)
        _expect(self.folder, "sentences of all passages", sentence, self.manifest.counts.sentences)

    def nearest_rows(self, vector: Vectors, most: int) -> Rows:
        """Return the rows of the passages closest to a unit vector of shape (dimension,), the closest first."""
        return self._vectors.nearest(vector, most)

    def row_of(self, passage_id: str) -> int | None:
        """Return the row of the shown passage with this id, or None when there is none."""
        found = self._database.execute("SELECT row FROM passages WHERE id = ? AND shown", (passage_id,)).fetchone()
        return found[0] if found else None

    def units_of_rows(self, rows: Sequence[int] | Rows) -> Rows:
        """Return the number of the unit that each row belongs to."""
        return (np.searchsorted(self._places.first_rows, rows, side="right") - 1).astype(np.int64)

    def unit_order(self, units: Rows) -> Rows:
        """Return the places that the units' names have among all names in order."""
        return self._places.order[units]

    def unit_names(self, units: Sequence[int]) -> list[str]:
        """Return the names of units."""
        query = "SELECT name FROM units WHERE number = ?"
        return [str(self._database.execute(query, (unit,)).fetchone()[0]) for unit in units]

    def units_named(self, names: Iterable[str]) -> list[int]:
        """Return the units of these names, in order; a name that none has is passed over."""
        wanted = set(names)
        found = self._database.execute("SELECT number, name FROM units ORDER BY number")
        return [number for number, name in found if name in wanted]

    def rows_of(self, unit: int) -> range:
        """Return the rows of a unit."""
        return range(int(self._places.first_rows[unit]), int(self._places.end_rows[unit]))

    def rows_of_units(self, units: Rows, shown_only: bool = False) -> tuple[Rows, Rows]:
        """Return the rows of several units one after the other, and the places in them where each unit begins.

        With `shown_only` only rows that are shown; each unit must then have one.
        """
        rows, starts = _joined(self._places.first_rows[units], self._places.end_rows[units])
        if shown_only:
            shown = self._places.shown[rows]
            rows, starts = rows[shown], (np.cumsum(shown) - shown)[starts]
        return rows, starts

    def sentences_of_units(self, units: Rows, shown_only: bool = False) -> tuple[Rows, Rows]:
        """Return the numbers of several units' sentences one after the other, and where each unit begins in them."""
        rows, starts = self.rows_of_units(units, shown_only)
        sentences, of_rows = _joined(self._places.first_sentences[rows], self._end_sentences[rows])
        return sentences, of_rows[starts]

    def units_with(self, terms: Sequence[str], most: int, columns: Sequence[str] = ()) -> dict[int, float]:
        """Return units that hold any of the words or phrases, with BM25 turned so that higher is better; the best.

        `columns` are those of `unit_words` to look into, all when none is named. What stands in more than half of the
        units says nothing (BM25 gives it a millionth) and costs most of the time, so it is not looked for; and of the
        rest only the rarest are, which tell most, so that a question takes as long in a large archive.
        """
        telling = self._rarest(term for term in terms if plain_word(term) not in self._everywhere)
        if not telling:
            return {}
        anywhere = " OR ".join(quoted(term) for term in telling)
        found = self._database.execute(
            "SELECT rowid, -bm25(unit_words) FROM unit_words WHERE unit_words MATCH ? ORDER BY 2 DESC, 1 LIMIT ?",
            (f"{{{' '.join(columns)}}} : ({anywhere})" if columns else anywhere, most),
        )
        return {int(number): float(score) for number, score in found}

    def _rarest(self, words: Iterable[str]) -> list[str]:
        """Return the rarest words or phrases, at least one, that stand in few enough places to look at all of them."""
        places = {
            word: min((self.vocabulary.get(plain_word(part), 0) for part in split_words(word)), default=0)
            for word in words
        }
        rarest = sorted(places, key=places.__getitem__)
        within = bisect_right(list(accumulate(places[word] for word in rarest)), _MOST_PLACES)
        return rarest[: max(within, 1)]

    def passages(self, rows: Iterable[int]) -> dict[int, tuple[Passage, int, Spans]]:
        """Return the passages at the rows, each with the number of its first sentence and its sentences' ranges."""
        wanted = sorted(set(rows))
        found: dict[int, tuple[Passage, int, Spans]] = {}
        for start in range(0, len(wanted), _ROWS_AT_ONCE):
            part = wanted[start : start + _ROWS_AT_ONCE]
            for row, passage, first, spans in self._records(f"WHERE row IN ({', '.join('?' * len(part))})", part):
                found[row] = (passage, first, spans)
        return found

    def all_passages(self) -> Iterator[tuple[Passage, int, Spans]]:
        """Yield every passage in the order of its row, with its first sentence's number and its sentences' ranges."""
        for _, passage, first, spans in self._records("ORDER BY row"):
            yield passage, first, spans

    def standalone_questions(self) -> dict[str, tuple[str, ...]]:
        """Return readers' questions that stand alone, by the place where each was asked."""
        found: dict[str, tuple[str, ...]] = {}
        for place, question in self._database.execute("SELECT place, question FROM questions ORDER BY rowid"):
            found[place] = (*found.get(place, ()), question)
        return found

    def passage_vectors(self, rows: Sequence[int] | Rows) -> Vectors:
        """Return the vectors of the rows, of shape (len(rows), dimension), float32."""
        return self._vectors.take(np.asarray(rows, dtype=np.int64))

    def sentence_vectors(self, numbers: Sequence[int] | Rows) -> Vectors:
        """Return the vectors of the sentences, of shape (len(numbers), dimension), float32."""
        return np.asarray(self._sentences[np.asarray(numbers, dtype=np.int64)], dtype=np.float32)

    def headings(self) -> Iterator[str]:
        """Yield the title and heading of all that stands under them, each once, in the order of their vectors."""
        for (text,) in self._database.execute("SELECT text FROM headings ORDER BY number"):
            yield text

    def heading_vectors(self) -> Vectors:
        """Return the vectors of `headings`, of shape (headings, dimension), float32."""
        return np.asarray(self._sentences[self.manifest.counts.sentences :], dtype=np.float32)

    def unit_vectors(self, units: Rows) -> Vectors:
        """Return the unit vector of each unit's passages and heading together, (len(units), dimension), float32."""
        return np.asarray(self._units[units], dtype=np.float32)

    def _number_of(self, table: str) -> int:
        """Return how many rows a table has."""
        (number,) = self._database.execute(f"SELECT count(*) FROM {table}").fetchone()
        return int(number)

    def _records(self, where: str, values: Sequence[Any] = ()) -> Iterator[tuple[int, Passage, int, Spans]]:
        """Yield row, passage, number of the first sentence and sentences' ranges of the rows asked for."""
        found = self._database.execute(
            f"SELECT row, {', '.join(COLUMNS)}, first_sentence, sentences FROM passages {where}", values
        )
        for row, name, unit, kind, voice, shown, *others, first, spans in found:
            passage = Passage(name, unit, Kind(kind), Voice(voice), bool(shown), *others)
            yield row, passage, first, tuple(map(tuple, json.loads(spans)))


def _on_disk(path: Path) -> NDArray[np.float16]:
    """Return an array that is read from disk as it is needed."""
    array: NDArray[np.float16] = np.load(path, mmap_mode="r", allow_pickle=False).view(np.ndarray)
    return array  # no longer a memmap, of which rows are taken more slowly


def _read_asked(path: Path) -> Iterator[AskedQuestion]:
    """Yield what readers have often asked."""
    for one in json.loads(path.read_text(encoding="utf-8")):
        yield AskedQuestion(**{**one, "answers": tuple(one["answers"])})


def _check_files(folder: Path, manifest: Manifest) -> None:
    """Raise IndexProblem when the format is another one, or a file is missing or not as it was written."""
    if manifest.recipe.format != layout.FORMAT:
        raise IndexProblem(
            f"The index in {folder} has format {manifest.recipe.format}; this version reads format {layout.FORMAT}. "
            f"{layout.REPAIR}"
        )
    layout.check_files(folder, manifest, manifest.served)


def _expect(folder: Path, name: str, found: int, expected: int) -> None:
    """Raise IndexProblem when a count is not the manifest's."""
    if found != expected:
        raise IndexProblem(f"The build {folder} holds {found} {name}, its manifest says {expected}. {layout.REPAIR}")


def quoted(word: str) -> str:
    """Return a word or phrase as FTS5 takes it, whatever it holds."""
    return '"' + word.replace('"', " ") + '"'


def _joined(firsts: Rows, ends: Rows) -> tuple[Rows, Rows]:
    """Return the numbers from each first to before its end, one after the other, and the places where each begins."""
    lengths = ends - firsts
    starts = np.cumsum(lengths) - lengths
    return np.repeat(firsts - starts, lengths) + np.arange(int(lengths.sum())), starts
