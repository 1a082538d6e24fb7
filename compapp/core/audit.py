"""The audit chain: every write leaves a row whose hash seals the row before it.

Rows are only ever added. ``verify`` recomputes the whole chain; a changed, removed or inserted
row breaks it from there on (safety.md I9).
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import String, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, mapped_column

from compapp.core.actor import Actor
from compapp.core.db import Base, current_unit, identity_of, session

GENESIS = "0" * 64


_deeds: dict[str, str] = {}


def name_deeds(words: Mapping[str, str]) -> None:
    """Say what each verb of a room's record means: a marked msgid that follows the name of who did it."""
    _deeds.update(words)


def deed(verb: str) -> str:
    """Return the marked msgid of a verb; the verb itself where no room has named it."""
    return _deeds.get(verb, verb)


class AuditRow(Base):
    """One deed: who did what to which thing, when, and the seal."""

    __tablename__ = "audit_row"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(index=True)
    actor_name: Mapped[str] = mapped_column(String(200))
    verb: Mapped[str] = mapped_column(String(100), index=True)
    subject_kind: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[int | None]
    contest_id: Mapped[int | None] = mapped_column(index=True)
    data: Mapped[dict[str, Any]]
    previous_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class AuditHead(Base):
    """The last seal; its row lock puts writers of the chain in line on PostgreSQL."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(String(64))


def seal(row: AuditRow) -> str:
    """Return the SHA-256 over the row's content and the seal before it."""
    content = [
        row.previous_hash,
        row.at.isoformat(),
        row.actor_id,
        row.actor_name,
        row.verb,
        row.subject_kind,
        row.subject_id,
        row.contest_id,
        row.data,
    ]
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Deed:
    """One deed to be recorded: ``verb`` reads ``room.subject.action``; ``data`` holds plain JSON, never a secret."""

    verb: str
    subject: Base | tuple[str, int | None]
    contest_id: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


def record(
    verb: str,
    subject: Base | tuple[str, int | None],
    *,
    actor: Actor,
    at: datetime,
    contest_id: int | None = None,
    data: dict[str, Any] | None = None,
) -> AuditRow:
    """Add a row to the chain, in the caller's transaction.

    ``verb`` reads ``room.subject.action``; ``data`` holds plain JSON values and never a secret.
    """
    return record_all([Deed(verb, subject, contest_id, data or {})], actor=actor, at=at)[0]


def record_all(deeds: Sequence[Deed], *, actor: Actor, at: datetime) -> list[AuditRow]:
    """Add a row for each deed to the chain, in their order, in the caller's transaction."""
    current_unit()
    if not deeds:
        return []
    subjects = [_subject(deed.subject) for deed in deeds]
    head = _locked_head() or _first_head()
    rows = []
    for deed, (kind, identity) in zip(deeds, subjects, strict=True):
        row = AuditRow(
            at=at,
            actor_id=actor.person_id,
            actor_name=actor.name,
            verb=deed.verb,
            subject_kind=kind,
            subject_id=identity,
            contest_id=deed.contest_id,
            data=json.loads(json.dumps(deed.data, default=str)),
            previous_hash=head.hash,
        )
        row.hash = head.hash = seal(row)
        rows.append(row)
    session().add_all(rows)
    session().flush()
    return rows


def _locked_head() -> AuditHead | None:
    locked = select(AuditHead).with_for_update().execution_options(populate_existing=True)
    return session().scalars(locked).one_or_none()


def _first_head() -> AuditHead:
    """Make the head of an empty chain; of writers who come first together one makes it, the others wait."""
    insert: Any = postgresql_insert if session().get_bind().dialect.name == "postgresql" else sqlite_insert
    session().execute(insert(AuditHead).values(id=1, hash=GENESIS).on_conflict_do_nothing(index_elements=["id"]))
    head = _locked_head()
    assert head is not None
    return head


def _subject(subject: Base | tuple[str, int | None]) -> tuple[str, int | None]:
    if isinstance(subject, tuple):
        return subject
    session().flush()
    return subject.__tablename__, identity_of(subject)


def verify() -> str | None:
    """Return nothing when the chain holds, else a sentence that names the first broken row."""
    expected = GENESIS
    for row in session().scalars(select(AuditRow).order_by(AuditRow.id)).yield_per(1000):
        if row.previous_hash != expected:
            return f"audit row {row.id} does not follow the row before it"
        if seal(row) != row.hash:
            return f"audit row {row.id} was changed after it was written"
        expected = row.hash
    head = session().scalars(select(AuditHead)).one_or_none()
    if (head.hash if head else GENESIS) != expected:
        return "the last audit rows are missing"
    return None
