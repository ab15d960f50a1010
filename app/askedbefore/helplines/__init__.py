"""Help lines: which there are (`lines.toml`), and which of them a reader is shown."""

from askedbefore.helplines.choosing import Signposts, choose_lines, general_lines
from askedbefore.helplines.reading import Book, help_book
from askedbefore.helplines.records import EVERYWHERE, HelpLine, OwnLine, check_region

__all__ = [
    "EVERYWHERE",
    "Book",
    "HelpLine",
    "OwnLine",
    "Signposts",
    "check_region",
    "choose_lines",
    "general_lines",
    "help_book",
]
