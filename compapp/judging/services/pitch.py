"""Pitch rounds: the running order drawn from a logged seed, slots, and the panel's totals typed live."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import select

from compapp.contests.models import Board, Round
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Conflict, Invalid, Refused
from compapp.core.moves import move
from compapp.core.numbers import parse_decimal
from compapp.core.text import N_
from compapp.entries.models import Entry
from compapp.entries.queries.team import team_people
from compapp.judging import policy
from compapp.judging.lifecycle import ACCEPTED, DRAFT, LIVE, OPEN, SHEET, SUBMITTED, UNCONFIRMED
from compapp.judging.models import Assignment, Draw, Seat, Sheet
from compapp.judging.notifications import results as notices
from compapp.judging.queries.conflicts import has_conflict
from compapp.judging.queries.jury import active_seats, facts_of_contest
from compapp.judging.queries.results import draws_of, latest_publication
from compapp.judging.queries.rounds import card_of, entries_of_round
from compapp.judging.queries.sheets import assignment_of, sheet_of
from compapp.judging.scoring.card import number_text, sheet_text
from compapp.judging.scoring.draw import draw_order as drawn_order
from compapp.judging.services.rights import reason_of
from compapp.judging.services.sheets import counted

LIVE_PITCH = "live_pitch"


@dataclass(frozen=True)
class Slot:
    """One team's time in the hall; ``position`` counts from 1 within its board."""

    board: str
    entry: str
    position: int
    starts_at: datetime
    ends_at: datetime


def draw_order(round_: Round, *, seed: str | None = None, actor: Actor, at: datetime) -> list[Draw]:
    """Draw the running order of every board that has none yet and tell the teams.

    The seed is logged, so that anybody can draw again and compare. A second press gets the same order. Raises
    Refused without the right, Closed for a round without pitches or without entries.
    """
    _must_run(round_, actor)
    if round_.kind != LIVE_PITCH:
        raise Closed(N_("Teams do not pitch in this round."))
    session().execute(select(Round.id).where(Round.id == round_.id).with_for_update())
    drawn = {draw.board_code: draw for draw in draws_of(round_.id)}
    participants = _participants(round_)
    if not participants and not drawn:
        raise Closed(N_("Nobody takes part in this round yet."))
    used = seed or secrets.token_hex(8)
    added = False
    for board, codes in participants.items():
        if board not in drawn:
            drawn[board] = _store(round_, board, codes, used, actor=actor, at=at)
            added = True
    if added:
        _tell(round_, list(drawn.values()), version=used, changed=False, at=at)
    return [drawn[board] for board in sorted(drawn, key=lambda code: drawn[code].id)]


def redraw(round_: Round, board: str, reason: str, *, seed: str | None = None, actor: Actor, at: datetime) -> Draw:
    """Draw one board again (a team came in or left), with a reason; the teams of the round are told their new times.

    Raises Refused without the right, Invalid without a reason, Closed once a sheet of the round is in.
    """
    _must_run(round_, actor)
    words = reason_of(reason)
    if session().scalar(select(Sheet.id).where(Sheet.round_id == round_.id, Sheet.state == SUBMITTED).limit(1)):
        raise Closed(N_("The round has begun; the order stays as it is."))
    session().execute(select(Round.id).where(Round.id == round_.id).with_for_update())
    draw = next((one for one in draws_of(round_.id) if one.board_code == board), None)
    codes = _participants(round_).get(board, [])
    used = seed or secrets.token_hex(8)
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
    _tell(round_, draws_of(round_.id), version=used, changed=True, at=at)
    return draw


def _must_run(round_: Round, actor: Actor) -> None:
    if not policy.may_run_pitch(actor, facts_of_contest(actor, round_.contest_id)):
        raise Refused(N_("Only the organiser, the secretary or the chair may draw the running order."))


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


def pitch_slots(round_: Round, draws: list[Draw] | None = None) -> list[Slot]:
    """Return the slots of a round: board after board in drawn order, pitch and questions back to back."""
    found = draws if draws is not None else draws_of(round_.id)
    minutes = int(round_.definition.get("pitch_minutes") or 5) + int(round_.definition.get("qa_minutes") or 0)
    length = timedelta(minutes=minutes)
    starts = round_.opens_at
    slots: list[Slot] = []
    for draw in sorted(found, key=lambda one: one.id):
        for position, entry in enumerate(draw.order, 1):
            slots.append(Slot(draw.board_code, entry, position, starts, starts + length))
            starts += length
    return slots


def _tell(round_: Round, draws: list[Draw], *, version: str, changed: bool, at: datetime) -> None:
    slots = pitch_slots(round_, draws)
    entries = {
        entry.code: entry
        for entry in session().scalars(
            select(Entry).where(Entry.contest_id == round_.contest_id, Entry.code.in_([slot.entry for slot in slots]))
        )
    }
    people = team_people(entry.id for entry in entries.values())
    for slot in slots:
        entry = entries[slot.entry]
        notices.pitch_order(
            round_,
            entry.title,
            people[entry.id],
            entry_id=entry.id,
            position=slot.position,
            starts_at=slot.starts_at,
            version=version,
            changed=changed,
            at=at,
        )
    if slots:
        notices.pitch_order_jury(
            round_,
            _judges(round_),
            teams=len(slots),
            starts_at=slots[0].starts_at,
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


def enter_panel_total(
    round_: Round,
    entry: Entry,
    seat: Seat,
    total: Decimal | str,
    *,
    reason: str = "",
    actor: Actor,
    at: datetime,
) -> Sheet:
    """Enter a judge's total, called out in the hall; it counts at once as a total-only sheet.

    ``total`` may be typed with a comma and lies between 0 and the rubric's maximum. The same total again changes
    nothing; another one needs a ``reason`` and is audited with both. Raises Refused without the right, Closed
    before the round or once it is published, Conflict for a judge who may not score this entry or has an online
    sheet, Invalid for an impossible total.
    """
    if not policy.may_enter_totals(actor, facts_of_contest(actor, round_.contest_id)):
        raise Refused(N_("Only the secretary or the organiser may enter totals."))
    if at < round_.opens_at:
        raise Closed(N_("Scoring in this round has not begun yet."))
    if latest_publication(round_.id) is not None:
        raise Closed(N_("The result of this round is published; a change is a correction."))
    text = read_total(round_, total)
    _must_be_on_panel(round_, entry, seat)
    session().execute(select(Entry.id).where(Entry.id == entry.id).with_for_update())
    sheet = sheet_of(round_.id, entry.id, seat.id)
    if sheet is None or sheet.state == DRAFT:
        return _enter(round_, entry, seat, sheet, text, actor=actor, at=at)
    if sheet.state == UNCONFIRMED or sheet.scores or sheet.state != SUBMITTED:
        raise Conflict(N_("There is a sheet of this judge for this entry already."), current=sheet)
    if sheet.total == Fraction(text):
        return sheet
    if not reason.strip():
        raise Conflict(N_("Another total stands already; say why it changes."), current=sheet)
    before = str(sheet.total)
    sheet.total, sheet.total_text, sheet.saved_at, sheet.version = Fraction(text), text, at, sheet.version + 1
    audit.record(
        "judging.sheet.change_total",
        sheet,
        actor=actor,
        at=at,
        contest_id=round_.contest_id,
        data={"before": before, "after": text, "reason": reason_of(reason)},
    )
    counted(round_, sheet, actor=actor, at=at)
    return sheet


def read_total(round_: Round, total: Decimal | str) -> str:
    """Return a typed total as stored text; Invalid unless it lies between 0 and the sum of the weights."""
    card = card_of(round_.contest, round_)
    if card is None:
        raise Closed(N_("This round has no score sheet."))
    try:
        value = parse_decimal(total[:20]) if isinstance(total, str) else total
    except Invalid as error:
        raise Invalid(fields={"total": [(error.msgid, error.params)]}) from None
    if not value.is_finite() or not 0 <= Fraction(value) <= card.rubric.maximum:
        most = number_text(card.rubric.maximum)
        raise Invalid(fields={"total": [(N_("The total lies between 0 and %(most)s."), {"most": most})]})
    return sheet_text(value)


def _must_be_on_panel(round_: Round, entry: Entry, seat: Seat) -> None:
    if seat.contest_id != round_.contest_id or entry.contest_id != round_.contest_id or seat.state != ACCEPTED:
        raise Conflict(N_("This judge does not score this entry in this round."))
    if has_conflict(seat.id, entry.id):
        raise Conflict(N_("This judge has a conflict of interest with this entry."))
    panel = session().scalar(
        select(Assignment.id).where(Assignment.round_id == round_.id, Assignment.state == OPEN).limit(1)
    )
    if panel is None:
        return
    own = assignment_of(round_.id, entry.id, seat.id)
    if own is None or own.state != OPEN:
        raise Conflict(N_("This judge does not score this entry in this round."))


def _enter(
    round_: Round, entry: Entry, seat: Seat, sheet: Sheet | None, text: str, *, actor: Actor, at: datetime
) -> Sheet:
    if sheet is not None and sheet.scores:
        raise Conflict(N_("This judge has begun a sheet online."), current=sheet)
    if sheet is None:
        sheet = Sheet(
            round=round_,
            entry=entry,
            seat=seat,
            state=DRAFT,
            source=LIVE,
            scores={},
            comments={},
            version=1,
            saved_at=at,
            definition={},
        )
        session().add(sheet)
        session().flush()
    move(
        sheet,
        SHEET,
        "submit",
        actor=actor,
        at=at,
        contest_id=round_.contest_id,
        data={"total": text, "source": LIVE},
        source=LIVE,
        total=Fraction(text),
        total_text=text,
        saved_at=at,
        submitted_at=at,
        entered_by_id=actor.person_id,
    )
    counted(round_, sheet, actor=actor, at=at)
    return sheet
