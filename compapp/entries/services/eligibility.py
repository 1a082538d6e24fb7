"""The organiser's decisions: eligible, to be completed within the rule's window, or not eligible."""

from datetime import datetime

from compapp.contests.definition import Rules
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Invalid
from compapp.core.events import emit
from compapp.core.moves import move
from compapp.core.text import N_
from compapp.entries import notifications, policy, queries
from compapp.entries.events import EntryBecameEligible
from compapp.entries.lifecycle import ELIGIBLE, ENTRY, INELIGIBLE, NEEDS_FIX
from compapp.entries.models import EligibilityDecision, Entry
from compapp.entries.services import rules
from compapp.entries.services.eligibility_round import follow_eligibility

OUTCOMES = (ELIGIBLE, NEEDS_FIX, INELIGIBLE)
VERBS = {ELIGIBLE: "accept", NEEDS_FIX: "send_back", INELIGIBLE: "reject"}


def decide_eligibility(
    entry: Entry, outcome: str, *, reason: str = "", until: datetime | None = None, actor: Actor, at: datetime
) -> EligibilityDecision:
    """Decide ``eligible``, ``needs_fix`` (open for the team until the rule's window ends) or ``ineligible``.

    The last two need a reason, which the team reads. Closed while the entry is frozen; Conflict when the entry
    is no longer where it was, or its institution has no entry left. The last decision of a closed eligibility round
    decides the round.
    """
    entry = queries.locked_entry(entry.id)
    facts = queries.facts_of(actor, entry)
    rules.require(facts is not None and policy.may_decide(actor, facts))
    check_decision(outcome, reason)
    check_decidable(entry, outcome)
    decision = carry_out(entry, outcome, reason=reason, until=until, actor=actor, at=at)
    follow_eligibility(entry.contest_id, actor=actor, at=at)
    return decision


def carry_out(
    entry: Entry, outcome: str, *, reason: str, until: datetime | None, actor: Actor, at: datetime
) -> EligibilityDecision:
    """Let a checked decision about a locked entry take effect, and tell team and school."""
    reason = reason.strip()
    fix_until = (until or at + queries.fix_window(entry.contest)) if outcome == NEEDS_FIX else None
    decision = EligibilityDecision(
        entry_id=entry.id,
        outcome=outcome,
        reason=reason,
        fix_until=fix_until,
        decided_at=at,
        decided_by_id=actor.person_id,
        decided_by_name=actor.name,
    )
    session().add(decision)
    move(entry, ENTRY, VERBS[outcome], actor=actor, at=at, data={"reason": reason}, reopened_until=fix_until)
    _tell(entry, outcome, reason, fix_until, at)
    if outcome == ELIGIBLE:
        emit(EntryBecameEligible(actor=actor, at=at, entry_id=entry.id))
    return decision


def check_decidable(entry: Entry, outcome: str) -> None:
    """Raise Closed for a frozen entry, Conflict where its institution has no place left for one taken back in."""
    if entry.frozen_at is not None:
        raise Closed(N_("The entry is frozen until a matter is settled."))
    if entry.state == INELIGIBLE and outcome != INELIGIBLE:
        rules.check_institution(entry.contest, entry.board, entry.institution, sector=entry.sector, but=entry.id)


def check_decision(outcome: str, reason: str) -> None:
    """Raise Invalid for an unknown outcome, or one that needs a reason and has none."""
    if outcome not in OUTCOMES:
        raise Invalid(fields={"outcome": [(N_("Choose one of the options."), {})]})
    if outcome != ELIGIBLE and not reason.strip():
        raise Invalid(fields={"reason": [(N_("Give a reason."), {})]})


def _tell(entry: Entry, outcome: str, reason: str, fix_until: datetime | None, at: datetime) -> None:
    if outcome == ELIGIBLE:
        notifications.eligible(entry, note=reason, at=at)
    elif fix_until is not None:
        notifications.needs_fix(entry, until=fix_until, reason=reason, at=at)
    else:
        window = Rules.of(entry.contest).appeal_window
        hours = None if window is None else int(window.total_seconds() // 3600)
        notifications.ineligible(entry, reason=reason, appeal_hours=hours, at=at)
