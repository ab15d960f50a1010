"""Measure what is found and what is refused on an archive with labelled questions, three ways side by side.

usage: python scripts/measure_retrieval.py ARCHIVE QUESTIONS.jsonl [--off-topic FILE ...]

QUESTIONS.jsonl holds a line {"question": "…", "relevant": ["slug", "slug#comment-12", "12"]} for each question: a
post's slug for a place in its text, or the id of a comment. ARCHIVE is a file or a folder with its blog.toml. Each
--off-topic file holds questions that the archive cannot answer, a line each.
"""

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np

from askedbefore.answer import answer_question
from askedbefore.embedding import SentenceTransformerEncoder, Vectors
from askedbefore.rebuild import rebuild
from askedbefore.records import Kind, Outcome, Passage
from askedbefore.search import search, word_query
from askedbefore.settings import Paths, load_settings
from askedbefore.storage.library import Library, open_live
from askedbefore.watching import Unwatched

DEPTH = 100

Ranked = list[list[Passage]]  # units in their order, each as all passages that it holds


def main() -> None:
    """Print a table of the ways and a line for each off-topic file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--off-topic", type=Path, action="append", default=[])
    options = parser.parse_args()
    data = options.archive if options.archive.is_dir() else options.archive.parent
    encoder = SentenceTransformerEncoder()
    with tempfile.TemporaryDirectory() as folder:
        paths = Paths(data=data, index=Path(folder))
        rebuild([options.archive], paths, load_settings(data), encoder, Unwatched())
        library = open_live(paths.index)
        labelled = [json.loads(line) for line in options.questions.read_text(encoding="utf-8").splitlines()]
        print(f"{library.manifest.counts.passages:,} passages, {len(labelled)} questions, model {encoder.name}")
        print(f"{'way':<12} hit@1  hit@3  hit@5  MRR@10")
        vectors = encoder.encode_questions([row["question"] for row in labelled])
        for name, way in (("words", by_words), ("vectors", by_vectors), ("both", as_shipped)):
            ranks = [
                rank(way(library, row["question"], vector), set(row["relevant"]))
                for row, vector in zip(labelled, vectors, strict=True)
            ]
            hits = "  ".join(f"{np.mean([one < depth for one in ranks]):.3f}" for depth in (1, 3, 5))
            print(f"{name:<12} {hits}  {np.mean([1 / (one + 1) if one < 10 else 0 for one in ranks]):.3f}")
        kept = share_answered([row["question"] for row in labelled], library, encoder)
        print(f"answerable questions that get an answer: {kept:.3f}")
        for path in options.off_topic:
            questions = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
            refused = 1 - share_answered(questions, library, encoder)
            print(f"refused of {path.name} ({len(questions)}): {refused:.3f}")


def by_words(library: Library, question: str, vector: Vectors) -> Ranked:
    """Rank units by BM25 alone."""
    scores = library.units_with_words(word_query(question), DEPTH)
    return _of_units(library, sorted(scores, key=lambda unit: (-scores[unit], unit)))


def by_vectors(library: Library, question: str, vector: Vectors) -> Ranked:
    """Rank units by their closest passage alone: the model in FAISS over all passages."""
    units = [int(library.units_of(np.array([row]))[0]) for row in library.nearest_rows(vector, DEPTH)]
    return _of_units(library, list(dict.fromkeys(units)))


def as_shipped(library: Library, question: str, vector: Vectors) -> Ranked:
    """Rank units as the program does."""
    rows = {passage.id: row for row, (passage, _, _) in enumerate(library.all_passages())}
    found = search(library, question, vector)
    return _of_units(library, [int(library.units_of(np.array([rows[one.passage.id]]))[0]) for one in found])


def rank(ranked: Ranked, relevant: set[str]) -> int:
    """Return the place of the first right unit, from 0; a large number when there is none."""
    places = (place for place, unit in enumerate(ranked) if any(is_right(one, relevant) for one in unit))
    return next(places, DEPTH)


def is_right(passage: Passage, relevant: set[str]) -> bool:
    """Say whether a passage stands at a place that was named as right."""
    if passage.kind in (Kind.POST, Kind.LETTER):
        return passage.post in relevant
    return bool({passage.comment, f"{passage.post}#comment-{passage.comment}"} & relevant)


def share_answered(questions: list[str], library: Library, encoder: SentenceTransformerEncoder) -> float:
    """Return the share of questions that get any passage."""
    answered = [answer_question(question, library, encoder).outcome is Outcome.PASSAGES for question in questions]
    return float(np.mean(answered))


def _of_units(library: Library, units: list[int]) -> Ranked:
    """Return the passages of units."""
    return [[passage for passage, _, _ in library.passages(library.rows_of(unit)).values()] for unit in units]


if __name__ == "__main__":
    main()
