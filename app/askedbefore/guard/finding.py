"""What the guard finds in a text: how grave it is, and of what kind."""

from dataclasses import dataclass
from enum import StrEnum


class Tier(StrEnum):
    """How grave it is. Acute: now, by intent, plan or method. Concern: somebody may need a person to talk to."""

    ACUTE = "acute"
    CONCERN = "concern"
    NONE = "none"


class Kind(StrEnum):
    """What kind of help may be needed, the most urgent first."""

    SUICIDE = "suicide"
    DANGER = "danger"
    ABUSE = "abuse"
    SELF_HARM = "self_harm"
    EATING_DISORDER = "eating_disorder"


@dataclass(frozen=True, slots=True)
class Finding:
    """A tier and, unless that is none, a kind."""

    tier: Tier = Tier.NONE
    kind: Kind | None = None

    def __bool__(self) -> bool:
        """Say whether anything was found."""
        return self.tier is not Tier.NONE


NOTHING = Finding()
_TIERS, _KINDS = tuple(Tier), (*Kind, None)


def gravest(*findings: Finding) -> Finding:
    """Return the gravest of some findings; of equally grave ones the most urgent kind. Nothing when there are none."""
    ordered = sorted(findings, key=lambda one: (_TIERS.index(one.tier), _KINDS.index(one.kind)))
    return ordered[0] if ordered else NOTHING
