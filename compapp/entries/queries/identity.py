"""What would tell who a team is, from its rows: names, school, classes, numbers, addresses."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Protocol

from sqlalchemy import bindparam, select
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
    .where(Entry.id.in_(bindparam("entry_ids", expanding=True)))
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
    teams: dict[int, list[Any]] = {entry.id: [] for entry in entries}
    for row in session().execute(_MEMBERS, {"entry_ids": list(teams)}):
        teams[row[0]].append(row)
    return {entry_id: _identity(tuple(rows)) for entry_id, rows in teams.items()}


@lru_cache(maxsize=2_048)
def _identity(rows: tuple[Any, ...]) -> blindness.Identity:
    """Return what to look for; the same teams stand on every desk of a jury."""
    schools: dict[int | None, tuple[str, ...]] = {}
    for row in rows:
        schools |= {row.school_id: row[-4:-2], row.own_school_id: row[-2:]}
    # An entry without a team is one row that holds nothing but its school.
    team = [row for row in rows if row.name is not None]
    return blindness.identity(
        people=[*(one.name for one in team), *(one.person_name for one in team if one.person_name)],
        schools=[name for school_id in sorted(filter(None, schools)) for name in schools[school_id]],
        classes=[one.class_name for one in team],
        numbers=[one.student_number for one in team],
        contacts=[contact for one in team for contact in (one.email, one.phone)],
    )


def judge_visible_keys(entry: Entry) -> set[str]:
    """Return the keys of the questions whose answers judges read."""
    return {field.key for field in EntryForm.of(entry.contest).seen_by(JUDGES_SEE)}


def name_findings(entry: Entry, answers: Mapping[str, Any] | None = None) -> dict[str, list[blindness.Finding]]:
    """Return which judge-visible answers tell who the team is: field key to findings."""
    given = entry.answers if answers is None else answers
    visible = judge_visible_keys(entry)
    texts = {key: value for key, value in given.items() if key in visible}
    return blindness.answer_findings(texts, identity_of_entry(entry))
