"""Read what was typed as it was meant: without letter tricks, short forms and slang in full, sentence by sentence.

Only the guard reads it so; what readers see and what is looked up stays as typed. The tables are in `slang.toml`.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from rapidfuzz.distance import OSA

from askedbefore.sentences import sentence_spans

LONGEST_SENTENCE = 24  # words; longer ones are looked at in windows too, as they may be many without a full stop
WINDOW, STEP = 14, 7

# Readers of such blogs write "my T"; a T elsewhere may be what is left of "can't", or part of a word in letters apart.
_THERAPIST = re.compile(r"\b((?i:my|her|his|your|our|new|old|ex|former|last|other)[ -])T(?=s?\b(?!-))")
_QUOTES = re.compile("[’‘‛`´ʼʹ′＇]")
# Single letters with the same sign between all of them: "k i l l", "s.u.i.c.i.d.e".
_SPACED = re.compile(r"(?<!\w)[^\W\d_](?:([ .\-_*])[^\W\d_](?:\1[^\W\d_])+)(?!\w)")
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
# A token with something in it that may stand for a letter.
_MASKED = re.compile(r"(?<![\w@$!|*'])[^\W\d_]*[\d_@$!|*'][\w@$!|*']*")
_SIGN = re.compile(r"[^\w\s]|_")
_SLIPS = (6, 9)  # letters; from the first number on one slip of the pen is forgiven, from the second on two
_CONTRACTED = (
    (re.compile(r"\bcan't\b"), "can not"),
    (re.compile(r"\bwon't\b"), "will not"),
    (re.compile(r"n't\b"), " not"),
    (re.compile(r"'m\b"), " am"),
    (re.compile(r"'re\b"), " are"),
    (re.compile(r"'ve\b"), " have"),
    (re.compile(r"'ll\b"), " will"),
    (re.compile(r"'d\b"), " would"),
    (re.compile(r"\b(he|she|it|that|there|what|who|where|how|here|life|nobody|everything|everyone|why)'s\b"), r"\1 is"),
    (re.compile(r"'s\b"), ""),
)


def name_therapist(text: str) -> str:
    """Return text with the therapist whom it calls T in full."""
    return _THERAPIST.sub(r"\1therapist", text)


def unmask(text: str) -> str:
    """Return text in small letters without what hides its words: look-alike letters, signs between, accents."""
    plain = _QUOTES.sub("'", text.casefold())
    if not plain.isascii():
        folded = unicodedata.normalize("NFKD", plain)
        plain = "".join(one for one in folded if not unicodedata.combining(one) and unicodedata.category(one) != "Cf")
    plain = plain.translate(_table()["letters"])
    plain = _SPACED.sub(lambda found: found[0].replace(found[1], ""), plain)
    plain = _REPEATED.sub(r"\1", plain)
    plain = _MASKED.sub(lambda found: _read_signs(found[0]), plain)
    together: re.Pattern[str] = _table()["together"]
    return together.sub(lambda found: _apart(found[0]), plain)


def pieces(text: str) -> list[str]:
    """Return the sentences of a text, after each long one also its windows of words."""
    found: list[str] = []
    for start, end in sentence_spans(text):
        sentence = text[start:end]
        found.append(sentence)
        spoken = sentence.split()
        if len(spoken) > LONGEST_SENTENCE:
            found += [" ".join(spoken[at : at + WINDOW]) for at in range(0, len(spoken) - STEP, STEP)]
    return found


def spell_out(piece: str) -> str:
    """Return an unmasked sentence as English words with single spaces, short forms and slang in full."""
    table = _table()
    spoken = in_full(piece).split()
    mended = (table["words"].get(word) or _mended(word) for word in spoken)
    # "Unalive myself" is said as well as "unalive" alone.
    return " ".join(mended).replace("myself myself", "myself").replace("myself my self", "myself")


def in_full(piece: str) -> str:
    """Return a sentence's words with single spaces, those with an apostrophe in full."""
    if "'" in piece:
        for pattern, full in _CONTRACTED:
            piece = pattern.sub(full, piece)
    return bare_words(piece)


def bare_words(piece: str) -> str:
    """Return a sentence's words with single spaces, without apostrophes and other signs: for any language."""
    return " ".join(_SIGN.sub(" ", piece.replace("'", "")).split())


def is_english(spelt: str) -> bool:
    """Say whether a spelt-out sentence holds enough of the commonest English words to be taken for English."""
    spoken = spelt.split()
    return 6 * sum(word in _table()["english"] for word in spoken) >= len(spoken)


def _read_signs(token: str) -> str:
    """Return a token with signs read as letters, if it is then one of the watched words; else as it is."""
    if token.isalpha() or not any(sign.isalpha() for sign in token):
        return token
    table = _table()
    bare = token.strip("!|*'")
    read = bare.translate(table["signs"])
    if read in table["watched"]:
        return read
    if "*" in read:
        likely = re.compile(re.escape(read).replace(r"\*", "[a-z]"))
        return next((word for word in table["watched"] if likely.fullmatch(word)), token)
    return token


def _apart(token: str) -> str:
    """Return words that are written together, and nothing else, with spaces between them."""
    parts: Mapping[str, str] = _table()["parts"]
    longest = max(map(len, parts))
    found = [""]  # for each length of the token's beginning its words, or "" where it cannot be made of whole ones
    for end in range(1, len(token) + 1):
        ways = (
            f"{found[start]} {parts[token[start:end]]}"
            for start in range(max(0, end - longest), end)
            if (start == 0 or found[start]) and token[start:end] in parts
        )
        found.append(next(ways, ""))
    return found[-1].strip()


def _mended(word: str) -> str:
    """Return the watched word that a word is a slip of the pen for, or the word itself."""
    table = _table()
    if len(word) < _SLIPS[0] - 1 or word in table["real"] or word in table["watched"]:
        return word
    for watched in table["long"].get(word[0], ()):
        slips = 2 if len(watched) >= _SLIPS[1] else 1
        if OSA.distance(word, watched, score_cutoff=slips) <= slips:
            return str(watched)
    return word


@cache
def _table() -> Mapping[str, Any]:
    """Return the tables of `slang.toml`, ready to be looked up in."""
    table = tomllib.loads(files("askedbefore.guard").joinpath("slang.toml").read_text(encoding="utf-8"))
    watched = table["watched"]
    parts = {word.replace(" ", ""): word for word in table["together"]["words"]}
    return {
        "letters": str.maketrans(table["letters"]),
        "signs": str.maketrans(table["signs"]),
        "words": table["words"],
        "parts": parts,
        "together": re.compile(rf"\b(?=[a-z]{{6,}}\b)(?:{'|'.join(parts)}){{2,}}\b"),
        "watched": dict.fromkeys((*watched["short"], *watched["long"])),
        "long": {
            letter: [word for word in watched["long"] if word[0] == letter and len(word) >= _SLIPS[0]]
            for letter in {word[0] for word in watched["long"]}
        },  # by their first letter, which nobody mistypes
        "real": frozenset(watched["real"]),
        "english": frozenset(table["english"]["words"]),
    }
