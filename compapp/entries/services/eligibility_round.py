"""The eligibility round as a whole: decided once every entry that was handed in is, open again when one is not."""

from datetime import datetime

from sqlalchemy import select

from compapp.contests.definition.rounds import ELIGIBILITY
from compapp.contests.lifecycle import ROUND_CLOSED, ROUND_DECIDED
from compapp.contests.models import Round
from compapp.contests.services import move_round
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.entries.lifecycle import ELIGIBLE, INELIGIBLE, NEEDS_FIX, SUBMITTED
from compapp.entries.queries import queue_counts


def follow_eligibility(contest_id: int, *, actor: Actor, at: datetime) -> None:
    """Move the contest's eligibility round to where its entries are; ``actor`` took the last step.

    A closed round becomes decided with the last decision on an entry; it waits again when an entry is sent back or
    handed in after that. A round still open is left alone: entries may yet come.
    """
    found = select(Round).where(
        Round.contest_id == contest_id, Round.kind == ELIGIBILITY, Round.state.in_((ROUND_CLOSED, ROUND_DECIDED))
    )
    rounds = session().scalars(found.order_by(Round.position)).all()
    if not rounds:
        return
    counts = queue_counts(contest_id)
    waiting = counts.get(SUBMITTED, 0) + counts.get(NEEDS_FIX, 0)
    decided = {state: counts[state] for state in (ELIGIBLE, INELIGIBLE) if state in counts}
    for round_ in rounds:
        if waiting and round_.state == ROUND_DECIDED:
            move_round(round_, "withdraw_decision", actor=actor, at=at, data={"waiting": waiting})
        elif decided and not waiting and round_.state == ROUND_CLOSED:
            move_round(round_, "decide", actor=actor, at=at, data=dict(decided))
