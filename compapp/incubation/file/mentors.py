"""The ``mentors`` section: people who mentor, with or without an e-mail."""

from collections.abc import Mapping, Sequence
from typing import Any

from compapp.contests.file import registry
from compapp.contests.file.registry import ImportContext, Section, no_check
from compapp.contests.models import Contest
from compapp.core.db import session
from compapp.incubation.models import Mentor
from compapp.incubation.queries import mentors_of

Json = Mapping[str, Any]
USUAL_HOURS, USUAL_TEAMS = 4, 1


def load(contest: Contest, data: Sequence[Json], context: ImportContext) -> None:
    """Add the mentors; a known e-mail is the person of that account."""
    for position, piece in enumerate(data):
        person = context.person(piece["name"], email=piece.get("email"))
        mentor = Mentor(
            contest_id=contest.id,
            person_id=person.id,
            code=piece["code"],
            position=position,
            skills=list(piece.get("skills") or ()),
            hours_per_month=piece.get("hours_per_month", USUAL_HOURS),
            max_teams=piece.get("max_teams", USUAL_TEAMS),
            teams=0,
            definition=dict(piece),
        )
        session().add(mentor)
        context.keep("mentor", piece["code"], mentor)
    session().flush()


def write(contest: Contest) -> list[Any]:
    """Return the mentors in the file's order."""
    return [one.definition for one in mentors_of(contest.id)]


SECTION = Section("mentors", registry.MENTORS, no_check, load, write)
