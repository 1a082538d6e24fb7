"""Passing on what rooms below tell: a change of the rules reaches every team of the contest."""

from sqlalchemy import select

from compapp.contests.events import RulesChanged
from compapp.contests.services import tell_of_rule_change
from compapp.core.db import session
from compapp.entries import queries
from compapp.entries.lifecycle import ACTIVE
from compapp.entries.models import Entry


def tell_teams_of_rules(event: RulesChanged) -> None:
    """Tell everybody on a team of the contest (listener of contests' ``RulesChanged``)."""
    entries = session().scalars(select(Entry.id).where(Entry.contest_id == event.contest_id, Entry.state.in_(ACTIVE)))
    people = {person for team in queries.team_people(entries).values() for person in team}
    tell_of_rule_change(event.change_id, sorted(people), at=event.at)
