"""An assignment that people chose: checked by the same rules, stored and hidden as a computed one would be."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from math import fsum

from compapp.contests.models import Round
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Conflict
from compapp.core.text import N_
from compapp.entries.models import Entry
from compapp.judging import policy, queries
from compapp.judging.models import AssignmentRun, Seat
from compapp.judging.scoring.assignment import Assignment as Solution
from compapp.judging.services.assignment import fingerprint, report_on, store_pairs
from compapp.judging.services.replacement import must_read
from compapp.judging.services.rights import must, reason_of


def choose_assignment(
    round_: Round, pairs: Sequence[tuple[Entry, Seat]], *, reason: str, actor: Actor, at: datetime
) -> AssignmentRun:
    """Propose (hidden) an assignment that people chose, with a reason; an earlier proposal is replaced.

    Raises Refused without the right, Invalid without a reason, Conflict for a judge with a conflict of interest
    or for an entry that does not take part.
    """
    must(policy.may_assign, actor, round_.contest_id)
    words = reason_of(reason)
    problem = queries.problem_of(round_)
    for entry, seat in pairs:
        must_read(seat, entry)
        if str(entry.id) not in problem.entries:
            raise Conflict(N_("This entry does not take part in the round."))
    chosen = tuple(dict.fromkeys((str(entry.id), str(seat.id)) for entry, seat in pairs))
    instance = problem.instance
    row = {need.code: place for place, need in enumerate(instance.entries)}
    column = {judge.code: place for place, judge in enumerate(instance.judges)}
    closeness = [instance.affinity[row[entry]][column[judge]] for entry, judge in chosen]
    loads = Counter(judge for _, judge in chosen)
    found = Solution(
        pairs=chosen,
        objective=fsum(closeness),
        weakest=min(closeness, default=None),
        loads={judge.code: loads[judge.code] for judge in instance.judges},
        unmet=(),
    )
    for earlier in queries.proposed_of(round_.id):
        session().delete(earlier)
    session().flush()
    run = AssignmentRun(
        round_id=round_.id,
        kind="chosen",
        inputs_hash=fingerprint(problem, 0),
        report={**report_on(problem, found, 0), "reason": words},
        computed_at=at,
        computed_by_name=actor.name,
    )
    session().add(run)
    session().flush()
    store_pairs(round_, run, problem, found, at)
    data = {"round": round_.code, "inputs": run.inputs_hash, "pairs": len(chosen), "reason": words}
    audit.record("judging.assignment.choose", run, actor=actor, at=at, contest_id=round_.contest_id, data=data)
    return run
