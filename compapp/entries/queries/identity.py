"""What would tell who a team is, from its rows: names, school, classes, numbers, addresses."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from compapp.accounts.models import Organisation, Person
from compapp.contests.definition import EntryForm
from compapp.core.db import session
from compapp.core.reading import read_once
from compapp.entries import blindness
from compapp.entries.models import Entry, TeamMember

JUDGES_SEE = frozenset({"public", "judges", "judges_confidential"})
_MEMBERS = select(
    TeamMember.entry_id,
    TeamMember.name,
    TeamMember.institution_id,
    TeamMember.class_name,
    TeamMember.student_number,
    Person.name.label("person_name"),
    Person.email,
    Person.phone,
).outerjoin(Person, Person.id == TeamMember.person_id)


@read_once
def identity_of_entry(entry: Entry) -> blindness.Identity:
    """Return what must not be found in what judges see of ``entry``; those who left the team included."""
    return identities_of([entry])[entry.id]


def identities_of(entries: Iterable[Entry]) -> dict[int, blindness.Identity]:
    """Return the identities of several entries in two queries: entry id to identity."""
    wanted = {entry.id: entry for entry in entries}
    teams: dict[int, list[Any]] = {entry_id: [] for entry_id in wanted}
    for member in session().execute(_MEMBERS.where(TeamMember.entry_id.in_(wanted))):
        teams[member.entry_id].append(member)
    school_ids = {entry.institution_id for entry in wanted.values()}
    school_ids |= {member.institution_id for members in teams.values() for member in members}
    schools = {
        school_id: (name_vi, name_en)
        for school_id, name_vi, name_en in session().execute(
            select(Organisation.id, Organisation.name_vi, Organisation.name_en).where(
                Organisation.id.in_([one for one in school_ids if one is not None])
            )
        )
    }
    return {entry_id: _identity(entry, teams[entry_id], schools) for entry_id, entry in wanted.items()}


def _identity(entry: Entry, members: list[Any], schools: Mapping[int, tuple[str, str]]) -> blindness.Identity:
    own = {member.institution_id for member in members} | {entry.institution_id}
    return blindness.identity(
        people=[member.name for member in members] + [one.person_name for one in members if one.person_name],
        schools=[name for school_id in sorted(one for one in own if one is not None) for name in schools[school_id]],
        classes=[member.class_name for member in members],
        numbers=[member.student_number for member in members],
        contacts=[contact for member in members for contact in (member.email, member.phone)],
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
