"""What the papers of a live round tell of how it was held."""

from collections.abc import Collection, Mapping

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from compapp.contests.models import Round
from compapp.core import clock, formats
from compapp.core.db import session
from compapp.judging.lifecycle import ABSENT, OPEN, SUBMITTED, WITHDRAWN
from compapp.judging.models import Assignment, Draw, PitchSlot, SeatConflict, Sheet
from compapp.judging.papers.facts import PitchFact, PitchHall
from compapp.judging.queries.hall import changes_of, slots_of
from compapp.judging.queries.results import draws_of

_WRITTEN_IN = "vi"
_KNOWN = {"Not there when the team was called.": "Vắng mặt khi được gọi tên."}
"""Reasons that the program wrote, not a person."""


def panel_seats(round_: Round) -> frozenset[int]:
    """Return the seats of those who judge a live round or have judged in it; nobody where no panel sits yet."""
    given = select(Assignment.seat_id).where(Assignment.round_id == round_.id, Assignment.state == OPEN)
    written = select(Sheet.seat_id).where(Sheet.round_id == round_.id, Sheet.state == SUBMITTED)
    return frozenset(session().scalars(given.union(written)))


def pitch_facts(round_: Round, boards: Mapping[str, str], panel: Collection[int]) -> PitchFact | None:
    """Return how a round was held in its halls; nothing before its order is drawn. ``boards``: labels by code."""
    slots = slots_of(round_.id)
    if not slots:
        return None
    draws = draws_of(round_.id)
    return PitchFact(
        halls=_halls([one for one in slots if one.state != WITHDRAWN], boards),
        draws=[(boards.get(draw.board_code, draw.board_code), draw.seed) for draw in draws],
        changes=_changes(round_, draws),
        absent=[_named(one) for one in slots if one.state == ABSENT],
        recused=_recused(slots, panel),
    )


def _halls(slots: list[PitchSlot], boards: Mapping[str, str]) -> list[PitchHall]:
    by_hall: dict[int, list[PitchSlot]] = {}
    for slot in slots:
        by_hall.setdefault(slot.hall_id, []).append(slot)
    return [
        PitchHall(
            found[0].hall.name,
            clock.local(found[0].hall.starts_at),
            [
                (
                    str(at),
                    f"{clock.local(one.starts_at):%H:%M}",
                    one.entry.number or one.entry.code,
                    formats.localized(one.entry.title, _WRITTEN_IN),
                    boards.get(one.board_code, one.board_code),
                )
                for at, one in enumerate(found, start=1)
            ],
        )
        for found in by_hall.values()
    ]


def _named(slot: PitchSlot) -> str:
    return f"{slot.entry.number or slot.entry.code} – {formats.localized(slot.entry.title, _WRITTEN_IN)}"


def _changes(round_: Round, draws: list[Draw]) -> list[str]:
    return [
        f"{clock.local(one.at):%H giờ %M, ngày %d/%m/%Y}, {one.by_name}: {_KNOWN.get(one.reason, one.reason)}"
        for one in changes_of(round_.id, draws)
    ]


def _recused(slots: list[PitchSlot], panel: Collection[int]) -> list[str]:
    of_entry = {one.entry_id: one for one in slots}
    scored = select(Sheet.id).where(
        Sheet.round_id == slots[0].round_id,
        Sheet.seat_id == SeatConflict.seat_id,
        Sheet.entry_id == SeatConflict.entry_id,
        Sheet.state == SUBMITTED,
    )
    rows = session().scalars(
        select(SeatConflict)
        .where(SeatConflict.seat_id.in_(list(panel)), SeatConflict.entry_id.in_(list(of_entry)))
        .where(~exists(scored))
        .options(joinedload(SeatConflict.seat))
        .order_by(SeatConflict.id)
    )
    return [f"{one.seat.person.name} (bài {_named(of_entry[one.entry_id])})" for one in rows]
