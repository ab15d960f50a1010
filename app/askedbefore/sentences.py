"""Sentences and words of a text, in any language."""

import re
import unicodedata

import sentencex

_UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+(?:['’.-][^\W_{_UNSPACED}]+)*")
_UNSPACED_CHARACTER = re.compile(f"[{_UNSPACED}]")
_OTHER_SPACE = re.compile(r"[^\S\n]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_LANGUAGE = "en"
_ENUMERATOR = re.compile(r"^\W*(?:\d{1,3}|[a-zA-Z]|[ivx]+)[.)]$")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return the range of each sentence, in order; together they hold everything but white space.

    A line end also ends a sentence, and a bare number ("2.") belongs to the sentence after it.
    """
    spans: list[tuple[int, int]] = []
    # sentencex fails on some white space and on lone surrogates; what stands for them is as long.
    plain = _SURROGATE.sub("?", _OTHER_SPACE.sub(" ", text))
    for line in re.finditer(r"[^\n]+", plain):
        for boundary in sentencex.get_sentence_boundaries(_LANGUAGE, line[0]):
            start, end = (line.start() + int(boundary[key]) for key in ("start_index", "end_index"))
            start, end = _stripped(text, start, end)
            if start == end:
                continue
            if spans and _ENUMERATOR.match(text[slice(*spans[-1])]) and "\n" not in text[spans[-1][1] : start]:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
    return spans


def count_words(text: str) -> int:
    """Return the number of words; in scripts without spaces two characters count as one."""
    words = _WORD.findall(text)
    unspaced = sum(1 for word in words if _UNSPACED_CHARACTER.match(word))
    return len(words) - unspaced + (unspaced + 1) // 2


def words(text: str) -> list[str]:
    """Return the words of a text in order, as they stand."""
    return _WORD.findall(text)


def plain_word(word: str) -> str:
    """Return a word in small letters, without accents, with a straight apostrophe: as the vocabulary holds it."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.replace("’", "'").casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the range without the white space at its ends."""
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return start, max(start, start + len(piece.strip()))
