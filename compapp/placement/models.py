"""Intakes, wishes, the matching and its offers."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compapp.accounts.models import Organisation, Person
from compapp.contests.models import Contest
from compapp.core.db import Base
from compapp.entries.models import Entry


class IncubationPlan(Base):
    """The file's ``incubation`` section of one contest: stages, milestones, cohort, and how places are given."""

    __tablename__ = "incubation_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), unique=True)
    definition: Mapped[dict[str, Any]]

    contest: Mapped[Contest] = relationship()


class Intake(Base):
    """An incubator's intake for one contest: how many places, for which sectors, when.

    ``taken`` counts accepted and open offers; compare-and-set on it keeps places from being exceeded.
    """

    __tablename__ = "intake"
    __table_args__ = (UniqueConstraint("contest_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    incubator_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    code: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]
    capacity: Mapped[int]
    occupied: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    sectors: Mapped[list[Any]]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    offer_valid_days: Mapped[int]
    months: Mapped[int | None]
    definition: Mapped[dict[str, Any]]

    contest: Mapped[Contest] = relationship()
    incubator: Mapped[Organisation] = relationship()


class Preference(Base):
    """A team's wish: its ``rank``-th choice (1 is the first)."""

    __tablename__ = "preference"
    __table_args__ = (UniqueConstraint("entry_id", "rank"), UniqueConstraint("entry_id", "intake_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"), index=True)
    rank: Mapped[int]
    stated_at: Mapped[datetime]

    entry: Mapped[Entry] = relationship()
    intake: Mapped[Intake] = relationship()


class PreferenceList(Base):
    """That a team has stated its list of wishes (perhaps an empty one); until then its entry's answer counts."""

    __tablename__ = "preference_list"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), unique=True)
    stated_at: Mapped[datetime]
    stated_by_name: Mapped[str] = mapped_column(String(200))

    entry: Mapped[Entry] = relationship()


class MatchRun(Base):
    """One matching, with everything that went in and came out.

    State ``imported`` marks the places that came with a contest file: ``inputs`` holds the file's section.
    """

    __tablename__ = "match_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), default="proposed")
    inputs: Mapped[dict[str, Any]]
    inputs_hash: Mapped[str] = mapped_column(String(64))
    result: Mapped[dict[str, Any]]
    computed_at: Mapped[datetime]
    computed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    computed_by_name: Mapped[str] = mapped_column(String(200))
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    released_by_name: Mapped[str | None] = mapped_column(String(200))

    contest: Mapped[Contest] = relationship()
    computed_by: Mapped[Person | None] = relationship(foreign_keys=[computed_by_id])


class Offer(Base):
    """An incubator's offer to a team: offered, accepted, declined, lapsed, withdrawn or given_back.

    ``origin``: matching, waiting_list, by_hand or imported.
    """

    __tablename__ = "offer"
    __table_args__ = (
        UniqueConstraint("entry_id", "intake_id"),
        Index("ix_offer_state_expires", "state", "expires_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"), index=True)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("match_run.id"))
    origin: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), default="offered")
    reason: Mapped[str]
    offered_at: Mapped[datetime]
    offered_by_name: Mapped[str] = mapped_column(String(200))
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    entry: Mapped[Entry] = relationship()
    intake: Mapped[Intake] = relationship()


class WaitingPlace(Base):
    """A team on an intake's waiting list, in merit order: waiting, offered or left."""

    __tablename__ = "waiting_place"
    __table_args__ = (UniqueConstraint("intake_id", "entry_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    position: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    since: Mapped[datetime]

    entry: Mapped[Entry] = relationship()
    intake: Mapped[Intake] = relationship()
