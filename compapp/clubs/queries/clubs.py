"""Reading clubs: an organisation of kind ``club``, its terms, their members, who asks to join."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from compapp.accounts.lifecycle import REFUSED
from compapp.accounts.models import Membership, Organisation, Person, StudentIdentity
from compapp.accounts.queries.grants import holds_at
from compapp.clubs.lifecycle import ASKED, ROLES
from compapp.clubs.models import Cohort, CohortMember, JoinRequest
from compapp.clubs.policy import ADVISOR, MANAGER, ClubFacts, may_look_after, may_manage, may_see_figures, takes_part
from compapp.core import clock
from compapp.core.actor import ORGANISATION, Actor
from compapp.core.db import session
from compapp.core.paging import Page, paginate
from compapp.core.reading import read_once
from compapp.core.text import fold

CLUB = "club"
PER_PAGE = 50


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
    entry_id: int = 0


@dataclass(frozen=True, slots=True)
class TeamReview:
    """What the club said of an entry: a key of ``lifecycle.VERDICTS``, and whether it nominated it to the school."""

    verdict: str
    is_nominated: bool


ReviewSource = Callable[[int, Collection[int]], Mapping[int, TeamReview]]

_reviews: ReviewSource | None = None


def use_reviews(source: ReviewSource) -> None:
    """Let a room above say what a club said of entries: club and entries in, its words by entry out."""
    global _reviews
    _reviews = source


def reviews_of(club_id: int, entry_ids: Collection[int]) -> Mapping[int, TeamReview]:
    """Return what the club said of these entries."""
    return _reviews(club_id, entry_ids) if _reviews is not None and entry_ids else {}


@dataclass(frozen=True, slots=True)
class Claim:
    """Whose teams are a club's: those of the people in its cohort, and of its school."""

    school_id: int | None
    member_ids: frozenset[int]


TeamSource = Callable[[Mapping[int, Claim]], Mapping[int, Sequence[ClubTeam]]]

_teams: TeamSource | None = None


def use_teams(source: TeamSource) -> None:
    """Let a room above say which teams clubs have: their claims in, their teams out, both by club."""
    global _teams
    _teams = source


def teams_of(club: Organisation, cohort: Cohort | None) -> Sequence[ClubTeam]:
    """Return the teams of the club's cohort and school."""
    return teams_of_clubs([club], {} if cohort is None else {club.id: cohort})[club.id]


def teams_of_clubs(clubs: Collection[Organisation], cohorts: Mapping[int, Cohort]) -> Mapping[int, Sequence[ClubTeam]]:
    """Return the teams of each club's cohort and school, by club; ``cohorts`` holds the newest of each club."""
    people: dict[int, set[int]] = {cohort.id: set() for cohort in cohorts.values()}
    if people:
        inside = select(CohortMember.cohort_id, CohortMember.person_id).where(
            CohortMember.cohort_id.in_(people), CohortMember.left_at.is_(None)
        )
        for cohort_id, person_id in session().execute(inside):
            people[cohort_id].add(person_id)
    claims = {
        one.id: Claim(one.parent_id, frozenset(people[cohorts[one.id].id]) if one.id in cohorts else frozenset())
        for one in clubs
    }
    found = _teams(claims) if _teams is not None and claims else {}
    return {club_id: found.get(club_id, ()) for club_id in claims}


def club(club_id: int) -> Organisation | None:
    """Return the club."""
    found = session().get(Organisation, club_id)
    return found if found is not None and found.kind == CLUB else None


def school_of(found: Organisation) -> Organisation | None:
    """Return the school that a club belongs to."""
    return session().get(Organisation, found.parent_id) if found.parent_id is not None else None


def _clubs() -> Select[Organisation]:
    return select(Organisation).where(Organisation.kind == CLUB).order_by(Organisation.name_sort, Organisation.id)


@read_once
def managed_clubs(actor: Actor) -> Sequence[Organisation]:
    """Return the clubs that ``actor`` manages, by name."""
    own = actor.scopes(MANAGER, ORGANISATION)
    return session().scalars(_clubs().where(Organisation.id.in_(own))).all() if own else []


def clubs_in_care(actor: Actor) -> Sequence[Organisation]:
    """Return the clubs that ``actor`` manages or advises, by name."""
    own = actor.scopes(MANAGER, ORGANISATION) | actor.scopes(ADVISOR, ORGANISATION)
    return session().scalars(_clubs().where(Organisation.id.in_(own))).all() if own else []


def finds_clubs(actor: Actor) -> bool:
    """Whether the navigation shows clubs: to who may take part; of managers to those of a club, not of an incubator."""
    own = actor.scopes(MANAGER, ORGANISATION)
    if not takes_part(actor) or not own:
        return takes_part(actor)
    return bool(managed_clubs(actor))


def clubs_page(search: str, number: int) -> Page:
    """Return one page of (club, school, members of its newest term), searched without diacritics."""
    school = aliased(Organisation)
    newest = _newest_cohort(Organisation.id)
    people = (
        select(func.count())
        .select_from(CohortMember)
        .where(CohortMember.cohort_id == newest, CohortMember.left_at.is_(None))
        .scalar_subquery()
    )
    statement = (
        select(Organisation, school, people)
        .outerjoin(school, school.id == Organisation.parent_id)
        .where(Organisation.kind == CLUB)
        .order_by(Organisation.name_sort, Organisation.id)
    )
    wanted = fold(search)[:100]
    if wanted:
        statement = statement.where(
            or_(
                Organisation.name_fold.contains(wanted, autoescape=True),
                func.lower(Organisation.name_en).contains(wanted, autoescape=True),
                school.name_fold.contains(wanted, autoescape=True),
            )
        )
    return paginate(statement, number, PER_PAGE)


def _newest_cohort(club_id: Any) -> Any:
    """Return the id of a club's newest term as a subquery."""
    return (
        select(Cohort.id)
        .where(Cohort.club_id == club_id)
        .order_by(Cohort.term.desc())
        .limit(1)
        .correlate(Organisation)
        .scalar_subquery()
    )


def club_facts(actor: Actor, club_id: int, **_more: Any) -> ClubFacts | None:
    """Return what the policies judge; nothing for an unknown club."""
    found = club(club_id)
    return None if found is None else facts_of(actor, found)


def facts_of(actor: Actor, found: Organisation, *, cohort_id: int | None = None) -> ClubFacts:
    """Return what the policies judge of a club at hand; members of the cohort named count beside the newest's."""
    inside = actor.person_id is not None and is_member(found.id, actor.person_id, cohort_id=cohort_id)
    return ClubFacts(found.id, found.parent_id, inside)


def managed_club_facts(actor: Actor, club_id: int, **_more: Any) -> ClubFacts | None:
    """Return what the policies judge; nothing for a club that ``actor`` does not manage."""
    facts = club_facts(actor, club_id)
    return facts if facts is not None and may_manage(actor, facts) else None


def inner_club_facts(actor: Actor, club_id: int, **_more: Any) -> ClubFacts | None:
    """Return what the policies judge; nothing for a club that ``actor`` neither manages nor advises."""
    facts = club_facts(actor, club_id)
    return facts if facts is not None and may_look_after(actor, facts) else None


def figures_club_facts(actor: Actor, club_id: int, **_more: Any) -> ClubFacts | None:
    """Return what the policies judge; nothing for a club whose figures ``actor`` may not see."""
    facts = club_facts(actor, club_id)
    return facts if facts is not None and may_see_figures(actor, facts) else None


def is_member(club_id: int, person_id: int, *, cohort_id: int | None = None) -> bool:
    """Whether the person is in the club's cohort of the newest term, or in the one named."""
    newest = select(Cohort.id).where(Cohort.club_id == club_id).order_by(Cohort.term.desc()).limit(1).scalar_subquery()
    statement = select(
        exists().where(
            or_(CohortMember.cohort_id == newest, CohortMember.cohort_id == cohort_id),
            CohortMember.person_id == person_id,
            CohortMember.left_at.is_(None),
        )
    )
    return bool(session().scalar(statement))


def current_cohort(club_id: int) -> Cohort | None:
    """Return the cohort of the newest term."""
    return next(iter(cohorts_of(club_id)), None)


def current_terms(club_ids: Collection[int]) -> dict[int, tuple[Cohort, int]]:
    """Return of each club that has one the cohort of the newest term, and how many ask to join, in one query."""
    asking = (
        select(func.count())
        .select_from(JoinRequest)
        .where(JoinRequest.club_id == Cohort.club_id, JoinRequest.state == ASKED)
        .correlate(Cohort)
        .scalar_subquery()
    )
    statement = select(Cohort, asking).where(Cohort.club_id.in_(club_ids)).order_by(Cohort.term)
    return {cohort.club_id: (cohort, count) for cohort, count in session().execute(statement)} if club_ids else {}


def cohorts_of(club_id: int) -> Sequence[Cohort]:
    """Return the cohorts of a club, the newest term first."""
    statement = select(Cohort).where(Cohort.club_id == club_id).options(joinedload(Cohort.club))
    return session().scalars(statement.order_by(Cohort.term.desc())).all()


def cohort_by_key(key: str, at: datetime) -> Cohort | None:
    """Return the cohort that a link leads into; nothing once the link is over or replaced."""
    statement = select(Cohort).where(Cohort.join_key == key, Cohort.join_until >= at)
    return session().scalars(statement.options(joinedload(Cohort.club))).first()


def membership_of(cohort_id: int, person_id: int) -> CohortMember | None:
    """Return a person's place in a cohort, also one that has ended."""
    statement = select(CohortMember).where(CohortMember.cohort_id == cohort_id, CohortMember.person_id == person_id)
    return session().scalars(statement).one_or_none()


def roster(cohort_id: int) -> Sequence[CohortMember]:
    """Return the members of a cohort with their people, officers first, then by given name."""
    found: Sequence[CohortMember] = (
        session().scalars(_roster(cohort_id).options(contains_eager(CohortMember.person))).all()
    )
    return found


def roster_page(cohort_id: int, search: str, number: int) -> Page:
    """Return one page of (member, where they study), officers first, then by given name."""
    statement = _with_studies(cohort_id)
    wanted = fold(search)[:100]
    if wanted:
        statement = statement.where(
            or_(
                Person.name_fold.contains(wanted, autoescape=True),
                Person.email.contains(wanted, autoescape=True),
                func.lower(StudentIdentity.number).contains(wanted, autoescape=True),
                func.lower(StudentIdentity.class_name).contains(wanted, autoescape=True),
            )
        )
    return paginate(statement, number, PER_PAGE)


def roster_with_studies(cohort_id: int) -> Sequence[Any]:
    """Return every (member, where they study or nothing), officers first, then by given name."""
    return session().execute(_with_studies(cohort_id)).all()


def _with_studies(cohort_id: int) -> Any:
    return (
        _roster(cohort_id)
        .join(Cohort, Cohort.id == CohortMember.cohort_id)
        .join(Organisation, Organisation.id == Cohort.club_id)
        .outerjoin(StudentIdentity, studies_at(Person.id, Organisation.parent_id))
        .add_columns(StudentIdentity)
        .options(contains_eager(CohortMember.person))
    )


def _roster(cohort_id: int) -> Any:
    rank = case({role: place for place, role in enumerate(ROLES)}, value=CohortMember.role, else_=len(ROLES))
    return (
        select(CohortMember)
        .join(Person, Person.id == CohortMember.person_id)
        .where(CohortMember.cohort_id == cohort_id, CohortMember.left_at.is_(None))
        .order_by(rank, Person.name_sort, Person.id)
    )


def member_ids(cohort_id: int) -> list[int]:
    """Return the ids of the people in a cohort now."""
    statement = select(CohortMember.person_id).where(
        CohortMember.cohort_id == cohort_id, CohortMember.left_at.is_(None)
    )
    return list(session().scalars(statement.order_by(CohortMember.person_id)))


def member_count(cohort_id: int) -> int:
    """Return how many people are in a cohort now."""
    statement = select(func.count()).where(CohortMember.cohort_id == cohort_id, CohortMember.left_at.is_(None))
    return session().scalar(statement.select_from(CohortMember)) or 0


def advisors_of(club_id: int) -> Sequence[Person]:
    """Return the club's advisors, by given name."""
    statement = (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == club_id, Membership.role == ADVISOR, holds_at(clock.now()), Person.active)
        .order_by(Person.name_sort, Person.id)
    )
    return session().scalars(statement).all()


def open_requests(club_id: int) -> Sequence[JoinRequest]:
    """Return the requests to join that wait for an answer, the oldest first."""
    statement = select(JoinRequest).where(JoinRequest.club_id == club_id, JoinRequest.state == ASKED)
    return session().scalars(statement.options(joinedload(JoinRequest.person)).order_by(JoinRequest.asked_at)).all()


@read_once
def open_request_count(club_id: int) -> int:
    """Return how many requests to join a club wait for an answer."""
    statement = select(func.count()).where(JoinRequest.club_id == club_id, JoinRequest.state == ASKED)
    return session().scalar(statement.select_from(JoinRequest)) or 0


def request_of(club_id: int, person_id: int) -> JoinRequest | None:
    """Return a person's request to join a club."""
    statement = select(JoinRequest).where(JoinRequest.club_id == club_id, JoinRequest.person_id == person_id)
    return session().scalars(statement).one_or_none()


def studies_at(person_id: Any, school_id: Any) -> Any:
    """Return the condition that a row says where somebody studies, and the school has not refused it."""
    return and_(
        StudentIdentity.person_id == person_id,
        StudentIdentity.organisation_id == school_id,
        StudentIdentity.state != REFUSED,
    )
