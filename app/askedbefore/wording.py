"""Every sentence that a reader of the blog may read, in one place."""

DISCLAIMER = (
    "These are passages from the blog, word for word. They were written for everybody and are not therapy or advice "
    "for your own situation."
)
NOTHING_CLOSE = (
    "Nothing in the archive is close to this question. Try it in other words, or more briefly: one question at a time "
    "works best."
)
PERHAPS = (
    "Nothing in the archive is surely about this. These passages are the nearest, and perhaps about something else."
)
NOTHING_MORE = "There is nothing else in the archive that is close to this."
GONE = "This passage is not in the archive any more. Ask for it in your own words."
MORE_LIKE = "More like this, from “{title}”"
NOTHING_ASKED = "There was no question. Type one in your own words, as you would ask the author."
TOO_LONG = (
    "That is too long: {length:,} characters, and at most {most:,} can be looked up. "
    "Ask the heart of it in a few sentences."
)
NO_WORDS = "There are no words in this question. Type it in letters, in your own words."
NOT_TEXT = "This is not readable text. Type the question in your own words."

SOURCE_LINES = {
    "post": "From “{title}”",
    "reply": "The author’s reply to a reader, under “{title}”",
    "letter": "A reader’s letter, printed in “{title}”",
    "comment": "A reader’s comment, under “{title}”",
    "quoted": "Somebody else’s words, quoted in “{title}”",
}
ASKED_BY_READER = "A reader asked:"
READ_IN_CONTEXT = "Read it in context"
INTRODUCTION = (
    "Ask in your own words. You get the closest passages of the blog: its posts, and the author’s replies to readers. "
    "Nothing is made up, and nothing you type is kept."
)
EXAMPLE_NOTE = "This is an example: an invented blog by an invented author. Nothing in it is clinical advice."
QUESTION_LABEL = "Your question"
PLACEHOLDER = "Why do I miss her so much?"
ASK = "Ask"
EXAMPLES_TITLE = "Readers have asked"
YOU_ASKED = "You asked:"
LOOKING = "Looking through the archive …"
ONE_FOUND = "1 passage found."
MANY_FOUND = "# passages found."
FAILED = "Something went wrong here, not with your question. It still stands in the box: please try again in a moment."
LOST = "The answer did not come through. Check your connection and ask again."
SUGGESTIONS_TITLE = "Readers have asked these, and the author has answered:"
MORE_LIKE_THIS = "More like this"
UNDERSTOOD_WITH = "Understood together with your question before."
READ_ON_BLOG = "Read this in context, in “{title}” (opens in a new tab)"
FAQ_TITLE = "Questions that readers have asked"
FAQ_INTRODUCTION = (
    "These are readers’ own questions, and under each the author’s answer, word for word as it stands on the blog."
)
FAQ_TOPICS = "Topics"
ASKED_OFTEN = "asked {count} times"
ALSO_ANSWERED = "Also answered:"
SEARCH_BLOG = "You can also look through the blog itself."

CRISIS_TITLE = "In crisis?"
CRISIS_TEXT = (
    "If you might hurt yourself, or are in danger, please talk to a person now. In an emergency call your local "
    "emergency number. These lines are open day and night and free to call:"
)
CRISIS_LINES: tuple[dict[str, str | None], ...] = (
    {"region": "US and Canada", "name": "Suicide and crisis lifeline, call or text", "phone": "988", "url": None},
    {"region": "UK and Ireland", "name": "Samaritans, call", "phone": "116 123", "url": None},
    {"region": "EU", "name": "Emergency number, call", "phone": "112", "url": None},
    {"region": "UK", "name": "Emergency number, call", "phone": "999", "url": None},
    {
        "region": "Everywhere",
        "name": "A line in your country",
        "phone": None,
        "url": "https://findahelpline.com/",
    },
)
SUPPORT_MESSAGE = (
    "What you write sounds heavy, and you should not have to carry it alone. This page is only a search in old texts. "
    "Please talk to a person now; these lines are there day and night. If you or somebody else is in danger at this "
    "moment, call the emergency number. You can also say this, just as you wrote it, to your own therapist or doctor."
)
SHOW_PASSAGES = "Show what the archive says"
BUSY = "Many people are asking at this moment. Please try again in a few seconds; your question was not lost."
BODY_TOO_LONG = "That is too long: at most {most:,} bytes are read. Ask the heart of it in a few sentences."
LENGTH_UNKNOWN = "Say with Content-Length how long the request is."
PLAIN_TITLE = "Ask {title}"
PLAIN_BACK = "Ask something new"
EMBED_TITLE = "Ask this blog"
EMBED_NOTE = "You get the author’s own published words. They are not therapy or advice."
EMBED_LOST = "The answer did not come. Your question still stands here: please try again, or"
EMBED_OPEN = "ask on a page of its own"
EMBED_CLOSE = "Close"
