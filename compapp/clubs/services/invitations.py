"""The verbs of an invitation into a club: sent to an address, answered by whose address it is.

What a manager sees is the same whether or not the address has an account here, and before the answer it is only what
they wrote themselves.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from compapp.accounts.models import Organisation
from compapp.accounts.policy import clean_address, is_address
from compapp.accounts.services import ensure_membership, limit_invitations
from compapp.clubs import notifications, queries
from compapp.clubs.lifecycle import INVITATION, MEMBER, SENT
from compapp.clubs.models import Invitation
from compapp.clubs.policy import ADVISOR, MANAGER
from compapp.clubs.services.cohorts import ensure_cohort_member, must_manage
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Invalid, NotFound
from compapp.core.moves import move
from compapp.core.text import N_, nfc

NAME_MOST = 200
INVITED_AS = (MEMBER, ADVISOR, MANAGER)
NOT_AGAIN_WITHIN = timedelta(days=1)
LASTS = timedelta(days=30)
"""How long a yes is taken; sent again, it lasts anew."""
RECORDED_AS = "clubs.invitation.sent"


def invite(club: Organisation, email: str, name: str, role: str, *, actor: Actor, at: datetime) -> Invitation:
    """Ask an address into the club as a member of the term's cohort, its advisor or a further manager.

    Invalid for what is no address, for who is listed in that role already, and for the same address within a day;
    Closed for members before there is a cohort.
    """
    must_manage(actor, club.id)
    if role not in INVITED_AS:
        raise Invalid(fields={"role": [(N_("Choose one of the roles."), {})]})
    address, cleaned = clean_address(email), " ".join(nfc(name).split())
    if not is_address(address):
        raise Invalid(fields={"email": [(N_("This is not an e-mail address."), {})]})
    if not cleaned or len(cleaned) > NAME_MOST:
        raise Invalid(fields={"name": [(N_("Write the full name, at most 200 characters."), {})]})
    if role == MEMBER and queries.current_cohort(club.id) is None:
        raise Closed(N_("The club has no cohort yet. Open one for this term."))
    if queries.is_listed(club.id, role, address):
        raise Invalid(fields={"email": [(N_("This address is in the list already."), {})]})
    limit_invitations(RECORDED_AS, actor=actor, at=at)
    known = (
        session()
        .scalars(
            select(Invitation).where(
                Invitation.club_id == club.id, Invitation.role == role, Invitation.email == address
            )
        )
        .one_or_none()
    )
    if known is not None:
        known.name = cleaned
        return send_again(known, actor=actor, at=at)
    made = Invitation(
        club_id=club.id, club=club, role=role, email=address, name=cleaned, sent_at=at, sent_by_name=actor.name
    )
    session().add(made)
    session().flush()
    audit.record(RECORDED_AS, made, actor=actor, at=at, data={"role": role})
    notifications.invited(made, at=at)
    return made


def send_again(found: Invitation, *, actor: Actor, at: datetime) -> Invitation:
    """Send an invitation once more; Invalid where it waits and went out less than a day ago."""
    must_manage(actor, found.club_id)
    if found.state == SENT and at - found.sent_at < NOT_AGAIN_WITHIN:
        sentence = N_("An invitation to this address went out less than a day ago.")
        raise Invalid(sentence, fields={"email": [(sentence, {})]})
    move(found, INVITATION, "send_again", actor=actor, at=at, sent_at=at, sent_by_name=actor.name, answered_at=None)
    notifications.invited(found, at=at)
    return found


def withdraw_invitation(found: Invitation, *, actor: Actor, at: datetime) -> None:
    """Take an invitation back that waits for its answer; Conflict where it has been answered."""
    must_manage(actor, found.club_id)
    move(found, INVITATION, "withdraw", actor=actor, at=at)


def answer_invitation(found: Invitation, *, accepts: bool, actor: Actor, at: datetime) -> None:
    """Accept or decline what is addressed to oneself; NotFound for anybody else, Conflict once it is answered.

    Closed for a yes that comes too late: who asked may have left, and a school gives an address to the next.
    Only now the club learns who it is: name, address, class and student number.
    """
    if actor.person_id is None or not queries.is_addressed_to(found, actor.person_id):
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    if accepts and at > found.sent_at + LASTS:
        raise Closed(N_("This link has expired. Please ask for a new one."))
    move(
        found,
        INVITATION,
        "accept" if accepts else "decline",
        actor=actor,
        at=at,
        answered_at=at,
        person_id=actor.person_id,
    )
    if not accepts:
        return
    if found.role != MEMBER:
        ensure_membership(actor.person_id, found.role, found.club_id, actor=actor, at=at)
        return
    cohort = queries.current_cohort(found.club_id)
    if cohort is None:
        raise Closed(N_("The club takes no members at the moment."))
    ensure_cohort_member(cohort, actor.person_id, actor=actor, at=at)
