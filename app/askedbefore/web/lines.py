"""Help lines as HTML: under each region's name its emergency number, then who else answers there."""

from collections.abc import Sequence
from itertools import groupby

from askedbefore.helplines.saying import ALWAYS, Line, digits, host, spoken
from askedbefore.web.escaping import NEW_TAB, is_web_address, text_html
from askedbefore.wording import Words

_FEW_GROUPS = 4  # of more, each line is only said with the ways that are quickest, so that the list stays short
_FEW_WAYS, _ALL_WAYS = 2, 9


def lines_html(lines: Sequence[Line], wording: Words) -> str:
    """Return help lines as lists; a number can be called or written to by touching it."""
    regions = [(region, list(group)) for region, group in groupby(lines, key=lambda one: one["region"])]
    most = _ALL_WAYS if len(regions) <= _FEW_GROUPS else _FEW_WAYS
    return "".join(_region_html(region, group, wording, most) for region, group in regions)


def _region_html(region: str | None, lines: Sequence[Line], wording: Words, most: int) -> str:
    """Return the lines of a region, its emergency number beside its name."""
    urgent = [one for one in lines if one.get("kind") == "emergency"]
    others = [one for one in lines if one not in urgent]
    head = f"<strong>{text_html(region)}</strong>" if region else ""
    for one in urgent:
        head += f" <span>{text_html(one['name'] or '')} {_ways_html(one, wording, most)}</span>"
    items = "".join(f"<li>{_line_html(one, wording, most)}</li>" for one in others)
    return (f'<p class="ab-region">{head}</p>' if head else "") + (
        f'<ul class="ab-lines">{items}</ul>' if items else ""
    )


def _line_html(line: Line, wording: Words, most: int) -> str:
    """Return who answers, when, and how to reach them."""
    hours = line.get("hours")
    when = f" <small>{text_html(hours)}</small>" if hours else ""
    return f"<span>{text_html(line['name'] or '')}</span>{when} {_ways_html(line, wording, most)}"


def _ways_html(line: Line, wording: Words, most: int) -> str:
    """Return at most so many ways to reach a line, each as a link.

    Its page is one when there is no other, or when it is not always open: there it says when it is.
    """
    ways = []
    for scheme, number, label in spoken(line, wording):
        shown = text_html(label).replace(text_html(number), f"<bdi>{text_html(number)}</bdi>", 1)
        ways.append(f'<a href="{scheme}:{digits(number)}">{shown}</a>')
    chat, url = line.get("chat"), line.get("url")
    is_always_open = (line.get("hours") or "").startswith(ALWAYS)
    if chat and is_web_address(chat):
        ways.append(f'<a href="{text_html(chat)}" {NEW_TAB}>{text_html(wording.help_chat)}</a>')
    if url and url != chat and is_web_address(url) and not (ways and is_always_open):
        ways.append(f'<a href="{text_html(url)}" {NEW_TAB}>{text_html(host(url))}</a>')
    return f'<span class="ab-reach">{" ".join(ways[:most])}</span>' if ways else ""
