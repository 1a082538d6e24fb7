"""What a jury should talk about, in what order: ties at the cut, flags, judges far apart, close to the cut. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from compapp.judging.scoring.standings import Row

TIED, FLAGGED, APART, GATE, NEAR = "tied", "flagged", "apart", "gate", "near"
"""Why an entry is on the agenda; the first ones weigh most."""
_WEIGHTS = {TIED: 16, FLAGGED: 8, APART: 4, GATE: 2, NEAR: 1}
NEAR_PLACES = 2
"""So many places on either side of the cut count as close to it."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """An entry to talk about, why, and how many places it lies from the cut (0: the last above, or the first below)."""

    entry: str
    board: str
    reasons: tuple[str, ...]
    distance: int

    @property
    def weight(self) -> int:
        """How much doubt there is; larger comes first."""
        return sum(_WEIGHTS[reason] for reason in self.reasons)


def doubts(
    tables: Mapping[str, Sequence[Row]],
    places: Mapping[str, int],
    *,
    apart: Collection[str],
    flagged: Collection[str],
) -> list[Doubt]:
    """Return what is in doubt, the greatest doubt first; entries without any are left out.

    ``places`` says how many go through per board, ``apart`` whose judges lie too far apart. A gate is in doubt where
    the rank alone would have sufficed.
    """
    found: list[Doubt] = []
    for board, rows in tables.items():
        most = places.get(board)
        passing = [row.entry for row in rows if row.rank is not None and not row.gates_failed]
        at = {entry: place for place, entry in enumerate(passing)}
        is_cut = most is not None and 0 < most < len(passing)
        for row in rows:
            distance = _distance(at.get(row.entry), most) if is_cut else NEAR_PLACES
            holds = {
                TIED: row.advances is None and most is not None,
                FLAGGED: row.entry in flagged,
                APART: row.entry in apart,
                GATE: bool(row.gates_failed) and most is not None and row.rank is not None and row.rank <= most,
                NEAR: distance < NEAR_PLACES,
            }
            reasons = tuple(reason for reason, is_so in holds.items() if is_so)
            if reasons:
                found.append(Doubt(row.entry, board, reasons, distance))
    return sorted(found, key=lambda one: (-one.weight, one.distance, one.board, one.entry))


def _distance(place: int | None, most: int | None) -> int:
    if place is None or most is None:
        return NEAR_PLACES
    return most - 1 - place if place < most else place - most
