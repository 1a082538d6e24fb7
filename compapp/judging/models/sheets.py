"""Score sheets and the figures kept beside them."""

from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Float, ForeignKey, Index, String, UniqueConstraint, and_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compapp.contests.models import Round
from compapp.core.db import Base
from compapp.entries.models import Entry
from compapp.judging.models.jury import Assignment, Seat


class Sheet(Base):
    """One judge's sheet for one entry in one round: draft, unconfirmed (paper), submitted or void.

    ``scores`` maps a criterion to its number as text (``"7.5"``); ``total`` is exact; a total-only
    sheet has no scores. ``source``: online, paper or live. ``comments`` maps a criterion to text.
    ``unlock_reason``: why the judge asks for the submitted sheet back; ``note``: what the second person
    found different on paper.
    """

    __tablename__ = "sheet"
    __table_args__ = (
        UniqueConstraint("round_id", "entry_id", "seat_id"),
        Index("ix_sheet_round_state", "round_id", "state"),
        Index("ix_sheet_seat_round", "seat_id", "round_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"))
    state: Mapped[str] = mapped_column(String(20), default="draft")
    source: Mapped[str] = mapped_column(String(10), default="online")
    scores: Mapped[dict[str, Any]]
    comments: Mapped[dict[str, Any]]
    comment: Mapped[str] = mapped_column(default="")
    comment_to_jury: Mapped[str] = mapped_column(default="")
    total: Mapped[Fraction | None]
    total_text: Mapped[str | None] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    void_reason: Mapped[str | None]
    unlock_asked_at: Mapped[datetime | None]
    unlock_reason: Mapped[str | None]
    note: Mapped[str | None]
    definition: Mapped[dict[str, Any]]

    round: Mapped[Round] = relationship()
    entry: Mapped[Entry] = relationship()
    seat: Mapped[Seat] = relationship()


OF_ASSIGNMENT: ColumnElement[bool] = and_(
    Sheet.round_id == Assignment.round_id,
    Sheet.entry_id == Assignment.entry_id,
    Sheet.seat_id == Assignment.seat_id,
)
"""That a sheet is the one of an assignment, which it may outlive."""


class JudgeNote(Base):
    """A judge's own note on an assigned entry: read and written by that judge alone, part of no sheet and no file.

    It has a table of its own so that nobody who loads a sheet gets it. ``version`` counts the changes.
    """

    __tablename__ = "judge_note"

    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    text: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime]


class RoundFigure(Base):
    """The kept aggregate of an entry in a round, updated in the transaction of each sheet.

    ``figure`` is the round's own unrounded figure; ``figure_sort`` orders a leaderboard by index.
    """

    __tablename__ = "round_figure"
    __table_args__ = (
        UniqueConstraint("round_id", "entry_id"),
        Index("ix_round_figure_board", "round_id", "board_id", "figure_sort"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("board.id"))
    sheets: Mapped[int] = mapped_column(default=0)
    total_sum: Mapped[Fraction]
    lowest: Mapped[Fraction | None]
    highest: Mapped[Fraction | None]
    figure: Mapped[Fraction | None]
    figure_sort: Mapped[float | None] = mapped_column(Float)

    entry: Mapped[Entry] = relationship()


class ExtraPoint(Base):
    """Points outside the sheets (training attended, …) of a kind that the round declares."""

    __tablename__ = "extra_point"
    __table_args__ = (UniqueConstraint("round_id", "entry_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    code: Mapped[str] = mapped_column(String(60))
    value_text: Mapped[str] = mapped_column(String(40))
    definition: Mapped[dict[str, Any]]
