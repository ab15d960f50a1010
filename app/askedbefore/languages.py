"""Which language a text of the archive is in, so that a screen reader reads it out in that one."""

from functools import lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

_FEWEST_WORDS = 8  # of fewer, nobody can be sure
_ENGLISH = """
the of and that it you my for with not this be are have your what when would she they but from about been being could
how why who which their them there these those than more some because just know think very much only even had has did
out into over after before then
"""  # frequent words that are hardly words of other languages
_ONE_IN = 10  # words is one of these in nearly every English text, and in no other
_SURE = 0.99


def language_of(text: str) -> str | None:
    """Return a text's language as a code of two letters (ISO 639-1), or None when that is not certain."""
    words = text.casefold().split()
    if len(words) < _FEWEST_WORDS:
        return None
    if _ONE_IN * sum(word in _english() for word in words) >= len(words):
        return "en"  # said without the model, which takes a server 75 MiB and a third of a second
    language, chance = _identifier().classify(text)
    return str(language) if chance >= _SURE else None


@lru_cache(maxsize=1)
def _english() -> frozenset[str]:
    """Return the frequent English words."""
    return frozenset(_ENGLISH.split())


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    """Load the model, once."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
