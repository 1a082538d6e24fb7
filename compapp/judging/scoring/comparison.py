"""Two states of the standings beside each other: who moved, who enters and who leaves the shortlist. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compapp.judging.scoring.standings import Row


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an entry stands in one state; ``advances`` is None where it is tied across the cut."""

    board: str
    rank: int | None
    total: str | None
    sheets: int
    gates_failed: tuple[str, ...]
    advances: bool | None


@dataclass(frozen=True, slots=True)
class Change:
    """An entry that does not stand where it stood; one side is None where it had no row at all."""

    entry: str
    before: Standing | None
    after: Standing | None

    @property
    def board(self) -> str:
        """The board of the entry."""
        standing = self.after or self.before
        return standing.board if standing is not None else ""

    @property
    def enters(self) -> bool:
        """Whether the entry goes through now and did not before."""
        return _goes_through(self.after) and not _goes_through(self.before)

    @property
    def leaves(self) -> bool:
        """Whether the entry went through before and does not now."""
        return _goes_through(self.before) and not _goes_through(self.after)


def _goes_through(standing: Standing | None) -> bool:
    return standing is not None and bool(standing.advances)


State = Mapping[str, Standing]
"""Entry code to where it stands."""


def state_of_rows(tables: Mapping[str, Sequence[Row]]) -> dict[str, Standing]:
    """Return the state that reckoned rows show."""
    return {
        row.entry: Standing(board, row.rank, row.total, row.sheets, row.gates_failed, row.advances)
        for board, rows in tables.items()
        for row in rows
    }


def state_of_stored(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Standing]:
    """Return the state that stored rows show (of a run, or of a publication's boards)."""
    return {
        row["entry"]: Standing(
            board, row["rank"], row["total"], row["sheets"], tuple(row["gates_failed"]), row["advances"]
        )
        for board, rows in tables.items()
        for row in rows
    }


def changes(before: State, after: State) -> list[Change]:
    """Return every entry that stands otherwise: who enters and leaves first, then by rank afterwards."""
    found = [
        Change(entry, before.get(entry), after.get(entry))
        for entry in sorted(before.keys() | after.keys())
        if before.get(entry) != after.get(entry)
    ]
    return sorted(found, key=_weight)


def _weight(change: Change) -> tuple[int, str, int, str]:
    matters = 0 if change.enters or change.leaves else 1
    standing = change.after or change.before
    rank = standing.rank if standing is not None and standing.rank is not None else 1_000_000
    return matters, change.board, rank, change.entry
