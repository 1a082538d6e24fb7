"""One decision for many entries: it takes effect, and is told, when the time to undo it is over and nobody did.

Until then nothing about the entries changes: no page of a team, a school, a club or a visitor can show what may still
be undone, and what a team does meanwhile goes first.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from compapp.accounts.queries import person
from compapp.contests.models import Contest
from compapp.contests.queries import contest_grants
from compapp.core import audit, outbox
from compapp.core.actor import CONTEST, Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Conflict, DomainError, Invalid, NotFound, Sentence
from compapp.core.text import N_
from compapp.entries import notifications, policy, queries
from compapp.entries.lifecycle import ENTRY, NEEDS_FIX
from compapp.entries.models import BulkAct, BulkActItem, Entry
from compapp.entries.queries.held import held_in
from compapp.entries.services import rules
from compapp.entries.services.eligibility import VERBS, carry_out, check_decidable, check_decision
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


def obstacle(entry: Entry, outcome: str, held: Collection[int] = ()) -> Sentence | None:
    """Return why ``outcome`` cannot be decided about the entry as it stands, or nothing.

    ``held`` are the entries about which a decision waits to take effect already.
    """
    if entry.id in held:
        return N_("A decision waits to take effect already; undo that one first."), {}
    if entry.frozen_at is not None:
        return N_("The entry is frozen until a matter is settled."), {}
    if outcome not in VERBS or not ENTRY.allows(VERBS[outcome], entry.state):
        return N_("This decision is not possible in the entry’s present state."), {}
    return None


def decide_many(
    contest: Contest, choices: Sequence[Choice], *, actor: Actor, at: datetime
) -> tuple[BulkAct, list[tuple[Entry, Sentence]]]:
    """Decide about up to :data:`MOST` entries of the contest at once; return the act and what was left out and why.

    The decisions take effect when the time to undo is over. Entries that are frozen, decided already, or have no
    quota left are left out. Raises Refused, NotFound (an entry of another contest), Invalid (no entry, too many, no
    reason), Conflict when every entry had to be left out.
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
    rows = {one.entry_id: queries.locked_entry(one.entry_id) for one in sorted(choices, key=lambda one: one.entry_id)}
    held = held_in(contest.id, at)  # read once the entries are held: of two acts at one moment one decides
    left_out: list[tuple[Entry, Sentence]] = []
    for one in sorted(choices, key=lambda choice: choice.entry_id):
        entry = rows[one.entry_id]
        fault = obstacle(entry, one.outcome, held) or _fault(entry, one.outcome, actor)
        if fault is None:
            _hold(act, entry, one)
        else:
            left_out.append((entry, fault))
    if len(left_out) == len(choices):
        raise Conflict(N_("None of these entries can be decided like this any more. Look at the list again."))
    session().flush()
    data = {"outcome": act.outcome, "entries": len(choices) - len(left_out)}
    audit.record("entries.bulk.decided", act, actor=actor, at=at, contest_id=contest.id, data=data)
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


def _fault(entry: Entry, outcome: str, actor: Actor) -> Sentence | None:
    """Return why the actor cannot decide this about the entry, or nothing."""
    try:
        _must_decide(entry, outcome, actor)
    except DomainError as error:
        return error.msgid, error.params
    return None


def _must_decide(entry: Entry, outcome: str, actor: Actor) -> None:
    """Raise what stands in the way of this actor's decision about the entry."""
    facts = queries.facts_of(actor, entry)
    rules.require(facts is not None and policy.may_decide(actor, facts))
    check_decidable(entry, outcome)


def _hold(act: BulkAct, entry: Entry, choice: Choice) -> None:
    """Write down what is to be decided about one entry, and where it stands now."""
    session().add(
        BulkActItem(
            act_id=act.id,
            entry_id=entry.id,
            outcome=choice.outcome,
            reason=choice.reason.strip(),
            state_before=entry.state,
            reopened_before=entry.reopened_until,
        )
    )


def undo_act(act: BulkAct, *, actor: Actor, at: datetime) -> int:
    """Drop an act before it takes effect: nothing has changed, nobody is told; return how many entries it was about.

    Closed when the time is over or it was undone already. Entries that have moved on since are not counted.
    """
    rules.require(actor.has_any(policy.STAFF_ROLES, CONTEST, act.contest_id))
    session().refresh(act, with_for_update=True)
    items = items_of(act)
    is_carried_out = any(item.decision_id is not None for item in items)
    if act.undone_at is not None or act.told_at is not None or at >= act.undo_until or is_carried_out:
        raise Closed(N_("This can no longer be undone: the teams have been told. Decide about each entry again."))
    back = sum(1 for item in items if _stands(queries.locked_entry(item.entry_id), item, act))
    act.undone_at = at
    session().flush()
    audit.record("entries.bulk.undone", act, actor=actor, at=at, contest_id=act.contest_id, data={"entries": back})
    return back


def _stands(entry: Entry, item: BulkActItem, act: BulkAct) -> bool:
    """Whether nothing has happened to the entry since it was decided about."""
    if entry.state != item.state_before or entry.reopened_until != item.reopened_before:
        return False
    if entry.submitted_at is not None and entry.submitted_at > act.made_at:
        return False
    newest = next(iter(queries.decisions_of(entry.id)), None)
    return newest is None or newest.decided_at < act.made_at


def items_of(act: BulkAct) -> list[BulkActItem]:
    """Return the entries of an act with what is decided about each."""
    found = select(BulkActItem).where(BulkActItem.act_id == act.id).options(joinedload(BulkActItem.entry))
    return list(session().scalars(found.order_by(BulkActItem.entry_id)))


def let_go(*, at: datetime) -> int:
    """Let the acts whose time to undo is over take effect, and tell everybody; return how many acts (a clock's job)."""
    waiting = session().scalars(
        select(BulkAct)
        .where(BulkAct.told_at.is_(None), BulkAct.undone_at.is_(None), BulkAct.undo_until <= at)
        .order_by(BulkAct.id)
        .with_for_update()
    )
    told = 0
    for act in waiting.all():
        _take_effect(act, at)
        act.told_at = at
        told += 1
    session().flush()
    return told


def _decider(act: BulkAct) -> Actor:
    """Return who decided, with the rights that they have now: those of a closed account, or a lost role, are none."""
    who = person(act.made_by_id) if act.made_by_id is not None else None
    grants = contest_grants(who.id) if who is not None and who.active else []
    return Actor(act.made_by_id, act.made_by_name, grants=frozenset(grants))


def _take_effect(act: BulkAct, at: datetime) -> None:
    """Carry out every decision of the act whose entry stands where it stood, if who decided still may.

    Who decided is told of the others.
    """
    outbox.release(f"bulk_act:{act.id}", at=at)  # acts that an older release carried out at once held their messages
    decider = _decider(act)
    left_out: list[str] = []
    for item in items_of(act):
        if item.decision_id is not None:
            continue
        entry = queries.locked_entry(item.entry_id)
        until = at + queries.fix_window(entry.contest) if item.outcome == NEEDS_FIX else None
        try:
            if not _stands(entry, item, act) or obstacle(entry, item.outcome) is not None:
                raise Conflict(N_("This decision is not possible in the entry’s present state."))
            _must_decide(entry, item.outcome, decider)
            decision = carry_out(entry, item.outcome, reason=item.reason, until=until, actor=decider, at=at)
            session().flush()
            item.decision_id = decision.id
        except DomainError:
            left_out.append(entry.code)
    follow_eligibility(act.contest_id, actor=decider, at=at)
    if left_out and act.made_by_id is not None:
        contest = session().get_one(Contest, act.contest_id)
        notifications.decisions_left_out(contest, act, left_out, at=at)
