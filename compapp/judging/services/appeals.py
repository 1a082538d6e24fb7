"""Appeals against a published result: filed by the team in time, decided by an officer who took no part in it.

An upheld appeal reopens exactly one thing: a judge's sheet, the sum of a paper sheet, or a gate. What follows is a
correction, prepared and approved like every decision.
"""

from datetime import datetime

from compapp.contests.models import Round
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Conflict, Invalid, NotFound
from compapp.core.moves import move
from compapp.core.text import N_
from compapp.entries import policy as appeal_policy
from compapp.entries import queries as entry_queries
from compapp.entries.models import Entry
from compapp.entries.services import rules
from compapp.entries.services.appeals import checked_outcome, checked_words, decision_columns, filing_columns
from compapp.judging import notifications
from compapp.judging import queries as judging
from compapp.judging.lifecycle import ACCEPTED, RESULT_APPEAL
from compapp.judging.lifecycle import SHEET as SHEET_LIFE
from compapp.judging.models import Publication, ResultAppeal, Sheet
from compapp.judging.notifications import appeals as notices
from compapp.judging.queries import appeals
from compapp.judging.services.figures import update_figure
from compapp.judging.services.sheets import give_back


def file_appeal(
    entry: Entry, publication: Publication, *, ground: str, text: str, actor: Actor, at: datetime
) -> ResultAppeal:
    """File an appeal of the team against its published result; once per publication, by the lead, in time.

    Raises Refused for anybody but the lead, Closed outside the window or once a correction replaced the publication,
    Invalid without words or a ground, Conflict for a second one.
    """
    entry = entry_queries.locked_entry(entry.id)
    facts = entry_queries.facts_of(actor, entry)
    rules.require(facts is not None and facts.member_role == "lead")
    found = appeals.publication_of(entry, publication.id)
    if found is None:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    window = appeals.appeal_window(found)
    if window is None or at < window[0]:
        raise Closed(N_("There is no decision to appeal against."))
    if at >= window[1]:
        raise Closed(N_("The time to appeal is over."))
    if not appeals.is_newest(found):
        raise Closed(N_("A correction has replaced this result; look at the new one first."))
    words = checked_words(ground, text, appeals.grounds_of(entry.contest))
    if appeals.appeal_against(entry.id, found.id) is not None:
        raise Conflict(N_("Your team has appealed against this decision already."))
    appeal = ResultAppeal(
        entry_id=entry.id,
        publication_id=found.id,
        **filing_columns(ground, words, actor, at),
    )
    session().add(appeal)
    session().flush()
    data = {"ground": ground, "round": found.round.code, "publication": found.number}
    audit.record("judging.appeal.file", appeal, actor=actor, at=at, contest_id=entry.contest_id, data=data)
    notices.result_appeal_filed(appeal, appeals.officers_for(appeal), at=at)
    return appeal


def decide_appeal(
    appeal: ResultAppeal, verb: str, *, reopens: str = "", outcome: str, actor: Actor, at: datetime
) -> None:
    """Uphold (exactly one thing is opened again) or dismiss, with a reason that the team reads.

    ``reopens`` is the key of one of ``queries.appeals.reopenings``. Raises Refused for who is in conflict, judged, or
    took part in the decision; Conflict when it was decided already or the judge can no longer change the sheet.
    """
    entry = entry_queries.locked_entry(appeal.entry_id)
    rules.require(appeal_policy.may_decide_appeal(actor, appeals.facts_for(actor.person_id, appeal)))
    reason = checked_outcome(verb, outcome)
    chosen = next((one for one in appeals.reopenings(appeal) if one.key == reopens), None)
    if verb == "uphold" and chosen is None:
        raise Invalid(fields={"reopens": [(N_("Choose the one thing that is opened again."), {})]})
    columns = decision_columns(reason, actor, at)
    if verb == "uphold" and chosen is not None:
        sheet_id = None if chosen.sheet is None else chosen.sheet.id
        columns |= {"reopens": chosen.kind, "sheet_id": sheet_id, "gate": chosen.gate}
    data = {"reason": reason, "reopens": chosen.key if verb == "uphold" and chosen is not None else None}
    move(appeal, RESULT_APPEAL, verb, actor=actor, at=at, contest_id=entry.contest_id, data=data, **columns)
    if verb == "uphold" and chosen is not None and chosen.sheet is not None:
        _reopen(appeal.publication.round, chosen.sheet, chosen.kind, reason, actor=actor, at=at)
    notices.result_appeal_decided(appeal, at=at)


def _reopen(round_: Round, sheet: Sheet, kind: str, reason: str, *, actor: Actor, at: datetime) -> None:
    """Open one sheet again: to its judge, or (its sum) to the office that typed it."""
    if kind == appeals.SUM:
        _take_sum_back(round_, sheet, reason, actor=actor, at=at)
        return
    if sheet.seat.state != ACCEPTED or judging.has_conflict(sheet.seat_id, sheet.entry_id):
        raise Conflict(N_("This judge can no longer change the sheet. Void it and ask another judge instead."))
    assignment = give_back(round_, sheet, reason, actor=actor, at=at)
    if assignment is None:
        raise Conflict(N_("This judge can no longer change the sheet. Void it and ask another judge instead."))
    due = assignment.due_at or round_.closes_at
    notifications.sheet_reopened(round_, sheet, assignment_id=assignment.id, due=due, at=at)


def _take_sum_back(round_: Round, sheet: Sheet, reason: str, *, actor: Actor, at: datetime) -> None:
    """Send typed figures back to the office: they are typed anew from the paper, and a second person confirms them."""
    move(
        sheet,
        SHEET_LIFE,
        "reopen",
        actor=actor,
        at=at,
        contest_id=round_.contest_id,
        data={"reason": reason, "total": str(sheet.total)},
        version=sheet.version + 1,
        submitted_at=None,
        confirmed_by_id=None,
        note=reason,
    )
    update_figure(round_, sheet.entry_id)
    notifications.paper_returned(round_, sheet, note=reason, at=at)
