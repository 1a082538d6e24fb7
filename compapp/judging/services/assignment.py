"""The assignment of a round: computed and hidden, then published; single changes with a reason."""

import json
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from random import Random

from compapp.contests.models import Round
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Conflict, Invalid
from compapp.core.moves import move
from compapp.core.text import N_
from compapp.entries.events import EntryWithdrawn
from compapp.entries.models import Entry
from compapp.judging import policy, queries
from compapp.judging.lifecycle import ASSIGNMENT, OPEN, PROPOSED, SUBMITTED
from compapp.judging.models import Assignment, AssignmentRun, Seat
from compapp.judging.queries.assignments import Problem
from compapp.judging.queries.reading import late_due
from compapp.judging.scoring.assignment import Assignment as Solution
from compapp.judging.scoring.assignment import assign as solve
from compapp.judging.services.quality import report_on
from compapp.judging.services.replacement import give, must_read, seed_of, take_back, tell
from compapp.judging.services.rights import entry_of, must, must_know, reason_of


def compute_assignment(
    round_: Round,
    *,
    seed: int | None = None,
    least: int | None = None,
    most: int | None = None,
    actor: Actor,
    at: datetime,
) -> AssignmentRun:
    """Compute the best assignment of a round and store it hidden, with a report on its quality.

    ``least`` and ``most``: the loads of judges without own limits. What judges were given already stays; an earlier
    proposal is replaced. Raises Refused without the right, Invalid where the least is above the most, Conflict
    where there is no entry or no judge.
    """
    must(policy.may_assign, actor, round_.contest_id)
    if least is not None and most is not None and least > most:
        raise Invalid(fields={"least": [(N_("The least number must not be above the most."), {})]})
    problem = queries.problem_of(round_, at=at, least=least, most=most)
    if not problem.entries or not problem.seats:
        raise Conflict(N_("There is no entry to judge in this round, or no judge has accepted yet."))
    used = seed_of(round_) if seed is None else seed
    found = solve(problem.instance, seed=used)
    for earlier in queries.proposed_of(round_.id):
        session().delete(earlier)
    session().flush()
    run = AssignmentRun(
        round_id=round_.id,
        kind="computed",
        inputs_hash=fingerprint(problem, used),
        report={**report_on(round_, problem, found, used), "least_asked": least, "most_asked": most},
        computed_at=at,
        computed_by_name=actor.name,
    )
    session().add(run)
    session().flush()
    store_pairs(round_, run, problem, found, at)
    audit.record(
        "judging.assignment.compute",
        run,
        actor=actor,
        at=at,
        contest_id=round_.contest_id,
        data={"round": round_.code, "inputs": run.inputs_hash, "pairs": len(found.pairs), "unmet": len(found.unmet)},
    )
    return run


def store_pairs(round_: Round, run: AssignmentRun, problem: Problem, found: Solution, at: datetime) -> None:
    """Add the pairs of a solution that do not stand yet, proposed and hidden."""
    standing = {(pair.entry, pair.judge) for pair in problem.pairs}
    for position, (entry, judge) in enumerate(found.pairs, start=1):
        if (entry, judge) in standing:
            continue
        session().add(
            Assignment(
                round_id=round_.id,
                entry_id=int(entry),
                seat_id=int(judge),
                run_id=run.id,
                state=PROPOSED,
                position=position,
                assigned_at=at,
            )
        )
    session().flush()


def fingerprint(problem: Problem, seed: int) -> str:
    """Return the SHA-256 of everything that decides the assignment: equal inputs, equal hash."""
    instance = problem.instance
    value = {
        "entries": [[need.code, need.reviews, need.institution] for need in instance.entries],
        "judges": [[judge.code, judge.institution, judge.least, judge.most] for judge in instance.judges],
        "affinity": instance.affinity,
        "conflicts": sorted(instance.conflicts),
        "fixed": sorted(instance.fixed),
        "seed": seed,
    }
    return sha256(json.dumps(value, separators=(",", ":")).encode()).hexdigest()


def publish_assignment(
    round_: Round, *, only: Sequence[Assignment] = (), due_at: datetime | None = None, actor: Actor, at: datetime
) -> list[Assignment]:
    """Give the proposed assignments (all, or ``only`` these) to their judges, each in an own shuffled order.

    The order is drawn from the run's hash and the judge's code. Each judge is told once. Raises Refused without
    the right, Conflict where nothing is proposed.
    """
    must(policy.may_assign, actor, round_.contest_id)
    proposed = list(only) or queries.proposed_of(round_.id)
    if not proposed:
        raise Conflict(N_("Nothing is proposed; compute an assignment first."))
    run = queries.latest_run(round_.id)
    more = bool(queries.load_of(round_.id))
    due = due_at or late_due(round_, at)
    by_seat: dict[int, list[Assignment]] = {}
    for assignment in proposed:
        by_seat.setdefault(assignment.seat_id, []).append(assignment)
    for seat_id in sorted(by_seat):
        mine = sorted(by_seat[seat_id], key=lambda assignment: assignment.entry_id)
        Random(f"{run.inputs_hash if run else ''}:{mine[0].seat.code}").shuffle(mine)  # noqa: S311 - an order, no secret
        start = queries.last_position(round_.id, seat_id)
        for position, assignment in enumerate(mine, start=start + 1):
            move(
                assignment,
                ASSIGNMENT,
                "publish",
                actor=actor,
                at=at,
                contest_id=round_.contest_id,
                position=position,
                assigned_at=at,
                due_at=due,
            )
    if run is not None and run.published_at is None:
        run.published_at = at
    tell(round_, proposed, more=more, at=at)
    return proposed


def discard_proposal(round_: Round, *, actor: Actor, at: datetime) -> int:
    """Throw the hidden proposal away; return how many assignments it held."""
    must(policy.may_assign, actor, round_.contest_id)
    proposed = queries.proposed_of(round_.id)
    for assignment in proposed:
        session().delete(assignment)
    audit.record(
        "judging.assignment.discard",
        ("round", round_.id),
        actor=actor,
        at=at,
        contest_id=round_.contest_id,
        data={"assignments": len(proposed)},
    )
    return len(proposed)


def assign(
    round_: Round,
    entry: Entry,
    seat: Seat,
    *,
    reason: str,
    due_at: datetime | None = None,
    actor: Actor,
    at: datetime,
) -> Assignment:
    """Give one entry to one judge by hand, with a reason; the judge is told.

    Raises Refused without the right, Conflict for a judge with a conflict or who reads it already.
    """
    must(policy.may_assign, actor, round_.contest_id)
    must_know(actor, entry)
    must_read(seat, entry)
    given = give(
        round_,
        entry,
        seat,
        state=OPEN,
        kind="manual",
        reason=reason_of(reason),
        due_at=due_at or late_due(round_, at),
        actor=actor,
        at=at,
    )
    tell(round_, [given], more=True, at=at)
    return given


def assign_panel(
    round_: Round, seats: Sequence[Seat], *, code: str | None = None, actor: Actor, at: datetime
) -> list[Assignment]:
    """Let one panel judge every entry of a round (a pitch), save where a judge has a conflict.

    Raises Refused without the right, Conflict where there is no entry.
    """
    must(policy.may_assign, actor, round_.contest_id)
    entries = list(session().scalars(queries.entries_of_round(round_).order_by(Entry.code)))
    if not entries or not seats:
        raise Conflict(N_("There is no entry to judge in this round, or no judge has accepted yet."))
    busy = queries.busy_elsewhere(round_)
    seats = [seat for seat in seats if seat.id not in busy]
    if not seats:
        raise Conflict(N_("Every judge judges another round; the rules let nobody judge in more than one."))
    barred = queries.conflict_pairs(round_.contest_id, [entry.id for entry in entries])
    report = {
        "code": code or f"{round_.code}-1",
        "round": round_.code,
        "judges": [seat.code for seat in seats],
        "entries": [entry.code for entry in entries],
    }
    run = AssignmentRun(
        round_id=round_.id,
        kind="panel",
        inputs_hash=sha256(json.dumps(report, sort_keys=True).encode()).hexdigest(),
        report=report,
        computed_at=at,
        computed_by_name=actor.name,
        published_at=at,
    )
    session().add(run)
    session().flush()
    given = [
        give(round_, entry, seat, state=OPEN, kind="panel", reason=None, run=run, actor=actor, at=at)
        for seat in seats
        for entry in entries
        if (entry.id, seat.id) not in barred and queries.assignment_of(round_.id, entry.id, seat.id) is None
    ]
    tell(round_, given, more=False, at=at)
    return given


def withdraw_assignment(assignment: Assignment, reason: str, *, actor: Actor, at: datetime) -> None:
    """Take one assignment back by hand; a draft becomes void, a handed-in sheet forbids it (void that first)."""
    must(policy.may_assign, actor, assignment.round.contest_id)
    must_know(actor, assignment.entry)
    sheet = queries.sheet_of(assignment.round_id, assignment.entry_id, assignment.seat_id)
    if sheet is not None and sheet.state == SUBMITTED:
        raise Conflict(N_("The sheet has been handed in. Void the sheet, with a reason, if it must not count."))
    take_back(assignment, reason_of(reason), actor=actor, at=at)


def let_go_of_entry(event: EntryWithdrawn) -> None:
    """Take a withdrawn entry off every desk (listens to the entries room); handed-in sheets stay."""
    entry = entry_of(event.entry_id)
    for assignment in queries.assignments_of_entry(entry.id):
        take_back(assignment, "entry withdrawn", actor=event.actor, at=event.at)
