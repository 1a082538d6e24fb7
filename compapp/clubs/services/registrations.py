"""The verbs of a registration: a place or the waiting list, giving it up, moving up.

The number of places taken is counted in the activity's row by compare-and-set, and the database refuses more than
there are (safety.md I12).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update

from compapp.clubs import notifications, queries
from compapp.clubs.lifecycle import OPEN, REGISTERED, REGISTRATION, WAITING
from compapp.clubs.models import Activity, Registration
from compapp.clubs.policy import may_register
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, NotFound, Refused
from compapp.core.moves import move
from compapp.core.text import N_


def register(found: Activity, *, actor: Actor, at: datetime) -> Registration:
    """Take a place, or stand on the waiting list where none is free; who has either keeps it.

    Refused for whom the activity is not meant, Closed once registration is over.
    """
    if actor.person_id is None or not may_register(actor, queries.facts_about(actor, found)):
        if found.state == OPEN:
            raise Refused(N_("This activity is meant for others. Join the club to take part."))
        raise Closed(N_("Registration for this activity is closed."))
    if at >= found.closes_at:
        raise Closed(N_("Registration for this activity is closed."))
    return give_place_or_queue(found, actor.person_id, actor=actor, at=at)


def give_place_or_queue(found: Activity, person_id: int, *, actor: Actor, at: datetime) -> Registration:
    """Give a person a place or a turn on the waiting list; the caller has checked the right and the time."""
    own = queries.registration_of(found.id, person_id)
    if own is not None and own.state in (REGISTERED, WAITING):
        return own
    waits = queries.waiting_count(found.id) > 0 or not take_place(found)
    if own is None:
        state = WAITING if waits else REGISTERED
        own = Registration(activity_id=found.id, person_id=person_id, state=state, queued_at=at)
        session().add(own)
        audit.record("clubs.registration.made", own, actor=actor, at=at, data={"state": state})
    else:
        move(own, REGISTRATION, "queue" if waits else "take_place", actor=actor, at=at, queued_at=at)
    if not waits:
        notifications.place_given(found, own, moved_up=False, at=at)
    return own


def take_place(found: Activity) -> bool:
    """Count one place as taken if one is free; whether it was."""
    session().flush()
    result: Any = session().execute(
        update(Activity)
        .where(
            Activity.id == found.id,
            Activity.state == OPEN,
            or_(Activity.capacity.is_(None), Activity.taken < Activity.capacity),
        )
        .values(taken=Activity.taken + 1)
        .execution_options(synchronize_session=False)
    )
    session().refresh(found, ["taken", "state"])
    return bool(result.rowcount == 1)


def withdraw(found: Activity, *, actor: Actor, at: datetime) -> None:
    """Give up a place or a turn; the first who waits moves up. Closed once the activity has begun."""
    own = queries.registration_of(found.id, actor.person_id)
    if own is None:
        raise NotFound(N_("You have not registered for this activity."))
    if found.state != OPEN or at >= found.starts_at or own.came_at is not None:
        raise Closed(N_("The activity has begun. Tell the club if you cannot come."))
    had_place = own.state == REGISTERED
    move(own, REGISTRATION, "withdraw", actor=actor, at=at)
    if had_place:
        _free_place(found)
        fill_places(found, actor=actor, at=at)


def _free_place(found: Activity) -> None:
    session().execute(
        update(Activity)
        .where(Activity.id == found.id, Activity.taken > 0)
        .values(taken=Activity.taken - 1)
        .execution_options(synchronize_session=False)
    )
    session().refresh(found, ["taken"])


def fill_places(found: Activity, *, actor: Actor, at: datetime) -> int:
    """Give free places to those who have waited longest, until registration closes; return how many moved up."""
    moved = 0
    if at >= found.starts_at:
        return moved
    waiting = select(Registration).where(Registration.activity_id == found.id, Registration.state == WAITING)
    for one in session().scalars(waiting.order_by(Registration.queued_at, Registration.id)).all():
        if not take_place(found):
            break
        move(one, REGISTRATION, "move_up", actor=actor, at=at)
        notifications.place_given(found, one, moved_up=True, at=at)
        moved += 1
    return moved
