"""Seats on a team: taken by who was invited, after the lock only with an organiser's grant and every own yes.

A newcomer whom an organiser granted after the lock gets an invitation like anybody else. Under the age at which the
contest asks a guardian, the seat counts once the guardian has agreed; whoever is replaced leaves at that moment.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from compapp.accounts.queries import person_by_email
from compapp.contests.definition import BoardRule
from compapp.contests.models import Board
from compapp.core import audit, links
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Conflict, Refused
from compapp.core.text import N_
from compapp.entries import notifications, queries
from compapp.entries.lifecycle import COUNTED
from compapp.entries.models import Entry, TeamInvitation, TeamMember, TeamRequest
from compapp.entries.queries.team import born_of, is_minor, newcomers_waiting
from compapp.entries.services import rules

PURPOSE = "team_invitation"
LINK_LASTS = timedelta(days=14)
LOCKED = N_("The team is locked since submission closed. Ask the organiser if it must change.")


def seat(entry: Entry, person_id: int, role: str, at: datetime) -> TeamMember:
    """Return the person's row on the team, a former one taken up again."""
    person = queries.person_of(person_id)
    former = (
        session()
        .scalars(select(TeamMember).where(TeamMember.entry_id == entry.id, TeamMember.person_id == person_id))
        .one_or_none()
    )
    if former is not None:
        former.left_at, former.joined_at, former.role = None, at, role
        return former
    last = session().scalar(select(func.max(TeamMember.position)).where(TeamMember.entry_id == entry.id)) or 0
    member = TeamMember(
        entry_id=entry.id,
        person_id=person_id,
        position=last + 1,
        role=role,
        name=person.name,
        born=person.born,
        joined_at=at,
        definition={},
    )
    session().add(member)
    return member


def check_may_join(entry: Entry, invitation: TeamInvitation, *, at: datetime) -> None:
    """Raise Closed when nobody joins any more: the team is locked, or a grant no longer holds."""
    if invitation.request_id is None:
        if not queries.entry_window(entry).team_open(entry.state, at):
            raise Closed(LOCKED)
    elif entry.state not in COUNTED or entry.frozen_at is not None:
        raise Closed(N_("This entry no longer takes anybody in."))


def check_place(entry: Entry, board: Board, invitation: TeamInvitation | None, *, at: datetime) -> None:
    """Raise Conflict when the team is full; who is replaced gives the place up, other granted newcomers hold theirs."""
    if invitation is None or invitation.request_id is None:
        rules.check_room(entry, board, role="member" if invitation is None else invitation.role)
        return
    most = BoardRule.of(board).team_max
    if most is None:
        return
    others = [one for one in newcomers_waiting(entry.id, at) if one.id != invitation.id]
    leaving = {_replaced(one) for one in (*others, invitation)} - {None}
    staying = [one for one in queries.active_members(entry.id) if one.role != "advisor" and one.id not in leaving]
    if len(staying) + len(others) >= most:
        raise Conflict(N_("This team is full: at most %(most)s members."), most=most)


def _replaced(invitation: TeamInvitation) -> int | None:
    """Return the member whose seat a granted newcomer takes."""
    request = session().get(TeamRequest, invitation.request_id) if invitation.request_id is not None else None
    return request.member_id if request is not None and request.kind == "replace" else None


def invite_granted(entry: Entry, request: TeamRequest, *, actor: Actor, at: datetime) -> TeamInvitation:
    """Send a newcomer whom an organiser granted the invitation; nothing about the team changes yet.

    Raises Conflict when the person is on the team already or the team is full, Refused for officials.
    """
    board, known = queries.working_board(entry), person_by_email(request.email or "")
    if known is not None and known.id in queries.people_of(entry.id):
        raise Conflict(N_("This person is on the team already."))
    invitation = TeamInvitation(
        entry_id=entry.id,
        email=request.email,
        name=request.name,
        role="member",
        sent_at=at,
        expires_at=at + LINK_LASTS,
        request_id=request.id,
    )
    session().add(invitation)
    session().flush()
    check_place(entry, board, invitation, at=at)
    if known is not None:
        rules.check_person(entry.contest, known.id, role="member", board=board, but=entry.id)
    token = links.issue(PURPOSE, ("team_invitation", invitation.id), expires_at=invitation.expires_at, at=at)
    data = {"role": "member", "request": request.id}
    audit.record("entries.invitation.sent", invitation, actor=actor, at=at, contest_id=entry.contest_id, data=data)
    lead = queries.lead_of(entry.id)
    notifications.invited(
        entry,
        invitation,
        token,
        inviter=lead.name if lead is not None else actor.name,
        locale=known.locale if known is not None else "vi",
        at=at,
    )
    return invitation


def waits_for_guardian(entry: Entry, invitation: TeamInvitation, member: TeamMember) -> bool:
    """Whether a guardian must agree before the seat of a newcomer counts; an unknown day of birth counts as young."""
    if invitation.request_id is None or not queries.asks_guardians(entry):
        return False
    under = queries.consent_age(queries.working_board(entry))
    return born_of(member) is None or is_minor(member, entry.contest.closes_at, under)


def take_seat(entry: Entry, invitation: TeamInvitation, member: TeamMember, *, actor: Actor, at: datetime) -> None:
    """Let who accepted sit on the team, or keep the seat until the guardian has agreed (``left_at`` stays set)."""
    invitation.member_id = member.id
    if waits_for_guardian(entry, invitation, member):
        member.left_at = at
        session().flush()
        audit.record("entries.invitation.accepted", invitation, actor=actor, at=at, contest_id=entry.contest_id)
        return
    _sit(entry, invitation, member, actor=actor, at=at)


def seat_after_consent(member: TeamMember, *, at: datetime) -> None:
    """Seat the newcomer whose guardian has just agreed, where the entry and the rules still take the person in."""
    waiting = select(TeamInvitation).where(
        TeamInvitation.member_id == member.id,
        TeamInvitation.accepted_at.is_not(None),
        TeamInvitation.seated_at.is_(None),
        TeamInvitation.withdrawn_at.is_(None),
    )
    invitation = session().scalars(waiting.order_by(TeamInvitation.id.desc()).limit(1)).one_or_none()
    entry = queries.locked_entry(member.entry_id)
    if invitation is None or invitation.request_id is None or entry.state not in COUNTED or member.person_id is None:
        return
    actor = Actor(person_id=member.person_id, name=member.name)
    try:
        board = queries.working_board(entry)
        rules.check_person(entry.contest, member.person_id, role=member.role, board=board, but=entry.id)
    except (Conflict, Refused) as refused:  # on another team or in an office since: the seat is given up
        invitation.withdrawn_at = at
        data = {"because": refused.msgid}
        audit.record(
            "entries.invitation.withdrawn", invitation, actor=actor, at=at, contest_id=entry.contest_id, data=data
        )
        return
    _sit(entry, invitation, member, actor=actor, at=at)


def _sit(entry: Entry, invitation: TeamInvitation, member: TeamMember, *, actor: Actor, at: datetime) -> None:
    leaves = _replaced(invitation)
    former = session().get(TeamMember, leaves) if leaves is not None else None
    if former is not None and former.left_at is None:
        former.left_at = at
        audit.record("entries.member.replaced", former, actor=actor, at=at, contest_id=entry.contest_id)
    member.left_at, member.joined_at, invitation.seated_at = None, at, at
    session().flush()
    data = {"role": member.role}
    audit.record("entries.member.joined", member, actor=actor, at=at, contest_id=entry.contest_id, data=data)
    notifications.team_changed(entry, member, "joined", actor_id=actor.person_id, at=at)
    if former is not None:
        notifications.team_changed(entry, former, "left", actor_id=actor.person_id, at=at)
