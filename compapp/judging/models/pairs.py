"""Comparisons of two entries by a judge."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compapp.core.db import Base
from compapp.entries.models import Entry
from compapp.judging.models.jury import Seat


class PairChoice(Base):
    """A judge's word on two entries of a round: the ``winner``, or nobody (cannot say); one taken back stays, undone.

    ``number`` counts a judge's choices in a round, so that a double tap counts once. It counts in the standings while
    the judge's sheets of both entries do.
    """

    __tablename__ = "pair_choice"
    __table_args__ = (UniqueConstraint("round_id", "seat_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), index=True)
    number: Mapped[int]
    left_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    right_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    winner_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]

    seat: Mapped[Seat] = relationship()
    left: Mapped[Entry] = relationship(foreign_keys=[left_id])
    right: Mapped[Entry] = relationship(foreign_keys=[right_id])
