"""The panel's totals of a live round, typed as they are called out."""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import select

from compapp.contests.models import Round
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Conflict, Invalid, Refused
from compapp.core.moves import move
from compapp.core.numbers import parse_decimal
from compapp.core.text import N_
from compapp.entries.models import Entry
from compapp.judging import policy
from compapp.judging.lifecycle import ACCEPTED, DRAFT, LIVE, OPEN, SHEET, SUBMITTED, UNCONFIRMED
from compapp.judging.models import Assignment, Seat, Sheet
from compapp.judging.queries.conflicts import has_conflict
from compapp.judging.queries.jury import facts_of_contest
from compapp.judging.queries.results import latest_publication
from compapp.judging.queries.rounds import card_of
from compapp.judging.queries.sheets import assignment_of, sheet_of
from compapp.judging.scoring.card import number_text, sheet_text
from compapp.judging.services.hall.plan import must_be_live
from compapp.judging.services.rights import reason_of
from compapp.judging.services.sheets import counted, must_take_totals


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
    before the round, once it is published, or in a round without pitches (a figure that nobody heard is a paper sheet,
    which a second person confirms), Conflict for a judge who may not score this entry or has an online sheet, Invalid
    for an impossible total.
    """
    if not policy.may_enter_totals(actor, facts_of_contest(actor, round_.contest_id)):
        raise Refused(N_("Only the secretary or the organiser may enter totals."))
    must_be_live(round_)
    if at < round_.opens_at:
        raise Closed(N_("Scoring in this round has not begun yet."))
    if latest_publication(round_.id) is not None:
        raise Closed(N_("The result of this round is published; a change is a correction."))
    must_take_totals(round_)
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
