"""The audit chain: every write leaves a row whose hash seals the row before it.

Rows are only ever added. ``verify`` recomputes the whole chain; a changed, removed or inserted
row breaks it from there on (safety.md I9). That its end was cut off shows beside the heads that
``anchors`` gives away.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import String, insert, select, update
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


_ROWS: Any = AuditRow.__table__
_HEAD: Any = AuditHead.__table__
_LAST_SEAL = select(_HEAD.c.hash).with_for_update()
_SEAL = select(_HEAD.c.hash)
_MOVE_SEAL = update(_HEAD)
_ADD_ROWS = insert(_ROWS)
_SEALED = (
    "previous_hash",
    "at",
    "actor_id",
    "actor_name",
    "verb",
    "subject_kind",
    "subject_id",
    "contest_id",
    "data",
)
"""The columns under the seal, in its order."""


def seal_of(row: Mapping[str, Any]) -> str:
    """Return the SHA-256 over the row's content and the seal before it."""
    content = [row[column] for column in _SEALED]
    content[1] = row["at"].isoformat()
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
) -> None:
    """Add a row to the chain, in the caller's transaction.

    ``verb`` reads ``room.subject.action``; ``data`` holds plain JSON values and never a secret.
    """
    record_all([Deed(verb, subject, contest_id, data or {})], actor=actor, at=at)


def record_all(deeds: Iterable[Deed], *, actor: Actor, at: datetime) -> None:
    """Add a row for each deed to the chain, in their order, in the caller's transaction.

    They are sealed together right before the commit: until then nobody else waits for the chain's last seal.
    """
    rows = []
    for deed in deeds:
        kind, identity = _subject(deed.subject)
        rows.append(
            {
                "at": at,
                "actor_id": actor.person_id,
                "actor_name": actor.name,
                "verb": deed.verb,
                "subject_kind": kind,
                "subject_id": identity,
                "contest_id": deed.contest_id,
                "data": json.loads(json.dumps(deed.data, default=str)),
            }
        )
    current_unit().write_at_the_end(_append, rows)


def write_now() -> None:
    """Add to the chain at once what was recorded so far, for who counts deeds in the same transaction."""
    current_unit().write_now(_append)


def last_seal() -> str | None:
    """Return the seal of the last deed: it changes with every write. Nothing where nothing was ever written."""
    found: str | None = session().scalar(_SEAL)
    return found


def _append(rows: list[dict[str, Any]]) -> None:
    seal = session().scalar(_LAST_SEAL)
    if seal is None:
        seal = _first_seal()
    for row in rows:
        row["previous_hash"] = seal
        row["hash"] = seal = seal_of(row)
    session().execute(_MOVE_SEAL, {"hash": seal})
    session().execute(_ADD_ROWS, rows)


def _first_seal() -> str:
    """Make the head of an empty chain; of writers who come first together one makes it, the others wait."""
    insert_head: Any = postgresql_insert if session().get_bind().dialect.name == "postgresql" else sqlite_insert
    first = insert_head(_HEAD).values(id=1, hash=GENESIS)
    session().execute(first.on_conflict_do_nothing(index_elements=["id"]))
    return str(session().execute(_LAST_SEAL).scalar_one())


def _subject(subject: Base | tuple[str, int | None]) -> tuple[str, int | None]:
    if isinstance(subject, tuple):
        return subject
    if identity_of(subject) is None:
        session().flush()
    return subject.__tablename__, identity_of(subject)


def verify(*, after: int = 0, seal: str = GENESIS) -> str | None:
    """Return nothing when the chain holds, else a sentence that names the first broken row.

    ``after`` begins behind a row that is known to be sound, whose seal is ``seal``. A chain whose end was cut off
    together with its head is sound; see ``anchors``.
    """
    expected = seal
    beyond = select(_ROWS).where(_ROWS.c.id > after).order_by(_ROWS.c.id)
    rows: Iterable[Any] = session().execute(beyond).yield_per(1000).mappings()
    for row in rows:
        if row["previous_hash"] != expected:
            return f"audit row {row['id']} does not follow the row before it"
        if seal_of(row) != row["hash"]:
            return f"audit row {row['id']} was changed after it was written"
        expected = row["hash"]
    if (session().scalar(select(_HEAD.c.hash)) or GENESIS) != expected:
        return "the last audit rows are missing"
    return None
