"""Judges who return for more: the organiser lets them, each fetches the next batch, never more than is needed."""

from datetime import datetime
from hashlib import sha256

from compapp.contests.models import Round
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Conflict, Invalid, Refused
from compapp.core.text import N_
from compapp.judging import policy, queries
from compapp.judging.lifecycle import OPEN
from compapp.judging.models import Assignment, AssignmentRun, Seat
from compapp.judging.queries.desk import PULL
from compapp.judging.scoring.assignment.pull import next_batch
from compapp.judging.services.replacement import give, seed_of
from compapp.judging.services.rights import must

LARGEST_BATCH = 20


def let_judges_pull(round_: Round, *, batch: int | None, actor: Actor, at: datetime) -> AssignmentRun:
    """Let judges of a round who have finished fetch ``batch`` more entries at once; None: no more of it.

    What holds already is not said again. Raises Refused without the right, Invalid for a batch that is not 1 to 20.
    """
    must(policy.may_assign, actor, round_.contest_id)
    if batch is not None and not 1 <= batch <= LARGEST_BATCH:
        raise Invalid(fields={"batch": [(N_("Write a whole number from 1 to %(most)s."), {"most": LARGEST_BATCH})]})
    report = {"open": batch is not None, "batch": batch or 0}
    queries.lock_round(round_.id)
    standing = queries.latest_run(round_.id, kind=PULL)
    if standing is not None and standing.report == report:
        return standing
    run = AssignmentRun(
        round_id=round_.id,
        kind=PULL,
        inputs_hash=sha256(f"{round_.id}:{batch}:{at.isoformat()}".encode()).hexdigest(),
        report=report,
        computed_at=at,
        computed_by_name=actor.name,
        published_at=at if batch is not None else None,
    )
    session().add(run)
    session().flush()
    verb = "judging.assignment.let_pull" if batch is not None else "judging.assignment.stop_pull"
    data = {"round": round_.code, **report}
    audit.record(verb, run, actor=actor, at=at, contest_id=round_.contest_id, data=data)
    return run


def fetch_more(seat: Seat, round_: Round, *, actor: Actor, at: datetime) -> list[Assignment]:
    """Give a judge who has handed everything in the next batch: the fewest reviews first, then the closest.

    The round is locked and everything read under the lock, so that however many judges fetch at once, no entry gets
    more judges than it needs. Raises Refused for anybody but the judge (with the pledge), Closed outside the round,
    Conflict where fetching is not allowed, sheets are left, or no entry needs this judge.
    """
    if not policy.is_active_judge(actor, queries.facts_of_seat(actor, seat)) or seat.pledged_at is None:
        raise Refused(N_("Only the judge may do this."))
    if not round_.opens_at <= at <= round_.closes_at:
        raise Closed(N_("This round is not open for scoring now."))
    queries.lock_round(round_.id)
    if seat.id in queries.busy_elsewhere(round_):
        raise Conflict(N_("Every judge judges another round; the rules let nobody judge in more than one."))
    batch = queries.pull_batches(actor).get(round_.id, 0)
    if not batch:
        raise Conflict(N_("In this round the organiser gives the entries out."))
    if queries.unscored_in(round_.id, seat.id):
        raise Conflict(N_("Please hand in the sheets on your desk first."))
    candidates, room = queries.pull_candidates(round_, seat)
    chosen = next_batch(candidates, count=batch, room=room, house=seat.institution_id, seed=seed_of(round_, seat.code))
    if not chosen:
        raise Conflict(N_("No entry needs another judge now, or you have reached the most entries. Thank you."))
    run = queries.latest_run(round_.id, kind=PULL)
    entries = queries.entries_by_id(chosen)
    return [
        give(round_, entries[entry], seat, state=OPEN, kind=PULL, reason=None, run=run, actor=actor, at=at)
        for entry in chosen
    ]
