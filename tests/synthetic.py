"""An archive of any size that nobody wrote: our own words, put together anew by a random generator with a seed.

The same arguments always give the same archive. Its texts differ from each other as a blog's do: most sentences stand
once, a few stand twice. It is for measuring and for trying out; nothing in it means anything.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count

from tests.wxr import AUTHOR_ID, C, P

# Words that a sentence may have in a place of its template, parted by commas.
_SLOTS = {
    "thing": (
        "hour, session, letter, silence, goodbye, fee, calendar, dream, question, answer, waiting, room, "
        "boundary, promise, holiday, ending, beginning, secret, memory, rule, gift, message, apology, habit, "
        "worry, plan, doubt, wish, story, mistake, door, chair, clock, photograph, voicemail, contract, "
        "diary, quarrel, birthday, journey, kitchen, staircase, lamp, garden"
    ),
    "person": (
        "therapist, counsellor, mother, father, sister, brother, husband, wife, friend, neighbour, teacher, "
        "boss, daughter, son, partner, colleague, grandmother, uncle, cousin, analyst"
    ),
    "feel": (
        "angry, ashamed, anxious, calm, lonely, proud, jealous, tired, hopeful, guilty, numb, relieved, "
        "restless, sad, tender, lost, curious, stuck, frightened, grateful"
    ),
    "do": (
        "change, keep, forget, explain, mention, miss, trust, describe, end, question, welcome, notice, lose, "
        "understand, postpone, share, avoid, repeat, remember, interrupt"
    ),
    "time": (
        "in August, on a Tuesday, every morning, at night, before the session, after the session, in the "
        "first year, between two sessions, at the weekend, over the holidays, on the way home, in the "
        "evening, near the end, all day, in the waiting room, once a month, for weeks, in winter, on the "
        "telephone, in the first hour"
    ),
    "way": (
        "slowly, out loud, in small steps, with some patience, without a plan, in your own words, more than "
        "once, on paper, as if for the first time, with both feet on the floor, without hurry, together"
    ),
}
_WORDS = {name: some.split(", ") for name, some in _SLOTS.items()}
_AUTHOR_SAYS = (
    "A {thing} is seldom only a {thing}, and {time} it can look like a {thing2}.",
    "When you feel {feel} {time}, the {thing} has often been there before you.",
    "You may {do} the {thing} {way}, and nobody will take the {thing2} away from you.",
    "Say to your {person} that the {thing} makes you {feel}, and then {do} it {way}.",
    "Many people {do} a {thing} {time} and call it a {thing2}.",
    "It takes more than one {thing} to {do} what a {person} left behind.",
    "Somebody who is {feel} {time} does not need a {thing}, but a {person} who stays.",
    "The {thing} that you {do} {way} is still there {time}, only a little smaller.",
    "Nobody has to {do} a {thing} {way} to be allowed to feel {feel}.",
    "If the {thing} returns {time}, {do} it {way} and look what becomes of the {thing2}.",
    "Between a {person} and a {thing} there is room enough to feel {feel} {way}.",
    "I would rather {do} one {thing} {way} than leave every {thing2} to the {person}.",
)
_READER_SAYS = (
    "My {person} did not {do} the {thing} {time}, and I felt {feel} and {feel2}.",
    "I have been {feel} {time} since the {thing}.",
    "{time} I sit with the {thing} and I cannot {do} it.",
    "I told my {person} about the {thing}, and then about the {thing2} as well.",
    "There was a {thing} {time}, and all of us were {feel}.",
)
_READER_ASKS = (
    "How can I {do} a {thing} {way}?",
    "Is it normal to feel {feel} about a {thing} {time}?",
    "Why do I {do} every {thing} {time}?",
    "Should I tell my {person} that a {thing} makes me {feel}?",
    "May a {person} {do} a {thing} {time}?",
    "What can I do when a {thing} makes me {feel} {time}?",
    "How do I {do} the {thing} of my {person}?",
)
_READER_GOES_ON = (
    "And what would you do with such a {thing}?",
    "Does that mean that my {person} is {feel}?",
    "Thank you for what you wrote about the {thing}.",
    "I will try to {do} it {way}.",
)
_CATEGORIES = ("Endings", "Money", "Silence", "Families", "Beginnings", "Boundaries", "Feelings", "Holidays")
_PARAGRAPH = 5  # sentences
_SECTION = 3  # paragraphs under one heading
_STANDS_ALONE = 0.4  # the share of readers' comments that end with a question that stands alone
_OPEN_THREADS = 0.2  # the share of readers whom the author does not answer


def synthetic_posts(posts: int, words: int = 300, comments: int = 10, seed: int = 1) -> list[P]:
    """Return so many posts, each of about so many words and with about so many comments, half of them replies."""
    chance = random.Random(seed)
    numbers = count(1)
    return [_post(number, words, comments, chance, numbers) for number in range(1, posts + 1)]


def readers_question(chance: random.Random) -> str:
    """Return a question as the readers of such an archive ask it."""
    return _fill(chance.choice(_READER_ASKS), chance)


def with_edited_post(posts: Sequence[P], place: int, said: str) -> list[P]:
    """Return the posts with one more sentence at the beginning of one of them."""
    edited = replace(posts[place], content=posts[place].content.replace("<p>", f"<p>{said} ", 1))
    return [*posts[:place], edited, *posts[place + 1 :]]


def _post(number: int, words: int, comments: int, chance: random.Random, numbers: Iterator[int]) -> P:
    """Return a post with its threads."""
    content, written, paragraphs = "", 0, 0
    while written < words:
        if paragraphs and paragraphs % _SECTION == 0:
            content += f"<h2>{_fill('The {thing} and the {thing2}', chance)}</h2>\n"
        paragraph = " ".join(_fill(chance.choice(_AUTHOR_SAYS), chance) for _ in range(_PARAGRAPH))
        content += f"<p>{paragraph}</p>\n"
        written += len(paragraph.split())
        paragraphs += 1
    return P(
        slug=f"post-{number}",
        content=content,
        title=_fill("On the {thing}, {time}", chance) + f" ({number})",
        id=number,
        categories=chance.sample(_CATEGORIES, 2),
        comments=list(_threads(comments, chance, numbers)),
    )


def _threads(comments: int, chance: random.Random, numbers: Iterator[int]) -> Iterator[C]:
    """Yield so many comments: readers who ask, the author's replies, and readers who go on from these."""
    above = 0
    for left in range(comments, 0, -2):
        asks = C(next(numbers), _readers_text(chance), parent=above if chance.random() < 0.5 else 0)
        yield asks
        if left > 1 and chance.random() >= _OPEN_THREADS:
            said = " ".join(_fill(chance.choice(_AUTHOR_SAYS), chance) for _ in range(chance.randint(2, 5)))
            replies = C(next(numbers), f"{said} XY", parent=asks.id, user=AUTHOR_ID)
            yield replies
            above = replies.id


def _readers_text(chance: random.Random) -> str:
    """Return a reader's comment; what it ends with is often a question."""
    said = [_fill(chance.choice(_READER_SAYS), chance) for _ in range(chance.randint(1, 4))]
    ending = _READER_ASKS if chance.random() < _STANDS_ALONE else _READER_GOES_ON
    return " ".join([*said, _fill(chance.choice(ending), chance)])


def _fill(template: str, chance: random.Random) -> str:
    """Return a sentence with a word in each place of its template, a capital at its start."""
    filled = {name: chance.choice(some) for name, some in _WORDS.items()}
    filled |= {f"{name}2": chance.choice(_WORDS[name]) for name in ("thing", "feel")}
    text = template.format(**filled)
    return text[0].upper() + text[1:]
