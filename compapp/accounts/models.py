"""People, organisations, and what ties them together."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compapp.core.db import Base


class Person(Base):
    """A human being with or without a password; known by e-mail where there is one."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    second_email: Mapped[str | None] = mapped_column(String(254), unique=True, index=True)
    name: Mapped[str] = mapped_column(String(200))
    name_fold: Mapped[str] = mapped_column(String(200), index=True)
    name_sort: Mapped[str] = mapped_column(String(700))
    born: Mapped[date | None]
    birth_year: Mapped[int | None]
    phone: Mapped[str | None] = mapped_column(String(20))
    locale: Mapped[str] = mapped_column(String(5), default="vi")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    demonstration: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class Organisation(Base):
    """A university, campus, college, school, club, department, incubator, company or fund."""

    __tablename__ = "organisation"
    __table_args__ = (Index("ix_organisation_kind_fold", "kind", "name_fold"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    name_vi: Mapped[str] = mapped_column(String(300))
    name_en: Mapped[str] = mapped_column(String(300))
    name_fold: Mapped[str] = mapped_column(String(300), index=True)
    name_sort: Mapped[str] = mapped_column(String(1000))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    province: Mapped[str | None] = mapped_column(String(100))
    area_before_merger: Mapped[str | None] = mapped_column(String(100))
    demonstration: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    @property
    def name(self) -> dict[str, str]:
        """Return the name in both languages (for the ``localized`` filter)."""
        return {"vi": self.name_vi, "en": self.name_en}


class Membership(Base):
    """A person's role in an organisation, or on the platform where no organisation stands."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("person_id", "organisation_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[str] = mapped_column(String(30))
    since: Mapped[datetime]
    until: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
    organisation: Mapped[Organisation | None] = relationship()


class OrganisationInvitation(Base):
    """An address that is asked into a role of an organisation: sent, accepted, declined, withdrawn.

    ``name`` is what the inviter wrote: whose address it is, nobody learns before the person accepts (``person_id``).
    ``club_invitation_id`` is the number under which a club mailed it while clubs had a table of their own.
    """

    __tablename__ = "organisation_invitation"
    __table_args__ = (UniqueConstraint("organisation_id", "role", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[str] = mapped_column(String(30))
    email: Mapped[str] = mapped_column(String(254), index=True)
    name: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(20), default="sent")
    sent_at: Mapped[datetime]
    sent_by_name: Mapped[str] = mapped_column(String(200))
    answered_at: Mapped[datetime | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    club_invitation_id: Mapped[int | None] = mapped_column(index=True, unique=True)

    organisation: Mapped[Organisation] = relationship()


class SignInSession(Base):
    """A signed-in browser; it can be listed and ended. Only a hash of its token is stored.

    ``limited_to`` is the id of the contest whose desk alone the session opens (a one-time link, no password).
    """

    __tablename__ = "sign_in_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(String(60))
    browser: Mapped[str] = mapped_column(String(300))
    limited_to: Mapped[int | None]

    person: Mapped[Person] = relationship(lazy="joined")


class Consent(Base):
    """One consent for one purpose: which text, when, by whom, withdrawn when (law 91/2025)."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(40))
    text_version: Mapped[str] = mapped_column(String(20))
    locale: Mapped[str] = mapped_column(String(5))
    given_at: Mapped[datetime]
    given_by: Mapped[str] = mapped_column(String(200))
    withdrawn_at: Mapped[datetime | None]


class StudentIdentity(Base):
    """Who a person is at a school: its student number there, said by the person, confirmed by the school.

    Many may say they have a number; only one holds it confirmed. Never an ID card or a picture of one.
    """

    __tablename__ = "student_identity"
    __table_args__ = (
        UniqueConstraint("person_id", "organisation_id"),
        Index(
            "uq_student_identity_confirmed",
            "organisation_id",
            "number_fold",
            unique=True,
            sqlite_where=text("state = 'confirmed'"),
            postgresql_where=text("state = 'confirmed'"),
        ),
        Index("ix_student_identity_state", "organisation_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    number: Mapped[str] = mapped_column(String(40))
    number_fold: Mapped[str] = mapped_column(String(40))
    class_name: Mapped[str | None] = mapped_column(String(60))
    faculty: Mapped[str | None] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(12))
    stated_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str | None] = mapped_column(Text)

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    organisation: Mapped[Organisation] = relationship()


class Guardian(Base):
    """Who agreed to the account of a person under 16, kept apart from the person's own data."""

    __tablename__ = "guardian"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254))
    agreed_at: Mapped[datetime]
    school_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))


class Relation(Base):
    """A tie from which a conflict of interest may follow; written by the rooms above."""

    __tablename__ = "relation"
    __table_args__ = (UniqueConstraint("person_id", "kind", "organisation_id", "other_person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    other_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    source: Mapped[dict[str, Any]]
