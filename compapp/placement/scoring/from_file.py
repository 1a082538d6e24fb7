"""From the JSON of a contest file to a market; pure, no database.

Contest file, "Placement": candidates are entries with a figure in a round
named under ``merit`` and at least one preference; an entry with an
earlier-listed round comes before one without.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from compapp.placement.scoring.market import Incubator, Market, Team

Json = Mapping[str, Any]
Figures = Mapping[str, Fraction]
"""Entry code to figure, higher being better."""


def contest_market(document: Json, figures: Mapping[str, Figures]) -> Market:
    """Return the market of a contest file; ``figures`` holds each merit round's."""
    matching = (document.get("incubation") or {}).get("matching") or {}
    order = [part["round"] for part in matching.get("merit", ())]
    return Market(
        teams=tuple(candidates(document.get("entries", ()), [figures.get(code, {}) for code in order])),
        incubators=tuple(incubator(piece) for piece in document.get("incubators", ())),
    )


def candidates(entries: Sequence[Json], by_round: Sequence[Figures]) -> list[Team]:
    """Return the teams that take part: a merit figure and at least one preference."""
    teams: list[Team] = []
    for entry in entries:
        preferences = tuple(entry.get("incubator_prefs") or ())
        merit = next(
            ((place, found[entry["code"]]) for place, found in enumerate(by_round) if entry["code"] in found), None
        )
        if preferences and merit is not None:
            teams.append(Team(entry["code"], preferences, merit, entry.get("sector")))
    return teams


def incubator(piece: Json) -> Incubator:
    """Read an incubator; its free places are its capacity minus what is occupied."""
    sectors, own = piece.get("sectors"), piece.get("prefs")
    return Incubator(
        code=piece["code"],
        places=max(int(piece.get("capacity", 0)) - int(piece.get("occupied", 0)), 0),
        preferences=None if own is None else tuple(own),
        sectors=None if sectors is None else frozenset(sectors),
        reserved=dict(piece.get("reserved") or {}),
    )
