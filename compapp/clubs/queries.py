"""Reading clubs: an organisation of kind ``club``, its cohorts, their members."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from compapp.accounts.models import Organisation, Person
from compapp.clubs.models import Cohort, CohortMember
from compapp.clubs.policy import MANAGER, ClubFacts, may_manage
from compapp.core.actor import ORGANISATION, Actor
from compapp.core.db import session

CLUB = "club"


@dataclass(frozen=True, slots=True)
class ClubTeam:
    """A team as a club's manager sees it: title and state, never content.

    ``state_label`` is a marked msgid; ``is_from_cohort`` tells a team with a member of the cohort from
    another one of the club's school.
    """

    title: Mapping[str, str]
    state: str
    state_label: str
    is_handed_in: bool
    contest: Mapping[str, str]
    closes_at: datetime
    is_from_cohort: bool


TeamSource = Callable[[int | None, Collection[int]], Sequence[ClubTeam]]

_teams: TeamSource | None = None


def use_teams(source: TeamSource) -> None:
    """Let a room above say which teams a club has: the school's id and the cohort's people in, teams out."""
    global _teams
    _teams = source


def teams_of(club: Organisation, cohort: Cohort | None) -> Sequence[ClubTeam]:
    """Return the teams of the club's cohort and school."""
    return _teams(club.parent_id, member_ids(cohort.id) if cohort else []) if _teams is not None else []


def managed_clubs(actor: Actor) -> Sequence[Organisation]:
    """Return the clubs that ``actor`` manages, by name."""
    own = actor.scopes(MANAGER, ORGANISATION)
    if not own:
        return []
    statement = select(Organisation).where(Organisation.kind == CLUB, Organisation.id.in_(own))
    return session().scalars(statement.order_by(Organisation.name_sort, Organisation.id)).all()


def managed_club_facts(actor: Actor, organisation_id: int, **_more: int) -> ClubFacts | None:
    """Return what the policies judge; nothing for a club that ``actor`` does not manage."""
    facts = club_facts(actor, organisation_id)
    return facts if facts is not None and may_manage(actor, facts) else None


def current_cohort(club_id: int) -> Cohort | None:
    """Return the cohort of the newest term."""
    return next(iter(cohorts_of(club_id)), None)


def roster(cohort_id: int) -> Sequence[CohortMember]:
    """Return the members of a cohort with their people, by given name."""
    statement = (
        select(CohortMember)
        .join(CohortMember.person)
        .where(CohortMember.cohort_id == cohort_id)
        .options(contains_eager(CohortMember.person))
        .order_by(Person.name_sort, Person.id)
    )
    return session().scalars(statement).all()


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
