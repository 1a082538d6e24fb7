"""Claiming messages by lease, so that of two drainers only one sends, and a dead one's work is taken over.

Exactly one drainer holds a row until its lease ends; whoever records a result proves that it still holds
the lease. Source: safety.md section 10.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update

from compapp.core.clock import ZONE, local
from compapp.core.db import session, unit_of_work
from compapp.core.messages import kinds
from compapp.core.outbox import CLAIMED, EMAIL, FAILED, READY, SENT, SKIPPED, OutboxMessage

LEASE = timedelta(seconds=30)
QUIET_FROM, QUIET_UNTIL = time(21), time(7)
NEAR = timedelta(hours=3)
MOMENTS = ("until", "due", "closes", "closes_at", "expires", "starts", "starts_at")
"""Where a message's data say by when something is to be done, or when it begins."""
_PART = 500
FINAL = (SENT, FAILED, SKIPPED)
SECRET = "secret_path"  # noqa: S105 - the name of the key, not a secret


def quiet_until(at: datetime) -> datetime | None:
    """Return when the quiet hours around ``at`` end (21:00-07:00 local), nothing in the daytime."""
    there = local(at)
    if QUIET_UNTIL <= there.time() < QUIET_FROM:
        return None
    day = there.date() + timedelta(days=1) if there.time() >= QUIET_FROM else there.date()
    return datetime.combine(day, QUIET_UNTIL, ZONE).astimezone(at.tzinfo)


def _is_due(at: datetime) -> ColumnElement[bool]:
    """Ready and not to wait, or claimed by a drainer that has let its lease run out.

    A message that was not delayed on purpose is due whatever the clock says, and a lease that lies
    impossibly far ahead counts as ended: a clock that jumps back must not stop delivery.
    """
    ready = and_(
        OutboxMessage.state == READY,
        or_(OutboxMessage.not_before <= at, OutboxMessage.not_before == OutboxMessage.posted_at),
    )
    forsaken = and_(
        OutboxMessage.state == CLAIMED,
        or_(OutboxMessage.lease_until <= at, OutboxMessage.lease_until > at + 4 * LEASE),
    )
    return or_(ready, forsaken)


def claim(limit: int, at: datetime) -> Sequence[OutboxMessage]:
    """Claim up to ``limit`` due messages, the oldest first; by night e-mails that can wait are put off."""
    with unit_of_work():
        _put_off(at)
        due = select(OutboxMessage.id).where(_is_due(at)).order_by(OutboxMessage.not_before, OutboxMessage.id)
        due = due.limit(limit)
        if session().get_bind().dialect.name == "postgresql":
            due = due.with_for_update(skip_locked=True)
        ids = list(session().scalars(due))
        if not ids:
            return []
        session().execute(
            update(OutboxMessage)
            .where(OutboxMessage.id.in_(ids))
            .values(state=CLAIMED, lease_until=at + LEASE, attempts=OutboxMessage.attempts + 1)
            .execution_options(synchronize_session=False)
        )
        claimed = select(OutboxMessage).where(OutboxMessage.id.in_(ids)).order_by(OutboxMessage.not_before)
        return session().scalars(claimed.execution_options(populate_existing=True)).all()


def _put_off(at: datetime) -> None:
    """Let e-mails wait for the morning; what protects an account or names a moment in under three hours goes.

    One that names a moment before the night is over waits until three hours before it.
    """
    until = quiet_until(at)
    if until is None:
        return
    always = [name for name, kind in kinds().items() if kind.required]
    waiting = session().execute(
        select(OutboxMessage.id, OutboxMessage.kind, OutboxMessage.data).where(
            OutboxMessage.state == READY,
            OutboxMessage.channel == EMAIL,
            OutboxMessage.not_before < until,
            OutboxMessage.kind.not_in(always),
        )
    )
    put_off: dict[datetime, list[int]] = {}
    for identity, kind, data in waiting:
        moment = _night_ends(kind, data, at, until)
        if moment > at:
            put_off.setdefault(moment, []).append(identity)
    for moment, ids in put_off.items():
        for start in range(0, len(ids), _PART):
            session().execute(
                update(OutboxMessage)
                .where(OutboxMessage.id.in_(ids[start : start + _PART]), OutboxMessage.not_before < moment)
                .values(not_before=moment)
                .execution_options(synchronize_session=False)
            )


def _night_ends(kind: str, data: Mapping[str, Any], at: datetime, until: datetime) -> datetime:
    """Return when a message that became due by night may go."""
    named = [read for key in MOMENTS if (read := _moment(data.get(key))) is not None and read > at]
    if named:
        return min(until, min(named) - NEAR)
    return at if kind in kinds() and kinds()[kind].urgent else until


def _moment(text: object) -> datetime | None:
    try:
        read = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return read if read is not None and read.tzinfo is not None else None


def _held(message_id: int, lease: datetime) -> Sequence[ColumnElement[bool]]:
    return (OutboxMessage.id == message_id, OutboxMessage.state == CLAIMED, OutboxMessage.lease_until == lease)


def settle(message: OutboxMessage, lease: datetime, **values: Any) -> bool:
    """Write a result inside the caller's unit of work; whether the lease still was ours.

    A link that opens an account is struck out once nothing more will be sent.
    """
    if values.get("state") in FINAL and SECRET in message.data:
        values["data"] = {key: value for key, value in message.data.items() if key != SECRET}
    result: Any = session().execute(
        update(OutboxMessage)
        .where(*_held(message.id, lease))
        .values(lease_until=None, **values)
        .execution_options(synchronize_session=False)
    )
    return bool(result.rowcount)


def renew(ids: Collection[int], lease: datetime, until: datetime) -> bool:
    """Hold the rest of a batch longer; False when somebody has taken it over."""
    with unit_of_work():
        result: Any = session().execute(
            update(OutboxMessage)
            .where(OutboxMessage.id.in_(ids), OutboxMessage.state == CLAIMED, OutboxMessage.lease_until == lease)
            .values(lease_until=until)
            .execution_options(synchronize_session=False)
        )
        return int(result.rowcount) == len(ids)


def put_back(ids: Collection[int], lease: datetime, not_before: datetime, reason: str) -> None:
    """Give claimed messages back untried (the mail server is away)."""
    with unit_of_work():
        session().execute(
            update(OutboxMessage)
            .where(OutboxMessage.id.in_(ids), OutboxMessage.state == CLAIMED, OutboxMessage.lease_until == lease)
            .values(
                state=READY,
                lease_until=None,
                not_before=not_before,
                attempts=OutboxMessage.attempts - 1,
                reason=reason,
            )
            .execution_options(synchronize_session=False)
        )
