"""Sending a message again from the delivery record, when somebody says that it never came."""

from datetime import datetime, timedelta

from compapp.core import audit, outbox
from compapp.core.actor import Actor
from compapp.core.errors import Conflict
from compapp.core.messages import kinds
from compapp.core.outbox import FAILED, SENT, SKIPPED, OutboxMessage
from compapp.core.text import N_
from compapp.notifications import queries
from compapp.notifications.services.claims import SECRET

PAUSE = timedelta(minutes=10)
_GONE = (SENT, FAILED, SKIPPED)


def may_repeat(message: OutboxMessage) -> bool:
    """Whether this message can be sent again: it has gone (or not arrived), and carried no link that works once."""
    known = kinds().get(message.kind)
    return message.state in _GONE and known is not None and SECRET not in known.sample


def repeat_message(message: OutboxMessage, *, actor: Actor, at: datetime) -> None:
    """Post a message once more to the same recipient, with a number of its own; the caller has checked the right.

    Conflict for one that is still on its way, was held back or cancelled, carried a single-use link, or was
    sent again a moment ago (a double click sends once).
    """
    if not may_repeat(message):
        if message.state in _GONE:
            raise Conflict(N_("This message carried a link that works once. Let the person ask for a new one."))
        raise Conflict(N_("This message has not gone yet, or was taken back. It cannot be sent again."))
    last = queries.last_repetition(message)
    if last is not None and (last.state not in _GONE or at - last.posted_at < PAUSE):
        raise Conflict(N_("This message was sent again a moment ago. Wait ten minutes before the next time."))
    outbox.repeat(message, at=at)
    audit.record(
        "notifications.message.repeated",
        message,
        actor=actor,
        at=at,
        contest_id=message.contest_id,
        data={"kind": message.kind, "channel": message.channel, "person": message.person_id},
    )
