"""Phrases with which a reader's letter begins and ends, in English, German and French."""

import re
from dataclasses import dataclass

from askedbefore.records import Block, BlockKind
from askedbefore.voices.marks import opens_quoted, quoted_share
from askedbefore.voices.names import NAME, NOT_A_NAME, AuthorNames, is_known_writer

_READER = (
    r"(?:reader|commenter|commentator|visitor|listener|subscriber|follower|correspondent|viewer|user|someone|somebody"
    r"|Leser(?:in)?|Hörer(?:in)?|Besucher(?:in)?|lectrice|lecteur|auditrice|auditeur|internaute)"
)
_PERSON = (
    r"(?:patient|client|woman|man|mother|father|student|colleague|girl|boy|teenager|couple|person|friend|nurse|teacher"
    r"|Klient(?:in)?|Patient(?:in)?|Frau|Mann|Mutter|Vater|patiente?|femme|homme|mère|père)"
)
_SOMEBODY = rf"(?:{_READER}|{_PERSON})"
_WRITES = (
    r"(?:writes|wrote|has\s+written|e-?mails|e-?mailed|texted|messaged|posted|sent|schreibt|schrieb|mailt|écrit|m['’]écrit"
    r"|nous\s+écrit|a\s+écrit)"
)
_ASKS = (
    r"(?:asks|asked|has\s+asked|wonders|wondered|wants\s+to\s+know|wanted\s+to\s+know|would\s+like\s+to\s+know|fragt|fragte"
    r"|möchte\s+wissen|wollte\s+wissen|will\s+wissen|demande|se\s+demande|voudrait\s+savoir)"
)
_SAYS = (
    r"(?:says|said|told|replied|responded|answered|objected|commented|remarked|added|noted|shared|explained|described"
    r"|confided|put\s+it|sagt|sagte|meint|meinte|antwortete|dit|disait|répond|ajoute)"
)
_ANY_VERB = rf"(?:{_WRITES}|{_ASKS}|{_SAYS})"
_END = r"(?:\s?:|,?\s*(?=[“\"„«]))"  # a colon, or the quotation itself
OPENING = re.compile(
    rf"""^[“"'„«(]?\s?(?:
        (?:Recently|Yesterday|Last\s\w+|Today|Once),?\s+(?:an?|another|one)\s+(?:\w+\s+){{0,2}}{_SOMEBODY}\b
        [^.:!?\n]{{0,60}}?\s{_ANY_VERB}
      | (?:(?:In|From|By|Under)\s[^.:!?\n]{{1,60}},\s+)?{NOT_A_NAME}
        (?:(?:Frau|Herr|Mme|Madame|M\.|Dr\.?|Mr\.?|Mrs\.?|Ms\.?)\s+)?(?P<name>(?-i:{NAME}))
        (?:\s*(?:,|\bfrom\b|\bof\b|\bin\b|\baus\b|\bde\b)\s[^.:!?\n]{{1,40}}?,?)?\s+
        (?:{_WRITES}|(?:{_ASKS}|{_SAYS})(?=[^.:!?\n]{{0,12}}{_END}))
      | (?:An?|One|Another|This|My|Some|Eine?|Ein\s+anderer|Eine\s+andere|Unsere?|Une?|Notre)\s+(?:[\w-]+\s+){{0,2}}
        {_SOMEBODY}(?:s|n|nen)?\b[^.:!?\n]{{0,60}}?\s{_ANY_VERB}
      | (?:Someone|Somebody|Jemand|Quelqu['’]un)\b[^.:!?\n]{{0,60}}?\s{_ANY_VERB}
      | [^.:!?\n]{{0,60}}\b(?:letter|e-?mail|question|note|message|comment)s?\s(?:[^.:!?\n]{{0,40}}\s)?(?:from|by)\s
      | (?:Reader(?:['’]?s)?\s+)?(?:Question|Letter|Mail)(?:\s+from\s+[^:\n]{{1,40}})?(?=\s*:)
      | (?:Leser)?(?:frage|brief|zuschrift|post)(?:\s+von\s+[^:\n]{{1,40}})?(?=\s*:)
      | Q(?=\s*[:.])
    )[^.:!?\n]{{0,60}}?{_END}|^Q\.\s""",
    re.VERBOSE | re.IGNORECASE,
)
_RECEIVED = re.compile(
    r"\b(?:letter|e-?mail|message|comment|question|note|reply|replies|repl(?:y|ies)|Brief|E-?Mail|Nachricht|Kommentar|lettre"
    r"|courriel|commentaire)s?\b[^.!?\n]{0,120}:$",
    re.IGNORECASE,
)
_CAME = re.compile(
    r"\b(?:received|got|came|come|arrived|reached|landed|appeared|posted|left|sent|(?:in|from|among|under|of)\s+(?:the|your|my)"
    r"\s+(?:comments|comment\s+section|mail|inbox|replies)|print|bekam|erhielt|erreichte|kam|reçu|arrivée?)\b",
    re.IGNORECASE,
)
_SENT_MYSELF = re.compile(
    r"\bI\s+(?:\w+\s+)?(?:sent|left|posted|wrote|replied)\b|\bmy\s+(?:own\s+)?(?:letter|comment|reply)\b"
)
_LETTER_HEADING = re.compile(
    r"^(?:(?:the|a|your|this\s+week['’]s|from\s+a|one)\s+)?(?:reader['’]?s?['’]?\s+)?(?:question|letter|e-?mail)s?"
    r"(?:\s+(?:from|by)\s+(?:a\s+)?[^.:!?]{1,40})?:?$"
    r"|^(?:Die\s+|Eine\s+)?(?:Leser)?(?:frage|brief|zuschrift):?$|^(?:La\s+)?(?:question|lettre)(?:\s+d['’]une?\s+\w+)?\s?:?$",
    re.IGNORECASE,
)
SALUTATION = re.compile(
    rf"^(?:Dear|Hello|Hi|Hey|Liebe[rs]?|Hallo|Sehr\s+geehrte[rs]?|Guten\s+Tag|Chère|Cher|Bonjour)\s+"
    rf"(?P<title>(?:(?:Dr|Mr|Mrs|Ms|Prof|Frau|Herr|Madame|Monsieur|Mme)\b\.?\s+){{0,2}})(?P<name>{NAME})\s*(?:[,:;.–—!-]|\n|$)"
)
ANSWER = re.compile(
    r"^(?:A\s*[:.]\s|(?:(?:my|the)\s+)?(?:answer|reply|response|author)\b[^.\n]{0,40}:|my\s+(?:thoughts|view|take)\s*:"
    r"|(?:(?:meine|die)\s+)?antwort\b[^.\n]{0,40}:|(?:(?:ma|la)\s+)?réponse\b[^.\n]{0,40}:"
    r"|here(?:\s+is|['’]s)\s+(?:my\s+(?:answer|reply|response)|what\s+I\s+(?:would\s+)?(?:answer|repl|wrote\s+back)))",
    re.IGNORECASE,
)
_TURNS_BACK = re.compile(
    r"""^(?:
        (?:Many\s+)?Thank(?:s|\s+you)(?:\s+(?:so|very)\s+much)?\s+for\s+
          (?:your\s+(?:letter|question|e-?mail|message|note|trust)
          |asking|writing\s+(?:in|to\s+me)|the\s+question)
      | (?:What\s+)?(?:an?\s+)?(?:good|great|important|hard|wonderful|fair|lovely|difficult|excellent)\s+question\b
      | (?:That|This)(?:\s+is|['’]s)\s+an?\s+(?:\w+\s+)?question\b
      | (?:This|The|Our)\s+(?:reader|letter\s+writer|writer\s+of\s+this\s+letter)\b
      | Danke\s+für\s+(?:Ihre|Ihren|deine|deinen)\s+(?:Frage|Brief|Zuschrift|Vertrauen) | Eine\s+gute\s+Frage
      | Merci\s+(?:de|pour)\s+votre\s+(?:question|lettre|message|confiance)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_SHE_DESCRIBES = (
    r"(?:['’]s\s+(?:letter|question|story|situation)|s\s+(?:Frage|Brief)"
    r"|\s+(?:describes|asks|is\s+asking|wonders|raises))\b"
)
_FIRST_PERSON = re.compile(
    r"\b(?:I|I['’]\w+|me|my|mine|myself|we|our|us|ich|mich|mir|mein\w*|je|j['’]\w*|moi|mon|ma|mes)\b"
)
_OF_HER = re.compile(r"^(?:(?:What|When)\s+)?(?:he|she|his|her|er|sie|il|elle)\b", re.IGNORECASE)
_MOSTLY = 0.5  # of a block, in quotation marks
_WRITING = re.compile(rf"\b(?:{_WRITES}|{_READER}s?|letter|e-?mail|comment|message|question|note)\b", re.IGNORECASE)
_ASKING = re.compile(rf"\b{_ASKS}\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Opening:
    """How a letter begins: its writer's name ("" when unknown), and whether it may go on in the next blocks.

    What somebody said to the author is a matter of one block; what she wrote may go on.
    """

    name: str = ""
    goes_on: bool = True


def opening_of(block: Block) -> Opening | None:
    """Return how a letter begins with this block, as far as the block itself tells; None when none does."""
    text = block.text
    if block.kind is BlockKind.HEADING and _LETTER_HEADING.match(text):
        return Opening()
    match = OPENING.match(text)
    if match is None:
        is_received = text.endswith(":") and _RECEIVED.search(text[-300:]) and _CAME.search(text[-300:])
        return Opening() if is_received and not _SENT_MYSELF.search(text[-300:]) else None
    name = match["name"] or ""
    if name and is_known_writer(name) and not behind_opening(text).startswith(("“", '"')):
        return None
    said = behind_opening(text)
    is_written = _WRITING.search(match[0]) or text.startswith("Q") or (name and _ASKING.search(match[0]))
    if not is_written and opens_quoted(said) and quoted_share(text) < _MOSTLY:
        return None  # the author tells of it in her own words
    return Opening(name, goes_on=bool(is_written))


def behind_opening(text: str) -> str:
    """Return what stands behind the words that open a letter."""
    match = OPENING.match(text)
    return text[match.end() :].strip() if match else text


def is_to_author(salutation: re.Match[str], names: AuthorNames) -> bool:
    """Say whether a salutation is to the author."""
    return names.are_addressed(salutation["name"])


def turns_back(text: str, name: str) -> bool:
    """Say whether a block speaks to or of the letter's writer, `name`, as only the author would."""
    if _TURNS_BACK.match(text):
        return True
    if not name:
        return False
    first = re.escape(name.split()[0])
    return bool(re.match(rf"(?:What\s+|Was\s+|In\s+)?{first}(?:,\s|{_SHE_DESCRIBES})", text))


def speaks_of_writer(opening: str, following: str) -> bool:
    """Say whether what was quoted in `opening` is over, as the next block speaks of her or him who said it."""
    said = behind_opening(opening)
    return bool(said) and not said.endswith("?") and not _FIRST_PERSON.search(said) and bool(_OF_HER.match(following))
