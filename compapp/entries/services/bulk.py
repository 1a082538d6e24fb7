"""One decision for many entries: applied at once, undone within minutes, told only when nobody undid it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from compapp.contests.models import Contest
from compapp.core import audit, outbox
from compapp.core.actor import CONTEST, Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Conflict, DomainError, Invalid, NotFound, Sentence
from compapp.core.moves import move
from compapp.core.text import N_
from compapp.entries import policy, queries
from compapp.entries.lifecycle import ENTRY, INELIGIBLE, NEEDS_FIX
from compapp.entries.models import BulkAct, BulkActItem, EligibilityDecision, Entry
from compapp.entries.services import rules
from compapp.entries.services.eligibility import VERBS, check_decision, decide
from compapp.entries.services.eligibility_round import follow_eligibility

UNDO_WINDOW = timedelta(minutes=10)
MOST = 300
"""So many entries in one act: the lock is held for a few seconds at most."""
MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Choice:
    """What is decided about one entry."""

    entry_id: int
    outcome: str
    reason: str


def hold_of(act_id: int) -> str:
    """Return the key under which the messages of an act wait."""
    return f"bulk_act:{act_id}"


def obstacle(entry: Entry, outcome: str) -> Sentence | None:
    """Return why ``outcome`` cannot be decided about the entry as it stands, or nothing."""
    if entry.frozen_at is not None:
        return N_("The entry is frozen until a matter is settled."), {}
    if outcome not in VERBS or not ENTRY.allows(VERBS[outcome], entry.state):
        return N_("This decision is not possible in the entry’s present state."), {}
    return None


def decide_many(
    contest: Contest, choices: Sequence[Choice], *, actor: Actor, at: datetime
) -> tuple[BulkAct, list[tuple[Entry, Sentence]]]:
    """Decide about up to :data:`MOST` entries of the contest at once; return the act and what was left out and why.

    Entries that moved on meanwhile, are frozen, or have no quota left are left out; nothing is half done.
    Raises Refused, NotFound (an entry of another contest), Invalid (no entry, too many, no reason), Conflict when
    every entry had to be left out.
    """
    rules.require(actor.has_any(policy.STAFF_ROLES, CONTEST, contest.id))
    if not choices:
        raise Invalid(N_("Tick at least one entry."))
    if len(choices) > MOST:
        raise Invalid(N_("At most %(most)s entries can be decided at once. Narrow the list with filters."), most=MOST)
    for one in choices:
        check_decision(one.outcome, one.reason)
    _check_known(contest.id, {one.entry_id for one in choices})
    act = _new_act(contest, choices, actor, at)
    left_out: list[tuple[Entry, Sentence]] = []
    for one in sorted(choices, key=lambda choice: choice.entry_id):
        entry = queries.locked_entry(one.entry_id)
        fault = _decide_one(act, contest, entry, one, actor, at)
        if fault is not None:
            left_out.append((entry, fault))
    if len(left_out) == len(choices):
        raise Conflict(N_("None of these entries can be decided like this any more. Look at the list again."))
    session().flush()
    data = {"outcome": act.outcome, "entries": len(choices) - len(left_out)}
    audit.record("entries.bulk.decided", act, actor=actor, at=at, contest_id=contest.id, data=data)
    follow_eligibility(contest.id, actor=actor, at=at)
    return act, left_out


def _check_known(contest_id: int, ids: set[int]) -> None:
    """Raise NotFound for an entry that is not of the contest: nothing is said of entries elsewhere."""
    known = select(func.count(Entry.id)).where(Entry.contest_id == contest_id, Entry.id.in_(ids))
    if session().scalar(known) != len(ids):
        raise NotFound(N_("This page does not exist, or it is not open to you."))


def _new_act(contest: Contest, choices: Sequence[Choice], actor: Actor, at: datetime) -> BulkAct:
    outcomes, reasons = {one.outcome for one in choices}, {one.reason.strip() for one in choices}
    act = BulkAct(
        contest_id=contest.id,
        outcome=outcomes.pop() if len(outcomes) == 1 else MIXED,
        reason=reasons.pop() if len(reasons) == 1 else "",
        made_at=at,
        made_by_id=actor.person_id,
        made_by_name=actor.name,
        undo_until=at + UNDO_WINDOW,
    )
    session().add(act)
    session().flush()
    return act


def _decide_one(
    act: BulkAct, contest: Contest, entry: Entry, choice: Choice, actor: Actor, at: datetime
) -> Sentence | None:
    """Decide about one entry within an act; return why it is left out instead."""
    fault = obstacle(entry, choice.outcome)
    if fault is not None:
        return fault
    before, reopened = entry.state, entry.reopened_until
    until = act.undo_until + queries.fix_window(contest) if choice.outcome == NEEDS_FIX else None
    try:
        decision = decide(
            entry, choice.outcome, reason=choice.reason, until=until, hold=hold_of(act.id), actor=actor, at=at
        )
    except DomainError as error:
        return error.msgid, error.params
    session().flush()
    session().add(
        BulkActItem(
            act_id=act.id,
            entry_id=entry.id,
            decision_id=decision.id,
            state_before=before,
            reopened_before=reopened,
        )
    )
    return None


def undo_act(act: BulkAct, *, actor: Actor, at: datetime) -> int:
    """Put every entry of the act back where it was, and cancel what was to be told; return how many.

    Closed when the window is over or it was undone already. An entry that has moved on since stays where it is.
    """
    rules.require(actor.has_any(policy.STAFF_ROLES, CONTEST, act.contest_id))
    session().refresh(act, with_for_update=True)
    if act.undone_at is not None or act.told_at is not None or at >= act.undo_until:
        raise Closed(N_("This can no longer be undone: the teams have been told. Decide about each entry again."))
    back = 0
    for item, decision in items_of(act):
        entry = queries.locked_entry(item.entry_id)
        if not _may_go_back(entry, item, decision):
            continue
        decision.undone_at = at
        verb = f"undo_to_{item.state_before}"
        move(entry, ENTRY, verb, actor=actor, at=at, data={"act": act.id}, reopened_until=item.reopened_before)
        back += 1
    act.undone_at = at
    session().flush()
    outbox.cancel(hold_of(act.id), reason="undone")
    audit.record("entries.bulk.undone", act, actor=actor, at=at, contest_id=act.contest_id, data={"entries": back})
    follow_eligibility(act.contest_id, actor=actor, at=at)
    return back


def _may_go_back(entry: Entry, item: BulkActItem, decision: EligibilityDecision) -> bool:
    """Whether nothing has happened to the entry since, and its institution still has room for it."""
    newest = queries.decisions_of(entry.id)[0]
    if entry.state != decision.outcome or newest.id != decision.id:
        return False
    if entry.state == INELIGIBLE and item.state_before != INELIGIBLE:
        try:
            rules.check_institution(entry.contest, entry.board, entry.institution, sector=entry.sector, but=entry.id)
        except DomainError:
            return False
    return True


def items_of(act: BulkAct) -> list[tuple[BulkActItem, EligibilityDecision]]:
    """Return the entries of an act with the decision each got."""
    rows = session().execute(
        select(BulkActItem, EligibilityDecision)
        .join(EligibilityDecision, EligibilityDecision.id == BulkActItem.decision_id)
        .where(BulkActItem.act_id == act.id)
        .order_by(BulkActItem.entry_id)
    )
    return [(item, decision) for item, decision in rows]


def tell_of_acts(*, at: datetime) -> int:
    """Let go the messages of acts whose time to undo is over; return how many acts (the clock's job)."""
    waiting = session().scalars(
        select(BulkAct)
        .where(BulkAct.told_at.is_(None), BulkAct.undone_at.is_(None), BulkAct.undo_until <= at)
        .with_for_update()
    )
    told = 0
    for act in waiting:
        outbox.release(hold_of(act.id), at=at)
        act.told_at = at
        told += 1
    return told
