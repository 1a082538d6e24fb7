"""Appeals against "not eligible": filed by the team in time, decided by an officer who is not in conflict."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from compapp.contests.definition import Choice
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Conflict, Invalid, Sentence
from compapp.core.events import emit
from compapp.core.moves import move
from compapp.core.text import N_
from compapp.entries import notifications, policy, queries
from compapp.entries.events import EntryBecameEligible
from compapp.entries.lifecycle import APPEAL, ELIGIBLE, ENTRY, FILED
from compapp.entries.models import EligibilityAppeal, EligibilityDecision, Entry
from compapp.entries.queries import appeals
from compapp.entries.services import rules
from compapp.entries.services.eligibility_round import follow_eligibility

MOST_TEXT = 5000
OUTCOMES = {"uphold": N_("Upheld: the entry takes part"), "dismiss": N_("Dismissed: the decision stands")}


def file_appeal(entry: Entry, *, ground: str, text: str, actor: Actor, at: datetime) -> EligibilityAppeal:
    """File an appeal against the decision that the entry is not eligible; once per decision, by the lead, in time."""
    entry = queries.locked_entry(entry.id)
    facts = queries.facts_of(actor, entry)
    rules.require(facts is not None and facts.member_role == "lead")
    decision = appeals.refusal_of(entry)
    if decision is None or at < appeals.final_from(decision):
        raise Closed(N_("There is no decision to appeal against."))
    until = appeals.appeal_until(entry, decision)
    if until is None or at >= until:
        raise Closed(N_("The time to appeal is over."))
    text = checked_words(ground, text, appeals.grounds_of(entry.contest))
    if appeals.appeal_against(decision.id) is not None:
        raise Conflict(N_("Your team has appealed against this decision already."))
    appeal = EligibilityAppeal(
        entry_id=entry.id,
        decision_id=decision.id,
        **filing_columns(ground, text, actor, at),
    )
    session().add(appeal)
    session().flush()
    data = {"ground": ground, "decision": decision.id}
    audit.record("entries.appeal.filed", appeal, actor=actor, at=at, contest_id=entry.contest_id, data=data)
    notifications.appeal_filed(entry, appeal, appeals.officers_for(appeal), at=at)
    return appeal


def decide_appeal(appeal: EligibilityAppeal, verb: str, *, outcome: str, actor: Actor, at: datetime) -> None:
    """Uphold (the entry takes part again) or dismiss, with a reason that all concerned read.

    Refused for who is in conflict, Conflict when it was decided already, the entry has moved on, or its institution
    has no entry left.
    """
    entry = queries.locked_entry(appeal.entry_id)
    rules.require(policy.may_decide_appeal(actor, appeals.facts_for(actor.person_id, appeal)))
    reason = checked_outcome(verb, outcome)
    columns = decision_columns(reason, actor, at)
    move(appeal, APPEAL, verb, actor=actor, at=at, contest_id=entry.contest_id, data={"reason": reason}, **columns)
    if verb == "uphold":
        rules.check_institution(entry.contest, entry.board, entry.institution, sector=entry.sector, but=entry.id)
        _take_back_in(entry, reason, actor, at)
    notifications.appeal_decided(entry, appeal, at=at)


def checked_words(ground: str, text: str, grounds: Iterable[Choice]) -> str:
    """Return an appeal's words without blanks around; Invalid without any, too long, or on a ground not offered."""
    faults: dict[str, list[Sentence]] = {}
    if ground not in {one.code for one in grounds}:
        faults["ground"] = [(N_("Choose one of the options."), {})]
    text = text.strip()
    if not text or len(text) > MOST_TEXT:
        faults["text"] = [(N_("Say in at most %(most)s characters why the decision is wrong."), {"most": MOST_TEXT})]
    if faults:
        raise Invalid(fields=faults)
    return text


def checked_outcome(verb: str, outcome: str) -> str:
    """Return the reason of a decision on an appeal; Invalid without one, or for what is no way to decide."""
    faults: dict[str, list[Sentence]] = {}
    if verb not in OUTCOMES:
        faults["verb"] = [(N_("Choose one of the options."), {})]
    if not outcome.strip():
        faults["outcome"] = [(N_("Give a reason."), {})]
    if faults:
        raise Invalid(fields=faults)
    return outcome.strip()


def filing_columns(ground: str, text: str, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return what an appeal says of its filing."""
    who = {"filed_by_id": actor.person_id, "filed_by_name": actor.name}
    return {"ground": ground, "text": text, "state": FILED, "filed_at": at, **who}


def decision_columns(reason: str, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return what every appeal keeps of its decision."""
    return {"outcome": reason, "decided_at": at, "decided_by_id": actor.person_id, "decided_by_name": actor.name}


def _take_back_in(entry: Entry, reason: str, actor: Actor, at: datetime) -> None:
    session().add(
        EligibilityDecision(
            entry_id=entry.id,
            outcome=ELIGIBLE,
            reason=reason,
            decided_at=at,
            decided_by_id=actor.person_id,
            decided_by_name=actor.name,
        )
    )
    move(entry, ENTRY, "uphold_appeal", actor=actor, at=at, data={"reason": reason}, reopened_until=None)
    emit(EntryBecameEligible(actor=actor, at=at, entry_id=entry.id))
    follow_eligibility(entry.contest_id, actor=actor, at=at)
