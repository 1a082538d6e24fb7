"""Sheets on paper: one person enters the figures, a second one confirms them after seeing them."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from compapp.contests.models import Round
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Conflict, Invalid, Refused, Sentence
from compapp.core.formats import number
from compapp.core.moves import move
from compapp.core.numbers import parse_decimal
from compapp.core.text import N_, nfc
from compapp.entries.models import Entry
from compapp.judging import notifications, policy, queries
from compapp.judging.lifecycle import DRAFT, OPEN, PAPER, SHEET
from compapp.judging.models import Seat, Sheet
from compapp.judging.scoring.card import Card, sheet_text
from compapp.judging.scoring.exact import round_half_up
from compapp.judging.scoring.modes import mode_of
from compapp.judging.services.rights import must, must_know, reason_of
from compapp.judging.services.sheets import (
    LONGEST_COMMENT,
    Scores,
    card_for,
    counted,
    must_be_single,
    must_take_totals,
    read_scores,
)


@dataclass(frozen=True)
class PaperInput:
    """What stands on the paper: every criterion's score, or the total alone (out of the round's maximum).

    A total beside the scores is compared with their sum.
    """

    scores: Scores = field(default_factory=dict)
    total: Decimal | str | None = None
    comment: str = ""


def enter_paper_sheet(
    round_: Round, entry: Entry, seat: Seat, given: PaperInput, *, actor: Actor, at: datetime
) -> Sheet:
    """Enter a judge's sheet from paper; it counts only once a second person has confirmed it.

    Raises Refused without the right, Conflict where the judge does not read this entry or has a sheet already,
    Closed before the round, Invalid for missing or impossible figures.
    """
    must(policy.may_handle_paper, actor, round_.contest_id)
    must_know(actor, entry)
    must_be_single(round_)
    if at < round_.opens_at:
        raise Closed(N_("Scoring in this round has not begun yet."))
    assignment = queries.assignment_of(round_.id, entry.id, seat.id)
    if assignment is None or assignment.state != OPEN or queries.has_conflict(seat.id, entry.id):
        raise Conflict(N_("This judge does not read this entry in this round."))
    queries.lock_assignment(assignment.id)
    sheet = queries.sheet_of(round_.id, entry.id, seat.id)
    if sheet is not None and sheet.state != DRAFT:
        raise Conflict(N_("There is a sheet of this judge for this entry already."))
    card = card_for(round_)
    if not any(str(value or "").strip() for value in given.scores.values()):
        _must_stand_alone(round_, card, given)
    values = _figures(card, given, actor.locale)
    values |= {"source": PAPER, "saved_at": at, "entered_by_id": actor.person_id, "confirmed_by_id": None}
    if sheet is None:
        sheet = Sheet(
            round=round_, entry=entry, seat=seat, state=DRAFT, version=1, comments={}, definition={}, **values
        )
        session().add(sheet)
        session().flush()
    else:
        for name, value in values.items():
            setattr(sheet, name, value)
        sheet.version += 1
    total = None if sheet.total is None else str(sheet.total)
    move(sheet, SHEET, "enter", actor=actor, at=at, contest_id=round_.contest_id, data={"total": total})
    notifications.paper_waiting(round_, sheet, at=at)
    return sheet


def _must_stand_alone(round_: Round, card: Card, given: PaperInput) -> None:
    """Refuse a sheet without scores where it is no sum of points: a total, or nothing at all."""
    if mode_of(round_.definition).sheet is not None and not str(given.total or "").strip():
        raise Invalid(fields={line.code: [(N_("Choose one of the options."), {})] for line in card.lines})
    must_take_totals(round_)


def _figures(card: Card, given: PaperInput, locale: str) -> dict[str, Any]:
    comment = nfc(given.comment).replace("\r\n", "\n").strip()
    faults: dict[str, list[Sentence]] = {}
    if len(comment) > LONGEST_COMMENT:
        faults["comment"] = [(N_("Write at most %(most)s characters."), {"most": LONGEST_COMMENT})]
    typed = {code: value for code, value in given.scores.items() if value is not None and str(value).strip()}
    if typed:
        scores = _all_scores(card, typed, faults)
        if faults:
            raise Invalid(fields=faults)
        total = card.total(scores)
        _compare(card, total, given.total, locale)
        return {"scores": scores, "total": total, "total_text": None, "comment": comment}
    text = _total(card, given.total, faults)
    if faults:
        raise Invalid(fields=faults)
    return {"scores": {}, "total": Fraction(text), "total_text": text, "comment": comment}


def _compare(card: Card, total: Fraction, written: Decimal | str | None, locale: str) -> None:
    """Raise Invalid where the sheet's own total, as far as it is written, is not that of its scores."""
    if written is None or not str(written).strip():
        return
    faults: dict[str, list[Sentence]] = {}
    text = _total(card, written, faults)
    decimals = len(text.partition(".")[2])
    if not faults and round_half_up(total, decimals) != Fraction(text):
        numbers = {"sum": number(total, max(decimals, 2), locale), "total": number(Fraction(text), decimals, locale)}
        faults["total"] = [(N_("The scores make %(sum)s, the paper says %(total)s. Look at both once more."), numbers)]
    if faults:
        raise Invalid(fields=faults)


def _all_scores(card: Card, typed: Scores, faults: dict[str, list[Sentence]]) -> dict[str, str]:
    read, wrong = read_scores(card, typed)
    faults |= wrong
    for line in card.lines:
        if line.code not in read and line.code not in wrong:
            faults[line.code] = [(N_("Give a score."), {})]
    return {line.code: str(read[line.code]) for line in card.lines if line.code in read}


def _total(card: Card, total: Decimal | str | None, faults: dict[str, list[Sentence]]) -> str:
    """Return the total as text, within the card's maximum; the fault goes to ``faults``."""
    if total is None or not str(total).strip():
        faults["total"] = [(N_("Write every score of the sheet, or its total."), {})]
        return "0"
    try:
        value = parse_decimal(total[:20]) if isinstance(total, str) else total
    except Invalid as error:
        faults["total"] = [(error.msgid, error.params)]
        return "0"
    if not 0 <= Fraction(str(value)) <= card.rubric.maximum:
        most = str(card.rubric.maximum)
        faults["total"] = [(N_("The total lies between 0 and %(most)s."), {"most": most})]
        return "0"
    return sheet_text(value)


def confirm_paper_sheet(sheet: Sheet, *, actor: Actor, at: datetime) -> None:
    """Confirm a paper sheet after comparing it with the paper; it counts from now on.

    Raises Refused without the right or for the person who entered it, Conflict when it no longer waits.
    """
    round_ = sheet.round
    facts = queries.facts_of_contest(actor, round_.contest_id)
    must(policy.may_handle_paper, actor, round_.contest_id)
    must_know(actor, sheet.entry)
    if not policy.may_confirm_paper(actor, facts, sheet.entered_by_id):
        raise Refused(N_("A second person confirms a paper sheet, never the one who entered it."))
    _must_still_be_judged(sheet)
    move(
        sheet,
        SHEET,
        "confirm",
        actor=actor,
        at=at,
        contest_id=round_.contest_id,
        data={"total": str(sheet.total), "entered_by": sheet.entered_by_id},
        confirmed_by_id=actor.person_id,
        submitted_at=at,
        note=None,
    )
    counted(round_, sheet, actor=actor, at=at)


def _must_still_be_judged(sheet: Sheet) -> None:
    if queries.has_conflict(sheet.seat_id, sheet.entry_id):
        raise Conflict(N_("This judge has a conflict with the entry; the sheet cannot count."))


def send_back_paper_sheet(sheet: Sheet, note: str, *, actor: Actor, at: datetime) -> None:
    """Send a paper sheet back to who entered it, saying what stands otherwise on the paper."""
    round_ = sheet.round
    must_know(actor, sheet.entry)
    facts = queries.facts_of_contest(actor, round_.contest_id)
    if not policy.may_confirm_paper(actor, facts, sheet.entered_by_id):
        raise Refused(N_("A second person confirms a paper sheet, never the one who entered it."))
    words = reason_of(note)
    move(
        sheet,
        SHEET,
        "send_back",
        actor=actor,
        at=at,
        contest_id=round_.contest_id,
        data={"note": words},
        note=words,
    )
    notifications.paper_returned(round_, sheet, note=words, at=at)
