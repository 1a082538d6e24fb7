"""What a team lets the public see of its entry, and the public's votes."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compapp.accounts.models import Person
from compapp.contests.models import Round
from compapp.core.db import Base
from compapp.entries.models import Entry


class GalleryListing(Base):
    """An entry's place in its contest's gallery; ``answers`` are the keys of the answers that it shows."""

    __tablename__ = "gallery_listing"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), unique=True)
    state: Mapped[str] = mapped_column(String(20))
    answers: Mapped[list[Any]]
    reason: Mapped[str | None]
    changed_at: Mapped[datetime]

    entry: Mapped[Entry] = relationship()


class PublicVote(Base):
    """One account's vote in a public vote; ``board_code`` is empty where one vote counts for the whole contest.

    ``address_key`` and ``network_key`` are keyed hashes of where it came from, for the organiser's report alone; they
    go when the contest is decided. A void vote stays, with who voided it and why.
    """

    __tablename__ = "public_vote"
    __table_args__ = (
        UniqueConstraint("round_id", "person_id", "board_code"),
        Index("ix_public_vote_round_entry", "round_id", "entry_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    board_code: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    cast_at: Mapped[datetime]
    changes: Mapped[int] = mapped_column(default=0)
    address_key: Mapped[str | None] = mapped_column(String(64))
    network_key: Mapped[str | None] = mapped_column(String(64))
    voided_at: Mapped[datetime | None]
    voided_by_name: Mapped[str | None] = mapped_column(String(200))
    void_reason: Mapped[str | None]

    round: Mapped[Round] = relationship()
    person: Mapped[Person] = relationship()
    entry: Mapped[Entry] = relationship()
