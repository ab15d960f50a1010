"""Which language a text of the archive is in, so that a screen reader reads it out in that one."""

from functools import lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

_FEWEST_WORDS = 8  # of fewer, nobody can be sure
_SURE = 0.99


def language_of(text: str) -> str | None:
    """Return a text's language as a code of two letters (ISO 639-1), or None when that is not certain."""
    if len(text.split()) < _FEWEST_WORDS:
        return None
    language, chance = _identifier().classify(text)
    return str(language) if chance >= _SURE else None


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    """Load the model, once."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
