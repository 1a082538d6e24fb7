"""The sample contest with its results published, and the people on both sides of a placement."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from compapp.accounts.models import Membership, Person
from compapp.contests.file import reader, registry, sections
from compapp.contests.models import Contest, ContestRole
from compapp.core.actor import Actor, Grant
from compapp.core.db import session, unit_of_work
from compapp.core.text import fold, name_sort_key
from compapp.entries.file_section import ENTRIES_SECTION
from compapp.entries.models import Entry, TeamMember
from compapp.incubation import file as incubation_file
from compapp.judging.file_sections import SECTIONS
from compapp.placement import file, queries, services
from compapp.placement.models import Intake, MatchRun, Offer
from tests.contests.builders import sample

IMPORTED = datetime(2027, 1, 25, 2, 0, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
RANKING = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)
MATCHED = datetime(2027, 3, 10, 2, 0, tzinfo=UTC)
SYSTEM = Actor.system("test")
PUBLISHED = [
    {"round": code, "number": 1, "published": f"{day}T08:00:00+07:00"}
    for code, day in (("R1", "2026-12-06"), ("R2", "2026-12-20"), ("R3", "2027-01-24"))
]

_counter = iter(range(1, 10**9))


def claim_sections() -> None:
    """Claim the sections of this room and of those below."""
    sections.register()
    for section in (*SECTIONS, ENTRIES_SECTION):
        registry.register(section)
    file.register()
    incubation_file.register()


def document(*, published: bool = True) -> dict[str, Any]:
    """Return the sample, with the results of its rounds published."""
    found = sample()
    return found | {"publications": PUBLISHED} if published else found


def load(given: dict[str, Any] | None = None, *, at: datetime = IMPORTED, **options: Any) -> Contest:
    """Load the sample (or ``given``) with leads, managers, two organisers and an approver who have accounts."""
    claim_sections()
    with unit_of_work():
        contest = reader.load(given or document(), actor=SYSTEM, at=at, **options)
        for member in session().scalars(
            select(TeamMember).join(TeamMember.entry).where(Entry.contest_id == contest.id, TeamMember.position <= 2)
        ):
            member.person_id = person(member.name, at=at).id
        for intake in queries.intakes_of(contest.id):
            membership(person(f"Quản lý {intake.code}", at=at), "manager", intake.incubator_id)
        for role, name in (("organiser", "Trần Thị Tổ"), ("organiser", "Lê Văn Chức"), ("approver", "Ngô Duyệt")):
            give_role(contest, person(name, at=at), role, at=at)
    return contest


def person(name: str, *, at: datetime = IMPORTED) -> Person:
    """Add a person with an e-mail of their own."""
    made = Person(
        name=name,
        name_fold=fold(name),
        name_sort=name_sort_key(name),
        email=f"nguoi-{next(_counter)}@example.vn",
        locale="vi",
        created_at=at,
    )
    session().add(made)
    session().flush()
    return made


def membership(who: Person, role: str, organisation_id: int | None, *, at: datetime = LONG_AGO) -> None:
    session().add(Membership(person_id=who.id, organisation_id=organisation_id, role=role, since=at))
    session().flush()


def give_role(contest: Contest, who: Person, role: str, *, at: datetime = IMPORTED) -> None:
    session().add(ContestRole(contest_id=contest.id, person_id=who.id, role=role, definition={}, since=at, code=None))
    session().flush()


def actor_of(who: Person) -> Actor:
    """Return a person with the roles that their rows give."""
    grants = {
        Grant(one.role, "platform" if one.organisation_id is None else "organisation", one.organisation_id)
        for one in session().scalars(select(Membership).where(Membership.person_id == who.id))
    }
    grants |= {
        Grant(one.role, "contest", one.contest_id)
        for one in session().scalars(select(ContestRole).where(ContestRole.person_id == who.id))
    }
    return Actor(who.id, who.name, who.email, who.locale, frozenset(grants))


def staff(contest: Contest, role: str, number: int = 0) -> Actor:
    found = session().scalars(
        select(Person)
        .join(ContestRole, ContestRole.person_id == Person.id)
        .where(ContestRole.contest_id == contest.id, ContestRole.role == role)
        .order_by(ContestRole.id)
    )
    return actor_of(list(found)[number])


def entry(contest: Contest, code: str) -> Entry:
    return session().scalars(select(Entry).where(Entry.contest_id == contest.id, Entry.code == code)).one()


def intake(contest: Contest, code: str) -> Intake:
    found = queries.intake_by_code(contest.id, code)
    assert found is not None
    return queries.intake(found.id)


def member_person(contest: Contest, code: str, role: str = "lead") -> Person:
    found = session().scalars(
        select(Person)
        .join(TeamMember, TeamMember.person_id == Person.id)
        .where(TeamMember.entry_id == entry(contest, code).id, TeamMember.role == role)
        .order_by(TeamMember.position)
    )
    return next(iter(found))


def lead(contest: Contest, code: str) -> Actor:
    return actor_of(member_person(contest, code))


def manager_person(contest: Contest, code: str) -> Person:
    return (
        session()
        .scalars(
            select(Person)
            .join(Membership, Membership.person_id == Person.id)
            .where(Membership.organisation_id == intake(contest, code).incubator_id, Membership.role == "manager")
        )
        .one()
    )


def manager(contest: Contest, code: str) -> Actor:
    return actor_of(manager_person(contest, code))


def propose(contest: Contest, at: datetime = MATCHED) -> MatchRun:
    with unit_of_work():
        return services.propose_matching(contest, actor=staff(contest, "organiser"), at=at)


def release(contest: Contest, at: datetime = MATCHED) -> MatchRun:
    """Compute a matching and release it as the approver."""
    run = propose(contest, at)
    with unit_of_work():
        services.release_matching(queries.run(run.id), actor=staff(contest, "approver"), at=at)
    return run


def offer(contest: Contest, code: str, intake_code: str | None = None) -> Offer:
    """Return the newest offer to a team (of one incubator on request)."""
    found = queries.offers_of_entry(entry(contest, code).id)
    return next(one for one in found if intake_code in (None, one.intake.code))


def accept(contest: Contest, codes: Iterable[str], at: datetime = MATCHED) -> None:
    """Let the leads of these teams accept what they were offered last."""
    for code in codes:
        with unit_of_work():
            services.accept_offer(queries.offer(offer(contest, code).id), actor=lead(contest, code), at=at)
