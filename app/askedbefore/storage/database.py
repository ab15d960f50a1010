"""Write the passages of a build and the words of its units into its SQLite file."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np

from askedbefore.passages import units_of
from askedbefore.records import Passage
from askedbefore.sentences import plain_word, words
from askedbefore.storage.library import COLUMNS, MOST_EVERYWHERE, quoted
from askedbefore.storage.places import Places

Spans = Sequence[tuple[int, int]]

_SCHEMA = f"""
CREATE TABLE passages (row INTEGER PRIMARY KEY, {", ".join(COLUMNS)}, first_sentence INTEGER, sentences TEXT);
CREATE UNIQUE INDEX passage_ids ON passages (id);
CREATE TABLE units (number INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE headings (number INTEGER PRIMARY KEY, text TEXT);
CREATE TABLE questions (place TEXT, question TEXT);
CREATE TABLE vocabulary (word TEXT PRIMARY KEY, count INTEGER, units INTEGER);
CREATE VIRTUAL TABLE unit_words USING fts5(
    text, title, asked, content='', tokenize='porter unicode61 remove_diacritics 2');
"""
_VALUES = attrgetter(*COLUMNS)


def write_passages(
    path: Path,
    passages: Sequence[Passage],
    sentences: Sequence[Spans],
    headings: Sequence[str],
    questions: Sequence[tuple[str, str]],
) -> Places:
    """Write passages, units together, with the ranges of each one's sentences; the headings; and all words.

    `questions` are readers' own that stand alone, each behind the place where it was asked. Returns where everything
    stands. Raises sqlite3.Error when the disk does not take it.
    """
    columns = ", ".join("?" * (len(COLUMNS) + 3))
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("PRAGMA journal_mode = OFF")
        database.executescript(_SCHEMA)
        database.executemany(f"INSERT INTO passages VALUES ({columns})", _passage_rows(passages, sentences))
        units: list[tuple[int, int, str]] = []
        for number, rows in enumerate(units_of(passages)):
            members = passages[rows.start : rows.stop]
            units.append((rows.start, rows.stop, members[0].unit))
            database.execute("INSERT INTO units VALUES (?, ?)", (number, members[0].unit))
            shown, asked = ("\n".join(one.text for one in members if one.shown is side) for side in (True, False))
            titles = dict.fromkeys(part for one in members for part in (one.title, one.heading) if part)
            database.execute(
                "INSERT INTO unit_words (rowid, text, title, asked) VALUES (?, ?, ?, ?)",
                (number, shown, "\n".join(titles), asked),
            )
        database.execute("INSERT INTO unit_words (unit_words) VALUES ('optimize')")
        database.executemany("INSERT INTO headings VALUES (?, ?)", enumerate(headings))
        database.executemany("INSERT INTO questions VALUES (?, ?)", questions)
        database.executemany(
            "INSERT INTO vocabulary VALUES (?, ?, ?)", _with_units(database, _vocabulary(passages, headings))
        )
    return _places(units, passages, sentences)


def _passage_rows(passages: Sequence[Passage], sentences: Sequence[Spans]) -> Iterator[tuple[Any, ...]]:
    """Yield the values of each passage's row."""
    first = 0
    for row, (passage, spans) in enumerate(zip(passages, sentences, strict=True)):
        yield row, *_VALUES(passage), first, json.dumps(spans)
        first += len(spans)


def _places(units: Sequence[tuple[int, int, str]], passages: Sequence[Passage], sentences: Sequence[Spans]) -> Places:
    """Return where everything stands, from the first row, the end and the name of each unit."""
    order = np.empty(len(units), np.int64)
    order[sorted(range(len(units)), key=lambda number: units[number][2])] = np.arange(len(units))
    lengths = np.fromiter((len(spans) for spans in sentences), np.int64, len(sentences))
    return Places(
        first_rows=np.array([first for first, _, _ in units], np.int64),
        end_rows=np.array([end for _, end, _ in units], np.int64),
        order=order,
        first_sentences=np.cumsum(lengths) - lengths,
        shown=np.fromiter((passage.shown for passage in passages), np.bool_, len(passages)),
    )


def _vocabulary(passages: Sequence[Passage], headings: Sequence[str]) -> list[tuple[str, int]]:
    """Return how often each word stands in the texts, the words in plain form, the most frequent first."""
    as_they_stand: Counter[str] = Counter()
    for text in (*(passage.text for passage in passages), *headings):
        as_they_stand.update(words(text))
    plain: Counter[str] = Counter()
    for word, number in as_they_stand.items():
        plain[plain_word(word)] += number
    return sorted(plain.items(), key=lambda item: (-item[1], item[0]))


def _with_units(
    database: sqlite3.Connection, vocabulary: Sequence[tuple[str, int]]
) -> Iterator[tuple[str, int, int | None]]:
    """Yield each word with its number and, of the most frequent, with how many units hold it in any form."""
    for place, (word, number) in enumerate(vocabulary):
        units = None
        if place < MOST_EVERYWHERE:
            query = "SELECT count(*) FROM unit_words WHERE unit_words MATCH ?"
            (units,) = database.execute(query, (quoted(word),)).fetchone()
        yield word, number, units
