"""Filling in, handing in, taking back and voiding a score sheet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm.attributes import set_committed_value

from compapp.contests.models import Round
from compapp.core.actor import Actor
from compapp.core.db import identity_of, session
from compapp.core.errors import Closed, Conflict, Invalid, NotFound, Refused, Sentence
from compapp.core.moves import move
from compapp.core.numbers import parse_decimal
from compapp.core.text import N_, nfc
from compapp.judging import notifications, policy, queries
from compapp.judging.lifecycle import DRAFT, ONLINE, SHEET, SUBMITTED, VOID
from compapp.judging.models import Assignment, Sheet
from compapp.judging.queries.sheets import OpenSheet
from compapp.judging.scoring.card import Card, sheet_text
from compapp.judging.scoring.modes import mode_of
from compapp.judging.services.figures import update_figure
from compapp.judging.services.rights import must_know, reason_of
from compapp.judging.services.screening import watch_consensus
from compapp.judging.services.spread import watch_spread

LONGEST_COMMENT = 5000
"""Characters of any one comment."""
REOPENED_FOR = timedelta(hours=24)
"""A sheet given back stays open at least this long, also beyond the end of the round."""

Scores = Mapping[str, Decimal | str | None]
"""Criterion to score; None or an empty text takes a score back."""

_CHANGED = N_("This sheet was changed in another window. Both versions are shown; choose what to keep.")


@dataclass(frozen=True)
class SheetInput:
    """What a judge types on a sheet; keys that are absent stay as they are."""

    scores: Scores = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    comment: str | None = None
    comment_to_jury: str | None = None


def save_sheet(
    assignment: Assignment,
    given: SheetInput,
    *,
    version: int | None = None,
    of_pile: bool = False,
    actor: Actor,
    at: datetime,
) -> Sheet:
    """Save what was typed as a draft; return the sheet with its new version.

    ``of_pile``: it comes from the page for all entries, the only one that writes sheets in a round judged so.

    ``version`` is the one the judge saw (0 for a sheet not begun); None saves over whatever stands. Raises
    NotFound without the right to the entry, Closed outside the round, Conflict (``current`` is the sheet as it
    stands) for another version or a sheet that is no draft, Invalid for a score off the scale.
    """
    found = own_sheet(assignment, actor)
    must_be_single(found.round, of_pile=of_pile)
    must_be_open(found.round, found.due_at, at)
    sheet = found.sheet
    if sheet is not None and sheet.state != DRAFT:
        raise Conflict(N_("This sheet has been handed in and can no longer be changed."), current=sheet)
    if version is not None and version != (sheet.version if sheet is not None else 0):
        raise Conflict(_CHANGED, current=sheet)
    values = _merged(card_for(found.round), sheet, given)
    if sheet is None:
        return _begin(found, values, at)
    if all(getattr(sheet, name) == value for name, value in values.items()):
        return sheet
    return _overwrite(sheet, values, at)


def _begin(found: OpenSheet, values: dict[str, Any], at: datetime) -> Sheet:
    sheet = Sheet(
        round_id=found.round.id,
        entry_id=found.assignment.entry_id,
        seat_id=found.assignment.seat_id,
        state=DRAFT,
        source=ONLINE,
        version=1,
        saved_at=at,
        definition={},
        **values,
    )
    session().add(sheet)
    session().flush()
    return sheet


def _overwrite(sheet: Sheet, values: dict[str, Any], at: datetime) -> Sheet:
    """Write a draft by compare-and-set on its version."""
    result: Any = session().execute(
        update(Sheet)
        .where(Sheet.id == sheet.id, Sheet.version == sheet.version, Sheet.state == DRAFT)
        .values(version=sheet.version + 1, saved_at=at, **values)
        .execution_options(synchronize_session=False)
    )
    if result.rowcount != 1:
        session().refresh(sheet)
        raise Conflict(_CHANGED, current=sheet)
    for name, value in {"version": sheet.version + 1, "saved_at": at, **values}.items():
        set_committed_value(sheet, name, value)
    return sheet


def own_sheet(assignment: Assignment, actor: Actor) -> OpenSheet:
    """Load the assignment anew under a lock, with the judge's rights as they are now; NotFound without any."""
    number = identity_of(assignment)
    if number is None:
        raise NotFound(N_("This sheet does not exist, or it is not open to you."))
    queries.lock_assignment(number)
    found = queries.open_sheet(actor, number)
    if found is None:
        raise NotFound(N_("This sheet does not exist, or it is not open to you."))
    return found


def must_be_open(round_: Round, due_at: datetime, at: datetime) -> None:
    """Raise Closed before the round opens, and once ``due_at`` is over."""
    if at < round_.opens_at:
        raise Closed(N_("Scoring in this round has not begun yet."))
    if at > due_at:
        raise Closed(N_("Scoring in this round is over. What you typed is not lost; ask the organiser for more time."))


def must_be_single(round_: Round, *, of_pile: bool = False) -> None:
    """Refuse a sheet of its own in a round in which a judge says one thing about all entries."""
    if mode_of(round_.definition).whole_pile and not of_pile:
        raise Closed(N_("In this round there is no sheet for a single entry; judge all of them on one page."))


def must_take_totals(round_: Round) -> None:
    """Refuse a total without scores where a sheet is no sum of points."""
    if mode_of(round_.definition).sheet is not None:
        raise Closed(N_("In this round judges give no points, so a total cannot be entered."))


def card_for(round_: Round) -> Card:
    """Return the round's score card; Closed for a round without a rubric."""
    card = queries.card_of(round_.contest, round_)
    if card is None:
        raise Closed(N_("This round has no score sheet."))
    return card


def read_scores(card: Card, scores: Scores) -> tuple[dict[str, str | None], dict[str, list[Sentence]]]:
    """Return the scores as stored text (None: taken back), and the sentences on those that cannot be.

    A comma or a point may stand before the decimals.
    """
    read: dict[str, str | None] = {}
    faults: dict[str, list[Sentence]] = {}
    for code, value in scores.items():
        if value is None or (isinstance(value, str) and not value.strip()):
            if card.line(code) is not None:
                read[code] = None
            continue
        try:
            if len(str(value)) > 20:
                raise Invalid(N_("“%(text)s” is not a number. Write 7.5 or 7,5."), text=str(value)[:20])
            text = sheet_text(parse_decimal(value) if isinstance(value, str) else value)
        except Invalid as error:
            faults[code] = [(error.msgid, error.params)]
            continue
        wrong = card.score_faults({code: text})
        faults |= wrong
        if not wrong:
            read[code] = text
    return read, faults


def _merged(card: Card, sheet: Sheet | None, given: SheetInput) -> dict[str, Any]:
    """Return the columns of the sheet with what was typed put in; Invalid for a score off the scale."""
    read, faults = read_scores(card, given.scores)
    comments = dict(sheet.comments) if sheet is not None else {}
    for code, text in given.comments.items():
        if card.line(code) is None:
            continue
        comments[code] = cleaned_comment(text, f"comment-{code}", faults)
    values: dict[str, Any] = {
        "comments": {code: text for code, text in comments.items() if text},
        "comment": sheet.comment if sheet is not None else "",
        "comment_to_jury": sheet.comment_to_jury if sheet is not None else "",
    }
    for name in ("comment", "comment_to_jury"):
        typed = getattr(given, name)
        if typed is not None:
            values[name] = cleaned_comment(typed, name, faults)
    if faults:
        raise Invalid(fields=faults)
    scores = dict(sheet.scores) if sheet is not None else {}
    scores.update({code: text for code, text in read.items() if text is not None})
    for code in [code for code, text in read.items() if text is None]:
        scores.pop(code, None)
    values["scores"] = {line.code: scores[line.code] for line in card.lines if line.code in scores}
    values["total"] = card.total(values["scores"]) if len(values["scores"]) == len(card.lines) else None
    return values


def cleaned_comment(text: str, name: str, faults: dict[str, list[Sentence]]) -> str:
    """Return what a judge typed without blanks around; a text that is too long goes to ``faults`` under ``name``."""
    cleaned = nfc(text).replace("\r\n", "\n").strip()
    if len(cleaned) > LONGEST_COMMENT:
        faults[name] = [(N_("Write at most %(most)s characters."), {"most": LONGEST_COMMENT})]
    return cleaned


def submit_sheet(
    assignment: Assignment, *, version: int | None = None, of_pile: bool = False, actor: Actor, at: datetime
) -> Sheet:
    """Hand the sheet in; a second press gets the same sheet.

    Raises Invalid where a score or a demanded comment is missing, Closed outside the round, Conflict for another
    version, NotFound without the right to the entry. The kept figure of the entry follows in this transaction.
    """
    found = own_sheet(assignment, actor)
    must_be_single(found.round, of_pile=of_pile)
    sheet = found.sheet
    if sheet is not None and sheet.state == SUBMITTED:
        return sheet
    must_be_open(found.round, found.due_at, at)
    if sheet is None:
        raise Invalid(N_("This sheet has not been begun."))
    if version is not None and version != sheet.version:
        raise Conflict(_CHANGED, current=sheet)
    card = card_for(found.round)
    lacking = card.open_points(sheet.scores, sheet.comments)
    if lacking:
        raise Invalid(fields=lacking)
    total = card.total(sheet.scores)
    move(
        sheet,
        SHEET,
        "submit",
        actor=actor,
        at=at,
        contest_id=found.contest.id,
        data={"total": str(total), "version": sheet.version},
        total=total,
        submitted_at=at,
        unlock_asked_at=None,
        unlock_reason=None,
    )
    counted(found.round, sheet, actor=actor, at=at)
    return sheet


def counted(round_: Round, sheet: Sheet, *, actor: Actor, at: datetime) -> None:
    """Follow up a sheet that counts from now on: the figure, the spread, and whether the entry is complete."""
    figure = update_figure(round_, sheet.entry_id)
    session().flush()
    watch_spread(round_, figure, actor=actor, at=at)
    watch_consensus(round_, figure, at=at)


def void_sheet(sheet: Sheet, reason: str, *, actor: Actor, at: datetime) -> None:
    """Declare a sheet void (kept, with the reason); it counts no longer. Refused without the right to it."""
    facts = queries.facts_of_contest(actor, sheet.round.contest_id)
    if not policy.may_void(actor, facts):
        raise Refused(N_("Only the organiser or the chair may void a sheet."))
    must_know(actor, sheet.entry)
    void_by_rule(sheet, reason_of(reason), actor=actor, at=at)


def void_by_rule(sheet: Sheet, reason: str, *, actor: Actor, at: datetime) -> None:
    """Void a sheet as the consequence of another act whose right was checked (a conflict, a judge who left)."""
    if sheet.state == VOID:
        return
    did_count = sheet.state == SUBMITTED
    round_ = sheet.round
    move(
        sheet,
        SHEET,
        "void",
        actor=actor,
        at=at,
        contest_id=round_.contest_id,
        data={"reason": reason, "total": None if sheet.total is None else str(sheet.total)},
        void_reason=reason,
    )
    if did_count:
        update_figure(round_, sheet.entry_id)


def ask_to_unlock(assignment: Assignment, reason: str, *, actor: Actor, at: datetime) -> Sheet:
    """Ask the chair for the own submitted sheet back; nothing changes until the chair agrees."""
    found = own_sheet(assignment, actor)
    sheet = found.sheet
    if sheet is None or not policy.may_ask_to_unlock(actor, found.facts):
        raise Conflict(N_("Only a sheet that was handed in can be asked back."))
    words, number = reason_of(reason), found.contest.id
    asked: dict[str, Any] = {"unlock_asked_at": at, "unlock_reason": words}
    move(sheet, SHEET, "ask_to_unlock", actor=actor, at=at, contest_id=number, data={"reason": words}, **asked)
    notifications.unlock_asked(found.contest, sheet, found.assignment.seat, at=at)
    return sheet


def reopen_sheet(sheet: Sheet, *, actor: Actor, at: datetime) -> None:
    """Give a sheet back to the judge who asked for it: the chair's word, never on the own sheet.

    Raises Refused without the right, Conflict where nobody asked.
    """
    _must_be_asked_back(sheet, actor)
    round_ = sheet.round
    reason, together = sheet.unlock_reason, [sheet]
    if mode_of(round_.definition).whole_pile:
        pile = queries.sheets_of_seat(round_.id, sheet.seat_id).values()
        together += [one for one in pile if one.state == SUBMITTED and one.id != sheet.id]
    assignments = [give_back(round_, one, reason, actor=actor, at=at) for one in together]
    if assignments[0] is not None:
        due = assignments[0].due_at or round_.closes_at
        notifications.sheet_reopened(round_, sheet, assignment_id=assignments[0].id, due=due, at=at)


def give_back(round_: Round, sheet: Sheet, reason: str | None, *, actor: Actor, at: datetime) -> Assignment | None:
    """Make a sheet a draft again, open for a while; return its assignment."""
    move(
        sheet,
        SHEET,
        "reopen",
        actor=actor,
        at=at,
        contest_id=round_.contest_id,
        data={"reason": reason, "total": str(sheet.total), "asked_by": sheet.seat.person_id},
        version=sheet.version + 1,
        submitted_at=None,
        unlock_asked_at=None,
    )
    update_figure(round_, sheet.entry_id)
    assignment = queries.assignment_of(round_.id, sheet.entry_id, sheet.seat_id)
    if assignment is not None and (assignment.due_at or round_.closes_at) < at + REOPENED_FOR:
        assignment.due_at = at + REOPENED_FOR
    return assignment


def refuse_unlock(sheet: Sheet, reason: str, *, actor: Actor, at: datetime) -> None:
    """Leave a sheet as handed in although its judge asked for it; the judge is told why. Raises as ``reopen_sheet``."""
    _must_be_asked_back(sheet, actor)
    words, round_ = reason_of(reason), sheet.round
    told: dict[str, Any] = {"contest_id": round_.contest_id, "data": {"reason": words}}
    move(sheet, SHEET, "refuse_unlock", actor=actor, at=at, unlock_asked_at=None, **told)
    assignment = queries.assignment_of(round_.id, sheet.entry_id, sheet.seat_id)
    if assignment is not None:
        notifications.unlock_refused(round_, sheet, assignment_id=assignment.id, reason=words, at=at)


def _must_be_asked_back(sheet: Sheet, actor: Actor) -> None:
    if not policy.may_reopen(actor, queries.facts_of_contest(actor, sheet.round.contest_id)):
        raise Refused(N_("Only the chair may give a sheet back to its judge."))
    must_know(actor, sheet.entry)
    if actor.person_id == sheet.seat.person_id:
        raise Refused(N_("Nobody reopens the own sheet; another chair or the organiser’s secretary must see to it."))
    if sheet.unlock_asked_at is None:
        raise Conflict(N_("The judge has not asked for this sheet."))
