"""Whether a judge who has finished could fetch more: asked on the desk, so that no button leads to a refusal."""

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from compapp.contests.models import Round
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.entries.models import Entry
from compapp.judging.lifecycle import ACCEPTED, OPEN, WITHDRAWN
from compapp.judging.models import Assignment, Seat
from compapp.judging.queries.barred import busy_elsewhere
from compapp.judging.queries.conflicts import conflicted
from compapp.judging.queries.rounds import entries_of_round, limits_of


def can_fetch(actor: Actor, round_: Round) -> bool:
    """Whether an entry of the round needs a judge, and the actor may read it and has room left.

    The language of an entry is weighed only when it is fetched. A constant number of statements that load no entry.
    """
    limits = limits_of(round_)
    given = select(func.count()).where(
        Assignment.round_id == round_.id, Assignment.entry_id == Entry.id, Assignment.state != WITHDRAWN
    )
    own = select(Assignment.id).where(
        Assignment.round_id == round_.id, Assignment.entry_id == Entry.id, Assignment.seat_id == Seat.id
    )
    seat = session().execute(
        entries_of_round(round_)
        .join(Seat, Seat.contest_id == Entry.contest_id)
        .where(
            Seat.person_id == actor.person_id,
            Seat.state == ACCEPTED,
            _has_room(round_, limits.max_entries_per_judge),
            given.correlate(Entry).scalar_subquery() < limits.judges_per_entry,
            ~own.correlate(Entry, Seat).exists(),
            _is_of_another_house(round_),
            ~conflicted(),
        )
        .with_only_columns(Seat.id)
        .limit(1)
    )
    found = seat.scalar()
    return found is not None and found not in busy_elsewhere(round_)


def _has_room(round_: Round, most: int | None) -> ColumnElement[bool]:
    held = (
        select(func.count())
        .where(Assignment.round_id == round_.id, Assignment.seat_id == Seat.id, Assignment.state == OPEN)
        .correlate(Seat)
        .scalar_subquery()
    )
    own = or_(Seat.max_load.is_(None), held < Seat.max_load)
    return own if most is None else and_(own, held < most)


def _is_of_another_house(round_: Round) -> ColumnElement[bool]:
    """Return the condition that no judge of the same institution reads the entry in this round."""
    other = aliased(Seat)
    same = (
        select(Assignment.id)
        .join(other, other.id == Assignment.seat_id)
        .where(
            Assignment.round_id == round_.id,
            Assignment.entry_id == Entry.id,
            Assignment.state != WITHDRAWN,
            other.institution_id == Seat.institution_id,
        )
    )
    return ~same.correlate(Entry, Seat).exists()
