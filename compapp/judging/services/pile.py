"""What the modes share in which a judge judges all entries of a round on one page."""

from compapp.contests.models import Round
from compapp.core.actor import Actor
from compapp.core.errors import NotFound
from compapp.core.text import N_
from compapp.judging import policy
from compapp.judging.queries.pile import Pile, pile
from compapp.judging.queries.sheets import lock_assignment
from compapp.judging.scoring.modes import Mode

CHANGED = N_("You went on in another window meanwhile. Look at what stands now.")


def own_pile(round_: Round, mode: Mode, actor: Actor) -> Pile:
    """Load the judge's pile of this mode and put its writers in line; NotFound without one, pledge or answers."""
    found = pile(actor, round_.id)
    if found is None or found.mode is not mode or not (found.is_pledged and policy.may_judge_pile(actor, found)):
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    lock_assignment(min(item.assignment.id for item in found.items))
    return found
