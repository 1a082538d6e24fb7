"""The services' own permission check: the same policies as the pages, on fresh facts."""

from compapp.contests.models import Contest
from compapp.contests.policy import ContestFacts, may_manage
from compapp.core.actor import Actor
from compapp.core.errors import Refused
from compapp.core.text import N_


def facts_of(contest: Contest) -> ContestFacts:
    """Return what the policies judge of a loaded contest."""
    return ContestFacts(contest.id, contest.code, contest.state, contest.organiser_id)


def must_manage(actor: Actor, contest: Contest) -> None:
    """Raise Refused unless ``actor`` organises this contest."""
    if not may_manage(actor, facts_of(contest)):
        raise Refused(N_("Only the organisers of this contest may do this."))
