"""What a reader is shown when something was found: a message in the tone that fits, and help lines."""

from typing import Any

from askedbefore.guard.finding import Finding, Kind, Tier
from askedbefore.helplines import Signposts, choose_lines
from askedbefore.wording import Words

# Here the danger is a person, who may be the reader's therapist, or the reader: so other words are used.
FROM_PEOPLE = (Kind.ABUSE, Kind.DANGER)


def support_for(finding: Finding, text: str, wording: Words, signposts: Signposts) -> dict[str, Any] | None:
    """Return what to show for a finding in a text, in the public JSON form, or None when nothing was found."""
    if not finding or finding.kind is None:
        return None
    return {
        "tier": finding.tier.value,
        "kind": finding.kind.value,
        "message": "\n\n".join(_message(finding, wording)),
        "lines": choose_lines(finding.kind.value, text, signposts, wording.language),
    }


def _message(finding: Finding, wording: Words) -> tuple[str, str]:
    """Return what stands above the help lines, and what stands below them."""
    is_acute = finding.tier is Tier.ACUTE
    if finding.kind in FROM_PEOPLE:
        first = wording.support_acute_danger if is_acute else wording.support_concern_danger
        return first, wording.support_trusted
    return wording.support_acute if is_acute else wording.support_concern, wording.support_therapist
