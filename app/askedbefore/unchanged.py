"""What the live build has made of the posts that are still the same, so that a rebuild need not make it again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from askedbefore.records import Passage
from askedbefore.storage.layout import Recipe
from askedbefore.storage.library import Library, Spans


@dataclass(frozen=True, slots=True)
class Unchanged:
    """What is there already: passages by the slug of their post, sentences' ranges by the text that they are in.

    `questions` are those of readers that stand alone, by the place where each was asked; a place without any has none.
    """

    passages: Mapping[str, Sequence[Passage]] = field(default_factory=dict)
    sentences: Mapping[str, Spans] = field(default_factory=dict)
    questions: Mapping[str, Sequence[str]] = field(default_factory=dict)


NOTHING = Unchanged()


def find_unchanged(live: Library | None, recipe: Recipe) -> Unchanged:
    """Return what a new build by `recipe` has in common with the live one.

    That is nothing, unless both recipes are equal but for the posts: only then it is what would be made anew.
    """
    if live is None or _without_posts(live.manifest.recipe) != _without_posts(recipe):
        return NOTHING
    before = live.manifest.recipe.posts
    passages: dict[str, list[Passage]] = {slug: [] for slug, known in recipe.posts.items() if before.get(slug) == known}
    sentences: dict[str, Spans] = {}
    for passage, _, spans in live.all_passages():
        if passage.post in passages:
            passages[passage.post].append(passage)
            sentences[passage.text] = spans
    return Unchanged(passages, sentences, live.standalone_questions())


def _without_posts(recipe: Recipe) -> Recipe:
    """Return all that decides what is made of a post, whichever it is."""
    return recipe.model_copy(update={"posts": {}})
