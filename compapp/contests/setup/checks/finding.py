"""What the check before opening finds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from compapp.contests.sayings import PlainRule

FAULT, MISSING, WARNING = "fault", "missing", "warning"
"""Faults and what is missing keep a contest from being announced; a warning must be answered with a reason."""

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Facts:
    """What the check knows beside the definition: ``at`` is now; the numbers count people; ``opened``: announced."""

    at: datetime
    judges: int = 0
    secretaries: int = 0
    approvers: int = 0
    opened: bool = False


@dataclass(frozen=True)
class Finding:
    """One thing to mend: ``step`` is the wizard's page, ``sentence`` what is wrong, ``advice`` what to do.

    ``key`` names a warning, so that the reason given for it stays with it; it holds the values it warns of, so that
    another value warns again.
    """

    level: str
    step: str
    key: str
    sentence: PlainRule
    advice: PlainRule


@dataclass
class Findings:
    """Gathers findings of one step."""

    step: str
    found: list[Finding] = field(default_factory=list)

    def add(self, level: str, key: str, msgid: str, advice: str, **params: Any) -> None:
        """Add one; ``params`` fill both sentences."""
        self.found.append(Finding(level, self.step, key[:300], PlainRule(msgid, params), PlainRule(advice, params)))


def label_of(piece: Mapping[str, Any], key: str = "code") -> dict[str, str]:
    """Return an item's label in both languages, its code where it has none."""
    label = piece.get("label")
    return dict(label) if label else {"vi": str(piece[key]), "en": str(piece[key])}
