"""Who may not judge by the rules of the contest itself, whatever the entry: mentors, and who judged another round."""

from sqlalchemy import select

from compapp.accounts.queries.grants import grants_of
from compapp.contests.models import Round
from compapp.core.actor import CONTEST, Grant
from compapp.core.db import session
from compapp.judging.lifecycle import WITHDRAWN
from compapp.judging.models import Assignment, Seat, Sheet
from compapp.judging.queries.conflicts import on_team

MENTOR = "mentor"


def is_mentor(person_id: int, contest_id: int) -> bool:
    """Whether the person mentors in this contest (the room of mentors says so) or advises one of its teams."""
    return Grant(MENTOR, CONTEST, contest_id) in grants_of(person_id) or on_team(person_id, contest_id)


def busy_elsewhere(round_: Round) -> frozenset[int]:
    """Return the seats that may not judge ``round_`` because they judge another round; none without such a rule.

    What was taken back before anything was handed in does not count.
    """
    if not (round_.contest.definition.get("rules") or {}).get("judges_one_round"):
        return frozenset()
    given = (
        select(Assignment.seat_id)
        .join(Seat, Seat.id == Assignment.seat_id)
        .where(Seat.contest_id == round_.contest_id, Assignment.round_id != round_.id, Assignment.state != WITHDRAWN)
    )
    handed_in = (
        select(Sheet.seat_id)
        .join(Seat, Seat.id == Sheet.seat_id)
        .where(Seat.contest_id == round_.contest_id, Sheet.round_id != round_.id, Sheet.submitted_at.is_not(None))
    )
    return frozenset(session().scalars(given.union(handed_in)))
