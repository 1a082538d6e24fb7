"""The blueprint of results: standings, decisions, publications, places, pitches, votes; and its loaders."""

from flask import Blueprint

from compapp.contests.models import Round
from compapp.core.actor import CONTEST, Actor
from compapp.core.clock import now
from compapp.core.errors import Refused
from compapp.core.text import N_
from compapp.judging.models import Shortlist
from compapp.judging.policy import ContestFacts, may_see_standings
from compapp.judging.queries.hall import is_being_held
from compapp.judging.queries.jury import contest_facts, facts_of_contest
from compapp.judging.queries.results import shortlist
from compapp.judging.queries.standings import round_by_code

bp = Blueprint("results", __name__)


def round_facts(actor: Actor, code: str, **_more: str) -> ContestFacts | None:
    """Load what decides about a page under a contest; nothing for an unknown contest."""
    return contest_facts(actor, code)


def waits_for_the_stage(actor: Actor, contest_id: int, round_code: str) -> bool:
    """Whether the figures of a live round are still the chair's alone, who is not the actor."""
    return not actor.has("chair", CONTEST, contest_id) and is_being_held(contest_id, round_code, now())


def figures_facts(actor: Actor, code: str, round_code: str, **_more: object) -> ContestFacts | None:
    """Load what decides about a page with a round's figures; Refused for the office while teams pitch.

    A laptop of the office may be on the projector; and nobody but the chair hears a total before the last team.
    """
    facts = contest_facts(actor, code)
    if facts is not None and may_see_standings(actor, facts):
        refuse_while_teams_pitch(actor, facts.contest_id, round_code)
    return facts


def refuse_while_teams_pitch(actor: Actor, contest_id: int, round_code: str) -> None:
    """Raise Refused while the figures of a live round are the chair's alone, who is not the actor."""
    if waits_for_the_stage(actor, contest_id, round_code):
        raise Refused(
            N_(
                "While teams pitch, the chair alone sees the figures of this round. You see them once the last team "
                "has pitched, or when the round is over."
            )
        )


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
