"""A bye for one entry: it skips the judging of a round and goes through, by a named person's word and reason."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from compapp.contests.events import RulesChanged
from compapp.contests.file.faults import Fault
from compapp.contests.file.rulings import ruling_faults
from compapp.contests.models import Round
from compapp.contests.services.revision import definition_of
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Conflict
from compapp.core.text import N_
from compapp.entries.models import Entry
from compapp.judging import policy, queries
from compapp.judging.lifecycle import SUBMITTED, UNCONFIRMED
from compapp.judging.models import PitchSlot
from compapp.judging.queries.results import latest_publication, open_shortlist
from compapp.judging.queries.workbench import sheets_of_entry
from compapp.judging.services.replacement import take_back
from compapp.judging.services.rights import must, must_know, reason_of

BYE = "bye"
"""The mark that stands as the reason of what was taken back because a board has a bye."""


def give_bye(round_: Round, entry: Entry, *, reason: str, actor: Actor, at: datetime) -> None:
    """Let an entry skip a round: nobody judges it there, and it goes through with the round's publication.

    What its judges were given is taken back. Raises Refused without the right, NotFound (conflict of the actor),
    Invalid without a reason, Conflict for an entry that does not take part or has sheets handed in, for a round that
    nobody goes through from or whose figure another counts, and while a decision waits or is published.
    """
    must(policy.may_give_bye, actor, round_.contest_id)
    must_know(actor, entry)
    words = reason_of(reason)
    _wait_in_line(round_)
    _must_be_open(round_)
    if not queries.takes_part(entry.id, round_.code):
        raise Conflict(N_("This entry does not take part in the round."))
    if any(sheet.state in (SUBMITTED, UNCONFIRMED) for sheet in sheets_of_entry(round_.id, entry.id)):
        raise Conflict(N_("This entry has score sheets in the round, so it cannot have a bye there."))
    if session().scalar(select(PitchSlot.id).where(PitchSlot.round_id == round_.id, PitchSlot.entry_id == entry.id)):
        raise Conflict(N_("Byes are given before the running order is drawn."))
    byes = {**queries.entry_byes_of(round_), entry.code: {"vi": words}}
    fault = next(iter(_faults(round_, byes)), None)
    if fault is not None:
        raise Conflict(fault.msgid, **fault.params)
    for assignment in queries.assignments_of_entry(entry.id):
        if assignment.round_id == round_.id:
            take_back(assignment, words, actor=actor, at=at)
    _keep(round_, byes)
    data = {"round": round_.code, "entry": entry.code, "reason": words}
    audit.record("judging.bye.give", entry, actor=actor, at=at, contest_id=round_.contest_id, data=data)


def end_bye(round_: Round, entry: Entry, *, actor: Actor, at: datetime) -> None:
    """Have an entry judged in a round after all. Raises Refused, Conflict where it has no bye or it is too late."""
    must(policy.may_give_bye, actor, round_.contest_id)
    must_know(actor, entry)
    _wait_in_line(round_)
    _must_be_open(round_)
    byes = queries.entry_byes_of(round_)
    if byes.pop(entry.code, None) is None:
        raise Conflict(N_("This entry has no bye in the round."))
    _keep(round_, byes)
    data = {"round": round_.code, "entry": entry.code}
    audit.record("judging.bye.end", entry, actor=actor, at=at, contest_id=round_.contest_id, data=data)


def follow_rules(event: RulesChanged) -> None:
    """Take back what judges were given of boards that have a bye since the rules changed (listens to contests).

    Raises Conflict, so that nothing is changed, where a sheet of such a board has been handed in.
    """
    for round_ in queries.scored_rounds(event.contest_id):
        if not queries.byes_of(round_) or latest_publication(round_.id) is not None:
            continue
        for assignment in queries.standing_of(round_.id):
            if not queries.has_bye(round_, assignment.entry):
                continue
            sheet = queries.sheet_of(round_.id, assignment.entry_id, assignment.seat_id)
            if sheet is not None and sheet.state in (SUBMITTED, UNCONFIRMED):
                raise Conflict(N_("This board has score sheets in the round, so it cannot have a bye there."))
            take_back(assignment, BYE, actor=event.actor, at=event.at)


def _wait_in_line(round_: Round) -> None:
    """Put who changes byes and who prepares the decision in line, and read the byes that stand by then."""
    queries.lock_round(round_.id)
    session().refresh(round_, ["definition"])


def _must_be_open(round_: Round) -> None:
    if open_shortlist(round_.id) is not None or latest_publication(round_.id) is not None:
        raise Conflict(N_("A decision of this round is prepared or published; byes are fixed."))


def _faults(round_: Round, byes: dict[str, dict[str, str]]) -> list[Fault]:
    """Return what the contest file would say against these byes."""
    document = definition_of(round_.contest)
    for piece in document["rounds"]:
        if piece["code"] == round_.code:
            piece["entry_byes"] = byes
    place = next(number for number, piece in enumerate(document["rounds"]) if piece["code"] == round_.code)
    return [one for one in ruling_faults(document) if one.path.startswith(f"rounds[{place}].entry_byes")]


def _keep(round_: Round, byes: dict[str, dict[str, str]]) -> None:
    definition: dict[str, Any] = {name: value for name, value in round_.definition.items() if name != "entry_byes"}
    round_.definition = definition | ({"entry_byes": byes} if byes else {})
    session().flush()
