"""What would tell who a team is, from its rows: names, school, classes, numbers, addresses."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import aliased

from compapp.accounts.models import Organisation, Person
from compapp.contests.definition import EntryForm
from compapp.core.db import session
from compapp.core.reading import read_once
from compapp.entries import blindness
from compapp.entries.models import Entry, TeamMember

JUDGES_SEE = frozenset({"public", "judges", "judges_confidential"})
_SCHOOL = aliased(Organisation)
_OWN_SCHOOL = aliased(Organisation)
_MEMBERS = (
    select(
        Entry.id.label("entry_id"),
        Entry.institution_id.label("school_id"),
        TeamMember.name,
        TeamMember.institution_id.label("own_school_id"),
        TeamMember.class_name,
        TeamMember.student_number,
        Person.name.label("person_name"),
        Person.email,
        Person.phone,
        _SCHOOL.name_vi,
        _SCHOOL.name_en,
        _OWN_SCHOOL.name_vi,
        _OWN_SCHOOL.name_en,
    )
    .outerjoin(TeamMember, TeamMember.entry_id == Entry.id)
    .outerjoin(Person, Person.id == TeamMember.person_id)
    .outerjoin(_SCHOOL, _SCHOOL.id == Entry.institution_id)
    .outerjoin(_OWN_SCHOOL, _OWN_SCHOOL.id == TeamMember.institution_id)
)
"""The team of an entry, those who left included, with the names of its schools."""


@read_once
def identity_of_entry(entry: Entry) -> blindness.Identity:
    """Return what must not be found in what judges see of ``entry``; those who left the team included."""
    return identities_of([entry])[entry.id]


class OfTeam(Protocol):
    """An entry, or the columns of one."""

    @property
    def id(self) -> int:
        """Return its id."""
        ...

    @property
    def institution_id(self) -> int | None:
        """Return its school."""
        ...


def identities_of(entries: Iterable[OfTeam]) -> dict[int, blindness.Identity]:
    """Return the identities of several entries in one query: entry id to identity."""
    wanted = {entry.id: entry for entry in entries}
    teams: dict[int, list[Any]] = {entry_id: [] for entry_id in wanted}
    schools: dict[int, tuple[str, str]] = {}
    rows: Sequence[Any] = session().execute(_MEMBERS.where(Entry.id.in_(wanted))).all()
    for member in rows:
        for school_id, names in ((member.school_id, member[-4:-2]), (member.own_school_id, member[-2:])):
            if school_id is not None:
                schools[school_id] = (names[0], names[1])
        if member.name is not None:
            teams[member.entry_id].append(member)
    return {entry_id: _identity(entry, teams[entry_id], schools) for entry_id, entry in wanted.items()}


def _identity(entry: OfTeam, members: list[Any], schools: Mapping[int, tuple[str, str]]) -> blindness.Identity:
    own = {member.own_school_id for member in members} | {entry.institution_id}
    return _identity_of(
        (*(member.name for member in members), *(one.person_name for one in members if one.person_name)),
        tuple(name for school_id in sorted(one for one in own if one is not None) for name in schools[school_id]),
        tuple(member.class_name for member in members),
        tuple(member.student_number for member in members),
        tuple(contact for member in members for contact in (member.email, member.phone)),
    )


Words = tuple[str | None, ...]


@lru_cache(maxsize=2_048)
def _identity_of(
    people: tuple[str, ...], schools: tuple[str, ...], classes: Words, numbers: Words, contacts: Words
) -> blindness.Identity:
    """Return what to look for; the same teams stand on every desk of a jury."""
    return blindness.identity(people=people, schools=schools, classes=classes, numbers=numbers, contacts=contacts)


def judge_visible_keys(entry: Entry) -> set[str]:
    """Return the keys of the questions whose answers judges read."""
    return {field.key for field in EntryForm.of(entry.contest).seen_by(JUDGES_SEE)}


def name_findings(entry: Entry, answers: Mapping[str, Any] | None = None) -> dict[str, list[blindness.Finding]]:
    """Return which judge-visible answers tell who the team is: field key to findings."""
    given = entry.answers if answers is None else answers
    visible = judge_visible_keys(entry)
    texts = {key: value for key, value in given.items() if key in visible}
    return blindness.answer_findings(texts, identity_of_entry(entry))
