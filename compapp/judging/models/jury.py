"""Who judges, what they may not judge, and what they are asked to read."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compapp.accounts.models import Organisation, Person
from compapp.contests.models import Contest, Round
from compapp.core.db import Base
from compapp.entries.models import Entry


class Seat(Base):
    """A judge's seat in one contest's jury: invited, accepted, declined or left.

    ``expertise`` is in the judge's words, ``languages`` are codes, ``away`` lists [first, last] days (ISO) without
    time to read. A ``reserve`` sits ready and gets nothing until the judge takes over. ``thanks``: what the
    invitation promises. ``pledge_version`` is the text of the pledge that was acknowledged at ``pledged_at``.
    """

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
    min_load: Mapped[int | None]
    expertise: Mapped[str] = mapped_column(default="", server_default="")
    languages: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    away: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    reserve: Mapped[bool] = mapped_column(default=False, server_default=false())
    thanks: Mapped[str] = mapped_column(default="", server_default="")
    pledged_at: Mapped[datetime | None]
    pledge_version: Mapped[str | None] = mapped_column(String(20))
    pledge_locale: Mapped[str | None] = mapped_column(String(5))
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


class NoConflict(Base):
    """A judge's own word to have no conflict with an entry: an answer, where silence is none.

    A conflict declared later takes it away.
    """

    __tablename__ = "no_conflict"
    __table_args__ = (UniqueConstraint("seat_id", "entry_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    stated_at: Mapped[datetime]


class ConflictReview(Base):
    """What a named person decided about a tie or a conflict of one judge with one entry, with the reason.

    ``node`` is what ties them (``organisation:12``, ``team:3``, ``person:8``); ``*`` stands for the conflict itself.
    ``outcome``: ``clear`` (the tie is no conflict), ``block`` (it is one) or ``override`` (a conflict does not hold).
    ``path`` keeps what the person was shown. An override holds until ``ended_at``.
    """

    __tablename__ = "conflict_review"
    __table_args__ = (
        UniqueConstraint("seat_id", "entry_id", "node"),
        Index("ix_conflict_review_entry", "entry_id", "seat_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    node: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str]
    path: Mapped[dict[str, Any]]
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_by_name: Mapped[str] = mapped_column(String(200))
    ended_at: Mapped[datetime | None]

    seat: Mapped[Seat] = relationship()
    entry: Mapped[Entry] = relationship()


class SeatAnswer(Base):
    """A judge's answer to what was given out in a round: ``will_do`` or ``cannot``; what is given later asks anew."""

    __tablename__ = "seat_answer"
    __table_args__ = (UniqueConstraint("seat_id", "round_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    answer: Mapped[str] = mapped_column(String(20))
    words: Mapped[str]
    answered_at: Mapped[datetime]

    seat: Mapped[Seat] = relationship()
    round: Mapped[Round] = relationship()


class AssignmentRun(Base):
    """One computed assignment: what went in (hash), how good it is (report), when it was published.

    ``kind``: ``computed``, ``panel``, or ``pull`` (judges may fetch more themselves; the newest such row says whether).
    """

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
