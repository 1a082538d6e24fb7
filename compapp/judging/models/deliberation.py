"""The jury's deliberation on a round: the room, what was said of an entry, votes on what is in doubt."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compapp.accounts.models import Person
from compapp.contests.models import Round
from compapp.core.db import Base
from compapp.entries.models import Entry
from compapp.judging.models.jury import Seat


class Deliberation(Base):
    """A round's room: who opened it, and whether its votes are open or secret. A closed one may be opened again."""

    __tablename__ = "deliberation"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), unique=True)
    is_secret: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime]
    opened_by_name: Mapped[str] = mapped_column(String(200))
    closed_at: Mapped[datetime | None]
    closed_by_name: Mapped[str | None] = mapped_column(String(200))

    round: Mapped[Round] = relationship()


class JuryRemark(Base):
    """What somebody of the jury said of an entry; ``is_flag``: this entry must be talked about, and why."""

    __tablename__ = "jury_remark"
    __table_args__ = (Index("ix_jury_remark_round_entry", "round_id", "entry_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str]
    is_flag: Mapped[bool] = mapped_column(default=False)
    said_at: Mapped[datetime]

    person: Mapped[Person] = relationship()
    entry: Mapped[Entry] = relationship()


class Motion(Base):
    """A question on one entry that the jury votes on: open, closed or dropped.

    ``yes``, ``no`` and ``abstained`` count the ballots; a secret vote keeps nothing else of what was chosen.
    """

    __tablename__ = "jury_motion"
    __table_args__ = (Index("ix_jury_motion_round_entry", "round_id", "entry_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    question: Mapped[str]
    is_secret: Mapped[bool]
    state: Mapped[str] = mapped_column(String(20), default="open")
    yes: Mapped[int] = mapped_column(default=0)
    no: Mapped[int] = mapped_column(default=0)
    abstained: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime]
    opened_by_name: Mapped[str] = mapped_column(String(200))
    closed_at: Mapped[datetime | None]
    closed_by_name: Mapped[str | None] = mapped_column(String(200))

    round: Mapped[Round] = relationship()
    entry: Mapped[Entry] = relationship()


class Ballot(Base):
    """That a judge voted on a motion, once; ``choice`` (yes, no, abstain) stays empty where the vote is secret."""

    __tablename__ = "jury_ballot"
    __table_args__ = (UniqueConstraint("motion_id", "seat_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    motion_id: Mapped[int] = mapped_column(ForeignKey("jury_motion.id"))
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"))
    choice: Mapped[str | None] = mapped_column(String(10))

    seat: Mapped[Seat] = relationship()
