"""Who judges, what they may not judge, and what they are asked to read."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compapp.accounts.models import Organisation, Person
from compapp.contests.models import Contest, Round
from compapp.core.db import Base
from compapp.entries.models import Entry


class Seat(Base):
    """A judge's seat in one contest's jury: invited, accepted, declined or left."""

    __tablename__ = "seat"
    __table_args__ = (UniqueConstraint("contest_id", "person_id"), UniqueConstraint("contest_id", "code"))

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    code: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(20), default="invited")
    chair: Mapped[bool] = mapped_column(default=False)
    sectors: Mapped[list[Any]]
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    affiliation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    max_load: Mapped[int | None]
    invited_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    left_reason: Mapped[str | None]
    definition: Mapped[dict[str, Any]]

    contest: Mapped[Contest] = relationship()
    person: Mapped[Person] = relationship()
    institution: Mapped[Organisation | None] = relationship(foreign_keys=[institution_id])
    affiliation: Mapped[Organisation | None] = relationship(foreign_keys=[affiliation_id])


class SeatConflict(Base):
    """A declared conflict of one judge with one entry, of a kind that the contest's rules list."""

    __tablename__ = "seat_conflict"
    __table_args__ = (UniqueConstraint("seat_id", "entry_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    note: Mapped[str]
    declared_at: Mapped[datetime]
    declared_by_name: Mapped[str] = mapped_column(String(200))

    seat: Mapped[Seat] = relationship()
    entry: Mapped[Entry] = relationship()


class AssignmentRun(Base):
    """One computed assignment: what went in (hash), how good it is (report), when it was published."""

    __tablename__ = "assignment_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    inputs_hash: Mapped[str] = mapped_column(String(64))
    report: Mapped[dict[str, Any]]
    computed_at: Mapped[datetime]
    computed_by_name: Mapped[str] = mapped_column(String(200))
    published_at: Mapped[datetime | None]


class Assignment(Base):
    """One entry for one judge in one round: proposed (hidden), open, or withdrawn with a reason.

    ``due_at`` is set where the judge was asked late: it then replaces the end of the round.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("round_id", "entry_id", "seat_id"),
        Index("ix_assignment_seat_round", "seat_id", "round_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("assignment_run.id"))
    state: Mapped[str] = mapped_column(String(20), default="proposed")
    position: Mapped[int]
    assigned_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    reason: Mapped[str | None]

    round: Mapped[Round] = relationship()
    entry: Mapped[Entry] = relationship()
    seat: Mapped[Seat] = relationship()
