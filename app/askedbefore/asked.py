"""Find what readers have often asked and the author answered: the archive's own list of questions, by topic.

A question stands for all that ask the same in other words. How close two questions must be for that is measured with
the model at hand, on pairs that sound alike and are not the same. A reply is listed under a question only when it is
among those of the whole archive that are closest to it: the two must make sense without the rest of the comment.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby, pairwise

import numpy as np

from askedbefore.clustering import unite
from askedbefore.courtesy import is_courtesy
from askedbefore.embedding import Encoder, Vectors
from askedbefore.passages import exchange_unit
from askedbefore.records import AskedQuestion, BlockKind, Kind, Passage, Post, Voice
from askedbefore.sentences import count_words, sentence_spans
from askedbefore.standalone import standalone_questions
from askedbefore.storage.build import Contents, OftenAsked
from askedbefore.threads import find_exchanges
from askedbefore.topics import OTHER, Subject, name_topics
from askedbefore.unchanged import NOTHING, Unchanged

VERSION = 2  # raise it when the same archive would give another list

MOST_OF_TOPIC = 12
_ALIKE = 0.9  # the share of the pairs that sound alike that stay apart
_NEAREST_REPLIES = 5  # a reply must be among the nearest fifth of all, or among the nearest few
_NEAREST_FEW = 3
_ANSWER_WORDS = 15  # words of a reply that says something
_AT_ONCE = 200  # questions whose cosines with all replies are looked at in one go
_DIGITS = 4  # closeness beyond them decides nothing, so that two machines agree


@dataclass(frozen=True, slots=True)
class _Asking:
    """A question that one reader asked: `place` is her comment or letter, `unit` are the rows of all its passages.

    Each of `replies` is the rows of one; of a letter, each section of the post that answers it counts as one.
    """

    question: str
    place: str
    unit: tuple[int, ...]
    replies: tuple[tuple[int, ...], ...]
    categories: tuple[str, ...]
    letter: bool = False


@dataclass(frozen=True, slots=True)
class _Entry:
    """A question for the list: its vector, all who asked it, its replies, the best first, and how near the best is."""

    question: str
    vector: Vectors
    askings: tuple[_Asking, ...]
    replies: tuple[tuple[int, ...], ...]
    closeness: float

    @property
    def count(self) -> int:
        """Return in how many comments it was asked."""
        return len({one.place for one in self.askings})


class _Archive:
    """How close replies are to a question, by their closest passage."""

    def __init__(self, contents: Contents) -> None:
        """Find the replies among the passages."""
        self._vectors = contents.vectors
        self._rows = [row for row, passage in enumerate(contents.passages) if passage.kind is Kind.REPLY]
        self._of_replies = contents.vectors[self._rows]
        units = [contents.passages[row].unit for row in self._rows]  # those of one unit stand together
        self._starts = [place for place, unit in enumerate(units) if place == 0 or unit != units[place - 1]]

    def closeness(self, vector: Vectors, replies: Iterable[Sequence[int]]) -> list[float]:
        """Return the cosine of a question and each reply."""
        return [round(float((self._vectors[list(rows)] @ vector).max()), _DIGITS) for rows in replies]

    def farthest(self, vectors: Vectors) -> list[float]:
        """Return how close a reply must be to each question to be among the nearest of all exchanges."""
        most = max(_NEAREST_FEW, len(self._starts) // _NEAREST_REPLIES)
        if len(self._starts) <= most:
            return [-1.0] * len(vectors)
        found: list[float] = []
        for start in range(0, len(vectors), _AT_ONCE):
            best = np.maximum.reduceat(vectors[start : start + _AT_ONCE] @ self._of_replies.T, self._starts, axis=1)
            found += np.partition(best, -most, axis=1)[:, -most].tolist()
        return [round(one, _DIGITS) for one in found]


def find_asked(
    posts: Sequence[Post], contents: Contents, encoder: Encoder, unchanged: Unchanged = NOTHING
) -> OftenAsked:
    """Return what readers have often asked, topic by topic, the most asked first."""
    askings = list(_askings(posts, contents.passages, unchanged))
    asked_at = [(one.place, one.question) for one in askings]
    nothing = np.zeros((0, contents.vectors.shape[1]), dtype=np.float32)
    if not askings:
        return OftenAsked((), nothing)
    vectors = encoder.encode_questions([one.question for one in askings])
    groups = unite(vectors, same_question_threshold(encoder))
    archive = _Archive(contents)
    centres = [_centre([askings[place] for place in group], vectors[group], archive) for group in groups]
    central = vectors[[group[centre] for group, centre in zip(groups, centres, strict=True)]]
    found = [
        _entry([askings[place] for place in group], askings[group[centre]].question, vector, farthest, archive)
        for group, centre, vector, farthest in zip(groups, centres, central, archive.farthest(central), strict=True)
    ]
    entries = _one_for_each_reply(one for one in found if one.replies)
    if not entries:
        return OftenAsked((), nothing, asked_at)
    posts_of = Counter(name for post in posts for name in post.categories)
    topics = name_topics([_subject(one, contents) for one in entries], posts_of, encoder)
    ordered = list(_by_topic(entries, topics))
    questions = tuple(
        AskedQuestion(
            topic, one.question, one.count, tuple(contents.passages[row].id for reply in one.replies for row in reply)
        )
        for topic, one in ordered
    )
    return OftenAsked(questions, np.stack([one.vector for _, one in ordered]), asked_at)


def different_questions() -> tuple[tuple[str, str], ...]:
    """Return the pairs that come with this package: they sound alike and ask different things."""
    lines = files("askedbefore").joinpath("different_questions.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split(" | ") for line in lines if line and not line.startswith("#"))
    return tuple((one, other) for one, other in pairs)


def asked_recipe() -> str:
    """Return what tells one way of making the list from another."""
    return hashlib.sha256(repr((VERSION, MOST_OF_TOPIC, _ALIKE, different_questions())).encode()).hexdigest()


def same_question_threshold(encoder: Encoder) -> float:
    """Return the cosine from which on two questions are taken for one, by the model at hand."""
    ones, others = zip(*different_questions(), strict=True)
    cosines = (encoder.encode_questions(ones) * encoder.encode_questions(others)).sum(axis=1)
    return float(np.quantile(cosines, _ALIKE))


def _askings(posts: Iterable[Post], passages: Sequence[Passage], unchanged: Unchanged) -> Iterator[_Asking]:
    """Yield each question that stands alone and that the author answered with more than a courtesy."""
    by_unit: dict[str, list[int]] = {}
    by_post: dict[str, list[int]] = {}
    for row, passage in enumerate(passages):
        by_unit.setdefault(passage.unit, []).append(row)
        if passage.comment is None:
            by_post.setdefault(passage.post, []).append(row)
    for post in posts:
        for exchange in find_exchanges(post.comments)[0]:
            unit = by_unit.get(exchange_unit(post, exchange), [])
            replies = tuple(_replies(unit, passages))
            asked = exchange.question
            if asked is None or not replies or all(passages[row].comment != asked.id for row in unit):
                continue  # nobody asked, nobody answered, or what she wrote is not in the build
            own = [block.text for block in asked.blocks if block.kind is not BlockKind.QUOTE]
            place = passages[unit[0]].unit
            for question in _questions(post, place, own, asked.names, unchanged):
                yield _Asking(question, place, tuple(unit), replies, post.categories)
        yield from _letters(post, by_post.get(post.slug, []), passages, unchanged)


def _questions(
    post: Post, place: str, texts: Iterable[str], names: frozenset[str], unchanged: Unchanged
) -> Iterable[str]:
    """Return the questions that stand alone in what somebody wrote, each once; of an unchanged post, those known."""
    if post.slug in unchanged.passages:
        return unchanged.questions.get(place, ())
    return dict.fromkeys(standalone_questions(texts, names))


def _replies(unit: Iterable[int], passages: Sequence[Passage]) -> Iterator[tuple[int, ...]]:
    """Yield the rows of each reply of an exchange that says something and is shown."""
    of_author = (row for row in unit if passages[row].kind is Kind.REPLY and passages[row].shown)
    for _, group in groupby(of_author, key=lambda row: passages[row].comment):
        rows = tuple(group)
        text = "\n".join(passages[row].text for row in rows)
        if count_words(text) >= _ANSWER_WORDS and not is_courtesy(text, sentence_spans(text)):
            yield rows


def _letters(post: Post, rows: Sequence[int], passages: Sequence[Passage], unchanged: Unchanged) -> Iterator[_Asking]:
    """Yield the questions of the readers' letters that a post prints; each section that follows a letter answers it."""
    runs = [tuple(group) for _, group in groupby(rows, key=lambda row: passages[row].kind)]
    for letter, following in pairwise(runs):
        if passages[letter[0]].kind is not Kind.LETTER or not all(passages[row].shown for row in letter):
            continue
        own = [row for row in following if passages[row].shown and passages[row].voice is Voice.AUTHOR]
        sections = tuple(tuple(group) for _, group in groupby(own, key=lambda row: passages[row].heading))
        text = _unquoted("\n\n".join(passages[row].text for row in letter))
        place = passages[letter[0]].id
        for question in _questions(post, place, [text], frozenset(), unchanged) if sections else ():
            yield _Asking(question, place, (*letter, *own), sections, post.categories, letter=True)


def _unquoted(letter: str) -> str:
    """Return a letter without the quotation marks that all of it stands in."""
    for opening, closing in (("“", "”"), ('"', '"')):
        if letter.endswith(closing) and opening in letter[:-1]:
            return letter[:-1].replace(opening, "", 1)
    return letter


def _centre(askings: Sequence[_Asking], vectors: Vectors, archive: _Archive) -> int:
    """Return the place of the most central of questions that ask the same."""
    central = vectors @ vectors.mean(axis=0)
    own = [max(archive.closeness(vector, one.replies)) for one, vector in zip(askings, vectors, strict=True)]
    return min(
        range(len(askings)), key=lambda place: (-round(float(central[place]), 2), -own[place], askings[place].question)
    )


def _entry(askings: Sequence[_Asking], question: str, vector: Vectors, farthest: float, archive: _Archive) -> _Entry:
    """Return a question for all that ask the same, with the replies as close as `farthest`, best first."""
    replies = {reply: one for one in askings for reply in one.replies}
    closeness = dict(zip(replies, archive.closeness(vector, replies), strict=True))
    near: list[tuple[int, ...]] = []
    letters: set[str] = set()
    for reply in sorted(replies, key=lambda reply: (-closeness[reply], reply)):
        asking = replies[reply]
        if closeness[reply] >= farthest and asking.place not in letters:
            near.append(reply)
            letters |= {asking.place} if asking.letter else set()
    return _Entry(question, vector, tuple(askings), tuple(near), max(closeness.values()))


def _one_for_each_reply(entries: Iterable[_Entry]) -> list[_Entry]:
    """Return the entries, the most asked first; of several with the same best reply only one, so that none repeats."""
    kept: list[_Entry] = []
    used: set[tuple[int, ...]] = set()
    for one in sorted(entries, key=lambda one: (-one.count, -one.closeness, one.question)):
        if one.replies[0] not in used:
            used.add(one.replies[0])
            kept.append(one)
    return kept


def _subject(entry: _Entry, contents: Contents) -> Subject:
    """Return what an entry is about: its words and those of the exchanges that it comes from."""
    rows = sorted({row for asking in entry.askings for row in asking.unit})
    exchange = contents.vectors[rows].mean(axis=0)
    vector = entry.vector + exchange / max(float(np.linalg.norm(exchange)), 1e-9)
    return Subject(
        vector=vector / max(float(np.linalg.norm(vector)), 1e-9),
        count=entry.count,
        categories=tuple(dict.fromkeys(name for asking in entry.askings for name in asking.categories)),
        text="\n".join(contents.passages[row].text for row in rows),
    )


def _by_topic(entries: Sequence[_Entry], topics: Sequence[str]) -> Iterator[tuple[str, _Entry]]:
    """Yield the entries, the topic that was asked about most first, in it the most asked first; the rest last."""
    asked: dict[str, int] = {}
    for topic, one in zip(topics, entries, strict=True):
        asked[topic] = asked.get(topic, 0) + one.count
    for topic in sorted(asked, key=lambda name: (name == OTHER, -asked[name], name)):
        of_topic = [one for name, one in zip(topics, entries, strict=True) if name == topic]
        yield from ((topic, one) for one in of_topic[:MOST_OF_TOPIC])
