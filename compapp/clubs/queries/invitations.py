"""Whether somebody stands in the list that a club's managers see, as an address may be asked only once."""

from sqlalchemy import exists, select

from compapp.accounts import queries as accounts
from compapp.accounts.models import Person
from compapp.clubs.lifecycle import MEMBER
from compapp.clubs.models import Cohort, CohortMember
from compapp.core.db import session


def is_listed(club_id: int, role: str, address: str) -> bool:
    """Whether the list that the managers see has this address in this role: the main address of who accepted."""
    if role != MEMBER:
        return accounts.holds_role(club_id, role, address)
    newest = select(Cohort.id).where(Cohort.club_id == club_id).order_by(Cohort.term.desc()).limit(1).scalar_subquery()
    inside = exists().where(
        CohortMember.cohort_id == newest, CohortMember.person_id == Person.id, CohortMember.left_at.is_(None)
    )
    return session().scalar(select(Person.id).where(Person.email == address, inside)) is not None
