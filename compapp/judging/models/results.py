"""Standings, shortlists, publications, places, draws, votes and awards."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compapp.contests.models import Contest, Round
from compapp.core.db import Base
from compapp.core.files import Blob
from compapp.entries.models import Entry


class StandingsRun(Base):
    """Standings as computed once from sheets and rule; ``inputs_hash`` seals what went in."""

    __tablename__ = "standings_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    rows: Mapped[dict[str, Any]]
    inputs_hash: Mapped[str] = mapped_column(String(64))
    computed_at: Mapped[datetime]
    computed_by_name: Mapped[str] = mapped_column(String(200))


class ChairDecision(Base):
    """A named person's order of tied entries, with a reason (the last step of every tie chain)."""

    __tablename__ = "chair_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    entries: Mapped[list[Any]]
    reason: Mapped[str]
    by_name: Mapped[str] = mapped_column(String(200))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    definition: Mapped[dict[str, Any]]


class Shortlist(Base):
    """Who goes through: computed and decided beside each other; proposed, approved, published, withdrawn.

    ``computed`` and ``decided`` map a board code to entry codes in order; ``reserves`` likewise. ``awards``
    lists what the round's result gives or withholds: board, award, position, entry code or None, vnd, reason.
    ``departures`` says why of every entry (code) that was decided otherwise than computed.
    """

    __tablename__ = "shortlist"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("standings_run.id"))
    state: Mapped[str] = mapped_column(String(20), default="proposed")
    computed: Mapped[dict[str, Any]]
    decided: Mapped[dict[str, Any]]
    reserves: Mapped[dict[str, Any]]
    awards: Mapped[list[Any]] = mapped_column(default=list)
    departures: Mapped[dict[str, Any] | None]
    reason: Mapped[str]
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    prepared_by_name: Mapped[str] = mapped_column(String(200))
    prepared_at: Mapped[datetime]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_by_name: Mapped[str | None] = mapped_column(String(200))
    approved_at: Mapped[datetime | None]

    round: Mapped[Round] = relationship()
    run: Mapped[StandingsRun] = relationship()


class Publication(Base):
    """A published result, never changed; a correction is the next number with its difference."""

    __tablename__ = "publication"
    __table_args__ = (UniqueConstraint("round_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]
    shortlist_id: Mapped[int | None] = mapped_column(ForeignKey("shortlist.id"))
    content: Mapped[dict[str, Any]]
    inputs_hash: Mapped[str] = mapped_column(String(64))
    content_hash: Mapped[str] = mapped_column(String(64))
    difference: Mapped[dict[str, Any]]
    reason: Mapped[str]
    decision_number: Mapped[str | None] = mapped_column(String(60))
    decision_date: Mapped[date | None]
    decision_signer: Mapped[str | None] = mapped_column(String(200))
    scan_blob_id: Mapped[int | None] = mapped_column(ForeignKey("blob.id"))
    published_at: Mapped[datetime]
    public_from: Mapped[datetime]
    published_by_name: Mapped[str] = mapped_column(String(200))
    definition: Mapped[dict[str, Any]] = mapped_column(default=dict)

    round: Mapped[Round] = relationship()
    scan_blob: Mapped[Blob | None] = relationship()


class Place(Base):
    """An entry's place won in a round: reserve, waiting (to confirm), confirmed, declined, lapsed, revoked."""

    __tablename__ = "place"
    __table_args__ = (UniqueConstraint("round_id", "entry_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    reserve_rank: Mapped[int | None]
    confirm_by: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]

    round: Mapped[Round] = relationship()
    entry: Mapped[Entry] = relationship()


class Draw(Base):
    """A running order with the seed it was drawn from."""

    __tablename__ = "draw"
    __table_args__ = (UniqueConstraint("round_id", "board_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    board_code: Mapped[str] = mapped_column(String(60))
    seed: Mapped[str] = mapped_column(String(64))
    order: Mapped[list[Any]]
    drawn_at: Mapped[datetime]
    drawn_by_name: Mapped[str] = mapped_column(String(200))


class VoteResult(Base):
    """How many votes an entry got in a public vote."""

    __tablename__ = "vote_result"
    __table_args__ = (UniqueConstraint("round_id", "entry_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    votes: Mapped[int]
    definition: Mapped[dict[str, Any]]

    entry: Mapped[Entry] = relationship()


class Award(Base):
    """One prize given (or withheld: no entry, with a reason)."""

    __tablename__ = "award"
    __table_args__ = (UniqueConstraint("contest_id", "board_code", "award", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    board_code: Mapped[str] = mapped_column(String(60))
    award: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    vnd: Mapped[int]
    reason: Mapped[str]
    decided_at: Mapped[datetime]
    decided_by_name: Mapped[str] = mapped_column(String(200))

    contest: Mapped[Contest] = relationship()
    entry: Mapped[Entry | None] = relationship()


class WithheldComment(Base):
    """A judge's words that a person decided not to pass on as they stand; ``part``: a criterion or ``comment``.

    ``shown`` is what the team reads instead; without it the team reads nothing. The sheet keeps the judge's own words.
    """

    __tablename__ = "withheld_comment"
    __table_args__ = (UniqueConstraint("sheet_id", "part"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheet.id"))
    part: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str]
    shown: Mapped[str | None]
    at: Mapped[datetime]
    by_name: Mapped[str] = mapped_column(String(200))
