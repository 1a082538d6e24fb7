"""Who holds a role in a contest, and the grants that follow from it."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from sqlalchemy import Select, literal, select
from sqlalchemy.orm import joinedload

from compapp.accounts.models import Membership, Person
from compapp.contests.lifecycle import ARCHIVED, DRAFT
from compapp.contests.models import Contest, ContestRole
from compapp.contests.policy import APPROVER, CHAIR, ORGANISER, STAFF
from compapp.core.actor import CONTEST, Grant
from compapp.core.db import session

Bar = Callable[[int], Select[int]]

_bars: list[Bar] = []


def register_bar(bar: Bar) -> None:
    """Let a room above say in which contests a person may hold no role, being on a team there.

    ``bar(person_id)`` selects contest ids. Team membership beats any role in that contest (safety.md 5).
    """
    if bar not in _bars:
        _bars.append(bar)


def contest_grants(person_id: int) -> list[Grant]:
    """Return the person's grants in contests."""
    return [Grant(role, scope, contest_id) for role, scope, contest_id in session().execute(select_grants(person_id))]


def select_grants(person_id: Any) -> Select[str, str, int | None]:
    """Select the person's grants in contests: given roles, and organising where their organisation does.

    Registered with ``accounts.queries.register_grants``.
    """
    given = select(ContestRole.role, ContestRole.contest_id).where(
        ContestRole.person_id == person_id, ContestRole.until.is_(None)
    )
    organised = (
        select(literal(ORGANISER), Contest.id)
        .join(Membership, Membership.organisation_id == Contest.organiser_id)
        .where(Membership.person_id == person_id, Membership.role == ORGANISER, Membership.until.is_(None))
    )
    held = given.union_all(organised).subquery()
    return select(held.c.role, literal(CONTEST), held.c.contest_id).where(
        *(held.c.contest_id.not_in(bar(person_id)) for bar in _bars)
    )


def officials_among(contest_id: int, person_ids: Collection[int]) -> set[int]:
    """Return who of these people holds any role in the contest, or organises it through their organisation."""
    given = select(ContestRole.person_id).where(
        ContestRole.contest_id == contest_id, ContestRole.person_id.in_(person_ids), ContestRole.until.is_(None)
    )
    of_person: Any = Membership.person_id
    organising = (
        select(Membership.person_id)
        .join(Contest, Membership.organisation_id == Contest.organiser_id)
        .where(
            Contest.id == contest_id,
            Membership.person_id.in_(person_ids),
            Membership.role == ORGANISER,
            Membership.until.is_(None),
            *(Contest.id.not_in(bar(of_person)) for bar in _bars),
        )
    )
    return set(session().scalars(given.union(organising)))


def people_with_role(contest_id: int, role: str) -> list[int]:
    """Return the ids of the active people who hold ``role`` now and are on no team there.

    Staff of the organising organisation count as organisers, as in :func:`contest_grants`.
    """
    given_to: Any = ContestRole.person_id
    statement = (
        select(ContestRole.person_id)
        .join(Person, Person.id == ContestRole.person_id)
        .where(
            ContestRole.contest_id == contest_id,
            ContestRole.role == role,
            ContestRole.until.is_(None),
            Person.active,
            *(ContestRole.contest_id.not_in(bar(given_to)) for bar in _bars),
        )
    )
    people = set(session().scalars(statement))
    if role == ORGANISER:
        people |= set(session().scalars(_organising_staff(contest_id)))
    return sorted(people)


def witnesses_of_running_contests() -> list[int]:
    """Return the active people who chair or approve in a contest that is announced and not yet in the archive."""
    statement = (
        select(ContestRole.person_id)
        .join(Person, Person.id == ContestRole.person_id)
        .join(Contest, Contest.id == ContestRole.contest_id)
        .where(
            ContestRole.role.in_((APPROVER, CHAIR)),
            ContestRole.until.is_(None),
            Person.active,
            Contest.state.not_in((DRAFT, ARCHIVED)),
        )
    )
    return sorted(set(session().scalars(statement)))


def _organising_staff(contest_id: int) -> Select[int]:
    of_person: Any = Membership.person_id
    return (
        select(Membership.person_id)
        .join(Contest, Contest.organiser_id == Membership.organisation_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Contest.id == contest_id, Membership.role == ORGANISER, Membership.until.is_(None), Person.active)
        .where(*(Contest.id.not_in(bar(of_person)) for bar in _bars))
    )


def holds_role(contest_id: int, person_id: int, role: str) -> bool:
    """Whether the person holds the role now by a grant of their own."""
    statement = select(ContestRole.id).where(
        ContestRole.contest_id == contest_id,
        ContestRole.person_id == person_id,
        ContestRole.role == role,
        ContestRole.until.is_(None),
    )
    return session().scalar(statement) is not None


def roles_of(contest_id: int) -> Sequence[ContestRole]:
    """Return the roles held now, by role and name."""
    statement = (
        select(ContestRole)
        .join(Person, Person.id == ContestRole.person_id)
        .where(ContestRole.contest_id == contest_id, ContestRole.until.is_(None))
        .options(joinedload(ContestRole.person))
        .order_by(ContestRole.role, Person.name_sort, ContestRole.id)
    )
    return session().scalars(statement).all()


def staff_of(contest_id: int) -> list[int]:
    """Return the ids of everybody with a staff role (organiser, approver, secretary, chair)."""
    return sorted({person for role in STAFF for person in people_with_role(contest_id, role)})
