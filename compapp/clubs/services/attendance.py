"""The verbs of attendance: by the code shown in the room, by the manager's list, walk-ins, and putting it right.

Nobody beyond the capacity is let in: whoever registered has a seat kept until a quarter of an hour after the
beginning; then seats of those who did not come go to others.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update

from compapp.clubs import codes, queries
from compapp.clubs.lifecycle import HELD, OPEN, REGISTERED, REGISTRATION
from compapp.clubs.models import Activity, Registration
from compapp.clubs.policy import may_check_in
from compapp.clubs.services.cohorts import must_manage
from compapp.clubs.services.registrations import take_place
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import hold, session
from compapp.core.errors import Closed, Conflict, NotFound, Refused
from compapp.core.moves import move
from compapp.core.text import N_

OPENS_BEFORE = timedelta(minutes=45)
"""How long before the beginning people may be marked as present."""

LATE_AFTER = timedelta(minutes=15)
"""Who comes later than this counts as late; and so long are the seats of those who registered kept for them."""

CORRECTED_FOR = timedelta(days=7)
"""How long after the end a manager may put the list right."""

BY_CODE, BY_LIST = "code", "list"


def check_in(found: Activity, code: str, *, actor: Actor, at: datetime) -> Registration:
    """Mark oneself as present by the code shown in the room; twice is once.

    Refused for whom the activity is not meant, Closed before and after, or with a code that is too old, Conflict
    where every seat is taken.
    """
    if actor.person_id is None or not may_check_in(actor, queries.facts_about(actor, found)):
        raise Refused(N_("This activity is meant for others. Join the club to take part."))
    if not is_taking_attendance(found, at):
        raise Closed(N_("Attendance is not taken at the moment."))
    if not codes.is_good(code, found.code_key, found.id, at):
        raise Closed(N_("This code is too old or not right. Scan the one that is shown now."))
    return _came(found, actor.person_id, BY_CODE, actor=actor, at=at)


def is_taking_attendance(found: Activity, at: datetime) -> bool:
    """Whether people may mark themselves as present: from 45 minutes before the beginning to the end."""
    return found.state == OPEN and found.starts_at - OPENS_BEFORE <= at <= found.ends_at


def mark_present(
    found: Activity, person_id: int, *, number: str = "", came_at: datetime | None = None, actor: Actor, at: datetime
) -> Registration:
    """Tick somebody on the list, a walk-in too; ``came_at`` where it is noted afterwards (the beginning, at least).

    Who has not registered is of the club, or tells their student ``number`` at its school: NotFound otherwise.
    Closed before the activity and a week after it.
    """
    must_manage(actor, found.club_id)
    _must_be_correctable(found, at)
    if queries.registration_of(found.id, person_id) is None and not queries.belongs(found, person_id, number=number):
        raise NotFound(N_("This person is neither in the club nor of its school."))
    moment = came_at or min(at, found.ends_at)
    return _came(found, person_id, BY_LIST, actor=actor, at=at, came_at=moment)


def unmark(found: Activity, person_id: int, *, actor: Actor, at: datetime) -> None:
    """Take back that somebody came; Conflict where nobody said so."""
    must_manage(actor, found.club_id)
    _must_be_correctable(found, at)
    own = _held(found, person_id)
    if own is None or own.came_at is None:
        raise Conflict(N_("This person is not marked as present."))
    own.came_at = own.came_by = own.certificate = None
    own.is_late = False
    _count(found, -1)
    audit.record("clubs.attendance.taken_back", own, actor=actor, at=at, data={"person": person_id})


def may_be_corrected(found: Activity, at: datetime) -> bool:
    """Whether a manager may keep the list: from 45 minutes before the beginning to seven days after the end."""
    return found.state in (OPEN, HELD) and found.starts_at - OPENS_BEFORE <= at <= found.ends_at + CORRECTED_FOR


def _must_be_correctable(found: Activity, at: datetime) -> None:
    if not may_be_corrected(found, at):
        raise Closed(N_("The list can be kept from 45 minutes before the activity to seven days after it."))


def _came(
    found: Activity, person_id: int, how: str, *, actor: Actor, at: datetime, came_at: datetime | None = None
) -> Registration:
    own = _held(found, person_id)
    if own is not None and own.came_at is not None:
        return own
    moment = came_at or at
    if own is None or own.state != REGISTERED:
        own = _walk_in(found, own, person_id, actor=actor, at=at, moment=moment)
    if not _count(found, 1):
        raise Conflict(N_("Every seat is taken. Ask the organiser on the spot."))
    own.came_at, own.came_by, own.is_late = moment, how, moment > found.starts_at + LATE_AFTER
    own.certificate = own.certificate or secrets.token_hex(6).upper()
    audit.record("clubs.attendance.noted", own, actor=actor, at=at, data={"person": person_id, "by": how})
    return own


def _held(found: Activity, person_id: int) -> Registration | None:
    """Put those who count people in line, then return the registration as it stands: two taps count one person."""
    hold(select(Activity.id).where(Activity.id == found.id).with_for_update())
    own = queries.registration_of(found.id, person_id)
    if own is not None:
        session().refresh(own)
    return own


def _walk_in(
    found: Activity, own: Registration | None, person_id: int, *, actor: Actor, at: datetime, moment: datetime
) -> Registration:
    """Let somebody without a place in: on a free one, or on the seat of somebody who did not come."""
    if not (found.state == OPEN and take_place(found)) and moment <= found.starts_at + LATE_AFTER:
        raise Conflict(N_("All places are taken. A quarter of an hour after the start, empty seats are given away."))
    if own is None:
        own = Registration(activity_id=found.id, person_id=person_id, state=REGISTERED, queued_at=at, is_walk_in=True)
        session().add(own)
        session().flush()
    else:
        move(own, REGISTRATION, "take_place", actor=actor, at=at, is_walk_in=True)
    return own


def _count(found: Activity, change: int) -> bool:
    """Count one person more or less in the room, never beyond the seats; whether it could be."""
    session().flush()
    room = or_(Activity.capacity.is_(None), Activity.came < Activity.capacity) if change > 0 else Activity.came > 0
    result: Any = session().execute(
        update(Activity)
        .where(Activity.id == found.id, room)
        .values(came=Activity.came + change)
        .execution_options(synchronize_session=False)
    )
    session().refresh(found, ["came"])
    return bool(result.rowcount == 1)
