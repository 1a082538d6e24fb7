"""Changing a team after the lock: the team asks with a reason, an organiser decides, everybody concerned is told."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from compapp.accounts.policy import clean_address, is_address
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Conflict, Invalid, NotFound, Refused, Sentence
from compapp.core.moves import move
from compapp.core.text import N_, nfc
from compapp.entries import notifications, policy, queries
from compapp.entries.lifecycle import ASKED, TEAM_CHANGES, TEAM_REQUEST
from compapp.entries.models import Entry, TeamMember, TeamRequest
from compapp.entries.services import rules, seats
from compapp.entries.services.team import member_of

MOST_WAITING = 5
MOST_TEXT = 2000
NEWCOMER = frozenset({"replace", "add"})
"""Kinds of change that bring somebody new."""


def requests_of(entry_id: int) -> list[TeamRequest]:
    """Return every change asked for, the newest first."""
    return list(
        session().scalars(
            select(TeamRequest)
            .where(TeamRequest.entry_id == entry_id)
            .options(joinedload(TeamRequest.member))
            .order_by(TeamRequest.id.desc())
        )
    )


def request_of(entry_id: int, request_id: int) -> TeamRequest:
    """Return a request of the entry; NotFound."""
    found = session().get(TeamRequest, request_id)
    if found is None or found.entry_id != entry_id:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    return found


def ask_team_change(
    entry: Entry,
    kind: str,
    *,
    reason: str,
    member_id: int | None = None,
    name: str = "",
    email: str = "",
    actor: Actor,
    at: datetime,
) -> TeamRequest:
    """Ask the organiser for a change of the locked team; the lead asks for anything, a member to leave. Twice is once.

    Raises Invalid for what is missing, Conflict while the team can still be changed or too much waits, Refused.
    """
    person_id = rules.person_id_of(actor)
    entry = queries.locked_entry(entry.id)
    facts = queries.facts_of(actor, entry)
    rules.require(facts is not None and policy.may_ask_team_change(actor, facts))
    if facts is not None and facts.is_frozen:
        raise Closed(N_("The entry is frozen until a matter is settled."))
    if facts is not None and facts.team_is_open:
        raise Conflict(N_("The team can still be changed on this page; nothing has to be asked."))
    member = _member_meant(entry, kind, member_id)
    _check_asked(kind, member, name, email, reason)
    own = member is not None and member.person_id == person_id
    rules.require(facts is not None and (facts.member_role == "lead" or (kind == "leave" and own)))
    address, waiting = clean_address(email) if kind in NEWCOMER else None, _waiting(entry.id)
    wanted = (kind, member.id if member is not None else None, address)
    known = next((one for one in waiting if (one.kind, one.member_id, one.email) == wanted), None)
    if known is not None:
        return known
    if len(waiting) >= MOST_WAITING:
        raise Conflict(N_("Too many requests wait for an answer."))
    request = TeamRequest(
        entry_id=entry.id,
        kind=kind,
        state=ASKED,
        member_id=member.id if member is not None else None,
        name=" ".join(nfc(name).split())[:200] if kind in NEWCOMER else "",
        email=address,
        reason=nfc(reason).strip()[:MOST_TEXT],
        asked_at=at,
        asked_by_id=person_id,
    )
    session().add(request)
    session().flush()
    audit.record(
        "entries.team_request.asked", request, actor=actor, at=at, contest_id=entry.contest_id, data={"kind": kind}
    )
    notifications.team_change_asked(entry, request, TEAM_CHANGES[kind], at=at)
    return request


def _waiting(entry_id: int) -> list[TeamRequest]:
    return [one for one in requests_of(entry_id) if one.state == ASKED]


def _member_meant(entry: Entry, kind: str, member_id: int | None) -> TeamMember | None:
    if kind == "add" or member_id is None:
        return None
    return member_of(entry, member_id)


def _check_asked(kind: str, member: TeamMember | None, name: str, email: str, reason: str) -> None:
    faults: dict[str, list[Sentence]] = {}
    if kind not in TEAM_CHANGES:
        faults["kind"] = [(N_("Choose one of the options."), {})]
    elif kind != "add" and member is None:
        faults["member"] = [(N_("Choose who this is about."), {})]
    elif member is not None and member.role == "lead":
        faults["member"] = [(N_("Ask for another lead first."), {})]
    elif kind == "lead" and member is not None and (member.person_id is None or member.role == "advisor"):
        faults["member"] = [(N_("The lead needs an account."), {})]
    if kind in NEWCOMER:
        if not name.strip():
            faults["name"] = [(N_("Write the full name, at most 200 characters."), {})]
        if not is_address(clean_address(email)):
            faults["email"] = [(N_("This is not an e-mail address."), {})]
    if not reason.strip():
        faults["reason"] = [(N_("Give a reason."), {})]
    if faults:
        raise Invalid(fields=faults)


def take_back_request(request: TeamRequest, *, actor: Actor, at: datetime) -> None:
    """Take a request back: who asked, or the lead."""
    entry = queries.locked_entry(request.entry_id)
    facts = queries.facts_of(actor, entry)
    rules.require(facts is not None and policy.may_ask_team_change(actor, facts))
    rules.require(facts is not None and (facts.member_role == "lead" or request.asked_by_id == actor.person_id))
    move(request, TEAM_REQUEST, "take_back", actor=actor, at=at, contest_id=entry.contest_id)


def decide_team_change(request: TeamRequest, *, grant: bool, note: str, actor: Actor, at: datetime) -> None:
    """Grant a request within every rule, or refuse it with a reason.

    Who leaves or leads does so at once; a newcomer is invited, and who is replaced stays until the newcomer sits.
    Raises Invalid without a reason, Conflict where the team is full or the newcomer is on enough others, Refused.
    """
    entry = queries.locked_entry(request.entry_id)
    facts = queries.facts_of(actor, entry)
    rules.require(facts is not None and policy.may_decide_team_change(actor, facts))
    note = nfc(note).strip()[:MOST_TEXT]
    if not grant and not note:
        raise Invalid(fields={"note": [(N_("Give a reason."), {})]})
    move(
        request,
        TEAM_REQUEST,
        "grant" if grant else "refuse",
        actor=actor,
        at=at,
        contest_id=entry.contest_id,
        data={"note": note},
        decided_at=at,
        decided_by_name=actor.name,
        note=note or None,
    )
    concerned = queries.people_of(entry.id)
    if grant:
        _change(entry, request, actor, at)
    notifications.team_change_decided(entry, request, TEAM_CHANGES[request.kind], to=concerned, granted=grant, at=at)


def _change(entry: Entry, request: TeamRequest, actor: Actor, at: datetime) -> None:
    """Change the team, or invite the newcomer: a seat counts only with the person's own yes."""
    member = member_of(entry, request.member_id) if request.member_id is not None else None
    if request.kind == "lead" and member is not None:
        session().execute(
            update(TeamMember).where(TeamMember.entry_id == entry.id, TeamMember.role == "lead").values(role="member")
        )
        member.role = "lead"
    if request.kind in {"leave", "replace"} and member is not None:
        if member.role == "lead":
            raise Refused(N_("Make somebody else the lead first, or withdraw the entry."))
        if request.kind == "leave":
            member.left_at = at
    session().flush()
    if request.kind in NEWCOMER:
        seats.invite_granted(entry, request, actor=actor, at=at)
