"""The team: invited by single-use links, changed by the lead, locked when submission closes."""

from datetime import date, datetime

from sqlalchemy import update

from compapp.accounts import queries as accounts
from compapp.accounts.models import Organisation
from compapp.accounts.policy import clean_address, is_address
from compapp.core import audit, links
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Conflict, Invalid, NotFound, Refused, Sentence
from compapp.core.text import N_, nfc
from compapp.entries import notifications, policy, queries
from compapp.entries.lifecycle import ROLES
from compapp.entries.models import Entry, TeamInvitation, TeamMember
from compapp.entries.queries.team import born_of
from compapp.entries.services import rules, seats

PURPOSE, LINK_LASTS = seats.PURPOSE, seats.LINK_LASTS
MOST_WAITING = 20


def _check_may_manage(entry: Entry, actor: Actor) -> None:
    facts = queries.facts_of(actor, entry)
    rules.require(facts is not None and facts.member_role == "lead")
    if facts is not None and not policy.may_manage_team(actor, facts):
        raise Closed(seats.LOCKED)


def invite_member(
    entry: Entry, *, email: str | None, name: str, role: str = "member", locale: str = "vi", actor: Actor, at: datetime
) -> tuple[TeamInvitation, str]:
    """Invite somebody by e-mail and return the invitation with its link's token (to copy); single use, expiring.

    Raises Conflict when the team is full, Closed when it is locked, Invalid for a bad address or role and for somebody
    who has been asked already.
    """
    entry = queries.locked_entry(entry.id)
    _check_may_manage(entry, actor)
    name = " ".join(nfc(name).split())
    address = clean_address(email) if email and email.strip() else None
    faults: dict[str, list[Sentence]] = {}
    if not name or len(name) > 200:
        faults["name"] = [(N_("Write the full name, at most 200 characters."), {})]
    if address is not None and not is_address(address):
        faults["email"] = [(N_("This is not an e-mail address."), {})]
    if role not in ROLES or role == "lead":
        faults["role"] = [(N_("Choose one of the options."), {})]
    if faults:
        raise Invalid(fields=faults)
    rules.check_room(entry, queries.working_board(entry), role=role)
    waiting = queries.invitations_of(entry.id)
    if any(one.expires_at > at and _is_to(one, address, name) for one in waiting):
        sentence = N_("An invitation to this person waits for an answer already.")
        raise Invalid(fields={"name" if address is None else "email": [(sentence, {})]})
    if len(waiting) >= MOST_WAITING:
        raise Conflict(N_("Too many invitations wait for an answer. Withdraw one first."))
    invitation = TeamInvitation(
        entry_id=entry.id, email=address, name=name, role=role, sent_at=at, expires_at=at + LINK_LASTS
    )
    session().add(invitation)
    session().flush()
    token = links.issue(PURPOSE, ("team_invitation", invitation.id), expires_at=invitation.expires_at, at=at)
    audit.record(
        "entries.invitation.sent", invitation, actor=actor, at=at, contest_id=entry.contest_id, data={"role": role}
    )
    notifications.invited(entry, invitation, token, inviter=actor.name, locale=locale, at=at)
    return invitation, token


def _is_to(invitation: TeamInvitation, address: str | None, name: str) -> bool:
    """Whether an invitation went to the same address, or without one to the same name."""
    same_name = address is not None or invitation.name.casefold() == name.casefold()
    return invitation.email == address and same_name


def invitation_of(token: str, *, at: datetime) -> TeamInvitation:
    """Return the invitation behind a link without using it up; Closed with the reason otherwise."""
    link = links.look(PURPOSE, token, at=at)
    invitation = session().get(TeamInvitation, link.subject_id)
    if invitation is None or invitation.withdrawn_at is not None or invitation.accepted_at is not None:
        raise Closed(N_("This link is not valid. Please ask for a new one."))
    return invitation


def accept_invitation(
    token: str,
    *,
    born: date | None = None,
    institution: Organisation | None = None,
    class_name: str | None = None,
    student_number: str | None = None,
    actor: Actor,
    at: datetime,
) -> TeamMember:
    """Join the team behind the link. Whoever holds the link and is signed in joins; the link works once.

    After the lock only a link that an organiser granted works. Its seat counts at once (``left_at`` is None), but for
    a minor whose guardian must agree first: :func:`.seats.waits_for_guardian`.
    Raises Closed (link used or expired, team locked), Conflict (full, on another team), Refused (officials).
    """
    person_id = rules.person_id_of(actor)
    invitation = invitation_of(token, at=at)
    entry = queries.locked_entry(invitation.entry_id)
    seats.check_may_join(entry, invitation, at=at)
    if person_id in queries.people_of(entry.id):
        raise Conflict(N_("You are on this team already."))
    links.redeem(PURPOSE, token, at=at)
    board = queries.working_board(entry)
    seats.check_place(entry, board, invitation, at=at)
    rules.check_person(entry.contest, person_id, role=invitation.role, board=board, but=entry.id)
    invitation.accepted_at = at
    member = seats.seat(entry, person_id, invitation.role, at)
    member.born = born or member.born
    member.institution_id = (
        institution.id if institution is not None else (member.institution_id or entry.institution_id)
    )
    if invitation.request_id is not None and born_of(member) is None and queries.asks_guardians(entry):
        raise Invalid(fields={"born": [(N_("Give your date of birth: under 18 a guardian must agree."), {})]})
    known = accounts.particulars(person_id, member.institution_id)
    member.class_name = (class_name or "").strip()[:60] or member.class_name or known["class_name"]
    member.student_number = (student_number or "").strip()[:40] or member.student_number or known["student_number"]
    session().flush()
    seats.take_seat(entry, invitation, member, actor=actor, at=at)
    return member


def withdraw_invitation(invitation: TeamInvitation, *, actor: Actor, at: datetime) -> None:
    """Make an invitation and its link worthless."""
    entry = queries.locked_entry(invitation.entry_id)
    if invitation.request_id is None:
        _check_may_manage(entry, actor)
    else:
        facts = queries.facts_of(actor, entry)
        rules.require(facts is not None and policy.may_withdraw_invitation(actor, facts))
    if invitation.withdrawn_at is not None or invitation.seated_at is not None:
        raise Conflict(N_("Nothing can be asked now."))
    invitation.withdrawn_at = at
    links.withdraw(PURPOSE, ("team_invitation", invitation.id), at=at)
    audit.record("entries.invitation.withdrawn", invitation, actor=actor, at=at, contest_id=entry.contest_id)


def member_of(entry: Entry, member_id: int) -> TeamMember:
    """Return somebody who is on the team now; NotFound."""
    for member in queries.active_members(entry.id):
        if member.id == member_id:
            return member
    raise NotFound(N_("This person is not on the team."))


def leave_team(entry: Entry, *, actor: Actor, at: datetime) -> None:
    """Leave the team; a lead hands over first. Closed once the team is locked."""
    person_id = rules.person_id_of(actor)
    entry = queries.locked_entry(entry.id)
    facts = queries.facts_of(actor, entry)
    rules.require(facts is not None and facts.is_member)
    if facts is not None and not policy.may_leave(actor, facts):
        raise Closed(seats.LOCKED)
    member = next(one for one in queries.active_members(entry.id) if one.person_id == person_id)
    if member.role == "lead":
        raise Refused(N_("Make somebody else the lead first, or withdraw the entry."))
    member.left_at = at
    session().flush()
    audit.record("entries.member.left", member, actor=actor, at=at, contest_id=entry.contest_id)
    notifications.team_changed(entry, member, "left", actor_id=person_id, at=at)


def remove_member(entry: Entry, member_id: int, *, actor: Actor, at: datetime) -> None:
    """Remove somebody else from the team."""
    entry = queries.locked_entry(entry.id)
    _check_may_manage(entry, actor)
    member = member_of(entry, member_id)
    if member.role == "lead":
        raise Refused(N_("Make somebody else the lead first, or withdraw the entry."))
    member.left_at = at
    session().flush()
    audit.record("entries.member.removed", member, actor=actor, at=at, contest_id=entry.contest_id)
    notifications.team_changed(entry, member, "removed", actor_id=actor.person_id, at=at)


def change_role(entry: Entry, member_id: int, role: str, *, actor: Actor, at: datetime) -> None:
    """Give a member another role; making somebody lead makes the present lead a member."""
    entry = queries.locked_entry(entry.id)
    _check_may_manage(entry, actor)
    member = member_of(entry, member_id)
    if role not in ROLES:
        raise Invalid(fields={"role": [(N_("Choose one of the options."), {})]})
    if member.role == role:
        return
    if role == "lead":
        if member.person_id is None:
            raise Refused(N_("The lead needs an account."))
        if member.role == "advisor":
            raise Refused(N_("An advisor cannot be the lead."))
        rules.check_person(entry.contest, member.person_id, role=role, board=queries.working_board(entry), but=entry.id)
        session().execute(
            update(TeamMember).where(TeamMember.entry_id == entry.id, TeamMember.role == "lead").values(role="member")
        )
    elif member.role == "lead":
        raise Refused(N_("Make somebody else the lead first, or withdraw the entry."))
    elif member.role == "advisor":
        board = queries.working_board(entry)
        rules.check_room(entry, board, role=role)
        if member.person_id is not None:
            rules.check_person(entry.contest, member.person_id, role=role, board=board, but=entry.id)
    member.role = role
    session().flush()
    audit.record(
        "entries.member.role_changed", member, actor=actor, at=at, contest_id=entry.contest_id, data={"role": role}
    )
    notifications.team_changed(entry, member, "role", actor_id=actor.person_id, at=at)


def update_member(
    entry: Entry,
    member_id: int,
    *,
    born: date | None,
    institution: Organisation | None,
    class_name: str,
    student_number: str,
    actor: Actor,
    at: datetime,
) -> TeamMember:
    """Change what is kept about a member: the member's own row, or any as the lead; while the team is open."""
    entry = queries.locked_entry(entry.id)
    member = member_of(entry, member_id)
    facts = queries.facts_of(actor, entry)
    rules.require(facts is not None and policy.may_tend_member(actor, facts, member.person_id))
    if not queries.entry_window(entry).team_open(entry.state, at):
        raise Closed(seats.LOCKED)
    member.born = born
    member.institution_id = institution.id if institution is not None else None
    member.class_name = class_name.strip()[:60] or None
    member.student_number = student_number.strip()[:40] or None
    session().flush()
    audit.record("entries.member.updated", member, actor=actor, at=at, contest_id=entry.contest_id)
    return member
