"""The running order: drawn by lot from a logged seed, changed only by a named person with a reason."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from compapp.contests.models import Board, Round
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Conflict, Invalid, Refused
from compapp.core.text import N_, nfc
from compapp.entries.models import Entry
from compapp.entries.queries.team import team_people
from compapp.judging import policy
from compapp.judging.lifecycle import EXPECTED, OPEN, SUBMITTED
from compapp.judging.models import Assignment, Draw, Hall, OrderChange, PitchSlot, Sheet
from compapp.judging.notifications import pitch as notices
from compapp.judging.queries.hall import halls_of, plan_of, slots_of
from compapp.judging.queries.jury import active_seats, facts_of_contest
from compapp.judging.queries.results import draws_of
from compapp.judging.queries.rounds import entries_of_round
from compapp.judging.scoring.draw import draw_order as drawn_order
from compapp.judging.services.hall.plan import (
    LIVE_PITCH,
    lock_round,
    must_be_live,
    new_hall,
    retime,
    stored_plan,
    touch,
    usual_hall,
)
from compapp.judging.services.rights import must_know, reason_of

LONGEST_SAID = 40
"""Characters that people in the hall may add to the seed."""
LONGEST_DELAY = 12 * 60

_STAYS = N_("The round has begun; the order stays as it is.")


def draw_order(round_: Round, *, seed: str | None = None, said: str = "", actor: Actor, at: datetime) -> list[Draw]:
    """Draw the running order of every board that has none yet, give the slots and tell the teams.

    The seed is logged, so that anybody can draw again and compare; ``said`` (a number that the teams call out) goes
    into it. A second press gets the same order. Raises Refused without the right, Closed for a round without pitches
    or without entries, Invalid for words too long.
    """
    _must_run(round_, actor)
    must_be_live(round_)
    lock_round(round_)
    drawn = {draw.board_code: draw for draw in draws_of(round_.id)}
    participants = _participants(round_)
    if not participants and not drawn:
        raise Closed(N_("Nobody takes part in this round yet."))
    used = _seed(seed, said)
    added = False
    for board, codes in participants.items():
        if board not in drawn:
            drawn[board] = _store(round_, board, codes, used, actor=actor, at=at)
            added = True
    if added or not slots_of(round_.id):
        _lay_out(round_, actor=actor, at=at)
        tell_order(round_, slots_of(round_.id), version=used, changed=False, at=at)
    return [drawn[board] for board in sorted(drawn, key=lambda code: drawn[code].id)]


def redraw(
    round_: Round,
    board: str,
    reason: str,
    *,
    seed: str | None = None,
    said: str = "",
    actor: Actor,
    at: datetime,
) -> Draw:
    """Draw one board again (a team came in or left), with a reason; the teams of the round are told their new times.

    Raises Refused without the right, Invalid without a reason, Closed once a team has pitched or a sheet is in.
    """
    _must_run(round_, actor)
    words = reason_of(reason)
    lock_round(round_)
    if _has_begun(round_):
        raise Closed(_STAYS)
    draw = next((one for one in draws_of(round_.id) if one.board_code == board), None)
    codes = _participants(round_).get(board, [])
    used = _seed(seed, said)
    if draw is None:
        draw = _store(round_, board, codes, used, actor=actor, at=at)
    else:
        before = list(draw.order)
        draw.seed, draw.order, draw.drawn_at, draw.drawn_by_name = used, drawn_order(codes, used), at, actor.name
        audit.record(
            "judging.draw.redraw",
            draw,
            actor=actor,
            at=at,
            contest_id=round_.contest_id,
            data={"board": board, "seed": used, "before": before, "order": draw.order, "reason": words},
        )
    _lay_out(round_, actor=actor, at=at)
    tell_order(round_, slots_of(round_.id), version=used, changed=True, at=at)
    return draw


def _seed(seed: str | None, said: str) -> str:
    """Return the seed to draw from: ``seed`` or a random one, with what the hall called out after it."""
    words = "".join(letter for letter in nfc(said) if letter.isalnum())
    if len(words) > LONGEST_SAID:
        raise Invalid(fields={"said": [(N_("Write at most %(most)s characters."), {"most": LONGEST_SAID})]})
    used = seed or secrets.token_hex(8)
    return f"{used}+{words}" if words else used


def _must_run(round_: Round, actor: Actor) -> None:
    if not policy.may_run_pitch(actor, facts_of_contest(actor, round_.contest_id)):
        raise Refused(N_("Only the organiser, the secretary or the chair may draw the running order."))


def _has_begun(round_: Round) -> bool:
    sheet = select(Sheet.id).where(Sheet.round_id == round_.id, Sheet.state == SUBMITTED).limit(1)
    started = select(PitchSlot.id).where(PitchSlot.round_id == round_.id, PitchSlot.started_at.is_not(None)).limit(1)
    return session().scalar(sheet) is not None or session().scalar(started) is not None


def pitches(round_: Round) -> bool:
    """Return whether anybody pitches in this round yet."""
    return round_.kind == LIVE_PITCH and bool(_participants(round_))


def _participants(round_: Round) -> dict[str, list[str]]:
    rows = session().execute(
        entries_of_round(round_)
        .join(Board, Board.id == Entry.board_id)
        .with_only_columns(Board.code, Entry.code)
        .order_by(Board.position, Entry.code)
    )
    gathered: dict[str, list[str]] = {}
    for board, code in rows:
        gathered.setdefault(board, []).append(code)
    return gathered


def newcomers(round_: Round, slots: Iterable[PitchSlot]) -> list[str]:
    """Return the codes of entries that take part but have no slot: a reserve that moved up after the draw."""
    known = {slot.entry.code for slot in slots}
    return [code for codes in _participants(round_).values() for code in codes if code not in known]


def _store(round_: Round, board: str, codes: list[str], seed: str, *, actor: Actor, at: datetime) -> Draw:
    draw = Draw(
        round_id=round_.id,
        board_code=board,
        seed=seed,
        order=drawn_order(codes, seed),
        drawn_at=at,
        drawn_by_name=actor.name,
    )
    session().add(draw)
    session().flush()
    audit.record(
        "judging.draw.draw",
        draw,
        actor=actor,
        at=at,
        contest_id=round_.contest_id,
        data={"board": board, "seed": seed, "order": draw.order},
    )
    return draw


def _lay_out(round_: Round, *, actor: Actor, at: datetime) -> None:
    """Give every drawn entry its slot: board after board in the hall that takes the board, and the times."""
    stored_plan(round_)
    halls = halls_of(round_.id) or [new_hall(round_, usual_hall(round_), actor=actor, at=at)]
    entries = _entries(round_, [code for draw in draws_of(round_.id) for code in draw.order])
    known = {slot.entry_id: slot for slot in slots_of(round_.id)}
    counts = dict.fromkeys((hall.id for hall in halls), 0)
    for draw in draws_of(round_.id):
        hall = _hall_for(halls, draw.board_code)
        for code in draw.order:
            counts[hall.id] += 1
            slot = known.pop(entries[code].id, None)
            if slot is None:
                slot = PitchSlot(round_id=round_.id, entry=entries[code], state=EXPECTED, late=False)
                session().add(slot)
            slot.hall, slot.board_code, slot.position = hall, draw.board_code, counts[hall.id]
            slot.starts_at = hall.starts_at
    for gone in known.values():
        session().delete(gone)
    session().flush()
    for hall in halls:
        retime(hall, slots_of(round_.id, hall.id))
        touch(hall)


def _hall_for(halls: Sequence[Hall], board: str) -> Hall:
    """Return the hall that takes a board: the one that names it, else one that names none, else the first."""
    named = [hall for hall in halls if board in hall.boards]
    return (named or [hall for hall in halls if not hall.boards] or list(halls))[0]


def _entries(round_: Round, codes: Iterable[str]) -> dict[str, Entry]:
    rows = session().scalars(select(Entry).where(Entry.contest_id == round_.contest_id, Entry.code.in_(list(codes))))
    return {entry.code: entry for entry in rows}


def swap(first: PitchSlot, second: PitchSlot, reason: str, *, actor: Actor, at: datetime) -> None:
    """Let two teams change places (also between halls), with a reason; both are told.

    Raises Refused, NotFound for an entry that the actor may not know of, Invalid without a reason, Conflict unless
    both teams of one round still wait.
    """
    round_ = first.round
    _must_run(round_, actor)
    must_know(actor, first.entry)
    must_know(actor, second.entry)
    words = reason_of(reason)
    lock_round(round_)
    session().refresh(first)
    session().refresh(second)
    if first.id == second.id or first.round_id != second.round_id:
        raise Conflict(N_("Choose two different teams of this round."))
    if first.state != EXPECTED or second.state != EXPECTED:
        raise Conflict(N_("Only teams that have not pitched yet change places."))
    halls = {slot.hall_id: slot.hall for slot in (first, second)}
    before = {number: _codes(round_.id, number) for number in halls}
    for name in ("hall_id", "position", "starts_at"):
        mine, theirs = getattr(first, name), getattr(second, name)
        setattr(first, name, theirs)
        setattr(second, name, mine)
    session().flush()
    session().expire(first, ["hall"])
    session().expire(second, ["hall"])
    for number, hall in halls.items():
        log_change(round_, hall, before[number], words, actor=actor, at=at)
    tell_order(round_, [first, second], version=at.isoformat(), changed=True, at=at)


def add_newcomers(round_: Round, reason: str, *, actor: Actor, at: datetime) -> list[PitchSlot]:
    """Give entries that came in after the draw (a reserve that moved up) slots at the end of their hall.

    Raises Refused, Invalid without a reason, Conflict where nobody is new or nothing is drawn yet.
    """
    _must_run(round_, actor)
    words = reason_of(reason)
    lock_round(round_)
    slots = slots_of(round_.id)
    new = newcomers(round_, slots)
    if not new or not slots:
        raise Conflict(N_("No team has come in since the draw."))
    entries, halls = _entries(round_, new), halls_of(round_.id)
    boards = {board.id: board.code for board in round_.contest.boards}
    added = []
    before = {hall.id: _codes(round_.id, hall.id) for hall in halls}
    for code in new:
        board = boards[entries[code].board_id]
        hall = _hall_for(halls, board)
        slot = PitchSlot(
            round_id=round_.id,
            hall=hall,
            entry=entries[code],
            board_code=board,
            position=_last(round_.id, hall.id) + 1,
            starts_at=hall.starts_at,
            state=EXPECTED,
            late=False,
        )
        session().add(slot)
        session().flush()
        added.append(slot)
    for hall in {slot.hall_id: slot.hall for slot in added}.values():
        retime(hall, slots_of(round_.id, hall.id))
        log_change(round_, hall, before[hall.id], words, actor=actor, at=at)
    tell_order(round_, added, version=at.isoformat(), changed=False, at=at)
    return added


def move_last(slot: PitchSlot, words: str, *, actor: Actor, at: datetime) -> None:
    """Let a team pitch after all others of its hall, with the right and the reason checked elsewhere."""
    round_, hall = slot.round, slot.hall
    before = _codes(round_.id, hall.id)
    ordered = slots_of(round_.id, hall.id)
    last = max(ordered, key=lambda one: one.position)
    if last.id == slot.id:
        return
    slot.position = last.position + 1
    slot.starts_at = max(one.starts_at for one in ordered) + timedelta(
        minutes=hall.pitch_minutes + hall.question_minutes + hall.change_minutes
    )
    session().flush()
    log_change(round_, hall, before, words, actor=actor, at=at)


def shift_rest(hall: Hall, minutes: int, *, actor: Actor, at: datetime) -> list[PitchSlot]:
    """Move the planned time of every team that still waits in a hall by whole ``minutes``, and tell them.

    Raises Refused, Invalid for 0 or more than twelve hours, Conflict where nobody waits.
    """
    round_ = hall.round
    _must_run(round_, actor)
    if minutes == 0 or abs(minutes) > LONGEST_DELAY:
        sentence = N_("Type whole minutes: 10 for later, -5 for earlier.")
        raise Invalid(fields={"minutes": [(sentence, {})]})
    lock_round(round_)
    waiting = [slot for slot in slots_of(round_.id, hall.id) if slot.state == EXPECTED]
    if not waiting:
        raise Conflict(N_("No team waits in this hall any more."))
    for slot in waiting:
        slot.starts_at += timedelta(minutes=minutes)
    touch(hall)
    audit.record(
        "judging.hall.shift",
        hall,
        actor=actor,
        at=at,
        contest_id=round_.contest_id,
        data={"round": round_.code, "minutes": minutes, "teams": len(waiting)},
    )
    tell_order(round_, waiting, version=at.isoformat(), changed=True, at=at, jury=False)
    return waiting


def _last(round_id: int, hall_id: int) -> int:
    return max((slot.position for slot in slots_of(round_id, hall_id)), default=0)


def _codes(round_id: int, hall_id: int) -> list[str]:
    return [slot.entry.code for slot in slots_of(round_id, hall_id)]


def log_change(round_: Round, hall: Hall, before: Sequence[str], words: str, *, actor: Actor, at: datetime) -> None:
    """Keep for everybody who changed the order of a hall, and why."""
    after = _codes(round_.id, hall.id)
    change = OrderChange(hall_id=hall.id, before=list(before), after=after, reason=words, at=at, by_name=actor.name)
    session().add(change)
    touch(hall)
    audit.record(
        "judging.order.change",
        change,
        actor=actor,
        at=at,
        contest_id=round_.contest_id,
        data={"round": round_.code, "before": list(before), "after": after, "reason": words},
    )


def tell_order(
    round_: Round, slots: Sequence[PitchSlot], *, version: str, changed: bool, at: datetime, jury: bool = True
) -> None:
    """Tell the teams of ``slots`` where and when they pitch, and the jury when it begins."""
    plan = plan_of(round_.id)
    people = team_people(slot.entry_id for slot in slots)
    for slot in slots:
        notices.pitch_order(
            round_,
            slot.entry.title,
            people[slot.entry_id],
            entry_id=slot.entry_id,
            position=slot.position,
            hall=slot.hall.name,
            starts_at=slot.starts_at,
            be_there=slot.starts_at - timedelta(minutes=plan.report_minutes),
            minutes=(slot.hall.pitch_minutes, slot.hall.question_minutes),
            bring=plan.bring,
            version=version,
            changed=changed,
            at=at,
        )
    everybody = slots_of(round_.id)
    if slots and jury:
        notices.pitch_order_jury(
            round_,
            _judges(round_),
            teams=len(everybody),
            starts_at=min(slot.starts_at for slot in everybody),
            version=version,
            changed=changed,
            at=at,
        )


def _judges(round_: Round) -> list[int]:
    """Return who listens to the pitches: the panel that was given entries of the round, else the whole jury."""
    panel = set(
        session().scalars(
            select(Assignment.seat_id).where(Assignment.round_id == round_.id, Assignment.state == OPEN).distinct()
        )
    )
    return [seat.person_id for seat in active_seats(round_.contest_id) if not panel or seat.id in panel]
