"""Cases: a suspected copy, one idea in two contests, a team that splits. A person records, a person settles."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Invalid, NotFound, Sentence
from compapp.core.moves import move
from compapp.core.text import N_
from compapp.entries import notifications, policy, queries
from compapp.entries.lifecycle import CASE, CASE_KINDS, OPEN
from compapp.entries.models import Case, CaseStatement, Entry, TeamMember
from compapp.entries.services import rules

ANSWER_WINDOW = timedelta(hours=72)
TEAM_SPLIT = "team_split"
MOST_TEXT = 5000


def open_case(
    entry: Entry,
    kind: str,
    *,
    reason: str,
    due_at: datetime | None = None,
    other_entry: Entry | None = None,
    actor: Actor,
    at: datetime,
) -> Case:
    """Record a case (72 hours to answer unless ``due_at`` says otherwise); a team that splits is frozen at once."""
    entry = queries.locked_entry(entry.id)
    facts = queries.facts_of(actor, entry)
    rules.require(facts is not None and policy.may_open_case(actor, facts))
    due = due_at or at + ANSWER_WINDOW
    faults: dict[str, list[Sentence]] = {}
    if kind not in CASE_KINDS:
        faults["kind"] = [(N_("Choose one of the options."), {})]
    if not reason.strip():
        faults["reason"] = [(N_("Give a reason."), {})]
    if due <= at:
        faults["due_at"] = [(N_("Choose a moment in the future."), {})]
    if faults:
        raise Invalid(fields=faults)
    case = Case(
        entry_id=entry.id,
        other_entry_id=other_entry.id if other_entry is not None else None,
        kind=kind,
        state=OPEN,
        reason=reason.strip()[:MOST_TEXT],
        due_at=due,
        opened_at=at,
        opened_by_name=actor.name,
    )
    session().add(case)
    if kind == TEAM_SPLIT:
        entry.frozen_at = entry.frozen_at or at
    session().flush()
    audit.record("entries.case.opened", case, actor=actor, at=at, contest_id=entry.contest_id, data={"kind": kind})
    notifications.case_opened(entry, case, CASE_KINDS[kind], at=at)
    return case


def case_of(entry_id: int, case_id: int) -> Case:
    """Return a case of the entry; NotFound."""
    found = session().get(Case, case_id)
    if found is None or found.entry_id != entry_id:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    return found


def statements_of(case: Case) -> list[tuple[CaseStatement, TeamMember]]:
    """Return what members stated, with who stated it."""
    found = session().execute(
        select(CaseStatement, TeamMember)
        .join(TeamMember, TeamMember.id == CaseStatement.member_id)
        .where(CaseStatement.case_id == case.id)
        .order_by(CaseStatement.stated_at)
    )
    return [(statement, member) for statement, member in found]


def state_in_case(case: Case, text: str, *, actor: Actor, at: datetime) -> CaseStatement:
    """State one's part (an explanation, an ownership statement); may be changed until the deadline."""
    person_id = rules.person_id_of(actor)
    text = text.strip()
    if not text or len(text) > MOST_TEXT:
        raise Invalid(
            fields={"text": [(N_("Write your statement in at most %(most)s characters."), {"most": MOST_TEXT})]}
        )
    entry = queries.locked_entry(case.entry_id)
    member = next((one for one in queries.active_members(entry.id) if one.person_id == person_id), None)
    rules.require(member is not None)
    session().refresh(case)
    if case.state != OPEN or at >= case.due_at:
        raise Closed(N_("The time to state your part is over."))
    statement = (
        session()
        .scalars(
            select(CaseStatement).where(
                CaseStatement.case_id == case.id, CaseStatement.member_id == (member.id if member else 0)
            )
        )
        .one_or_none()
    )
    if statement is None:
        statement = CaseStatement(case_id=case.id, member_id=member.id if member else 0, text=text, stated_at=at)
        session().add(statement)
    statement.text, statement.stated_at = text, at
    session().flush()
    audit.record(
        "entries.case.stated", statement, actor=actor, at=at, contest_id=entry.contest_id, data={"case": case.id}
    )
    return statement


def settle_case(
    case: Case,
    outcome: str,
    *,
    lead: int | None = None,
    departed: Collection[int] = (),
    actor: Actor,
    at: datetime,
) -> None:
    """Settle with an outcome in words. After a split the organiser may name who left and who leads (member ids)."""
    entry = queries.locked_entry(case.entry_id)
    facts = queries.facts_of(actor, entry)
    rules.require(facts is not None and policy.may_settle_case(actor, facts))
    if not outcome.strip():
        raise Invalid(fields={"outcome": [(N_("Say how the matter ends."), {})]})
    session().refresh(case)
    data = {"outcome": outcome.strip(), "lead": lead, "departed": sorted(departed)}
    columns: dict[str, Any] = {"outcome": outcome.strip(), "settled_at": at, "settled_by_name": actor.name}
    move(case, CASE, "settle", actor=actor, at=at, contest_id=entry.contest_id, data=data, **columns)
    if case.kind == TEAM_SPLIT:
        _change_team(entry, lead, departed, at)
        if not [one for one in queries.open_cases_of(entry.id) if one.kind == TEAM_SPLIT]:
            entry.frozen_at = None
    session().flush()
    notifications.case_settled(entry, case, CASE_KINDS[case.kind], at=at)


def _change_team(entry: Entry, lead: int | None, departed: Collection[int], at: datetime) -> None:
    members = {member.id: member for member in queries.active_members(entry.id)}
    if lead is not None and (lead not in members or lead in departed):
        raise Invalid(fields={"lead": [(N_("The lead must be somebody who stays."), {})]})
    for member_id in departed:
        if member_id in members:
            members[member_id].left_at = at
    if lead is not None:
        session().execute(
            update(TeamMember).where(TeamMember.entry_id == entry.id, TeamMember.role == "lead").values(role="member")
        )
        members[lead].role = "lead"
    session().flush()
