"""What screening keeps: texts to compare, flags for a person, acts on many entries, appeals, past winners, statements.

Models of their own module, so that the entry itself stays easy to read.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compapp.contests.models import Contest
from compapp.core.db import Base
from compapp.entries.models.appeals import AppealColumns
from compapp.entries.models.entry import EligibilityDecision, Entry, TeamMember


class EntryText(Base):
    """The text of one submitted version as it is compared: hashes of its runs, and its pieces (zlib of JSON)."""

    __tablename__ = "entry_text"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("entry_version.id"), unique=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    runs: Mapped[bytes] = mapped_column(LargeBinary)
    pieces: Mapped[bytes] = mapped_column(LargeBinary)
    words: Mapped[int]
    made_at: Mapped[datetime]


class SimilarityFlag(Base):
    """Two entries whose texts are alike: a hint for the organiser of ``contest``, never a verdict.

    ``entry`` was handed in later. ``score`` is 0 to 1; ``passages`` are excerpts of both texts with marked spans;
    ``shared_people`` says that somebody is on both teams. State: open, dismissed or pursued (a case was opened).
    """

    __tablename__ = "similarity_flag"
    __table_args__ = (
        UniqueConstraint("entry_id", "other_entry_id"),
        Index("ix_similarity_flag_contest_state", "contest_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    other_entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    score: Mapped[float]
    words: Mapped[int]
    passages: Mapped[list[Any]]
    shared_people: Mapped[bool]
    state: Mapped[str] = mapped_column(String(20), default="open")
    found_at: Mapped[datetime]
    note: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decided_by_name: Mapped[str | None] = mapped_column(String(200))

    contest: Mapped[Contest] = relationship()
    entry: Mapped[Entry] = relationship(foreign_keys=[entry_id])
    other_entry: Mapped[Entry] = relationship(foreign_keys=[other_entry_id])


class SimilarityCheck(Base):
    """One look at all entries of a contest together, after its deadline ``closes_at``."""

    __tablename__ = "similarity_check"
    __table_args__ = (UniqueConstraint("contest_id", "closes_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    closes_at: Mapped[datetime]
    done_at: Mapped[datetime]
    entries: Mapped[int]
    flags: Mapped[int]


class BulkAct(Base):
    """One decision on several entries at once; it can be undone until ``undo_until`` and takes effect only then.

    ``told_at`` is when it took effect and everybody concerned was told.
    """

    __tablename__ = "bulk_act"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    outcome: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_by_name: Mapped[str] = mapped_column(String(200))
    undo_until: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None] = mapped_column(index=True)


class BulkActItem(Base):
    """One entry of a bulk act: what is to be decided, where the entry stands, and the decision once it took effect."""

    __tablename__ = "bulk_act_item"
    __table_args__ = (UniqueConstraint("act_id", "entry_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    act_id: Mapped[int] = mapped_column(ForeignKey("bulk_act.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("eligibility_decision.id"))
    outcome: Mapped[str] = mapped_column(String(20), server_default="")
    reason: Mapped[str] = mapped_column(server_default="")
    state_before: Mapped[str] = mapped_column(String(20))
    reopened_before: Mapped[datetime | None]

    act: Mapped[BulkAct] = relationship()
    entry: Mapped[Entry] = relationship()


class EligibilityAppeal(AppealColumns, Base):
    """A team's appeal against "not eligible": one per decision; state filed, upheld or dismissed."""

    __tablename__ = "eligibility_appeal"

    decision_id: Mapped[int] = mapped_column(ForeignKey("eligibility_decision.id"), unique=True)

    entry: Mapped[Entry] = relationship()
    decision: Mapped[EligibilityDecision] = relationship()


class PastAward(Base):
    """Somebody who won before, as an organiser's spreadsheet says; matched by name, school, number and address."""

    __tablename__ = "past_award"
    __table_args__ = (Index("ix_past_award_contest_name", "contest_id", "name_fold"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    name: Mapped[str] = mapped_column(String(200))
    name_fold: Mapped[str] = mapped_column(String(200))
    institution: Mapped[str] = mapped_column(String(300))
    institution_fold: Mapped[str] = mapped_column(String(300))
    student_number: Mapped[str | None] = mapped_column(String(40))
    email: Mapped[str | None] = mapped_column(String(254))
    award: Mapped[str] = mapped_column(String(200))
    idea: Mapped[str] = mapped_column(String(300))
    source: Mapped[str] = mapped_column(String(300))
    imported_at: Mapped[datetime]
    imported_by_name: Mapped[str] = mapped_column(String(200))


class OwnershipStatement(Base):
    """A member's own word that the idea is the team's: which text, when."""

    __tablename__ = "ownership_statement"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("team_member.id"), unique=True)
    text_version: Mapped[str] = mapped_column(String(20))
    locale: Mapped[str] = mapped_column(String(5), default="vi")
    stated_at: Mapped[datetime]

    member: Mapped[TeamMember] = relationship()
