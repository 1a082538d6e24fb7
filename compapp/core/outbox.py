"""The outbox: every message is a row in the transaction that causes it, once per recipient and channel.

Posting is all a service does; the notifications room delivers. Row states: held (until released),
ready, claimed (with a lease), sent, failed, skipped (with a reason), cancelled. Sources:
safety.md I10, I11 and section 10.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text, func, select, text, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, mapped_column

from compapp.core.db import Base, current_unit, session

INAPP, EMAIL = "inapp", "email"
HELD, READY, CLAIMED, SENT, FAILED, SKIPPED, CANCELLED = (
    "held",
    "ready",
    "claimed",
    "sent",
    "failed",
    "skipped",
    "cancelled",
)


class OutboxMessage(Base):
    """One message to one recipient on one channel."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        Index(
            "ix_outbox_message_waiting",
            "not_before",
            sqlite_where=text("state IN ('ready', 'claimed')"),
            postgresql_where=text("state IN ('ready', 'claimed')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(String(250), unique=True)
    kind: Mapped[str] = mapped_column(String(60), index=True)
    channel: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int | None] = mapped_column(index=True)
    address: Mapped[str | None] = mapped_column(String(254))
    address_name: Mapped[str | None] = mapped_column(String(200))
    address_locale: Mapped[str | None] = mapped_column(String(5))
    contest_id: Mapped[int | None] = mapped_column(index=True)
    data: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(12), default=READY, index=True)
    hold: Mapped[str | None] = mapped_column(String(100), index=True)
    posted_at: Mapped[datetime]
    not_before: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)


_wake: Callable[[], None] | None = None
_historic = False


def use_wake(wake: Callable[[], None] | None) -> None:
    """Call ``wake`` after each commit that posted something (a bell, never the truth)."""
    global _wake
    _wake = wake


def record_as_sent(historic: bool) -> None:
    """Record messages as sent at their own time instead of delivering them (a demonstration's past)."""
    global _historic
    _historic = historic


def post(
    kind: str,
    *,
    to: Iterable[int],
    subject: tuple[str, int],
    version: str | int = "",
    data: dict[str, Any] | None = None,
    at: datetime,
    channels: tuple[str, ...] = (INAPP, EMAIL),
    hold: str | None = None,
    not_before: datetime | None = None,
    contest_id: int | None = None,
) -> int:
    """Post ``kind`` about ``subject`` to each person in ``to``; return how many rows are new.

    The same kind, subject, version, person and channel is posted once, however often it is asked.
    """
    common = _common(kind, data, at, hold, not_before, contest_id)
    rows = [
        {**common, "channel": channel, "person_id": person, "dedupe_key": _key(kind, subject, version, person, channel)}
        for person in dict.fromkeys(to)
        for channel in channels
    ]
    return _insert(rows)


def post_to_address(
    kind: str,
    email: str,
    *,
    name: str,
    locale: str,
    subject: tuple[str, int],
    version: str | int = "",
    data: dict[str, Any] | None = None,
    at: datetime,
    not_before: datetime | None = None,
    hold: str | None = None,
    contest_id: int | None = None,
) -> int:
    """Post an e-mail to somebody without an account (an invitation, a guardian)."""
    row = _common(kind, data, at, hold, not_before, contest_id) | {
        "channel": EMAIL,
        "address": email,
        "address_name": name,
        "address_locale": locale,
        "dedupe_key": _key(kind, subject, version, email.lower(), EMAIL),
    }
    return _insert([row])


AGAIN = ":again:"
"""In the key of a message that was sent again, before its number."""


def repeat(message: OutboxMessage, *, at: datetime) -> int:
    """Post the same once more to the same recipient, under the next number; 0 when a twin was faster."""
    root = message.dedupe_key.split(AGAIN)[0]
    earlier = select(func.count()).where(OutboxMessage.dedupe_key.startswith(root + AGAIN, autoescape=True))
    number = (session().scalar(earlier) or 0) + 1
    kept = ("channel", "person_id", "address", "address_name", "address_locale")
    row = _common(message.kind, message.data, at, None, None, message.contest_id)
    row |= {name: getattr(message, name) for name in kept}
    return _insert([row | {"dedupe_key": f"{root}{AGAIN}{number}"}])


def _common(
    kind: str,
    data: dict[str, Any] | None,
    at: datetime,
    hold: str | None,
    not_before: datetime | None,
    contest_id: int | None,
) -> dict[str, Any]:
    sent = _historic and hold is None
    return {
        "kind": kind,
        "data": data or {},
        "posted_at": at,
        "not_before": not_before or at,
        "hold": hold,
        "contest_id": contest_id,
        "state": HELD if hold else SENT if sent else READY,
        "sent_at": (not_before or at) if sent else None,
        "attempts": 0,
    }


def _key(kind: str, subject: tuple[str, int], version: str | int, recipient: int | str, channel: str) -> str:
    return f"{kind}:{subject[0]}:{subject[1]}:{version}:{recipient}:{channel}"


def _insert(rows: list[dict[str, Any]]) -> int:
    unit = current_unit()
    if not rows:
        return 0
    postgresql = session().get_bind().dialect.name == "postgresql"
    insert: Any = postgresql_insert if postgresql else sqlite_insert
    statement = insert(OutboxMessage).on_conflict_do_nothing(index_elements=["dedupe_key"]).returning(OutboxMessage.id)
    count = len(session().scalars(statement, rows).all())
    if _wake is not None and count:
        unit.call_after_commit(_wake)
    return count


def release(hold: str, *, at: datetime) -> int:
    """Let every message held under ``hold`` go; return how many."""
    unit = current_unit()
    values: dict[str, Any] = {"state": READY, "not_before": at}
    if _historic:
        values = {"state": SENT, "not_before": at, "sent_at": at}
    result: Any = session().execute(
        update(OutboxMessage).where(OutboxMessage.hold == hold, OutboxMessage.state == HELD).values(**values)
    )
    if _wake is not None:
        unit.call_after_commit(_wake)
    return int(result.rowcount)


def cancel(hold: str, *, reason: str) -> int:
    """Cancel every message under ``hold`` that has not gone yet; return how many."""
    current_unit()
    result: Any = session().execute(
        update(OutboxMessage)
        .where(OutboxMessage.hold == hold, OutboxMessage.state.in_([HELD, READY]))
        .values(state=CANCELLED, reason=reason)
    )
    return int(result.rowcount)
