"""Every sentence that a reader of the blog may read: here in English, in `wording.LANGUAGE.toml` in other languages."""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

_FILE = "wording.{}.toml"


@dataclass(frozen=True, slots=True)
class Words:
    """What is said to readers, by its place. A translation says all of it, with the same names in curly brackets."""

    language: str = "en"
    direction: str = "ltr"
    disclaimer: str = (
        "These are passages from the blog, word for word. They were written for everybody and are not therapy or "
        "advice for your own situation."
    )
    nothing_close: str = (
        "Nothing in the archive is close to this question. Try it in other words, or more briefly: one question at a "
        "time works best."
    )
    perhaps: str = (
        "Nothing in the archive is surely about this. These passages are the nearest, and perhaps about something else."
    )
    nothing_beside_help: str = "The archive has nothing that is close to this."
    nothing_more: str = "There is nothing else in the archive that is close to this."
    gone: str = "This passage is not in the archive any more. Ask for it in your own words."
    more_like: str = "More like this, from “{title}”"
    nothing_asked: str = "There was no question. Type one in your own words, as you would ask the author."
    too_long: str = (
        "That is too long: {length:,} characters, and at most {most:,} can be looked up. Ask the heart of it in a few "
        "sentences."
    )
    no_words: str = "There are no words in this question. Type it in letters, in your own words."
    not_text: str = "This is not readable text. Type the question in your own words."
    source_post: str = "From “{title}”"
    source_reply: str = "The author’s reply to a reader, under “{title}”"
    source_letter: str = "A reader’s letter, printed in “{title}”"
    source_comment: str = "A reader’s comment, under “{title}”"
    source_quoted: str = "Somebody else’s words, quoted in “{title}”"
    asked_by_reader: str = "A reader asked:"
    read_in_context: str = "Read it in context"
    introduction: str = (
        "Ask in your own words. You get the closest passages of the blog: its posts, and the author’s replies to "
        "readers. Nothing is made up, and nothing you type is kept."
    )
    example_note: str = "This is an example: an invented blog by an invented author. Nothing in it is clinical advice."
    question_label: str = "Your question"
    placeholder: str = "Why do I miss her so much?"
    ask: str = "Ask"
    examples_title: str = "Readers have asked"
    you_asked: str = "You asked:"
    looking: str = "Looking through the archive …"
    one_found: str = "1 passage found."
    many_found: str = "# passages found."
    failed: str = (
        "Something went wrong here, not with your question. It still stands in the box: please try again in a moment."
    )
    lost: str = "The answer did not come through. Check your connection and ask again."
    suggestions_title: str = "Readers have asked these, and the author has answered:"
    more_like_this: str = "More like this"
    understood_with: str = "Understood together with your question before."
    read_on_blog: str = "Read this in context, in “{title}” (opens in a new tab)"
    show_more: str = "Show more"
    show_fewer: str = "Show fewer"
    copy_link: str = "Copy link to this passage"
    copied: str = "Copied"
    not_copied: str = "Copying did not work; this is the link:"
    new_question: str = "New question"
    new_begun: str = "The page is empty again. Nothing was kept."
    try_again: str = "Try again"
    trying_again: str = "The connection was lost, or the page is just being started again. Trying once more …"
    leave: str = "Leave this page quickly"
    leave_to: str = "https://www.bbc.co.uk/weather"
    topics_title: str = "More that readers have asked"
    back_to_blog: str = "Back to the blog"
    faq_title: str = "Questions that readers have asked"
    faq_introduction: str = (
        "These are readers’ own questions, and under each the author’s answer, word for word as it stands on the blog."
    )
    faq_topics: str = "Topics"
    asked_often: str = "asked {count} times"
    also_answered: str = "Also answered:"
    search_blog: str = "You can also look through the blog itself."
    crisis_title: str = "In crisis?"
    crisis_text: str = (
        "If you might hurt yourself, or are in danger, please talk to a person now. In an emergency call the emergency "
        "number."
    )
    support_acute: str = (
        "What you write sounds very heavy. You do not have to be alone with it: please talk to a person now. If you "
        "or somebody else is in danger at this moment, call the emergency number."
    )
    support_acute_danger: str = (
        "What you write sounds as if somebody is in danger. If that is so at this moment, call the emergency number. "
        "You do not have to be alone with it: please talk to a person now."
    )
    support_concern: str = (
        "If this is about you or somebody near you: nobody has to carry it alone. You can talk to a person about it "
        "now, and it need not be an emergency."
    )
    support_concern_danger: str = (
        "If this is about you or somebody near you: nobody has to face it alone. You can talk to a person about it "
        "now, also if you are not sure what it is. If somebody is in danger, call the emergency number."
    )
    support_therapist: str = (
        "This page only searches old texts; nobody here reads what you write. You can also say this, just as you wrote "
        "it, to your own therapist or doctor."
    )
    support_trusted: str = (
        "This page only searches old texts; nobody here reads what you write. You can also say this to somebody whom "
        "you trust: a friend, a doctor, a therapist."
    )
    help_call: str = "Call {number}"
    help_text: str = "Text {number}"
    help_text_word: str = "Text {word} to {number}"
    help_chat: str = "Chat"
    show_passages: str = "Show what the archive says"
    busy: str = "Many people are asking at this moment. Please try again in a few seconds; your question was not lost."
    body_too_long: str = "That is too long: at most {most:,} bytes are read. Ask the heart of it in a few sentences."
    length_unknown: str = "Say with Content-Length how long the request is."
    plain_title: str = "Ask {title}"
    plain_back: str = "Ask something new"
    embed_title: str = "Ask this blog"
    embed_note: str = "You get the author’s own published words. They are not therapy or advice."
    embed_help: str = "Please talk to a person now, day and night (in brackets: the emergency number):"
    embed_lost: str = "The answer did not come. Please try again, or"
    embed_open: str = "ask on a page of its own"
    embed_close: str = "Close"


ENGLISH = Words()


@lru_cache
def words_in(language: str) -> Words:
    """Return the words in a language ("de", "de-AT"), or the English ones when nobody has translated them into it."""
    base = language.lower().split("-")[0]
    return Words(**_translation(base)) if base in languages()[1:] else ENGLISH


@lru_cache
def languages() -> tuple[str, ...]:
    """Return the languages that readers can be spoken to in."""
    names = (one.name for one in files("askedbefore").iterdir())
    found = (re.fullmatch(_FILE.format("([a-z]+)"), one) for one in names)
    return (ENGLISH.language, *sorted(one[1] for one in found if one))


def _translation(language: str) -> dict[str, str]:
    """Return a translation by names."""
    text = files("askedbefore").joinpath(_FILE.format(language)).read_text(encoding="utf-8")
    return {"language": language, **tomllib.loads(text)}
