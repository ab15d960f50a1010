"""What the fuzzer does: change a seed, read it through the public way in, and say what must not have happened."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from askedbefore.errors import AskedBeforeError
from askedbefore.passages import make_passages
from askedbefore.reading import read_archive
from askedbefore.settings import Settings
from tests.seeds import ADDRESS, IP, SECRET, SEEDS, SIGNS

ODD = (
    *(b"]]>", b"<![CDATA[", b"<!--", b"-->", b"&lt;", b"&", b"<", b">", b"\0", b"\x0b", b"\xff\xfe", b"\xef\xbb\xbf"),
    *(b"\xed\xa0\x80", b"\xf0\x9f\x92\xa9", b"\xe3\x81\x82", b"\xd7\xa9", b"\xcc\x81", b"%PDF", b"PK\x03\x04", b"\n\n"),
    *(
        b"9" * 400,
        b"-1",
        b"0",
        b"\xc2\xa0",
        b"</item>",
        b"<item>",
        b"</wp:comment>",
        b"<wp:comment>",
        b"&#xD800;",
        b"&#0;",
    ),
    *(
        b"{",
        b"]",
        b'"',
        b"\\u0000",
        b"\\ud800",
        b"---\n",
        b"<p>" * 300,
        b"[caption]",
        b"[" * 200,
        b"\xe2\x80\xa8",
        b"'",
    ),
)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed seed. `joined` says that pieces stand elsewhere now, so that it may say other things than it did."""

    importer: str
    data: bytes
    joined: bool


def mutate(chance: random.Random, importer: str) -> Mutant:
    """Return a changed seed of an importer, always the same for the same state of chance."""
    seeds = [build() for build in SEEDS[importer]]
    data = chance.choice(seeds)
    joined = False
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        change, joins = chance.choice(_CHANGES)
        if change is _splice:
            data = _splice(data, chance, chance.choice([build() for some in SEEDS.values() for build in some]))
        else:
            data = change(data, chance, b"")
        joined = joined or joins
    return Mutant(importer, data, joined)


def check(mutant: Mutant) -> str | None:
    """Read a mutant as an author's file would be, and say what must not have happened, if anything."""
    with TemporaryDirectory(prefix="askedbefore-fuzz-") as folder:
        (Path(folder) / "file").write_bytes(mutant.data)
        try:
            archive = read_archive([], Path(folder), Settings(show_unanswered_comments=True, comments_per_page=20))
            passages = make_passages(archive.posts, Settings(show_unanswered_comments=True, comments_per_page=20))
        except AskedBeforeError as error:
            read = str(error)
        else:
            read = repr((archive, passages))
    signs = SIGNS.get(mutant.importer, (b"",))
    secrets = [] if mutant.joined or not any(sign in mutant.data for sign in signs) else [SECRET, ADDRESS, IP]
    found = [secret for secret in secrets if secret in read]
    return f"private: {', '.join(found)}" if found else None


def _flip(data: bytes, chance: random.Random, _: bytes) -> bytes:
    """Change some bytes."""
    changed = bytearray(data)
    for _times in range(chance.choice((1, 1, 4, 30)) if changed else 0):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut_off(data: bytes, chance: random.Random, _: bytes) -> bytes:
    """Let the file end early."""
    return data[: chance.randrange(len(data) + 1)]


def _insert(data: bytes, chance: random.Random, _: bytes) -> bytes:
    """Put odd bytes somewhere."""
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.choice(ODD) + data[at:]


def _overwrite(data: bytes, chance: random.Random, _: bytes) -> bytes:
    """Write odd bytes over others."""
    at, odd = chance.randrange(len(data) + 1), chance.choice(ODD)[:8]
    return data[:at] + odd + data[at + len(odd) :]


def _cut_out(data: bytes, chance: random.Random, _: bytes) -> bytes:
    """Leave a piece out."""
    begin, end = _range(data, chance)
    return data[:begin] + data[end:]


def _repeat(data: bytes, chance: random.Random, _: bytes) -> bytes:
    """Write a piece several times."""
    begin, end = _range(data, chance)
    return data[:end] + data[begin:end] * chance.choice((1, 2, 20)) + data[end:]


def _swap(data: bytes, chance: random.Random, _: bytes) -> bytes:
    """Exchange two neighbouring pieces."""
    begin, end = _range(data, chance)
    middle = chance.randint(begin, end)
    return data[:begin] + data[middle:end] + data[begin:middle] + data[end:]


def _splice(data: bytes, chance: random.Random, other: bytes) -> bytes:
    """Go on with another file."""
    return data[: chance.randrange(len(data) + 1)] + other[chance.randrange(len(other) + 1) :]


def _range(data: bytes, chance: random.Random) -> tuple[int, int]:
    """Return two places in order, mostly near to each other."""
    begin = chance.randrange(len(data) + 1)
    return begin, min(len(data), begin + chance.choice((1, 20, 200, 2000)))


# What joins what was apart can make private words public for any reader of the file.
_CHANGES: Sequence[tuple[Callable[[bytes, random.Random, bytes], bytes], bool]] = (
    (_flip, False),
    (_cut_off, False),
    (_insert, False),
    (_overwrite, False),
    (_cut_out, True),
    (_repeat, True),
    (_swap, True),
    (_splice, True),
)
