"""Whether the installation is well: what waits to be sent, what failed, who has an account, what was noted last."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from compapp.accounts.models import Person
from compapp.core.audit import AuditRow
from compapp.core.db import session
from compapp.core.outbox import CLAIMED, FAILED, READY, OutboxMessage

LATE = timedelta(minutes=10)
"""A message that should have gone this long ago shows that nothing is delivered."""


@dataclass(frozen=True, slots=True)
class Health:
    """The state of delivery, people and record at one moment."""

    waiting: int
    late: int
    failed: int
    people: int
    last_verb: str
    last_at: datetime | None


def health(at: datetime) -> Health:
    """Return how the installation is."""
    rows = session().execute(
        select(OutboxMessage.state, func.count())
        .where(OutboxMessage.state.in_((READY, CLAIMED, FAILED)))
        .group_by(OutboxMessage.state)
    )
    counted = {state: count for state, count in rows}  # noqa: C416 - rows are typed, dict() would not be
    late = session().scalar(
        select(func.count())
        .select_from(OutboxMessage)
        .where(OutboxMessage.state.in_((READY, CLAIMED)), OutboxMessage.not_before < at - LATE)
    )
    people = session().scalar(select(func.count()).select_from(Person).where(Person.active))
    last = session().execute(select(AuditRow.verb, AuditRow.at).order_by(AuditRow.id.desc()).limit(1)).one_or_none()
    return Health(
        waiting=counted.get(READY, 0) + counted.get(CLAIMED, 0),
        late=late or 0,
        failed=counted.get(FAILED, 0),
        people=people or 0,
        last_verb=last[0] if last else "",
        last_at=last[1] if last else None,
    )
