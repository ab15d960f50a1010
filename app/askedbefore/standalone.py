"""Which of a reader's questions can be understood without the rest of what she wrote.

Such a question is shown in her own words: a piece of her text as it stands, but for the capital letter at its start and
the sign at its end. One that points at something said before, that says who she is or that may be a cry for help is
left out: better no question than a crippled one. The rules know English; in other languages little passes.
"""

import re
from collections.abc import Iterable, Iterator

from askedbefore.guard import detect
from askedbefore.sentences import count_words, sentence_spans, words
from askedbefore.threads import says_not_who

MOST_WORDS = 28
_FEWEST_TELLING_WORDS = 2

_QUESTION_WORDS = (
    r"(?:how|why|what|when|where|who|whom|whose|which|is|are|am|do|does|can|could|should|would|will|must|may|might|has"
    r"|have|(?:is|are|do|does|ca|could|should|would|wo|must|has|have)n['’]t)\b"
)
# What leads up to a question and can go, because what is left is a whole question.
_LEAD = re.compile(
    r"(?:(?:so|and|but|also|well|ok|okay|now|anyway|plus|hi|hello|yes|no|oh|hm+|please|honestly|thanks)\b[,.!:]?"
    r"|[^,:;–—?]{0,30}\bquestions?(?: is| for you)?\s?[,:–—-]"
    r"|(?:i(?:['’]m| am| was|['’]ve been) (?:just |also |only )?(?:wondering|curious)|i wonder|i don['’]t know|tell me)"
    r"\s?[,:–—-]"
    r"|(?!if|when|after|before|since|because|as|while|unless|although|though|with|without|once|given|for)[^,:;?]{1,60}:)"
    rf"\s*(?={_QUESTION_WORDS}|(?:so|and|but|also|if|when)\b)",
    re.IGNORECASE,
)
_ASKS = re.compile(rf"(?:{_QUESTION_WORDS}|(?:if|when|after|before)\b[^,]+[,:] {_QUESTION_WORDS})", re.IGNORECASE)
# Words that point at something said before, or at what the author wrote.
_POINTS_BACK = re.compile(
    r"^(?:(?:what|how) about|why not|what if not|can you)\b"
    r"|^(?:is|are|does|do|will|would|can) the (?!therap|counsel|analy)"
    r"|\b(?:this|these|those(?! who| of)|such|then|above|below|also|we|yours|both|instead(?! of)|either|here)\b"
    r"|(?<!\babout )(?<!\bthan )(?<!\blike )\bmine\b"
    r"|\b(?:blog|post|article|(?:like|as) me|my (?:case|situation|story|position))\b"
    r"|\byou (?:write|wrote|say|said|mention(?:ed)?|describe[sd]?|meant?|suggest|recommend|people|guys|lot)\b"
    r"|\b(?:could|would|will) you\b|\bgoing on\?"
    r"|(?<!one )(?<!body )\belse\b|(?<!\bis )(?<!\bare )(?<!\bif )\bthere\b(?! is\b| are\b|['’]s\b| really\b)"
    r"|\b(?:too|so|as well|ones?)\?$",
    re.IGNORECASE,
)
# "That" points back after a verb or preposition ("about that"), and wherever no clause of its own follows it.
_POINTING_THAT = re.compile(
    r"\b(?:is|was|does|do|did|will|would|can|could|of|about|for|with|to|from|at|past|like|after|before|why|how|what|all"
    r"|than|on|in|by|and|or|but|not|even|just) that\b"
    r"|\bthat(?! (?:i|i['’]\w+|you|she|he|they|it|my|a|an|the|there|is|are|was|can|will|would|have|has|no|nobody|people"
    r"|some(?:body|one)|therapists?|need|make|feel|\w+s)\b)",
    re.IGNORECASE,
)
_IF_THAT = re.compile(
    r"^(if\b[^,]+[,:] \S+) that\b", re.IGNORECASE
)  # "If I stop, does that mean …": said in the question
# "It" stands for nothing in "is it normal to …": then a form of "be" is near, and what is normal follows.
_IT = re.compile(r"\bit(?:['’]s)?\b", re.IGNORECASE)
_EMPTY_IT = re.compile(
    r"\b(?:is|isn['’]t|was|be|would|will|could|can) it(?: \S+){1,6}? (?:to|that|if|when|for|or)\b"
    r"|\bit(?:['’]s| is| was| would be)(?: \S+){1,4}? (?:to|that|if|when|for)\b"
    r"|\bdoes it (?:feel|make sense|help|matter|mean|take)(?: \S+){0,3}? (?:to|that|if|when|for)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"\b(?:she|he|her|him|his|hers|they|them|their|theirs|mine|himself|herself|themselves)\b", re.IGNORECASE
)
_PERSON = re.compile(
    r"\b(?:therapists?|counsell?ors?|analysts?|psych\w*ists?|doctors?|patients?|clients?|husband|wife|spouse|partners?"
    r"|(?:boy|girl)?friends?|ex|mother|father|m[ou]m|dad|parents?|sons?|daughters?|child(?:ren)?|kids?|baby|brothers?"
    r"|sisters?|siblings?|grand\w+|step\w+|aunt|uncle|cousin|family|boss|teachers?|people|person|(?:some|any)(?:one|body)"
    r"|m[ae]n|wom[ae]n|teenagers?)\b",
    re.IGNORECASE,
)
# A capital inside of a sentence begins a name, of a person or place that may tell who asks, unless it is one of these.
_CAPITALISED = re.compile(r"\b[A-Z][^\W\d_]*[a-z]\b")
_NO_NAME = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?|Christmas|Easter|Thanksgiving|God|Freud(?:ian)?|Jung(?:ian)?|English"
    r"|January|February|March|April|May|June|July|August|September|October|November|December|Internet|Skype|Zoom|Ok(?:ay)?|M[ou]m|Dad|Mother|Father"
)
_NUMBER = re.compile(r"\d(?!\d* (?:hours?|minutes?|sessions?|times|days|weeks|months)\b)")  # ages, years, doses
_BROKEN = re.compile(r"…|\.\.|[\[\]{}<>\n@*_|/\\]")
_PAIRS = (("“", "”"), ("(", ")"))
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_ENDS_AS_QUESTION = re.compile(r"\?[?!]*$")
# A question that the reader answers herself in the next breath.
_ANSWERS_HERSELF = re.compile(r"(?:that|no|yes|of course|absolutely|exactly)\b", re.IGNORECASE)
FUNCTION_WORDS = frozenset(
    words(
        "a about all am an and any anyone anybody anything are as at be been being but by ca can could did do "
        "does doing even ever for from had has have having he her him his how i if in into is it its just me may "
        "might more most must my not of one only or other our own really she should so some somebody "
        "someone something such than that the their them they thing things through to too us very was we were "
        "what when where which who whom whose why will with wo would you your"
    )
)
_CONTRACTED = re.compile(r"(?:n['’]t|['’]\w+)$")


def standalone_questions(texts: Iterable[str], names: frozenset[str]) -> Iterator[str]:
    """Yield what a reader asked in her text that stands alone, made presentable; nothing of it when she needs help.

    `names` are the words of her name in small letters.
    """
    paragraphs = list(texts)
    found = list(_presentable(paragraphs, names))
    if found and not detect("\n".join(paragraphs)):
        yield from found


def _presentable(paragraphs: Iterable[str], names: frozenset[str]) -> Iterator[str]:
    """Yield what stands alone in the paragraphs, made presentable."""
    for text in paragraphs:
        sentences = [text[slice(*span)] for span in sentence_spans(text)]
        pieces = [piece for sentence in sentences for piece in _SENTENCE_END.split(sentence)]
        for place, piece in enumerate(pieces):
            if not _ENDS_AS_QUESTION.search(piece) or not says_not_who(piece, names):
                continue
            following = pieces[place + 1] if place + 1 < len(pieces) else ""
            shown = present(piece)
            if shown and not _is_open(" ".join(pieces[:place])) and not _ANSWERS_HERSELF.match(following):
                yield shown


def present(piece: str) -> str | None:
    """Return a question in presentable form, or None when it does not stand alone."""
    text = piece.strip().rstrip("?! ")
    while lead := _LEAD.match(text):
        text = text[lead.end() :]
    question = text[:1].upper() + text[1:] + "?"
    return question if _is_whole(question) and _refers_to_nothing(question) and not _tells_who(question) else None


def _is_whole(question: str) -> bool:
    """Say whether it is a question by its form, of good length, about something, with every bracket closed."""
    telling = {_CONTRACTED.sub("", word) for word in words(question.lower())} - FUNCTION_WORDS
    return (
        bool(_ASKS.match(question))
        and count_words(question) <= MOST_WORDS
        and len(telling) >= _FEWEST_TELLING_WORDS
        and not _BROKEN.search(question)
        and not _is_open(question)
        and all(question.count(one) == question.count(other) for one, other in _PAIRS)
    )


def _is_open(text: str) -> bool:
    """Say whether a quotation or bracket is open at the end of a text: what follows may be somebody else's word."""
    return any(text.count(one) > text.count(other) for one, other in _PAIRS) or text.count('"') % 2 == 1


def _refers_to_nothing(question: str) -> bool:
    """Say whether nothing in it points at what was said before: every "it" is empty, every "she" is somebody in it."""
    pronoun = _PRONOUN.search(question)
    return not (
        _POINTS_BACK.search(question)
        or _POINTING_THAT.search(_IF_THAT.sub(r"\1", question))
        or (pronoun and not _PERSON.search(question[: pronoun.start()]))
        or _IT.search(_EMPTY_IT.sub("", question))
    )


def _tells_who(question: str) -> bool:
    """Say whether it may tell who asked: a name or place, an age or a year."""
    inside = question[1:]  # the first letter is always a capital
    return bool(_NUMBER.search(question)) or any(not _NO_NAME.fullmatch(one) for one in _CAPITALISED.findall(inside))
