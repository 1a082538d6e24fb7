"""Changes to a running round: one more reader, another reader, a judge who leaves."""

from collections import Counter, defaultdict
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import func, select

from compapp.contests.models import Round
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Conflict
from compapp.core.moves import move
from compapp.core.text import N_
from compapp.entries.models import Entry
from compapp.judging import notifications, policy, queries
from compapp.judging.lifecycle import ACCEPTED, ASSIGNMENT, OPEN, PROPOSED, SUBMITTED, WITHDRAWN
from compapp.judging.models import Assignment, AssignmentRun, Seat, Sheet
from compapp.judging.queries.assignments import Problem
from compapp.judging.queries.reading import late_due
from compapp.judging.scoring.assignment import extra_reader, replacement
from compapp.judging.services.jury import leave_seat
from compapp.judging.services.rights import must, must_know, reason_of
from compapp.judging.services.sheets import void_by_rule


def propose_reader(round_: Round, entry: Entry, *, reason: str, actor: Actor, at: datetime) -> Assignment | None:
    """Propose (hidden) one more judge for an entry: no conflict, least loaded, closest; nothing where nobody is free.

    The consequence of another act; the right was checked there.
    """
    seat = next_reader(queries.problem_of(round_, at=at, keep_open=False), entry)
    if seat is None:
        return None
    return give(round_, entry, seat, state=PROPOSED, kind="replacement", reason=reason, actor=actor, at=at)


def add_reader(
    round_: Round,
    entry: Entry,
    *,
    reason: str,
    seat: Seat | None = None,
    due_at: datetime | None = None,
    actor: Actor,
    at: datetime,
) -> Assignment:
    """Ask one more judge to read an entry (spread alert, void sheet), and tell that judge.

    Without ``seat`` the best free one. ``due_at`` is needed only where another time than the round's end (or
    48 hours, when that is over) shall hold. Raises Refused, NotFound (conflict of the asker), Conflict where
    nobody is free or the judge may not read it.
    """
    must(policy.may_assign, actor, round_.contest_id)
    must_know(actor, entry)
    chosen = seat or next_reader(queries.problem_of(round_, at=at, keep_open=False), entry)
    if chosen is None:
        raise Conflict(
            N_("No judge is free for this entry: all have a conflict, read it already or are at their limit.")
        )
    must_read(chosen, entry)
    assignment = give(
        round_,
        entry,
        chosen,
        state=OPEN,
        kind="extra",
        reason=reason_of(reason),
        due_at=due_at or late_due(round_, at),
        actor=actor,
        at=at,
    )
    tell(round_, [assignment], more=True, at=at)
    return assignment


def must_read(seat: Seat, entry: Entry) -> None:
    """Raise Conflict unless the judge has accepted and has no conflict with the entry."""
    if seat.state != ACCEPTED or seat.contest_id != entry.contest_id:
        raise Conflict(N_("This judge is not in the jury now."))
    if queries.has_conflict(seat.id, entry.id):
        raise Conflict(N_("This judge has a conflict with the entry and may not read it."))


def next_reader(problem: Problem, entry: Entry) -> Seat | None:
    """Return who would read an entry next: no conflict, least loaded, closest; nobody where all are taken."""
    if str(entry.id) not in problem.entries:
        return None
    found = extra_reader(problem.instance, problem.pairs, str(entry.id))
    return None if found is None else problem.seats[found]


def give(
    round_: Round,
    entry: Entry,
    seat: Seat,
    *,
    state: str,
    kind: str,
    reason: str | None,
    due_at: datetime | None = None,
    run: AssignmentRun | None = None,
    actor: Actor,
    at: datetime,
) -> Assignment:
    """Add one assignment (or open a withdrawn one again) at the end of the judge's order, with its audit row."""
    if queries.has_bye(round_, entry):
        raise Conflict(N_("This entry has a bye: it goes through the round without being judged."))
    if seat.reserve:
        take_in(seat, actor=actor, at=at)
    position = queries.last_position(round_.id, seat.id) + 1
    data: dict[str, Any] = {"entry": entry.code, "seat": seat.code, "round": round_.code, "kind": kind}
    if seat.id in queries.busy_elsewhere(round_):
        raise Conflict(N_("This judge judges another round; the rules let nobody judge in more than one."))
    known = queries.assignment_of(round_.id, entry.id, seat.id)
    if known is not None and known.state != WITHDRAWN:
        raise Conflict(N_("This judge reads the entry already."))
    if known is not None:
        columns = {"position": position, "assigned_at": at, "due_at": due_at, "withdrawn_at": None, "reason": reason}
        move(known, ASSIGNMENT, "give_again", actor=actor, at=at, contest_id=round_.contest_id, data=data, **columns)
        return known
    assignment = Assignment(
        round=round_,
        entry=entry,
        seat=seat,
        run_id=None if run is None else run.id,
        state=state,
        position=position,
        assigned_at=at,
        due_at=due_at,
        reason=reason,
    )
    session().add(assignment)
    session().flush()
    audit.record(
        "judging.assignment.give",
        assignment,
        actor=actor,
        at=at,
        contest_id=round_.contest_id,
        data={**data, "state": state, "reason": reason},
    )
    return assignment


def take_in(seat: Seat, *, actor: Actor, at: datetime) -> None:
    """Make a substitute a judge like the others, from the first entry on."""
    seat.reserve = False
    session().flush()
    audit.record("judging.seat.take_in", seat, actor=actor, at=at, contest_id=seat.contest_id)


def tell(round_: Round, assignments: list[Assignment], *, more: bool, at: datetime) -> None:
    """Tell each judge how many entries are new on the desk, and until when."""
    counts = Counter(assignment.seat_id for assignment in assignments)
    seats = {assignment.seat_id: assignment.seat for assignment in assignments}
    dues: dict[int, datetime] = defaultdict(lambda: round_.closes_at)
    for assignment in assignments:
        if assignment.due_at is not None:
            dues[assignment.seat_id] = assignment.due_at
    for seat_id, count in counts.items():
        notifications.assigned(round_, seats[seat_id], count=count, more=more, due=dues[seat_id], at=at)


def replace_judge(seat: Seat, reason: str, *, actor: Actor, at: datetime) -> list[Assignment]:
    """Let a judge go: what was not handed in goes to others under the same rules, handed-in sheets stay.

    Every other assignment stays as it is. Return the new assignments (open, their judges are told). Raises
    Refused without the right, Invalid without a reason, Conflict for somebody who has left.
    """
    contest = seat.contest
    left_over = queries.unscored_of(seat.id)
    rounds = {assignment.round_id: assignment.round for assignment in left_over if assignment.state == OPEN}
    problems = {key: queries.problem_of(round_, at=at, keep_open=False) for key, round_ in rounds.items()}
    words = leave_seat(seat, reason, actor=actor, at=at)
    for assignment in left_over:
        take_back(assignment, words, actor=actor, at=at)
    given: list[Assignment] = []
    unmet = 0
    for key, round_ in rounds.items():
        new, missing = _reassign(round_, problems[key], seat, words, actor=actor, at=at)
        given += new
        unmet += missing
        tell(round_, new, more=True, at=at)
    kept = session().scalar(
        select(func.count()).select_from(Sheet).where(Sheet.seat_id == seat.id, Sheet.state == SUBMITTED)
    )
    notifications.judge_left(contest, seat, reason=words, moved=len(given), kept=int(kept or 0), unmet=unmet, at=at)
    return given


def departure_plan(seat: Seat, *, at: datetime) -> list[tuple[Assignment, Seat | None]]:
    """Return what ``replace_judge`` would do: each entry that a judge has left, and who would read it (or nobody).

    Nothing is changed; the same plan is carried out as long as nothing else happens.
    """
    left = [one for one in queries.unscored_of(seat.id) if one.state == OPEN]
    plan: list[tuple[Assignment, Seat | None]] = []
    for round_ in {one.round_id: one.round for one in left}.values():
        problem = queries.problem_of(round_, at=at, keep_open=False)
        moved, _unmet = _moved(round_, problem, seat)
        readers = {entry: problem.seats[judge] for entry, judge in moved}
        plan += [(one, readers.get(str(one.entry_id))) for one in left if one.round_id == round_.id]
    return plan


def _moved(round_: Round, problem: Problem, seat: Seat) -> tuple[list[tuple[str, str]], int]:
    """Return the pairs that come on top where a judge's unscored entries go to others, and how many find nobody."""
    before = {(pair.entry, pair.judge) for pair in problem.pairs}
    found = replacement(problem.instance, problem.pairs, str(seat.id), seed=seed_of(round_, seat.code))
    return [pair for pair in found.pairs if pair not in before], sum(unmet.lacking for unmet in found.unmet)


def take_back(assignment: Assignment, reason: str, *, actor: Actor, at: datetime) -> None:
    """Withdraw an assignment with the right checked elsewhere; a draft becomes void, a handed-in sheet stays."""
    sheet = queries.sheet_of(assignment.round_id, assignment.entry_id, assignment.seat_id)
    if sheet is not None and sheet.state != SUBMITTED:
        void_by_rule(sheet, reason, actor=actor, at=at)
    withdraw(assignment, reason, actor=actor, at=at)


def withdraw(assignment: Assignment, reason: str, *, actor: Actor, at: datetime) -> None:
    """Take an assignment off the judge's desk, whatever becomes of the sheet; the right was checked elsewhere."""
    move(
        assignment,
        ASSIGNMENT,
        "withdraw",
        actor=actor,
        at=at,
        contest_id=assignment.round.contest_id,
        data={"reason": reason},
        withdrawn_at=at,
        reason=reason,
    )


def _reassign(
    round_: Round, problem: Problem, seat: Seat, reason: str, *, actor: Actor, at: datetime
) -> tuple[list[Assignment], int]:
    """Give the leaving judge's unscored entries to others; return the new assignments and how many found nobody."""
    new, unmet = _moved(round_, problem, seat)
    due_at = late_due(round_, at)
    given = [
        give(
            round_,
            problem.entries[entry],
            problem.seats[judge],
            state=OPEN,
            kind="replacement",
            reason=reason,
            due_at=due_at,
            actor=actor,
            at=at,
        )
        for entry, judge in new
    ]
    return given, unmet


def seed_of(*parts: object) -> int:
    """Return a number that anybody can compute again from what it was drawn for."""
    text = ":".join(str(getattr(part, "code", part)) for part in parts)
    return int.from_bytes(sha256(text.encode()).digest()[:4], "big")
