"""Which passages of the archive may be shown: none that describes a method, and no reader's account of an attempt.

Decided at the rebuild, by phrases alone: somebody who is not noticed in her question must not find it either.
"""

import hashlib
import re
import tomllib
from functools import cache
from importlib.resources import files

from askedbefore.guard.normalising import spell_out, unmask
from askedbefore.records import Voice
from askedbefore.sentences import sentence_spans


def guarding_recipe() -> str:
    """Return what tells one way of listening to the archive from another: a hash of all phrases and spellings."""
    tables = (one for one in files("askedbefore.guard").iterdir() if one.name.endswith(".toml"))
    content = b"".join(table.read_bytes() for table in sorted(tables, key=lambda one: one.name))
    return hashlib.sha256(content).hexdigest()


def may_be_shown(text: str, voice: Voice) -> bool:
    """Say whether a passage may be shown to anybody. What the author writes of suicide as a subject may."""
    methods, attempts = _patterns()
    sentences = [spell_out(unmask(text[start:end])) for start, end in sentence_spans(text)]
    if any(methods.search(sentence) for sentence in sentences):
        return False
    return voice is Voice.AUTHOR or not any(attempts.search(sentence) for sentence in sentences)


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what describes a method, and what tells of an attempt."""
    data = tomllib.loads(files("askedbefore.guard").joinpath("unshown.toml").read_text(encoding="utf-8"))
    methods, attempts = (
        re.compile(rf"\b(?:{'|'.join(f'(?:{one})' for one in data[name]['phrases'])})\b")
        for name in ("methods", "attempts")
    )
    return methods, attempts
