"""A club is an organisation of kind ``club`` whose parent is its school; here are its terms, people and activities."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compapp.accounts.models import Organisation, Person
from compapp.core.db import Base


class Cohort(Base):
    """A club's cohort of one term with the number of entries it aims at.

    Whoever has the link with ``join_key`` joins it until ``join_until``; a new key makes the old link worthless.
    """

    __tablename__ = "club_cohort"
    __table_args__ = (UniqueConstraint("club_id", "term"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    term: Mapped[str] = mapped_column(String(40))
    size: Mapped[int] = mapped_column(default=0)
    goal_entries: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime]
    join_key: Mapped[str | None] = mapped_column(String(40), index=True)
    join_until: Mapped[datetime | None]

    club: Mapped[Organisation] = relationship()


class CohortMember(Base):
    """A student in a cohort: head, deputy, secretary or member, from ``joined_at`` until ``left_at``."""

    __tablename__ = "club_cohort_member"
    __table_args__ = (UniqueConstraint("cohort_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("club_cohort.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    joined_at: Mapped[datetime]
    role: Mapped[str] = mapped_column(String(20), default="member", server_default="member")
    left_at: Mapped[datetime | None]

    cohort: Mapped[Cohort] = relationship()
    person: Mapped[Person] = relationship()


class JoinRequest(Base):
    """Somebody who asks to join a club: asked, accepted or declined; asked anew in the same row."""

    __tablename__ = "club_join_request"
    __table_args__ = (UniqueConstraint("club_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), default="asked")
    text: Mapped[str]
    asked_at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    answered_by_name: Mapped[str | None] = mapped_column(String(200))

    club: Mapped[Organisation] = relationship()
    person: Mapped[Person] = relationship()


class RetiredInvitation(Base):
    """Whom clubs asked before ``accounts.OrganisationInvitation`` held it alone: read by nobody, dropped next."""

    __tablename__ = "club_invitation"
    __table_args__ = (UniqueConstraint("club_id", "role", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[str] = mapped_column(String(20))
    email: Mapped[str] = mapped_column(String(254), index=True)
    name: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(20), default="sent")
    sent_at: Mapped[datetime]
    sent_by_name: Mapped[str] = mapped_column(String(200))
    answered_at: Mapped[datetime | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)


class RetiredStudentRecord(Base):
    """Where people studied before ``accounts.StudentIdentity`` said it alone: read by nobody, dropped next."""

    __tablename__ = "club_student_record"
    __table_args__ = (UniqueConstraint("person_id", "school_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    school_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    faculty: Mapped[str] = mapped_column(String(120))
    class_name: Mapped[str] = mapped_column(String(60))
    student_number: Mapped[str] = mapped_column(String(40))
    saved_at: Mapped[datetime]


class Activity(Base):
    """Something a club does in a term: a class, a workshop, a meeting, a visit, an event.

    ``capacity`` (nothing: no limit) bounds both ``taken`` (places registered) and ``came`` (people in the room);
    the database itself refuses more. ``points`` are the conduct points that attending earns. ``code_key`` signs
    the codes that are shown in the room.
    """

    __tablename__ = "club_activity"
    __table_args__ = (
        CheckConstraint("capacity IS NULL OR (taken <= capacity AND came <= capacity)", name="capacity"),
        CheckConstraint("taken >= 0 AND came >= 0", name="counts"),
        Index("ix_club_activity_club_starts", "club_id", "starts_at"),
        Index("ix_club_activity_state_starts", "state", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    cohort_id: Mapped[int] = mapped_column(ForeignKey("club_cohort.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), default="planned")
    kind: Mapped[str] = mapped_column(String(20))
    topic: Mapped[str] = mapped_column(String(20), default="")
    title: Mapped[dict[str, Any]]
    title_fold: Mapped[str] = mapped_column(String(400))
    summary: Mapped[dict[str, Any]]
    place: Mapped[str] = mapped_column(String(200))
    link: Mapped[str | None] = mapped_column(String(500))
    host_name: Mapped[str] = mapped_column(String(200))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    audience: Mapped[str] = mapped_column(String(20), default="members")
    capacity: Mapped[int | None]
    taken: Mapped[int] = mapped_column(default=0)
    came: Mapped[int] = mapped_column(default=0)
    points: Mapped[int] = mapped_column(default=0)
    code_key: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]

    club: Mapped[Organisation] = relationship()
    cohort: Mapped[Cohort] = relationship()


class Registration(Base):
    """One person and one activity: registered, waiting or withdrawn; and whether they came.

    ``came_by`` is ``code`` (scanned) or ``list`` (ticked by a manager); a walk-in had not registered before.
    ``certificate`` is what a printed certificate of attendance is checked by.
    """

    __tablename__ = "club_registration"
    __table_args__ = (
        UniqueConstraint("activity_id", "person_id"),
        Index("ix_club_registration_queue", "activity_id", "state", "queued_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("club_activity.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    queued_at: Mapped[datetime]
    came_at: Mapped[datetime | None]
    came_by: Mapped[str | None] = mapped_column(String(10))
    is_late: Mapped[bool] = mapped_column(default=False)
    is_walk_in: Mapped[bool] = mapped_column(default=False)
    certificate: Mapped[str | None] = mapped_column(String(20), unique=True)

    activity: Mapped[Activity] = relationship()
    person: Mapped[Person] = relationship()
