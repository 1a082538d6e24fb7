"""Spread alerts: judges so far apart that one more is asked (contest file)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from compapp.judging.scoring.model import Rule, Sheet
from compapp.judging.scoring.tally import tally


@dataclass(frozen=True, slots=True)
class SpreadAlert:
    """An entry whose highest and lowest sheet totals lie too far apart.

    ``answered`` once the entry has more sheets than were due.
    """

    entry: str
    highest: Fraction
    lowest: Fraction
    sheets: int
    answered: bool

    @property
    def spread(self) -> Fraction:
        """Highest minus lowest."""
        return self.highest - self.lowest


def spread_alerts(sheets: Iterable[Sheet], rule: Rule, *, sheets_due: int | None = None) -> list[SpreadAlert]:
    """Return the entries whose spread is above the rule's limit, widest first.

    ``sheets_due`` is how many judges an entry normally has; without it no
    alert counts as answered.
    """
    limit = rule.spread_alert
    if limit is None:
        return []
    alerts: list[SpreadAlert] = []
    for entry, found in tally(sheets, rule.rubric).items():
        if found.spread <= limit:
            continue
        answered = sheets_due is not None and found.sheets > sheets_due
        totals = found.totals.values()
        alerts.append(SpreadAlert(entry, max(totals), min(totals), found.sheets, answered))
    return sorted(alerts, key=lambda alert: (-alert.spread, alert.entry))
