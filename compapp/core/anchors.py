"""Heads of the record, noted where its keeper cannot reach them.

The chain alone does not show that its end was cut off together with its head: what is left is sound. So the head is
given away, as a place and the seal that stands there: printed on every paper of a result, sent every day to people who
do not run the installation, and shown on a public page. Whoever has kept one can ask whether the record still holds it.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from compapp.core import audit, clock
from compapp.core.audit import AuditHead, AuditRow
from compapp.core.db import Base, session
from compapp.core.paging import Page, paginate

HELD, CUT, CHANGED = "held", "cut", "changed"
"""What becomes of a head: the record holds it; ends before it; holds another seal at its place."""

PRINTED = 32
"""Letters of a seal on paper: enough that nobody finds another deed with the same ones."""
LEAST = 16
"""Letters of a seal that a question must name."""
_HEAD = re.compile(rf"([0-9]{{1,9}}):([0-9a-f]{{{LEAST},64}})")


class AuditNote(Base):
    """The head of the record on a day on which something had been written."""

    __tablename__ = "audit_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(unique=True)
    position: Mapped[int]
    seal: Mapped[str] = mapped_column(String(64))
    fault: Mapped[str] = mapped_column(String(200), default="")
    """Which row broke the chain since the note before; empty where it was sound."""
    at: Mapped[datetime]

    @property
    def head(self) -> "Head":
        """Return the place and seal that were noted."""
        return Head(self.position, self.seal)


@dataclass(frozen=True)
class Head:
    """A place in the record (the number of a deed) and the seal that stands there, or how it begins."""

    position: int
    seal: str

    def __str__(self) -> str:
        """Return ``position:seal``, as it is printed, copied and asked for."""
        return f"{self.position}:{self.seal}"

    @property
    def printed(self) -> str:
        """Return the head as it stands on paper, its seal cut to what fits a line."""
        return f"{self.position}:{self.seal[:PRINTED]}"


@dataclass(frozen=True)
class Answer:
    """What becomes of a head: ``state`` is held, cut or changed; ``at`` is when the deed at its place was recorded."""

    head: Head
    state: str
    at: datetime | None = None
    ends_at: int = 0
    """The place at which the record ends now."""


def read_head(text: str) -> Head | None:
    """Return the head that somebody typed or copied, spaces and capitals aside; None where it is none."""
    matched = _HEAD.fullmatch(re.sub(r"\s", "", text).lower())
    return Head(int(matched[1]), matched[2]) if matched else None


def head() -> Head | None:
    """Return the end of the record; None where nothing was ever written."""
    row = (
        session()
        .execute(select(AuditRow.id, AuditRow.hash).join(AuditHead, AuditHead.hash == AuditRow.hash))
        .one_or_none()
    )
    return Head(row.id, row.hash) if row is not None else None


def head_with(verb: str, kind: str, subject_id: int) -> Head | None:
    """Return the head that the record had when a deed was written for the first time: it seals all before it, too."""
    row = (
        session()
        .execute(
            select(AuditRow.id, AuditRow.hash)
            .where(AuditRow.verb == verb, AuditRow.subject_kind == kind, AuditRow.subject_id == subject_id)
            .order_by(AuditRow.id)
            .limit(1)
        )
        .one_or_none()
    )
    return Head(row.id, row.hash) if row is not None else None


def ask(wanted: Head) -> Answer:
    """Say whether the record still holds a head that was noted earlier: its place, its seal, and what it seals."""
    row = session().get(AuditRow, wanted.position)
    end = session().scalar(select(func.max(AuditRow.id))) or 0
    if row is None:
        return Answer(wanted, CUT if end < wanted.position else CHANGED, ends_at=end)
    content: dict[str, Any] = {column.key: getattr(row, column.key) for column in AuditRow.__table__.columns}
    holds = row.hash.startswith(wanted.seal) and audit.seal_of(content) == row.hash
    return Answer(wanted, HELD if holds else CHANGED, row.at if holds else None, end)


def is_due(at: datetime) -> bool:
    """Whether the head of today is still to be noted: something was written, and no note says so yet."""
    found, last = head(), last_note()
    return found is not None and (last is None or (last.day < clock.local(at).date() and last.head != found))


def note(at: datetime) -> AuditNote | None:
    """Note the head of today, once a day and only where something was written since the last note.

    The rows since that note are verified on the way.
    """
    if not is_due(at):
        return None
    last, found, day = last_note(), head(), clock.local(at).date()
    assert found is not None
    fault = (verify(last) or "")[:200]
    made = AuditNote(day=day, position=found.position, seal=found.seal, fault=fault, at=at)
    session().add(made)
    session().flush()
    return made


def verify(since: AuditNote | None = None) -> str | None:
    """Return nothing where the chain holds since a note (or ever), else a sentence that names the first fault."""
    if since is None:
        return audit.verify()
    if ask(since.head).state != HELD:
        return _lost(since)
    return audit.verify(after=since.position, seal=since.seal)


def lost_notes() -> list[str]:
    """Return a sentence for each noted head that the record no longer holds."""
    notes = session().scalars(select(AuditNote).order_by(AuditNote.day))
    return [_lost(one) for one in notes if ask(one.head).state != HELD]


def _lost(one: AuditNote) -> str:
    return f"the record no longer holds the head {one.position}:{one.seal[:LEAST]} noted on {one.day.isoformat()}"


def last_note() -> AuditNote | None:
    """Return the newest note."""
    return session().scalars(select(AuditNote).order_by(AuditNote.day.desc()).limit(1)).one_or_none()


def notes_page(page: int) -> Page:
    """Return the notes, the newest first."""
    return paginate(select(AuditNote).order_by(AuditNote.day.desc()), page, scalars=True)
