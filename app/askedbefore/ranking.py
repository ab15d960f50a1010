"""What of the units found is shown: answers before courtesies, each text once, spread over posts, cut to be read."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from operator import attrgetter

import numpy as np

from askedbefore.courtesy import is_courtesy
from askedbefore.embedding import Vectors
from askedbefore.quoting import cut_quote, sentences_to_mark
from askedbefore.records import Hit, Kind, Passage
from askedbefore.search import Found
from askedbefore.sentences import words
from askedbefore.storage.library import Library, Spans

MOST_PASSAGES = 3
MOST_OF_ONE_POST = 2
PINNED = 1.0  # the score of what the author herself put there
LOOKED_AT = 6  # so many units for each passage to show; those further down are not looked at
_REMEMBERED = 64  # texts: those of one question, each of which is compared with several
_SHINGLE = 4  # words in a row that tell whether two texts are the same
_SAME = 0.6  # the share of a text's shingles that stand in another one that says the same
_MOST_MERGED = 2  # passages in one quote
_ALSO_MATCHES = 0.9  # a neighbour is quoted too when its best sentence is nearly as close


@dataclass(frozen=True, slots=True)
class _Piece:
    """A running text of the archive with its sentences and their closeness; `rows` are the passages it is made of.

    `whole` is the closeness of the passage as a whole; a `courtesy` is a reply that thanks or promises and does not
    answer.
    """

    rows: range
    passage: Passage
    text: str
    spans: Spans
    closeness: tuple[float, ...]
    whole: float
    score: float
    courtesy: bool


def choose(
    found: Sequence[Found], library: Library, vector: Vectors, most: int = MOST_PASSAGES, pinned: Sequence[int] = ()
) -> tuple[Hit, ...]:
    """Return the best few as they are shown, one a unit and none that says the same as another.

    The passages at the rows `pinned` come first, whatever was found.

    While there are other posts not more than two are of one. Neighbouring passages of one text that both match are
    shown as one; a reply that is only a courtesy comes last.
    """
    kept = list(_read(pinned[:most], [PINNED] * most, library, vector))
    pieces = _best_pieces(
        found[: LOOKED_AT * most], library, vector, {int(one) for one in library.units_of_rows(pinned)}
    )
    of_post = Counter(piece.passage.post for piece in kept)
    left: list[_Piece] = []
    for piece in sorted(pieces, key=attrgetter("courtesy")):
        if (place := _neighbour(piece, kept)) is not None:
            kept[place] = _merged(kept[place], piece)
        elif len(kept) == most or _says_the_same(piece, kept):
            continue
        elif of_post[piece.passage.post] < MOST_OF_ONE_POST:
            kept.append(piece)
            of_post[piece.passage.post] += 1
        else:
            left.append(piece)
    others = (piece for piece in left if not _says_the_same(piece, kept))
    return tuple(_as_hit(piece) for piece in [*kept, *islice(others, most - len(kept))])


def _best_pieces(found: Iterable[Found], library: Library, vector: Vectors, but: Collection[int]) -> list[_Piece]:
    """Return the passage to show for each unit, but for some; all are read in one go."""
    looked_at = [one for one in found if one.unit not in but]
    if not looked_at:
        return []
    rows, starts = library.rows_of_units(np.array([one.unit for one in looked_at]), shown_only=True)
    lengths = np.diff(np.append(starts, len(rows)))
    pieces = _read(rows.tolist(), np.repeat([one.score for one in looked_at], lengths).tolist(), library, vector)
    return [_best_piece(list(islice(pieces, length))) for length in lengths.tolist()]


def _best_piece(pieces: Sequence[_Piece]) -> _Piece:
    """Return the passage to show of a unit's: of those that are more than a courtesy the closest one."""
    answers = [piece for piece in pieces if not piece.courtesy]
    best = max(answers or pieces, key=lambda one: (one.whole + max(one.closeness), -one.rows.start))
    neighbour = next((piece for piece in answers if _neighbour(piece, [best]) is not None), None)
    return _merged(best, neighbour) if neighbour else best


def _read(rows: Sequence[int], scores: Iterable[float], library: Library, vector: Vectors) -> Iterator[_Piece]:
    """Yield the passages at the rows, with the closeness of each and of its sentences."""
    if not rows:
        return
    found = library.passages(rows)
    numbers = [number for row in rows for number in range(found[row][1], found[row][1] + len(found[row][2]))]
    of_sentences = iter((library.sentence_vectors(numbers) @ vector).tolist())
    of_passages = (library.passage_vectors(rows) @ vector).tolist()
    for row, whole, score in zip(rows, of_passages, scores, strict=False):
        passage, _, spans = found[row]
        closeness = tuple(islice(of_sentences, len(spans)))
        courtesy = passage.kind is Kind.REPLY and is_courtesy(passage.text, spans)
        yield _Piece(range(row, row + 1), passage, passage.text, spans, closeness, whole, score, courtesy)


def _neighbour(piece: _Piece, kept: Sequence[_Piece]) -> int | None:
    """Return the place of a kept piece that the piece goes on from or leads up to, matching nearly as well."""
    for place, other in enumerate(kept):
        earlier, later = sorted((piece, other), key=lambda one: one.rows.start)
        adjoin = earlier.rows.stop == later.rows.start and later.passage.joint is not None
        also_matches = max(piece.closeness) >= _ALSO_MATCHES * max(other.closeness)
        if adjoin and also_matches and len(other.rows) < _MOST_MERGED:
            return place
    return None


def _merged(one: _Piece, other: _Piece) -> _Piece:
    """Return two neighbours as one piece of text, with the better score."""
    earlier, later = sorted((one, other), key=lambda piece: piece.rows.start)
    before = earlier.text + (later.passage.joint or "")
    return replace(
        earlier,
        rows=range(earlier.rows.start, later.rows.stop),
        text=before + later.text,
        spans=(*earlier.spans, *((start + len(before), end + len(before)) for start, end in later.spans)),
        closeness=(*earlier.closeness, *later.closeness),
        score=max(one.score, other.score),
    )


def _says_the_same(piece: _Piece, kept: Iterable[_Piece]) -> bool:
    """Say whether most of a text, or of one that is kept, stands in the other."""
    ours = _shingles(piece.text)
    for other in kept:
        theirs = _shingles(other.text)
        if len(ours & theirs) >= _SAME * min(len(ours), len(theirs)):
            return True
    return False


@lru_cache(maxsize=_REMEMBERED)
def _shingles(text: str) -> set[tuple[str, ...]]:
    """Return the runs of a few words in a text."""
    said = [word.casefold() for word in words(text)]
    return {tuple(said[start : start + _SHINGLE]) for start in range(max(len(said) - _SHINGLE + 1, 1))}


def _as_hit(piece: _Piece) -> Hit:
    """Return a piece as it is shown: cut at sentences, with those marked that answer."""
    sentences = cut_quote(piece.text, piece.spans, piece.closeness)
    spans = piece.spans[sentences.start : sentences.stop]
    start, end = spans[0][0], spans[-1][1]
    quote = piece.text[start:end]
    within = [(first - start, last - start) for first, last in spans]
    marked = sentences_to_mark(quote, within, piece.closeness[sentences.start : sentences.stop])
    return Hit(piece.passage, piece.score, quote, marked, (sentences.start > 0, sentences.stop < len(piece.spans)))
