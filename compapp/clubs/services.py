"""The verbs of clubs: cohorts and who belongs to them."""

from datetime import datetime

from sqlalchemy import select

from compapp.accounts.models import Organisation
from compapp.clubs.models import Cohort, CohortMember
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session


def ensure_cohort(club: Organisation, term: str, *, size: int, goal_entries: int, actor: Actor, at: datetime) -> Cohort:
    """Return the club's cohort of this term; a new one gets ``size`` members planned and its goal of entries.

    The caller has checked that ``actor`` may manage the club (an import may). A known cohort is left as it is.
    """
    known = session().scalars(select(Cohort).where(Cohort.club_id == club.id, Cohort.term == term)).one_or_none()
    if known is not None:
        return known
    made = Cohort(club_id=club.id, term=term, size=size, goal_entries=goal_entries, opened_at=at)
    session().add(made)
    audit.record("clubs.cohort.opened", made, actor=actor, at=at, data={"term": term, "goal_entries": goal_entries})
    return made


def ensure_cohort_member(cohort: Cohort, person_id: int, *, actor: Actor, at: datetime) -> CohortMember:
    """Put a person into a cohort; who is in it already stays so. The caller has checked the right."""
    statement = select(CohortMember).where(CohortMember.cohort_id == cohort.id, CohortMember.person_id == person_id)
    known = session().scalars(statement).one_or_none()
    if known is not None:
        return known
    made = CohortMember(cohort_id=cohort.id, person_id=person_id, joined_at=at)
    session().add(made)
    audit.record("clubs.cohort.joined", made, actor=actor, at=at, data={"person": person_id})
    return made
