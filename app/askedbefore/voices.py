"""Who speaks in a post: the author, a reader whose letter is printed, or somebody quoted.

A reader's words shown as the author's is the fault that must not happen, so in doubt a block is a reader's.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from askedbefore.records import Block, BlockKind, Voice

_NAME = r"[^\W\d_][\w’'.-]*(?:\s+[^\W\d_a-z][\w’'.-]*){0,3}"
_SOMEBODY = r"(?:reader|patient|client|commenter|visitor|listener|subscriber|someone|somebody|woman|man|mother|father)"
_WRITES = r"(?:writes|wrote|asks|asked|e-?mails|e-?mailed|sent|says|said|told|wonders|wondered)"
_NOT_A_NAME = r"(?!(?:I|You|We|He|She|It|This|That|They|One|What|Who|Nobody|Everybody|People|Research|Studies)\b)"
_END = r"(?::|,?\s*(?=[“\"]))"  # a colon, or the quotation itself
_OPENING = re.compile(
    rf"""^[“"'(]?(?:
        (?:Recently|Yesterday|Last\s\w+|Today|Once),?\s+(?:an?|another|one)\s+(?:\w+\s+){{0,2}}{_SOMEBODY}\b[^.:!?\n]{{0,60}}?\s{_WRITES}
      | (?:(?:In|From|By)\s[^.:!?\n]{{1,40}},\s+)?{_NOT_A_NAME}(?P<name>(?-i:{_NAME}))
        (?:\s*(?:,|\bfrom\b|\bof\b|\bin\b)\s[^.:!?\n]{{1,40}}?,?)?\s+(?:(?:writes|wrote|e-?mails|e-?mailed)|(?:asks|asked)(?=[^.:!?\n]{{0,12}}{_END}))
      | (?:An?|One|Another|This|My|Some)\s+(?:\w+\s+){{0,2}}{_SOMEBODY}s?\b[^.:!?\n]{{0,60}}?\s{_WRITES}
      | [^.:!?\n]{{0,60}}\b(?:letter|e-?mail|question|note|message|comment)s?\s(?:[^.:!?\n]{{0,40}}\s)?(?:from|by)\s
      | (?:Reader(?:['’]?s)?\s+)?(?:Question|Letter|Mail)(?:\s+from\s+[^:\n]{{1,40}})?(?=\s*:)
      | Q(?=\s*[:.])
    )[^.:!?\n]{{0,60}}?{_END}|^Q\.\s""",
    re.VERBOSE | re.IGNORECASE,
)
_LETTER_HEADING = re.compile(r"^(?:the\s+|reader['’]?s?\s+)?(?:question|letter|reader\s+question)s?:?$", re.IGNORECASE)
_SALUTATION = re.compile(
    rf"^(?:Dear|Hello|Hi|Hey)\s+(?P<title>(?:Dr|Mr|Mrs|Ms|Prof)\.?\s+)?(?P<name>{_NAME})\s*(?:[,:;.–—!-]|\n|$)"
)
_ANSWER = re.compile(
    r"^(?:A\s*[:.]\s|(?:(?:my|the)\s+)?(?:answer|reply|response|author)\b[^.\n]{0,40}:)", re.IGNORECASE
)
_SIGNATURE = re.compile(rf"(?:^|[.!?…]\s+|\n)[-–—]?\s*(?P<name>{_NAME})(?<!\.)\s*$")
_QUOTED = re.compile(r"[\s,]*[“\"][^”\"]*[”\"]")
_LONGEST_SIGNATURE = 120  # characters
_OPENING_BLOCKS = 3
_ANY_AUTHOR = {"doctor", "doc", "therapist", "sir", "madam", "author", "blogger"}


@dataclass(frozen=True, slots=True)
class Voices:
    """A post's blocks with their voices, and what was uncertain in telling them."""

    blocks: tuple[Block, ...]
    doubts: tuple[str, ...] = ()


def tell_voices(blocks: Sequence[Block], authors: Collection[str] = ()) -> Voices:
    """Mark letters and quotations in a post as a reader's voice. `authors` are names that the author goes by.

    A letter begins with "Ann writes:", under a heading such as "Question", or with a salutation to the author. It
    ends before a salutation ("Dear Ann,") or an announced answer, after its signature, or with its quotation.
    """
    names = {word for author in authors for word in _words(author)}
    marked, doubts, at = list(blocks), [], 0
    while at < len(marked):
        opening = _opens_letter(marked, at, names)
        if opening is None:
            if marked[at].kind is BlockKind.QUOTE:
                marked[at] = replace(marked[at], voice=Voice.READER)
            at += 1
            continue
        end = _end_of_letter(marked, at, opening, names)
        if end is None:
            end, doubt = _end_in_doubt(marked, at)
            doubts.append(doubt)
        for place in range(at, end):
            kind = BlockKind.PARAGRAPH if marked[place].kind is BlockKind.HEADING else marked[place].kind
            marked[place] = replace(marked[place], kind=kind, voice=Voice.READER, letter=True)
        at = end
    return Voices(tuple(marked), tuple(doubts))


def _opens_letter(blocks: Sequence[Block], at: int, names: Collection[str]) -> str | None:
    """Return the letter writer's name ("" when unknown) if a letter begins at block `at`, else None."""
    text = blocks[at].text
    if blocks[at].kind is BlockKind.LIST:
        return None
    if blocks[at].kind is BlockKind.HEADING and _LETTER_HEADING.match(text):
        return ""
    if opening := _OPENING.match(text):
        return opening["name"] or ""
    salutation = _SALUTATION.match(text)
    if salutation is None:
        return None
    if _is_author(salutation, names):
        return ""
    # Where the author's name is not known, two salutations in one post are a letter and its answer.
    others = (_SALUTATION.match(block.text) for block in blocks[at + 1 :])
    answered = any(other and _words(other["name"]) != _words(salutation["name"]) for other in others)
    return "" if not names and at < _OPENING_BLOCKS and answered else None


def _end_of_letter(blocks: Sequence[Block], at: int, name: str, names: Collection[str]) -> int | None:
    """Return the place after the letter's last block, or None when nothing marks its end."""
    introduces = blocks[at].text.rstrip().endswith(":") or blocks[at].kind is BlockKind.HEADING
    if introduces and at + 1 < len(blocks) and blocks[at + 1].kind is BlockKind.QUOTE:
        return _while_quoted(blocks, at + 1)
    if blocks[at].kind is BlockKind.QUOTE:
        return _while_quoted(blocks, at)
    if quoted := _after_quotation(blocks, at):
        return quoted
    signed: int | None = None
    heading: int | None = None
    for place in range(at, len(blocks)):
        block = blocks[place]
        if place > at:
            salutation = _SALUTATION.match(block.text)
            colon = ":" if block.kind is BlockKind.HEADING else ""  # a heading announces without one
            if _ANSWER.match(block.text + colon):
                return place
            if salutation and not _is_author(salutation, names):
                return place
            if block.kind is BlockKind.HEADING and heading is None:
                heading = place
        if signed is None and _is_signed(block.text, name):
            signed = place + 1
    return signed or heading


def _end_in_doubt(blocks: Sequence[Block], at: int) -> tuple[int, str]:
    """Return where to end a letter that shows no end, and a sentence for the report."""
    begins = blocks[at].text[:60]
    return len(blocks), f"no end found of the letter that begins “{begins}…”: all after it is taken as the reader's"


def _after_quotation(blocks: Sequence[Block], at: int) -> int | None:
    """Return the place after words that are quoted right behind their opening, to their end in the same block.

    Paragraphs that go on quoting belong to them; words that are only quoted inside of a letter do not end it.
    """
    opening = _OPENING.match(blocks[at].text)
    if opening is None or not _QUOTED.match(blocks[at].text, opening.end()):
        return None
    at += 1
    while at < len(blocks) and blocks[at].text.startswith(("“", '"')):
        at += 1
    return at


def _while_quoted(blocks: Sequence[Block], at: int) -> int:
    """Return the place after the run of quotations that begins at `at`."""
    while at < len(blocks) and blocks[at].kind is BlockKind.QUOTE:
        at += 1
    return at


def _is_signed(text: str, name: str) -> bool:
    """Say whether a block closes with a signature: a name on its own line, or the letter writer's own name."""
    signature = _SIGNATURE.search(text, max(len(text) - _LONGEST_SIGNATURE, 0))
    if signature is None or not signature["name"][0].isupper():
        return False
    stands_alone = signature.start() == 0 or text[signature.start()] == "\n"
    return stands_alone or _words(signature["name"])[:1] == _words(name)[:1]


def _is_author(salutation: re.Match[str], names: Collection[str]) -> bool:
    """Say whether a salutation is to the author: by first, last or login name, or as the doctor or therapist."""
    addressed = set(_words(salutation["name"]))
    return bool(addressed & {*names, *_ANY_AUTHOR})


def _words(name: str) -> list[str]:
    """Return the parts of a name that tell people apart, in small letters."""
    titles = {"dr", "md", "phd", "prof", "mr", "mrs", "ms", "lcsw", "the", "and"}
    return [word for word in re.findall(r"[^\W\d_]{2,}", name.casefold()) if word not in titles]
