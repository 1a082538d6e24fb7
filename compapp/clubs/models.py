"""A club is an organisation of kind ``club`` whose parent is its school; here are its cohorts and members."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compapp.accounts.models import Organisation, Person
from compapp.core.db import Base


class Cohort(Base):
    """A club's cohort of one term with the number of entries it aims at."""

    __tablename__ = "club_cohort"
    __table_args__ = (UniqueConstraint("club_id", "term"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    term: Mapped[str] = mapped_column(String(40))
    size: Mapped[int] = mapped_column(default=0)
    goal_entries: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime]

    club: Mapped[Organisation] = relationship()


class CohortMember(Base):
    """A student in a cohort."""

    __tablename__ = "club_cohort_member"
    __table_args__ = (UniqueConstraint("cohort_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("club_cohort.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    joined_at: Mapped[datetime]

    cohort: Mapped[Cohort] = relationship()
    person: Mapped[Person] = relationship()
