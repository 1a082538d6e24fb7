"""The blueprint of results: standings, decisions, publications, places, pitches, votes; and its loaders."""

from flask import Blueprint

from compapp.contests.models import Round
from compapp.core.actor import Actor
from compapp.judging.models import Shortlist
from compapp.judging.policy import ContestFacts, may_see_standings
from compapp.judging.queries.jury import contest_facts, facts_of_contest
from compapp.judging.queries.results import shortlist
from compapp.judging.queries.standings import round_by_code

bp = Blueprint("results", __name__)


def round_facts(actor: Actor, code: str, **_more: str) -> ContestFacts | None:
    """Load what decides about a page under a contest; nothing for an unknown contest."""
    return contest_facts(actor, code)


def shortlist_facts(actor: Actor, shortlist_id: int) -> ContestFacts | None:
    """Load what decides about a decision; nothing for whom may not even know that one is prepared."""
    found = shortlist(shortlist_id)
    facts = None if found is None else facts_of_contest(actor, found.round.contest_id)
    return facts if facts is not None and may_see_standings(actor, facts) else None


def the_round(code: str, round_code: str) -> Round:
    """Return the round; NotFound for an unknown one."""
    return round_by_code(code, round_code)


def the_shortlist(shortlist_id: int) -> Shortlist:
    """Return the decision that the access check found."""
    found = shortlist(shortlist_id)
    assert found is not None
    return found
