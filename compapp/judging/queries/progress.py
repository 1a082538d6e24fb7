"""How far a round is: per judge and per entry, never a score; conflicted entries are left out for the reader."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, select

from compapp.accounts.models import Person
from compapp.contests.models import Round
from compapp.core.db import session
from compapp.entries.models import Entry
from compapp.judging.lifecycle import ACCEPTED, DRAFT, OPEN, SUBMITTED, UNCONFIRMED, VOID
from compapp.judging.models import OF_ASSIGNMENT, Assignment, PairChoice, Seat, Sheet
from compapp.judging.queries.conflicts import hidden_from


@dataclass(frozen=True, slots=True)
class JudgeProgress:
    """One judge's work in a round, in sheets."""

    seat_id: int
    code: str
    name: str
    given: int
    done: int
    begun: int
    late: bool
    due_at: datetime

    @property
    def left(self) -> int:
        """Sheets not handed in yet."""
        return self.given - self.done


@dataclass(frozen=True, slots=True)
class EntryProgress:
    """One entry's sheets in a round."""

    entry_id: int
    code: str
    title: dict[str, Any]
    given: int
    done: int


def _count(states: Sequence[str]) -> Any:
    return func.sum(case((Sheet.state.in_(states), 1), else_=0))


def judges_progress(round_: Round, *, reader_id: int | None, at: datetime) -> list[JudgeProgress]:
    """Return each judge with open assignments, by code; entries that the reader may not know of do not count."""
    return judges_progress_of_rounds([round_], reader_id=reader_id, at=at)[round_.id]


def judges_progress_of_rounds(
    rounds: Sequence[Round], *, reader_id: int | None, at: datetime
) -> dict[int, list[JudgeProgress]]:
    """Return :func:`judges_progress` of several rounds by round id, in one statement.

    Who has compared entries in pairs has begun them all: the sheets follow when they are handed in.
    """
    compared = (
        select(func.count(PairChoice.id))
        .where(
            PairChoice.round_id == Assignment.round_id, PairChoice.seat_id == Seat.id, PairChoice.undone_at.is_(None)
        )
        .correlate(Assignment, Seat)
        .scalar_subquery()
    )
    statement = (
        select(
            Assignment.round_id,
            Seat.id,
            Seat.code,
            Person.name,
            func.count(Assignment.id),
            _count([SUBMITTED, VOID]),
            _count([DRAFT, UNCONFIRMED]),
            func.max(Assignment.due_at),
            compared,
        )
        .join(Seat, Seat.id == Assignment.seat_id)
        .join(Person, Person.id == Seat.person_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .outerjoin(Sheet, OF_ASSIGNMENT)
        .where(Assignment.round_id.in_([one.id for one in rounds]), Assignment.state == OPEN, Seat.state == ACCEPTED)
        .group_by(Assignment.round_id, Seat.id, Seat.code, Person.name)
        .order_by(Seat.code)
    )
    if reader_id is not None:
        statement = statement.where(~hidden_from(reader_id))
    closes = {one.id: one.closes_at for one in rounds}
    found: dict[int, list[JudgeProgress]] = {one.id: [] for one in rounds}
    for round_id, seat_id, code, name, given, done, drafts, own_due, said in session().execute(statement):
        due = max(own_due or closes[round_id], closes[round_id])
        late = int(done) < int(given) and at > due
        begun = int(given) - int(done or 0) if said else int(drafts or 0)
        found[round_id].append(JudgeProgress(seat_id, code, name, int(given), int(done or 0), begun, late, due))
    return found


def sheets_done(round_ids: Iterable[int], *, reader_id: int | None) -> dict[int, tuple[int, int]]:
    """Return (sheets in, sheets given out) of several rounds; entries that the reader may not know of do not count."""
    statement = (
        select(Assignment.round_id, _count([SUBMITTED, VOID]), func.count(Assignment.id))
        .join(Seat, Seat.id == Assignment.seat_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .outerjoin(Sheet, OF_ASSIGNMENT)
        .where(Assignment.round_id.in_(list(round_ids)), Assignment.state == OPEN, Seat.state == ACCEPTED)
        .group_by(Assignment.round_id)
    )
    if reader_id is not None:
        statement = statement.where(~hidden_from(reader_id))
    return {round_id: (int(done or 0), int(given)) for round_id, done, given in session().execute(statement)}


def entries_progress(round_: Round, *, reader_id: int | None) -> list[EntryProgress]:
    """Return each assigned entry with how many of its sheets are in, by code."""
    statement = (
        select(Entry.id, Entry.code, Entry.title, func.count(Assignment.id), _count([SUBMITTED]))
        .join(Entry, Entry.id == Assignment.entry_id)
        .outerjoin(Sheet, OF_ASSIGNMENT)
        .where(Assignment.round_id == round_.id, Assignment.state == OPEN)
        .group_by(Entry.id, Entry.code)
        .order_by(Entry.code)
    )
    if reader_id is not None:
        statement = statement.where(~hidden_from(reader_id))
    return [
        EntryProgress(entry, code, title, int(given), int(done or 0))
        for entry, code, title, given, done in session().execute(_with_json(statement))
    ]


def _with_json(statement: Any) -> Any:
    """Group by the key alone and read the title beside it (JSON cannot be grouped on PostgreSQL)."""
    grouped = (
        statement.with_only_columns(
            Entry.id.label("entry_id"), func.count(Assignment.id).label("given"), _count([SUBMITTED]).label("done")
        )
        .order_by(None)
        .subquery()
    )
    return (
        select(Entry.id, Entry.code, Entry.title, grouped.c.given, grouped.c.done)
        .join(grouped, grouped.c.entry_id == Entry.id)
        .order_by(Entry.code)
    )


def open_rounds(at: datetime, *, grace: timedelta) -> list[Round]:
    """Return the rounds in which judges are at work at ``at``, or were until ``grace`` ago."""
    working = select(Assignment.id).where(Assignment.round_id == Round.id, Assignment.state == OPEN)
    return list(
        session().scalars(
            select(Round)
            .where(Round.opens_at <= at, Round.closes_at >= at - grace, working.exists())
            .order_by(Round.id)
        )
    )
