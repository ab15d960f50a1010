"""How an answer is put to a person: where a passage comes from, in words, and an answer as terminal text."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from rich.text import Text

from askedbefore.helplines.saying import spoken
from askedbefore.records import Answer, Hit, Kind, Passage, Voice
from askedbefore.wording import Words


def source_line(passage: Passage, wording: Words) -> str:
    """Say where a passage stands and who speaks in it."""
    quoted = passage.kind is Kind.POST and passage.voice is Voice.READER
    line = getattr(wording, f"source_{'quoted' if quoted else passage.kind.value}").format(title=passage.title)
    return f"{line}, {passage.date[:4]}" if passage.date else line


def terminal_answer(answer: Answer, wording: Words) -> Iterator[Text]:
    """Yield an answer as blocks of terminal text."""
    if answer.support:
        yield from _terminal_support(answer.support, wording)
    if answer.before:
        yield Text(wording.understood_with, style="dim")
    if answer.message:
        yield Text(answer.message)
    if answer.suggestions:
        yield Text(f"\n{wording.suggestions_title}")
        yield from (Text(f"  {question}") for question in answer.suggestions)
    for hit in answer.hits:
        yield from _terminal_hit(hit, wording)
    yield Text(f"\n{answer.disclaimer}", style="dim")


def _terminal_support(support: Mapping[str, Any], wording: Words) -> Iterator[Text]:
    """Yield the message, and the help lines under the names of their regions."""
    first, *rest = support["message"].split("\n\n")
    yield Text(first, style="bold")
    for region, lines in groupby(support["lines"], key=lambda one: one["region"]):
        yield Text(f"\n{region or ''}", style="bold")
        for line in lines:
            ways = [label for _, _, label in spoken(line, wording)]
            ways += [address for address in dict.fromkeys((line["chat"], line["url"])) if address and not ways]
            yield Text(f"  {line['name']}: {', '.join(ways)}", no_wrap=True, overflow="ignore")
    yield from (Text(f"\n{paragraph}\n", style="bold") for paragraph in rest)


def _terminal_hit(hit: Hit, wording: Words) -> Iterator[Text]:
    """Yield one passage: its source, what it answered, the quote with its best sentences in bold, the link."""
    passage = hit.passage
    yield Text(f"\n{source_line(passage, wording)}", style="bold cyan")
    if passage.heading:
        yield Text(passage.heading, style="cyan")
    if passage.asked:
        yield Text(f"{wording.asked_by_reader} {passage.asked}", style="italic dim")
    quote = Text(hit.quote)
    for start, end in hit.highlights:
        quote.stylize("bold", start, end)
    before, after = ("… " if hit.cut[0] else "", " …" if hit.cut[1] else "")
    yield Text.assemble((before, "dim"), quote, (after, "dim"))
    if passage.url:
        yield Text(f"{wording.read_in_context}: {passage.url}", style="dim", no_wrap=True, overflow="ignore")
