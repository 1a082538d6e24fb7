"""Reading clubs: an organisation of kind ``club``, its cohorts, their members."""

from collections.abc import Sequence

from sqlalchemy import func, select

from compapp.accounts.models import Organisation
from compapp.clubs.models import Cohort, CohortMember
from compapp.clubs.policy import ClubFacts
from compapp.core.actor import Actor
from compapp.core.db import session

CLUB = "club"


def club(club_id: int) -> Organisation | None:
    """Return the club."""
    found = session().get(Organisation, club_id)
    return found if found is not None and found.kind == CLUB else None


def club_facts(_actor: Actor, club_id: int) -> ClubFacts | None:
    """Return what the policies judge; nothing for an unknown club."""
    found = club(club_id)
    return None if found is None else ClubFacts(found.id, found.parent_id)


def clubs_of_school(school_id: int) -> Sequence[Organisation]:
    """Return the clubs of a school, by name."""
    statement = select(Organisation).where(Organisation.kind == CLUB, Organisation.parent_id == school_id)
    return session().scalars(statement.order_by(Organisation.name_sort, Organisation.id)).all()


def cohorts_of(club_id: int) -> Sequence[Cohort]:
    """Return the cohorts of a club, the newest term first."""
    return session().scalars(select(Cohort).where(Cohort.club_id == club_id).order_by(Cohort.term.desc())).all()


def member_ids(cohort_id: int) -> list[int]:
    """Return the ids of the people in a cohort."""
    statement = select(CohortMember.person_id).where(CohortMember.cohort_id == cohort_id)
    return list(session().scalars(statement.order_by(CohortMember.person_id)))


def active_club_count() -> int:
    """Return how many clubs have a cohort (an indicator of the reports)."""
    return session().scalar(select(func.count(func.distinct(Cohort.club_id)))) or 0
