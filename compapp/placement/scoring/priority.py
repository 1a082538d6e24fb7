"""Whom an incubator takes first: its own ranking, or merit with one lottery."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256

from compapp.placement.scoring.market import Incubator, Market, Team

UNSUITABLE_SECTOR, UNLISTED = "sector", "unlisted"


def lottery(codes: Iterable[str], seed: int | str) -> dict[str, int]:
    """Draw one order for all incubators: by SHA-256 of "seed:code", 1 comes first.

    Independent of the order of ``codes``; anyone can redo it.
    """
    drawn = sorted(codes, key=lambda code: (sha256(f"{seed}:{code}".encode()).hexdigest(), code))
    return {code: place for place, code in enumerate(drawn, start=1)}


@dataclass(frozen=True, slots=True)
class Priorities:
    """Every incubator's order of the teams, as positions: smaller is taken first."""

    teams: Mapping[str, Team]
    incubators: Mapping[str, Incubator]
    merit_order: Mapping[str, int]
    own_orders: Mapping[str, Mapping[str, int]]

    @classmethod
    def of(cls, market: Market, seed: int | str) -> Priorities:
        """Return the orders of a market; the lottery is used only between equal merits."""
        drawn = lottery([team.code for team in market.teams], seed)
        by_merit = sorted(market.teams, key=lambda team: (_merit_key(team), drawn[team.code]))
        return cls(
            teams={team.code: team for team in market.teams},
            incubators={incubator.code: incubator for incubator in market.incubators},
            merit_order={team.code: place for place, team in enumerate(by_merit)},
            own_orders={
                incubator.code: {code: place for place, code in enumerate(incubator.preferences)}
                for incubator in market.incubators
                if incubator.preferences is not None
            },
        )

    def refusal(self, incubator: str, team: str) -> str | None:
        """Return why an incubator can never take a team, or None if it can."""
        sectors = self.incubators[incubator].sectors
        if sectors is not None and self.teams[team].sector not in sectors:
            return UNSUITABLE_SECTOR
        own = self.own_orders.get(incubator)
        return UNLISTED if own is not None and team not in own else None

    def position(self, incubator: str, team: str) -> int:
        """Return an acceptable team's place in an incubator's order."""
        own = self.own_orders.get(incubator)
        return self.merit_order[team] if own is None else own[team]

    def in_order(self, incubator: str, teams: Iterable[str]) -> tuple[str, ...]:
        """Return acceptable teams in an incubator's order."""
        return tuple(sorted(teams, key=lambda team: self.position(incubator, team)))


def _merit_key(team: Team) -> tuple[int, int, Fraction]:
    """Sort an earlier-listed merit round first, then the higher figure; no figure last."""
    if team.merit is None:
        return 1, 0, Fraction(0)
    of_round, figure = team.merit
    return 0, of_round, -figure
