"""Who hears of what in a jury; somebody on a team hears nothing, with a conflict nothing of that entry."""

from sqlalchemy import select

from compapp.accounts.models import Person
from compapp.contests.queries import people_with_role
from compapp.core.db import session
from compapp.entries.models import Entry, TeamMember
from compapp.entries.queries.anonymous import anonymous_titles
from compapp.judging.queries.conflicts import hidden_from


def office(contest_id: int, *roles: str, about: Entry | None = None, but: int | None = None) -> list[int]:
    """Return the people who hold one of ``roles`` now, are on no team, and may know of ``about``; ``but`` left out."""
    people = {person for role in roles for person in people_with_role(contest_id, role)} - {but}
    if not people:
        return []
    on_team = select(TeamMember.person_id).where(
        TeamMember.left_at.is_(None),
        TeamMember.entry_id.in_(select(Entry.id).where(Entry.contest_id == contest_id)),
        TeamMember.person_id.in_(people),
    )
    barred = set(session().scalars(on_team))
    if about is not None:
        knows_nothing = select(Person.id).join(Entry, Entry.id == about.id)
        barred |= set(session().scalars(knows_nothing.where(Person.id.in_(people), hidden_from(Person.id))))
    return sorted(people - barred)


def title_of(entry: Entry) -> dict[str, str]:
    """Return an entry's title as judges may see it."""
    return dict(anonymous_titles([entry.id])[entry.id].title)
