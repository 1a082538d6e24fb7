"""A round reckoned from beginning to end: what went in, the rows that come out, and the fingerprint of what went in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from compapp.judging.scoring.fingerprint import inputs_hash
from compapp.judging.scoring.model import Entrant, RoundSheets
from compapp.judging.scoring.spread import SpreadAlert, spread_alerts
from compapp.judging.scoring.standings import Row, standings


@dataclass(frozen=True)
class Reckoning:
    """All that decides a round's standings: ``own`` is the round's, ``earlier`` holds the rounds it carries.

    ``sheets_due``: how many sheets an entry is to get, if that is fixed. All else is reckoned when first asked for.
    """

    own: RoundSheets
    entrants: Mapping[str, Entrant]
    earlier: Mapping[str, RoundSheets]
    boards: tuple[str, ...]
    sheets_due: int | None = None

    @cached_property
    def rows(self) -> dict[str, list[Row]]:
        """The rows per board, in rank order; ScoringFault for what cannot be reckoned with."""
        return standings(self.own.sheets, self.own.rule, self.entrants, boards=self.boards, **self._beside)

    @cached_property
    def hash(self) -> str:
        """The SHA-256 of everything that decides these standings."""
        return inputs_hash(self.own.sheets, self.own.rule, self.entrants, **self._beside)

    @property
    def _beside(self) -> dict[str, Any]:
        own = self.own
        return {
            "points": own.points,
            "decisions": own.decisions,
            "comparisons": own.comparisons,
            "earlier": self.earlier,
        }

    @cached_property
    def scored(self) -> frozenset[str]:
        """The entries that have a sheet which counts."""
        return frozenset(sheet.entry for sheet in self.own.sheets if sheet.valid)

    @cached_property
    def spread_alerts(self) -> list[SpreadAlert]:
        """The entries whose sheets lie too far apart, widest first."""
        return spread_alerts(self.own.sheets, self.own.rule, sheets_due=self.sheets_due)
