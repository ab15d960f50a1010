"""Check what a reader typed before anything is done with it."""

from askedbefore.cleantext import clean_text
from askedbefore.sentences import words
from askedbefore.wording import ENGLISH, Words

MOST_CHARACTERS = 1000


def check_question(question: str, wording: Words = ENGLISH) -> tuple[str, str | None]:
    """Return the question as clean text, and in words what is wrong with it, if anything is."""
    text = clean_text(question)
    if not question.strip():
        return "", wording.nothing_asked
    if len(question) > MOST_CHARACTERS:
        return text[:MOST_CHARACTERS], wording.too_long.format(most=MOST_CHARACTERS, length=len(question))
    if any(0xD800 <= ord(character) <= 0xDFFF for character in question) or "\ufffd" in question or "\0" in question:
        return text, wording.not_text
    if not words(text):
        return text, wording.no_words
    return text, None
