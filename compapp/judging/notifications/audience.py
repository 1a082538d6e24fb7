"""Who hears of what in a jury; somebody with a conflict hears nothing of the entry."""

from sqlalchemy import select

from compapp.accounts.models import Person
from compapp.contests.models import ContestRole
from compapp.core.db import session
from compapp.entries.models import Entry, TeamMember
from compapp.judging.queries.conflicts import hidden_from


def office(contest_id: int, *roles: str, about: Entry | None = None) -> list[int]:
    """Return the people who hold one of ``roles`` now, are on no team, and may know of ``about``."""
    on_team = (
        select(TeamMember.id)
        .join(TeamMember.entry)
        .where(
            TeamMember.person_id == ContestRole.person_id, TeamMember.left_at.is_(None), Entry.contest_id == contest_id
        )
    )
    statement = (
        select(ContestRole.person_id)
        .where(
            ContestRole.contest_id == contest_id,
            ContestRole.role.in_(roles),
            ContestRole.until.is_(None),
            ~on_team.exists(),
        )
        .distinct()
        .order_by(ContestRole.person_id)
    )
    people = list(session().scalars(statement))
    if about is None or not people:
        return people
    barred = session().scalars(
        select(Person.id).where(
            Person.id.in_(people),
            select(Entry.id)
            .where(Entry.id == about.id, hidden_from(Person.id), Entry.contest_id == contest_id)
            .exists(),
        )
    )
    hidden = set(barred)
    return [person for person in people if person not in hidden]
