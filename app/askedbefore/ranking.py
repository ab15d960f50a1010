"""What of the things found is shown: spread over posts, with the sentences marked that answer."""

from collections import Counter
from collections.abc import Sequence

from askedbefore.records import Hit
from askedbefore.search import Found

MOST_PASSAGES = 3
MOST_OF_ONE_POST = 2
MOST_HIGHLIGHTS = 2
NEAR_BEST = 0.9  # a second sentence is marked when it is nearly as close as the closest


def spread(found: Sequence[Found], most: int = MOST_PASSAGES) -> list[Found]:
    """Return the best few in their order: one a unit, none with the same text, not more than two of one post."""
    kept: list[Found] = []
    of_post: Counter[str] = Counter()
    texts: set[str] = set()
    for one in found:
        if len(kept) == most:
            break
        if of_post[one.passage.post] < MOST_OF_ONE_POST and one.passage.text not in texts:
            kept.append(one)
            texts.add(one.passage.text)
            of_post[one.passage.post] += 1
    return kept


def mark_sentences(one: Found) -> Hit:
    """Return the hit with its closest sentences marked, in the order of the text; a lone sentence needs no mark."""
    ranked = sorted(range(len(one.spans)), key=lambda place: (-one.sentence_closeness[place], place))
    best = one.sentence_closeness[ranked[0]]
    near = [place for place in ranked[:MOST_HIGHLIGHTS] if one.sentence_closeness[place] >= NEAR_BEST * best]
    marked = sorted(near) if len(one.spans) > 1 else []
    return Hit(one.passage, one.score, tuple(one.spans[place] for place in marked))
