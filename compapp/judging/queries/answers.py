"""Of which entries a judge has said whether there is a conflict of interest. Silence is no answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, true

from compapp.core.db import session
from compapp.entries.lifecycle import ELIGIBLE, NEEDS_FIX
from compapp.entries.lifecycle import SUBMITTED as HANDED_IN
from compapp.entries.models import Entry
from compapp.judging.lifecycle import OPEN
from compapp.judging.models import OF_ASSIGNMENT, Assignment, NoConflict, Seat, SeatConflict
from compapp.judging.queries.conflicts import KEPT, conflicted

DECLARABLE = (HANDED_IN, NEEDS_FIX, ELIGIBLE)
"""States of entries whose titles judges look through."""


@dataclass(frozen=True, slots=True)
class TitleToAnswer:
    """An entry that a judge may know by its title, and when the judge answered for it.

    ``declared``: the answer was a conflict, which was overridden since.
    """

    entry_id: int
    answered_at: datetime | None
    declared: bool


@dataclass(frozen=True, slots=True)
class SeatAnswers:
    """What a judge may not read, and of how many of the other entries no word stands."""

    conflicts: int
    unanswered: int


def is_answered() -> ColumnElement[bool]:
    """Return the condition that a word of ``Seat`` about ``Entry`` stands (both are in the statement around it)."""
    return _word_about(Seat.id, Entry.id, (Seat, Entry))


def is_answered_for_assignment() -> ColumnElement[bool]:
    """Return the same condition about what ``Assignment`` gives to whom."""
    return _word_about(Assignment.seat_id, Assignment.entry_id, (Assignment,))


def _word_about(seat_id: Any, entry_id: Any, outside: tuple[Any, ...]) -> ColumnElement[bool]:
    """Return the condition; what is withheld since an institution was changed is no word of the judge."""
    said = exists().where(NoConflict.seat_id == seat_id, NoConflict.entry_id == entry_id)
    declared = exists().where(
        SeatConflict.seat_id == seat_id, SeatConflict.entry_id == entry_id, SeatConflict.kind != KEPT
    )
    return or_(said.correlate(*outside), declared.correlate(*outside))


def titles_to_answer(seat: Seat) -> list[TitleToAnswer]:
    """Return what this judge may say something of, by title: nothing with which a conflict stands already."""
    rows = session().execute(
        select(Entry.id, func.coalesce(SeatConflict.declared_at, NoConflict.stated_at), SeatConflict.id)
        .join(Seat, Seat.contest_id == Entry.contest_id)
        .outerjoin(NoConflict, and_(NoConflict.seat_id == Seat.id, NoConflict.entry_id == Entry.id))
        .outerjoin(
            SeatConflict,
            and_(SeatConflict.seat_id == Seat.id, SeatConflict.entry_id == Entry.id, SeatConflict.kind != KEPT),
        )
        .where(Seat.id == seat.id, Entry.state.in_(DECLARABLE), ~conflicted())
        .order_by(Entry.title_sort, Entry.id)
    )
    return [TitleToAnswer(entry, answered_at, declared is not None) for entry, answered_at, declared in rows]


def answers_by_seat(contest_id: int) -> dict[int, SeatAnswers]:
    """Return of every seat of a jury what it may not read and what it has not answered, in one statement."""
    barred = conflicted()
    open_ = and_(~barred, Entry.state.in_(DECLARABLE), ~is_answered())
    rows = session().execute(
        select(Seat.id, func.sum(case((barred, 1), else_=0)), func.sum(case((open_, 1), else_=0)))
        .join(Entry, Entry.contest_id == Seat.contest_id)
        .where(Seat.contest_id == contest_id)
        .group_by(Seat.id)
    )
    return {int(seat): SeatAnswers(int(conflicts), int(unanswered)) for seat, conflicts, unanswered in rows}


def unanswered_among(seat_id: int, entry_ids: Iterable[int]) -> list[Entry]:
    """Return those entries of the judge's contest of which no word stands and with which there is no conflict."""
    return list(
        session().scalars(
            select(Entry)
            .join(Seat, Seat.contest_id == Entry.contest_id)
            .where(Seat.id == seat_id, Entry.id.in_(list(entry_ids)), ~conflicted(), ~is_answered())
            .order_by(Entry.code)
        )
    )


def unanswered_given(seat_id: int, *, unopened: bool = False) -> dict[int, int]:
    """Return the entries given to a judge of which no word stands, by assignment, in the judge's own order.

    ``unopened``: only those of which no sheet is begun either.
    """
    begun = exists().where(OF_ASSIGNMENT).correlate(Assignment)
    rows = session().execute(
        select(Assignment.id, Assignment.entry_id)
        .join(Seat, Seat.id == Assignment.seat_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .where(Seat.id == seat_id, Assignment.state == OPEN, ~conflicted(), ~is_answered())
        .where(~begun if unopened else true())
        .order_by(Assignment.round_id, Assignment.position, Assignment.id)
    )
    return {row.id: row.entry_id for row in rows}


def lock_seat(seat_id: int) -> Select[int]:
    """Select the row that puts a judge's words in line, so that one act pressed twice is one."""
    return select(Seat.id).where(Seat.id == seat_id).with_for_update()
