"""The sample contest as judging needs it: entries by a plain loader, people with roles, actors, moments."""

import copy
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from compapp.accounts.models import Person
from compapp.contests.file import reader, registry, sections
from compapp.contests.models import Contest, ContestRole, Round
from compapp.core.actor import Actor, Grant
from compapp.core.db import session, unit_of_work
from compapp.core.text import fold, name_sort_key, sort_key
from compapp.entries.models import Entry, TeamMember
from compapp.judging import services
from compapp.judging.file_sections import SECTIONS
from compapp.judging.models import Assignment, Seat

SAMPLE = Path(__file__).parent.parent / "data" / "sample-contest.json"
BEFORE = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
DURING = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
LATE = datetime(2026, 12, 3, 9, 0, tzinfo=UTC)
AFTER = datetime(2026, 12, 7, 2, 0, tzinfo=UTC)
FULL = {"innovation": "7", "need": "6,5", "feasibility": "7.5", "business": "6", "impact": "8", "team": "7"}


@lru_cache(maxsize=1)
def _text() -> str:
    return SAMPLE.read_text(encoding="utf-8")


def sample(*, sheets: bool = True) -> dict[str, Any]:
    """Return a fresh copy of the sample; without its sheets on request."""
    read: dict[str, Any] = json.loads(_text())
    if not sheets:
        del read["sheets"]
    return copy.deepcopy(read)


def _load_entries(contest: Contest, data: list[Mapping[str, Any]], context: registry.ImportContext) -> None:
    for item in data:
        institution = context.institution(item["institution"])
        sector = context.sector(item.get("sector"))
        title = item["title"]
        entry = Entry(
            contest_id=contest.id,
            code=item["code"],
            number=item["number"],
            board_id=context.board(item["board"]).id,
            sector_id=None if sector is None else sector.id,
            institution_id=None if institution is None else institution.id,
            state="eligible",
            title=title,
            title_fold=fold(title["vi"]),
            title_sort=sort_key(title["vi"]),
            one_liner=item.get("one_liner") or {},
            stage=item.get("stage"),
            answers={"stage": item.get("stage"), "problem": f"Vấn đề của {title['vi']}"},
            created_at=context.at,
            saved_at=context.at,
            submitted_at=datetime.fromisoformat(item["submitted"]["at"]),
            definition=dict(item),
        )
        session().add(entry)
        session().flush()
        context.keep("entry", entry.code, entry)
        for position, member in enumerate(item.get("members") or ()):
            session().add(_member(entry, position, member, context))
    session().flush()


def _member(entry: Entry, position: int, item: Mapping[str, Any], context: registry.ImportContext) -> TeamMember:
    school = context.institution(item.get("institution"))
    return TeamMember(
        entry_id=entry.id,
        position=position,
        role=item["role"],
        name=item["name"],
        born=date.fromisoformat(item["born"]) if item.get("born") else None,
        institution_id=None if school is None else school.id,
        class_name=item.get("class"),
        student_number=item.get("student_number"),
        joined_at=context.at,
        definition=dict(item),
    )


def _write_entries(contest: Contest) -> Any:
    rows = session().scalars(select(Entry).where(Entry.contest_id == contest.id).order_by(Entry.id))
    return [dict(row.definition) for row in rows] or None


def claim_sections() -> None:
    """Claim the sections of contests, of judging, and of entries where that room has not done so."""
    sections.register()
    for one in SECTIONS:
        registry.register(one)
    if registry.section("entries") is None:
        registry.register(
            registry.Section("entries", registry.ENTRIES, registry.no_check, _load_entries, _write_entries)
        )


def load_sample(*, sheets: bool = False, at: datetime = BEFORE, document: dict[str, Any] | None = None) -> Contest:
    """Load the sample (or ``document``) in one unit of work; every entry is eligible."""
    claim_sections()
    with unit_of_work():
        contest = reader.load(document or sample(sheets=sheets), actor=Actor.system("test"), at=at)
        for entry in session().scalars(select(Entry).where(Entry.contest_id == contest.id)):
            entry.state = "eligible"
        for one in session().scalars(select(Seat).where(Seat.contest_id == contest.id)):
            one.pledged_at, one.pledge_version, one.pledge_locale = at, "2", "vi"
        for role, name in (("organiser", "Trần Tổ Chức"), ("organiser", "Lê Tổ Chức"), ("secretary", "Ngô Thư Ký")):
            add_role(contest, role, add_person(name, at=at), at=at)
    return contest


_counter = iter(range(1, 10**9))


def add_person(name: str, *, email: str | None = None, at: datetime = BEFORE) -> Person:
    """Add a person with an e-mail of their own."""
    person = Person(
        name=name,
        name_fold=fold(name),
        name_sort=name_sort_key(name),
        email=email or f"nguoi{next(_counter)}@example.vn",
        locale="vi",
        created_at=at,
    )
    session().add(person)
    session().flush()
    return person


def add_role(contest: Contest, role: str, person: Person, *, at: datetime = BEFORE) -> None:
    """Give a person a role in a contest."""
    session().add(
        ContestRole(contest_id=contest.id, person_id=person.id, role=role, definition={}, since=at, code=None)
    )
    session().flush()


def actor_of(person: Person) -> Actor:
    """Return the actor with the grants that the person's roles give now."""
    rows = session().scalars(select(ContestRole).where(ContestRole.person_id == person.id, ContestRole.until.is_(None)))
    grants = frozenset(Grant(row.role, "contest", row.contest_id) for row in rows)
    return Actor(person.id, person.name, person.email, person.locale, grants)


def staff(contest: Contest, role: str, number: int = 0) -> Actor:
    """Return the ``number``-th person with a role as an actor."""
    people = session().scalars(
        select(Person)
        .join(ContestRole, ContestRole.person_id == Person.id)
        .where(ContestRole.contest_id == contest.id, ContestRole.role == role, ContestRole.until.is_(None))
        .order_by(ContestRole.id)
    )
    return actor_of(list(people)[number])


def seat(contest: Contest, code: str) -> Seat:
    """Return a judge's seat by code."""
    return session().scalars(select(Seat).where(Seat.contest_id == contest.id, Seat.code == code)).one()


def judge(contest: Contest, code: str) -> Actor:
    """Return a judge as an actor."""
    return actor_of(seat(contest, code).person)


def entry(contest: Contest, code: str) -> Entry:
    """Return an entry by code."""
    return session().scalars(select(Entry).where(Entry.contest_id == contest.id, Entry.code == code)).one()


def round_(contest: Contest, code: str = "R1") -> Round:
    """Return a round by code."""
    return session().scalars(select(Round).where(Round.contest_id == contest.id, Round.code == code)).one()


def assign_all(contest: Contest, code: str = "R1", at: datetime = BEFORE) -> list[Assignment]:
    """Compute and publish the assignment of a round."""
    organiser = staff(contest, "organiser")
    with unit_of_work():
        services.compute_assignment(round_(contest, code), actor=organiser, at=at)
        return services.publish_assignment(round_(contest, code), actor=organiser, at=at)


def assignments(contest: Contest, *, judge: str | None = None, state: str = "open") -> list[Assignment]:
    """Return the assignments of a contest, of one judge on request, in the judge's order."""
    statement = select(Assignment).join(Assignment.seat).where(Seat.contest_id == contest.id, Assignment.state == state)
    if judge is not None:
        statement = statement.where(Seat.code == judge)
    return list(session().scalars(statement.order_by(Seat.code, Assignment.position)))


def score(assignment: Assignment, actor: Actor, scores: Mapping[str, str] | None = None, at: datetime = DURING) -> None:
    """Fill in and hand in a sheet."""
    with unit_of_work():
        services.save_sheet(assignment, services.SheetInput(scores=dict(scores or FULL)), actor=actor, at=at)
        services.submit_sheet(assignment, actor=actor, at=at)
