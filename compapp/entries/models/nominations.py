"""A club's word on an entry before the school's: looked at with a verdict, perhaps nominated."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compapp.accounts.models import Organisation
from compapp.core.db import Base
from compapp.entries.models.entry import Entry


class ClubReview(Base):
    """What a club says of an entry of its cohort or school: ``verdict`` and ``note`` for the team.

    ``state``: reviewed, or nominated to ``school_id``, within the contest's quota of a school.
    """

    __tablename__ = "club_review"
    __table_args__ = (
        UniqueConstraint("entry_id", "club_id"),
        Index("ix_club_review_school_state", "school_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    club_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    school_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[str] = mapped_column(String(20), default="reviewed")
    verdict: Mapped[str] = mapped_column(String(20))
    note: Mapped[str]
    reviewed_at: Mapped[datetime]
    reviewed_by_name: Mapped[str] = mapped_column(String(200))

    entry: Mapped[Entry] = relationship()
    club: Mapped[Organisation] = relationship(foreign_keys=[club_id])
