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
from compapp.judging.lifecycle import ACCEPTED
from compapp.judging.models import AssignmentRun, Seat
from compapp.judging.queries.assignments import Problem
from compapp.judging.scoring.assignment import Assignment as Solution
from compapp.judging.services.assignment import fingerprint, store_pairs
from compapp.judging.services.quality import report_on
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
    problem = queries.problem_of(round_, at=at)
    _check(problem, pairs)
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
        report={**report_on(round_, problem, found, 0), "reason": words},
        computed_at=at,
        computed_by_name=actor.name,
    )
    session().add(run)
    session().flush()
    store_pairs(round_, run, problem, found, at)
    data = {"round": round_.code, "inputs": run.inputs_hash, "pairs": len(chosen), "reason": words}
    audit.record("judging.assignment.choose", run, actor=actor, at=at, contest_id=round_.contest_id, data=data)
    return run


def _check(problem: Problem, pairs: Sequence[tuple[Entry, Seat]]) -> None:
    """Refuse what no assignment may hold; one statement, however many pairs."""
    if not pairs:
        raise Conflict(N_("There is no entry to judge in this round, or no judge has accepted yet."))
    barred = queries.conflict_pairs(pairs[0][0].contest_id, {entry.id for entry, _seat in pairs})
    for entry, seat in pairs:
        if seat.state != ACCEPTED or seat.contest_id != entry.contest_id:
            raise Conflict(N_("This judge is not in the jury now."))
        if (entry.id, seat.id) in barred:
            raise Conflict(N_("This judge has a conflict with the entry and may not read it."))
        if str(entry.id) not in problem.entries:
            raise Conflict(N_("This entry does not take part in the round."))


def propose_panel(
    round_: Round,
    seats: Sequence[Seat],
    *,
    board: str | None = None,
    sector: str | None = None,
    reason: str,
    actor: Actor,
    at: datetime,
) -> AssignmentRun:
    """Propose (hidden) that one fixed panel reads every entry of a board or a sector, or of the whole round.

    What is proposed for other entries stays, and so does what judges were given. A judge with a conflict, of the
    entry's institution, of that of another reader, or who does not read its language is left out of that entry
    alone. Raises as ``choose_assignment``.
    """
    must(policy.may_assign, actor, round_.contest_id)
    problem = queries.problem_of(round_, at=at)
    standing = {(int(pair.entry), int(pair.judge)) for pair in problem.pairs}
    earlier = [(one.entry, one.seat) for one in queries.proposed_of(round_.id)]
    part = [entry for entry in problem.entries.values() if _is_of(entry, board, sector)]
    inside = {entry.id for entry in part}
    pairs = [(entry, seat) for entry, seat in earlier if entry.id not in inside]
    barred = queries.conflict_pairs(round_.contest_id, inside) if inside else set()
    for entry in part:
        houses = {entry.institution_id} - {None}
        for seat in seats:
            if (entry.id, seat.id) in barred or str(seat.id) not in problem.seats:
                continue
            if (str(entry.id), str(seat.id)) in problem.foreign:
                continue
            if (entry.id, seat.id) in standing or seat.institution_id in houses:
                continue
            houses |= {seat.institution_id} - {None}
            pairs.append((entry, seat))
    pairs += [(problem.entries[str(entry)], problem.seats[str(seat)]) for entry, seat in sorted(standing)]
    return choose_assignment(round_, pairs, reason=reason, actor=actor, at=at)


def _is_of(entry: Entry, board: str | None, sector: str | None) -> bool:
    if board is not None and entry.board.code != board:
        return False
    return sector is None or (entry.sector is not None and entry.sector.code == sector)
