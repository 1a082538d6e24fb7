"""A judge who will not make it: more time, or a substitute takes over; what was handed in stays."""

from datetime import datetime

from compapp.contests.models import Round
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.errors import Conflict, Invalid
from compapp.core.text import N_
from compapp.judging import notifications, policy, queries
from compapp.judging.lifecycle import ACCEPTED, OPEN
from compapp.judging.models import Assignment, Seat
from compapp.judging.queries.reading import late_due
from compapp.judging.services.jury import leave_seat
from compapp.judging.services.replacement import give, next_reader, take_back, tell
from compapp.judging.services.rights import must, reason_of

SUBSTITUTE = "substitute"


def extend_deadline(
    round_: Round, seat: Seat, *, due_at: datetime, reason: str, actor: Actor, at: datetime
) -> list[Assignment]:
    """Give a judge more time for what is not handed in, and tell the judge; return those assignments.

    Raises Refused without the right, Invalid for a moment that is past or earlier than the present deadline,
    Conflict where nothing is left.
    """
    must(policy.may_assign, actor, round_.contest_id)
    words = reason_of(reason)
    left = queries.unscored_in(round_.id, seat.id)
    if not left:
        raise Conflict(N_("This judge has handed everything in."))
    if due_at <= at or any(due_at <= (one.due_at or round_.closes_at) for one in left):
        raise Invalid(fields={"due_at": [(N_("The new deadline must be later than the present one."), {})]})
    for assignment in left:
        assignment.due_at = due_at
    audit.record(
        "judging.seat.extend",
        seat,
        actor=actor,
        at=at,
        contest_id=round_.contest_id,
        data={"round": round_.code, "sheets": len(left), "due": due_at.isoformat(), "reason": words},
    )
    notifications.scoring_extended(round_, seat, count=len(left), due=due_at, at=at)
    return left


def hand_over(
    round_: Round, seat: Seat, substitute: Seat, *, reason: str, actor: Actor, at: datetime
) -> tuple[list[Assignment], int]:
    """Let a substitute take over what a judge has not handed in, in one act; the judge stays in the jury.

    What the substitute may not read goes to the next best judge. Return the new assignments (open, everybody is
    told) and how many entries found nobody. Raises Refused, Conflict where nothing is left or the other is not in
    the jury.
    """
    must(policy.may_assign, actor, round_.contest_id)
    words = reason_of(reason)
    _must_take_over(seat, substitute)
    left = queries.unscored_in(round_.id, seat.id)
    if not left:
        raise Conflict(N_("This judge has handed everything in."))
    kept = queries.load_of(round_.id)[seat.id] - len(left)
    taken = _taken(round_, seat, substitute, at)
    for assignment in left:
        take_back(assignment, words, actor=actor, at=at)
    given, unmet = _give_on(round_, left, substitute, taken, words, actor=actor, at=at)
    notifications.handed_over(round_, seat, count=len(left), kept=kept, at=at)
    return given, unmet


def leave_to(seat: Seat, substitute: Seat, reason: str, *, actor: Actor, at: datetime) -> list[Assignment]:
    """Let a judge leave the jury and a substitute take over everything that is not handed in, in every round.

    Raises Refused without the right, Invalid without a reason, Conflict for somebody who has left or may not.
    """
    _must_take_over(seat, substitute)
    left_over = queries.unscored_of(seat.id)
    rounds = {one.round_id: one.round for one in left_over if one.state == OPEN}
    kept = sum(queries.load_of(number).get(seat.id, 0) for number in rounds) - sum(
        1 for one in left_over if one.state == OPEN
    )
    taken = {number: _taken(round_, seat, substitute, at) for number, round_ in rounds.items()}
    by_round = {number: [one for one in left_over if one.round_id == number] for number in rounds}
    words = leave_seat(seat, reason, actor=actor, at=at)
    for assignment in left_over:
        take_back(assignment, words, actor=actor, at=at)
    given: list[Assignment] = []
    unmet = 0
    for number, round_ in rounds.items():
        new, missing = _give_on(round_, by_round[number], substitute, taken[number], words, actor=actor, at=at)
        given += new
        unmet += missing
    notifications.judge_left(seat.contest, seat, reason=words, moved=len(given), kept=kept, unmet=unmet, at=at)
    return given


def _must_take_over(seat: Seat, substitute: Seat) -> None:
    if substitute.contest_id != seat.contest_id or substitute.state != ACCEPTED or substitute.id == seat.id:
        raise Conflict(N_("This judge is not in the jury now."))


def _taken(round_: Round, seat: Seat, substitute: Seat, at: datetime) -> set[int]:
    """Return the entries that the substitute may read of those that the judge has left."""
    plans = queries.takeovers(round_, seat, at=at)
    return {entry for one in plans if one.seat.id == substitute.id for entry in one.entries}


def _give_on(
    round_: Round, left: list[Assignment], substitute: Seat, taken: set[int], words: str, *, actor: Actor, at: datetime
) -> tuple[list[Assignment], int]:
    """Give what was taken back to the substitute, else to the next best judge; tell everybody."""
    given: list[Assignment] = []
    unmet = 0
    due_at = late_due(round_, at)
    for assignment in left:
        entry = assignment.entry
        reader = (
            substitute if entry.id in taken else next_reader(queries.problem_of(round_, at=at, keep_open=False), entry)
        )
        if reader is None:
            unmet += 1
            continue
        given.append(
            give(
                round_,
                entry,
                reader,
                state=OPEN,
                kind=SUBSTITUTE if reader is substitute else "replacement",
                reason=words,
                due_at=due_at,
                actor=actor,
                at=at,
            )
        )
    tell(round_, given, more=True, at=at)
    return given, unmet
