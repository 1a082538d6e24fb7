"""The minutes that sessions take of mentors and teams: a clash is refused by the database, never by looking first."""

from datetime import UTC, datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from compapp.core.db import session
from compapp.core.errors import Conflict
from compapp.core.text import N_
from compapp.incubation.models import HeldMinute, MentoringSession

_START = datetime(1970, 1, 1, tzinfo=UTC)


def minute_of(moment: datetime) -> int:
    """Return the whole minutes from 1970 to ``moment``."""
    return int((moment - _START).total_seconds() // 60)


def hold(one: MentoringSession) -> None:
    """Take the minutes of a session; Conflict, in words, when its mentor or its team is in another one then."""
    link, first = one.mentorship, minute_of(one.starts_at)
    taken = range(first, first + one.minutes)
    owner = {
        "session_id": one.id,
        "mentor_person_id": link.mentor.person_id,
        "residency_id": link.residency_id,
    }
    try:
        with session().begin_nested():
            session().execute(insert(HeldMinute), [owner | {"minute": minute} for minute in taken])
    except IntegrityError as error:
        raise Conflict(_who_is_busy(one, taken)) from error


def release(one: MentoringSession) -> None:
    """Give the minutes of a session back."""
    session().execute(delete(HeldMinute).where(HeldMinute.session_id == one.id))


def _who_is_busy(one: MentoringSession, taken: range) -> str:
    """Return the sentence; it says nothing about the other session, which may be another team's."""
    busy = session().scalar(
        select(HeldMinute.id)
        .where(HeldMinute.residency_id == one.mentorship.residency_id, HeldMinute.minute.in_(taken))
        .limit(1)
    )
    if busy is not None:
        return N_("The team has another session at that time. Choose another time.")
    return N_("The mentor has another session at that time. Choose another time.")
