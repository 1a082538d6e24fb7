"""How a live round is held: its plan, its halls, each team's slot, and what was changed in the drawn order."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compapp.contests.models import Round
from compapp.core.db import Base
from compapp.entries.models import Entry

_ON_STAGE = text("state IN ('called', 'pitching', 'questions')")


class PitchPlan(Base):
    """What holds for every hall of a round.

    ``report_minutes``: how long before its slot a team reports at the door. ``late_rule``: what happens to a team
    that is not there when it is called: ``last`` (it pitches after all others) or ``out`` (it is not scored).
    ``bring``: two-language text. ``award_step``: how far the award order has been shown (0: nothing).
    """

    __tablename__ = "pitch_plan"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    report_minutes: Mapped[int]
    late_rule: Mapped[str] = mapped_column(String(20))
    bring: Mapped[dict[str, Any]]
    award_step: Mapped[int] = mapped_column(default=0)


class Hall(Base):
    """A hall of a live round: which boards pitch there, from when, and how long each part takes (minutes).

    ``change_minutes`` lie between two teams; after every ``pause_after`` teams comes a pause of ``pause_minutes``.
    ``screen_key`` opens the hall screen without an account (None: no screen is open); ``screen_mode`` says what it
    shows; ``version`` counts whatever changes on it.
    """

    __tablename__ = "hall"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    boards: Mapped[list[Any]]
    starts_at: Mapped[datetime]
    pitch_minutes: Mapped[int]
    question_minutes: Mapped[int]
    change_minutes: Mapped[int]
    pause_after: Mapped[int | None]
    pause_minutes: Mapped[int]
    screen_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    screen_mode: Mapped[str] = mapped_column(String(20), default="stage")
    version: Mapped[int] = mapped_column(default=1)

    round: Mapped[Round] = relationship()


class PitchSlot(Base):
    """A team's slot in a hall: when it is planned, whether the team is here, and how its time runs.

    ``position`` counts from 1 within the hall. ``phase_at`` is when the clock of the running phase began (each pause
    moves it on); ``paused_at`` stands while the clock is stopped; ``pitch_seconds`` and ``question_seconds`` are what
    was really used. At most one slot of a hall is on stage, and the database sees to it.
    """

    __tablename__ = "pitch_slot"
    __table_args__ = (
        UniqueConstraint("round_id", "entry_id"),
        Index("ux_pitch_slot_on_stage", "hall_id", unique=True, sqlite_where=_ON_STAGE, postgresql_where=_ON_STAGE),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    hall_id: Mapped[int] = mapped_column(ForeignKey("hall.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    board_code: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]
    starts_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    arrived_at: Mapped[datetime | None]
    arrived_by_name: Mapped[str | None] = mapped_column(String(200))
    late: Mapped[bool] = mapped_column(default=False)
    phase_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    pitch_seconds: Mapped[int | None]
    question_seconds: Mapped[int | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    round: Mapped[Round] = relationship()
    hall: Mapped[Hall] = relationship()
    entry: Mapped[Entry] = relationship()


class OrderChange(Base):
    """A change of the drawn order by a named person, with the reason; ``before`` and ``after`` are entry codes."""

    __tablename__ = "order_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    hall_id: Mapped[int] = mapped_column(ForeignKey("hall.id"), index=True)
    before: Mapped[list[Any]]
    after: Mapped[list[Any]]
    reason: Mapped[str]
    at: Mapped[datetime]
    by_name: Mapped[str] = mapped_column(String(200))
