"""Taking a demonstration down: its contests and people go, real data beside it and the audit chain stay.

What goes is found along the foreign keys from the flagged rows, so that a table that a room adds later needs no
line here. A made-up person or organisation that real data speak of stays: the person closed, without password.
"""

from collections.abc import Iterable

from sqlalchemy import Column, Table, delete, select, update
from sqlalchemy.sql.elements import ColumnElement

from compapp.accounts.models import Organisation, Person
from compapp.clubs.models import Activity
from compapp.clubs.queries import miscounted
from compapp.contests.models import Contest
from compapp.core import audit, clock
from compapp.core.actor import Actor
from compapp.core.db import Base, session, session_scope, unit_of_work
from compapp.core.outbox import OutboxMessage
from compapp.demo.cast import DOMAIN

REMOVED = "demo.data.removed"
"""The verb of the audit row that names who was removed; ``flask doctor`` knows them by it."""

PERSONAL = {
    "membership",
    "sign_in_session",
    "consent",
    "relation",
    "club_cohort_member",
    "club_join_request",
    "club_registration",
    "club_student_record",
    "inbox_item",
    "notification_preference",
    "weekly_hours",
}
"""Tables whose rows belong to one person and go with that person."""

INVITING = ("organisation_invitation", "club_invitation")
"""Tables of invitations: they go with who sent them and with whose address they went to."""

SHARED = {"person", "organisation", "blob", "outbox_message"}
"""Tables that a contest's rows point at without owning them."""

Ids = dict[str, set[int]]


def is_standing() -> bool:
    """Whether there is a demonstration, whole or in part."""
    return any(
        session().scalar(select(model.id).where(model.demonstration).limit(1)) is not None
        for model in (Contest, Person, Organisation)
    )


def remove() -> None:
    """Remove the demonstration in one unit of work, and write down that it was done."""
    with clock.reading() as at, session_scope(), unit_of_work():
        contests = set(session().scalars(select(Contest.id).where(Contest.demonstration)))
        people = set(session().scalars(select(Person.id).where(Person.demonstration)))
        organisations = set(session().scalars(select(Organisation.id).where(Organisation.demonstration)))
        doomed: Ids = {"contest": contests}
        _gather(doomed, leave=SHARED)
        _delete_messages(contests, people, doomed)
        _delete(doomed)
        personal = {name: _pointing(name, "person", people) for name in PERSONAL if name in Base.metadata.tables}
        personal["student_identity"] = _numbers_of(people)
        personal |= {name: _invitations(name, people, organisations) for name in INVITING}
        attended = _owners("club_registration", "activity_id", personal["club_registration"])
        _delete({name: ids for name, ids in personal.items() if ids})
        _leave_to_real_people(attended)
        mentors = _pointing("mentor", "person", people)
        _delete({"mentor": mentors - _spoken_of("mentor", mentors)})
        gone = people - _spoken_of("person", people)
        _close(people - gone)
        _delete({"person": gone})
        free = _without_real_people(organisations)
        _delete({"organisation": free})
        data = {"contests": sorted(contests), "people": sorted(gone), "organisations": sorted(free)}
        audit.record(REMOVED, ("demo", None), actor=Actor.system("demonstration"), at=at, data=data)


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _key(table: Table) -> Column[int]:
    """Return the column that tells a table's rows apart, mostly ``id``."""
    (column,) = table.primary_key.columns
    return column


def _gather(doomed: Ids, *, leave: Iterable[str]) -> None:
    """Add every row that points at a doomed row, until there is none left to add."""
    kept = set(leave)
    pending = list(doomed)
    while pending:
        target = pending.pop()
        for table in Base.metadata.sorted_tables:
            if table.name in kept or not any(key.column.table.name == target for key in table.foreign_keys):
                continue
            found = _pointing(table.name, target, doomed[target])
            if found - doomed.get(table.name, set()):
                doomed.setdefault(table.name, set()).update(found)
                pending.append(table.name)


def _pointing(name: str, target: str, ids: set[int]) -> set[int]:
    """Return the ids of the rows of a table that point at rows of ``target``."""
    table = _table(name)
    found: set[int] = set()
    for key in table.foreign_keys:
        if key.column.table.name == target:
            for part in _parts(ids):
                found |= set(session().scalars(select(_key(table)).where(key.parent.in_(part))))
    return found


def _numbers_of(people: set[int]) -> set[int]:
    """Return the ids of these people's student numbers, not of those that they confirmed."""
    table, found = _table("student_identity"), set[int]()
    for part in _parts(people):
        found |= set(session().scalars(select(table.c.id).where(table.c.person_id.in_(part))))
    return found


def _invitations(name: str, people: set[int], organisations: set[int]) -> set[int]:
    """Return the ids of what made-up organisations sent, and of what went to made-up people, whoever answered it."""
    table = _table(name)
    made_up = set(session().scalars(select(table.c.id).where(table.c.email.endswith(f"@{DOMAIN}"))))
    return made_up | _pointing(name, "organisation", organisations) | _pointing(name, "person", people)


def _parts(ids: set[int], size: int = 500) -> list[list[int]]:
    ordered = sorted(ids)
    return [ordered[start : start + size] for start in range(0, len(ordered), size)]


def _delete_messages(contests: set[int], people: set[int], doomed: Ids) -> None:
    """Remove the messages of the contests and to the people, with their places in inboxes."""
    conditions: list[ColumnElement[bool]] = [OutboxMessage.contest_id.in_(part) for part in _parts(contests)]
    conditions += [OutboxMessage.person_id.in_(part) for part in _parts(people)]
    messages: set[int] = set()
    for condition in conditions:
        messages |= set(session().scalars(select(OutboxMessage.id).where(condition)))
    doomed.setdefault("outbox_message", set()).update(messages)
    doomed.setdefault("inbox_item", set()).update(_pointing("inbox_item", "outbox_message", messages))


def _delete(doomed: Ids) -> None:
    for table in reversed(Base.metadata.sorted_tables):
        for part in _parts(doomed.get(table.name, set())):
            session().execute(delete(table).where(_key(table).in_(part)))


def _spoken_of(target: str, ids: set[int]) -> set[int]:
    """Return those of ``ids`` at which a row that stays points."""
    found: set[int] = set()
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table.name == target and table.name != target:
                for part in _parts(ids):
                    found |= set(session().scalars(select(key.parent).where(key.parent.in_(part)).distinct()))
    return found


def _close(people: set[int]) -> None:
    for part in _parts(people):
        session().execute(update(Person).where(Person.id.in_(part)).values(active=False, password_hash=None))


def _without_real_people(organisations: set[int]) -> set[int]:
    """Return the organisations that go: nothing real points at them, their clubs or incubators."""
    cohorts = _pointing("club_cohort", "organisation", organisations)
    activities = _pointing("club_activity", "club_cohort", cohorts)
    lively = _owners("club_registration", "activity_id", _pointing("club_registration", "club_activity", activities))
    _delete({"club_activity": activities - lively})
    members = _pointing("club_cohort_member", "club_cohort", cohorts)
    busy = _owners("club_activity", "cohort_id", activities & lively)
    _delete({"club_cohort": cohorts - busy - _owners("club_cohort_member", "cohort_id", members)})
    stays = _spoken_of("organisation", organisations)
    parents = _table("organisation").c
    while True:
        rows = session().execute(select(parents.id, parents.parent_id).where(parents.parent_id.in_(organisations)))
        more = {parent for child, parent in rows if child in stays or child not in organisations} - stays
        if not more:
            return organisations - stays
        stays |= more


def _leave_to_real_people(attended: set[int]) -> None:
    """Take the activities down that only made-up people attended; of the others count who is left."""
    known = _pointing("club_registration", "club_activity", attended)
    kept = _owners("club_registration", "activity_id", known)
    _delete({"club_activity": attended - kept})
    for activity, taken, came, registered, present in miscounted():
        if activity in kept and (taken, came) != (registered, present):
            session().execute(update(Activity).where(Activity.id == activity).values(taken=registered, came=present))


def _owners(name: str, column: str, ids: set[int]) -> set[int]:
    """Return what a column says in the rows with these ids: real people's rows that stay hold their owners."""
    table, found = _table(name), set()
    for part in _parts(ids):
        found |= set(session().scalars(select(table.c[column]).where(table.c.id.in_(part))))
    return found
