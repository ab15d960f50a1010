"""How a help line, in its JSON form, is put into words."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from askedbefore.wording import Words

Line = Mapping[str, str | None]

ALWAYS = "24/7"  # at the start of a line's hours


def spoken(line: Line, wording: Words) -> Iterator[tuple[str, str, str]]:
    """Yield how to call and how to write to a line: the scheme of the link, the number, and what stands there."""
    phone, text, word = line.get("phone"), line.get("text"), line.get("text_word")
    if phone:
        yield "tel", phone, wording.help_call.format(number=phone)
    if text:
        label = wording.help_text_word.format(word=word, number=text) if word else wording.help_text.format(number=text)
        yield "sms", text, label


def digits(number: str) -> str:
    """Return a number as a link needs it: digits, and the plus sign before them."""
    return re.sub(r"[^0-9+]", "", number)


def host(url: str) -> str:
    """Return the name of the place that an address leads to."""
    return urlsplit(url).netloc.removeprefix("www.")
