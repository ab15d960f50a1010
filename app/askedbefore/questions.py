"""Check what a reader typed before anything is done with it."""

from askedbefore.markup import clean_text
from askedbefore.sentences import words
from askedbefore.wording import NO_WORDS, NOT_TEXT, NOTHING_ASKED, TOO_LONG

MOST_CHARACTERS = 1000


def check_question(question: str) -> tuple[str, str | None]:
    """Return the question as clean text, and in words what is wrong with it, if anything is."""
    text = clean_text(question)
    if not question.strip():
        return "", NOTHING_ASKED
    if len(question) > MOST_CHARACTERS:
        return text[:MOST_CHARACTERS], TOO_LONG.format(most=MOST_CHARACTERS, length=len(question))
    if any(0xD800 <= ord(character) <= 0xDFFF for character in question) or "\ufffd" in question or "\0" in question:
        return text, NOT_TEXT
    if not words(text):
        return text, NO_WORDS
    return text, None
