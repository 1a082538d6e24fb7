"""One-time links to the desk, for judges who keep no password. Only the judge's own mailbox ever gets one."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compapp.accounts.models import Person
from compapp.accounts.queries import person_by_email
from compapp.accounts.services import issue_pass
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Conflict, Refused
from compapp.core.text import N_
from compapp.judging import notifications, policy, queries
from compapp.judging.lifecycle import ACCEPTED
from compapp.judging.models import Seat

MOST_AT_ONCE = 5
"""Links in answer to one request: one for each jury in which the person sits, the newest first."""


def send_desk_link(seat: Seat, *, actor: Actor, at: datetime) -> None:
    """Send the judge a link that opens the desk once, within 24 hours; an older unused one is void.

    One that was sent a moment ago stays. Refused without the right to it; Conflict for a seat that is not taken, or a
    judge without an address.
    """
    if not policy.may_send_desk_link(actor, queries.facts_of_seat(actor, seat)):
        raise Refused(N_("Your role does not allow this here."))
    if seat.state != ACCEPTED:
        raise Conflict(N_("Only somebody who sits in the jury has a desk."))
    if not seat.person.email:
        raise Conflict(N_("This judge has no e-mail address; a link cannot be sent."))
    _send(seat, actor=actor, at=at)


def ask_for_desk_links(email: str, *, at: datetime) -> None:
    """Send the judge behind an address a link for each jury; nothing for anybody else (the page never tells)."""
    person = person_by_email(email)
    if person is None or not person.active:
        return
    for seat in _seats(person):
        _send(seat, actor=Actor(person.id, person.name, person.email, person.locale), at=at)


def _seats(person: Person) -> list[Seat]:
    statement = (
        select(Seat)
        .where(Seat.person_id == person.id, Seat.state == ACCEPTED)
        .options(joinedload(Seat.contest), joinedload(Seat.person))
        .order_by(Seat.id.desc())
        .limit(MOST_AT_ONCE)
    )
    return list(session().scalars(statement))


def _send(seat: Seat, *, actor: Actor, at: datetime) -> None:
    token = issue_pass(("seat", seat.id), seat.person, limited_to=seat.contest_id, path="/desk", at=at)
    if token is None:
        return
    audit.record("judging.seat.send_link", seat, actor=actor, at=at, contest_id=seat.contest_id)
    notifications.desk_link(seat.contest, seat, token, at=at)
