"""A team in an incubator, and the people who help it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compapp.accounts.models import Organisation, Person
from compapp.contests.models import Contest
from compapp.core.db import Base
from compapp.entries.models import Entry
from compapp.placement.models import Offer


class Residency(Base):
    """A team's time in an incubator: active, graduated or left; ``stage`` is a code of the contest file."""

    __tablename__ = "residency"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), unique=True)
    incubator_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("offer.id"), unique=True)
    state: Mapped[str] = mapped_column(String(20), default="active")
    stage: Mapped[str] = mapped_column(String(60))
    cohort: Mapped[str | None] = mapped_column(String(60))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    contest: Mapped[Contest] = relationship()
    entry: Mapped[Entry] = relationship()
    incubator: Mapped[Organisation] = relationship()
    offer: Mapped[Offer | None] = relationship()
    milestones: Mapped[list["Milestone"]] = relationship(order_by="Milestone.due_at", back_populates="residency")


class Milestone(Base):
    """What a team is to reach by when: planned, reported (by the team), met or dropped."""

    __tablename__ = "milestone"
    __table_args__ = (UniqueConstraint("residency_id", "code"), Index("ix_milestone_due", "state", "due_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    residency_id: Mapped[int] = mapped_column(ForeignKey("residency.id"))
    code: Mapped[str] = mapped_column(String(60))
    label: Mapped[dict[str, Any]]
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(20), default="planned")
    met_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="")

    residency: Mapped[Residency] = relationship(back_populates="milestones")


class Mentor(Base):
    """A person who mentors: skills, hours a month, most teams at once."""

    __tablename__ = "mentor"
    __table_args__ = (UniqueConstraint("contest_id", "code"), UniqueConstraint("contest_id", "person_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    code: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]
    skills: Mapped[list[Any]]
    hours_per_month: Mapped[int]
    max_teams: Mapped[int]
    teams: Mapped[int] = mapped_column(default=0)
    definition: Mapped[dict[str, Any]]

    person: Mapped[Person] = relationship()


class Mentorship(Base):
    """A mentor follows a residency: active or ended."""

    __tablename__ = "mentorship"
    __table_args__ = (UniqueConstraint("residency_id", "mentor_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    residency_id: Mapped[int] = mapped_column(ForeignKey("residency.id"))
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentor.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), default="active")
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")

    residency: Mapped[Residency] = relationship()
    mentor: Mapped[Mentor] = relationship()


class MentoringSession(Base):
    """A session: booked, held, missed or cancelled; ``private_note`` is the mentor's alone."""

    __tablename__ = "mentoring_session"
    __table_args__ = (Index("ix_mentoring_session_start", "state", "starts_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey("mentorship.id"), index=True)
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    place: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[str] = mapped_column(String(20), default="booked")
    topic: Mapped[str] = mapped_column(default="")
    shared_note: Mapped[str] = mapped_column(default="")
    private_note: Mapped[str] = mapped_column(default="")
    rag: Mapped[str | None] = mapped_column(String(10))
    missed_by: Mapped[str | None] = mapped_column(String(20))
    milestone_code: Mapped[str | None] = mapped_column(String(60))
    next_steps: Mapped[str] = mapped_column(default="")
    booked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    booked_at: Mapped[datetime]
    moved_at: Mapped[datetime | None]
    logged_at: Mapped[datetime | None]
    definition: Mapped[dict[str, Any]]

    mentorship: Mapped[Mentorship] = relationship()


class HeldMinute(Base):
    """One minute that a session takes of its mentor and of its team: nobody can be in two sessions at once.

    ``minute`` counts from 1970. The two constraints refuse a clash, whoever is faster; a cancelled session holds none.
    """

    __tablename__ = "held_minute"
    __table_args__ = (UniqueConstraint("mentor_person_id", "minute"), UniqueConstraint("residency_id", "minute"))

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("mentoring_session.id"), index=True)
    mentor_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    residency_id: Mapped[int] = mapped_column(ForeignKey("residency.id"))
    minute: Mapped[int]


class WeeklyHours(Base):
    """Hours that a mentor keeps free every week; minutes of the local day, ``weekday`` 0 is Monday."""

    __tablename__ = "weekly_hours"
    __table_args__ = (UniqueConstraint("person_id", "weekday", "begins"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    weekday: Mapped[int]
    begins: Mapped[int]
    ends: Mapped[int]


class DayHours(Base):
    """One day that differs from the week: away the whole day (no hours), or free at other hours than usual."""

    __tablename__ = "day_hours"
    __table_args__ = (UniqueConstraint("person_id", "day", "begins"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    day: Mapped[date]
    begins: Mapped[int | None]
    ends: Mapped[int | None]


class ProgressFigure(Base):
    """A figure of a team's progress at one moment (customers, jobs, revenue_vnd, …)."""

    __tablename__ = "progress_figure"
    __table_args__ = (UniqueConstraint("residency_id", "key", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    residency_id: Mapped[int] = mapped_column(ForeignKey("residency.id"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("mentoring_session.id"))
    key: Mapped[str] = mapped_column(String(60))
    value: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]


class FollowUp(Base):
    """One item of the file's ``followups``; ``session_id`` where its team is in an incubator here.

    ``meant`` is what the item stood for when it came, so that an unchanged one is written back as it was.
    """

    __tablename__ = "follow_up"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    position: Mapped[int]
    session_id: Mapped[int | None] = mapped_column(ForeignKey("mentoring_session.id"), unique=True)
    definition: Mapped[dict[str, Any]]
    meant: Mapped[dict[str, Any]]
