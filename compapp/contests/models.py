"""A contest and what is fixed before it opens.

What other tables point at (boards, rounds, sectors, prizes, bodies) has rows; what is only read as a
whole (rules, form, rubrics) stays the JSON that the organiser wrote, so that export gives it back equal.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compapp.accounts.models import Organisation, Person
from compapp.core.db import Base


class Contest(Base):
    """One edition of a contest. ``definition`` is the file's ``contest`` section, times included."""

    __tablename__ = "contest"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    state: Mapped[str] = mapped_column(String(20), default="draft")
    title: Mapped[dict[str, Any]]
    organiser_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    launch_at: Mapped[datetime]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    definition: Mapped[dict[str, Any]]
    form: Mapped[dict[str, Any]]
    rubrics: Mapped[list[Any]]
    kept: Mapped[dict[str, Any]]
    demonstration: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]

    organiser: Mapped[Organisation | None] = relationship()
    boards: Mapped[list["Board"]] = relationship(order_by="Board.position", back_populates="contest")
    rounds: Mapped[list["Round"]] = relationship(order_by="Round.position", back_populates="contest")
    sectors: Mapped[list["Sector"]] = relationship(order_by="Sector.position", back_populates="contest")
    bodies: Mapped[list["Body"]] = relationship(order_by="Body.position", viewonly=True)


class Board(Base):
    """A board (category by kind of entrant); ``definition`` is its JSON in the contest file."""

    __tablename__ = "board"
    __table_args__ = (UniqueConstraint("contest_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    code: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]
    definition: Mapped[dict[str, Any]]

    contest: Mapped[Contest] = relationship(back_populates="boards")


class Round(Base):
    """A round: eligibility, online_scoring, live_pitch or public_vote; ``definition`` is its JSON."""

    __tablename__ = "round"
    __table_args__ = (UniqueConstraint("contest_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    code: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(30))
    state: Mapped[str] = mapped_column(String(20), default="planned")
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    definition: Mapped[dict[str, Any]]

    contest: Mapped[Contest] = relationship(back_populates="rounds")


class Sector(Base):
    """A sector of a contest; ``province_priority`` marks those the province favours."""

    __tablename__ = "sector"
    __table_args__ = (UniqueConstraint("contest_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    code: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]
    province_priority: Mapped[bool]
    definition: Mapped[dict[str, Any]]

    contest: Mapped[Contest] = relationship(back_populates="sectors")


class Body(Base):
    """The organisation behind a code of one contest file.

    ``section`` is the file's: institutions, clubs, bodies, organisations, incubators. Codes are unique
    per section and contest; two contests may call different organisations I01.
    """

    __tablename__ = "contest_body"
    __table_args__ = (UniqueConstraint("contest_id", "section", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    section: Mapped[str] = mapped_column(String(30))
    code: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    definition: Mapped[dict[str, Any]]

    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)


class ContestRole(Base):
    """A person's role in a contest: organiser, secretary, judge, chair, approver."""

    __tablename__ = "contest_role"
    __table_args__ = (UniqueConstraint("contest_id", "person_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(30))
    code: Mapped[str | None] = mapped_column(String(60))
    definition: Mapped[dict[str, Any]]
    since: Mapped[datetime]
    until: Mapped[datetime | None]

    contest: Mapped[Contest] = relationship()
    person: Mapped[Person] = relationship()


class RuleChange(Base):
    """A change of the rules after opening, with its reason (shown to every team)."""

    __tablename__ = "rule_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    at: Mapped[datetime]
    by_name: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str]
    change: Mapped[dict[str, Any]]


class ContestPaper(Base):
    """An official paper that comes before the contest, as its organisers have edited it.

    ``kind``: plan, rules, committee, jury or secretaries; ``content`` holds head, grounds, body and people.
    """

    __tablename__ = "contest_paper"
    __table_args__ = (UniqueConstraint("contest_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    kind: Mapped[str] = mapped_column(String(30))
    content: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column(default=1)
    edited_at: Mapped[datetime]
    edited_by_name: Mapped[str] = mapped_column(String(200))

    contest: Mapped[Contest] = relationship()
