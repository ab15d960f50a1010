"""Write docs/helplines.md from the list of help lines, for a person to verify.

usage: python -m scripts.list_helplines
"""

from collections.abc import Iterator
from pathlib import Path

from askedbefore.helplines import HelpLine, help_book

DOCUMENT = Path(__file__).parent.parent / "docs" / "helplines.md"

_HEAD = """# Help lines by region: verify before you publish

This is the list that readers are shown from, made from `app/askedbefore/helplines/lines.toml` by
`python -m scripts.list_helplines`; do not edit it here. [safety.md](safety.md#what-is-shown) says which lines are
shown when, and [settings.md](settings.md) how to choose regions and add lines of your own.

**Verify before you publish.** All was looked up in stored copies of pages and public lists. No number was dialled and
no live page was opened. So before your readers see them, dial or open every line of your regions once, and again at
least every three months. When one is wrong, correct it in `lines.toml`, put the day into `checked`, and tell the
project. `askedbefore check` warns when the oldest line of your regions was checked more than a year ago. A number
belongs to its country: 142 is a crisis line in Austria and another service in Switzerland.

**General** lines are for whoever has any trouble; each region shows at least one. The European Union has none: no
number for people in crisis answers in all of its countries. There 112 is shown, and after it, as for everybody,
findahelpline.com. **Source** is the page that states the number, or ought to.
"""

_FOOT = """## Left out

These were found, and are not shown, because the newest source was old or none was official. Whoever dials one may add
it: Switzerland's victim support on 142 (new in May 2026), BIOS in Germany, FNACAV in France, Vienna's line for eating
disorders, Rape Crisis Scotland, HCPC in the UK and CORU in Ireland. NEDA's telephone line (US) was closed in 2023, and
Germany's planned 113 does not exist. For Spain, Switzerland and Austria no sure line for eating disorders was found.
"""


def document() -> str:
    """Return the whole document."""
    book = help_book()
    sections = [
        f"## {book.name_of(region, 'en')}\n\n" + "\n".join(_table(book.of(region))) + "\n" for region in book.regions
    ]
    return "\n".join([_HEAD, *sections, _FOOT])


def _table(lines: tuple[HelpLine, ...]) -> Iterator[str]:
    """Yield the rows of a region's table."""
    yield "| for | line | call | text | chat | hours | page | source | checked |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for line in lines:
        kinds = ", ".join(kind.replace("_", " ") for kind in line.kinds) + (" (general)" if line.general else "")
        text = f"{line.text} ({line.text_word})" if line.text_word else line.text
        cells = (kinds, line.name, line.phone, text, _link(line.chat), line.hours, _link(line.url), _link(line.source))
        yield "| " + " | ".join(cell or "" for cell in (*cells, line.checked.isoformat())) + " |"


def _link(address: str | None) -> str | None:
    """Return an address as a link."""
    return f"<{address}>" if address else None


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
