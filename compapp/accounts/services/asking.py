"""Asking people into an organisation: sent to an address, answered by whose address it is.

What its leaders see is the same whether or not the address has an account here, and before the answer it is only what
they wrote themselves.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from compapp.accounts import notifications, queries
from compapp.accounts.lifecycle import INVITATION, SENT
from compapp.accounts.models import Organisation, OrganisationInvitation
from compapp.accounts.policy import ORGANISATION_ROLES, clean_address, is_address, may_grant
from compapp.accounts.services.invitations import INVITATION_LASTS, limit_invitations
from compapp.accounts.services.organisations import ensure_membership
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Invalid, NotFound, Refused
from compapp.core.moves import move
from compapp.core.text import N_, nfc

NAME_MOST = 200
NOT_AGAIN_WITHIN = timedelta(days=1)
RECORDED_AS = "accounts.invitation.sent"


def _take_anybody(organisation: Organisation, role: str) -> None:
    """Say that people can be taken in at any time."""


def _give_role(found: OrganisationInvitation, person_id: int, *, actor: Actor, at: datetime) -> None:
    ensure_membership(person_id, found.role, found.organisation_id, actor=actor, at=at)


@dataclass(frozen=True, kw_only=True)
class Admission:
    """How people come into organisations of one kind, and where who asks and who is asked go on afterwards.

    ``must_take`` raises Closed while nobody can come in by that role; ``is_listed`` says whether the list that the
    leaders see has the address in that role; ``admit`` follows a yes, which is taken for as long as ``lasts``.
    ``leaders_path`` stands before the organisation's id is filled in.
    """

    must_take: Callable[[Organisation, str], None] = _take_anybody
    is_listed: Callable[[int, str, str], bool] = queries.holds_role
    admit: Callable[..., None] = _give_role
    tell: Callable[..., int] = notifications.asked
    lasts: timedelta = INVITATION_LASTS
    template: str = "accounts/organisation_invitation.html"
    leaders_path: str = "/organisations/{}"
    own_path: str = "/home"


_COMMON = Admission()
_admissions: dict[str, Admission] = {}


def register_admission(kind: str, admission: Admission) -> None:
    """Let a room above say how people come into its kind of organisation."""
    _admissions[kind] = admission


def admission_into(organisation: Organisation) -> Admission:
    """Return how people come into an organisation: as its kind does, else as everywhere."""
    return _admissions.get(organisation.kind, _COMMON)


def ask_into(
    organisation: Organisation, email: str, name: str, role: str, *, actor: Actor, at: datetime
) -> OrganisationInvitation:
    """Ask an address into a role of an organisation.

    Refused beyond what the actor may give; Closed while nobody is taken; Invalid for what is no address or name, for
    who is listed in that role already, and for the same address within a day.
    """
    if role not in ORGANISATION_ROLES:
        raise Invalid(fields={"role": [(N_("Choose one of the roles."), {})]})
    _must_lead(actor, organisation.id, role)
    admission = admission_into(organisation)
    admission.must_take(organisation, role)
    address, cleaned = clean_address(email), " ".join(nfc(name).split())
    if not is_address(address):
        raise Invalid(fields={"email": [(N_("This is not an e-mail address."), {})]})
    if not cleaned or len(cleaned) > NAME_MOST:
        raise Invalid(fields={"name": [(N_("Write the full name, at most 200 characters."), {})]})
    if admission.is_listed(organisation.id, role, address):
        raise Invalid(fields={"email": [(N_("This address is in the list already."), {})]})
    limit_invitations(RECORDED_AS, actor=actor, at=at)
    known = session().scalar(
        select(OrganisationInvitation).where(
            OrganisationInvitation.organisation_id == organisation.id,
            OrganisationInvitation.role == role,
            OrganisationInvitation.email == address,
        )
    )
    if known is not None:
        known.name = cleaned
        return ask_again(known, actor=actor, at=at)
    made = OrganisationInvitation(
        organisation_id=organisation.id,
        organisation=organisation,
        role=role,
        email=address,
        name=cleaned,
        sent_at=at,
        sent_by_name=actor.name,
    )
    session().add(made)
    session().flush()
    audit.record(RECORDED_AS, made, actor=actor, at=at, data={"role": role, "organisation": organisation.id})
    admission.tell(made, at=at)
    return made


def _must_lead(actor: Actor, organisation_id: int, role: str) -> None:
    if not may_grant(actor, role, organisation_id):
        raise Refused(N_("You cannot give a role that you do not have yourself."))


def ask_again(found: OrganisationInvitation, *, actor: Actor, at: datetime) -> OrganisationInvitation:
    """Send an invitation once more; Invalid where it waits and went out less than a day ago."""
    _must_lead(actor, found.organisation_id, found.role)
    if found.state == SENT and at - found.sent_at < NOT_AGAIN_WITHIN:
        sentence = N_("An invitation to this address went out less than a day ago.")
        raise Invalid(sentence, fields={"email": [(sentence, {})]})
    move(found, INVITATION, "send_again", actor=actor, at=at, sent_at=at, sent_by_name=actor.name, answered_at=None)
    admission_into(found.organisation).tell(found, at=at)
    return found


def take_back(found: OrganisationInvitation, *, actor: Actor, at: datetime) -> None:
    """Take an invitation back that waits for its answer; Conflict where it has been answered."""
    _must_lead(actor, found.organisation_id, found.role)
    move(found, INVITATION, "withdraw", actor=actor, at=at)


def answer(found: OrganisationInvitation, *, accepts: bool, actor: Actor, at: datetime) -> None:
    """Accept or decline what is addressed to oneself; NotFound for anybody else, Conflict once it is answered.

    Closed for a yes that comes too late: who asked may have left, and a school gives an address to the next.
    Only now the organisation learns who it is.
    """
    if actor.person_id is None or not queries.is_addressed_to(found, actor.person_id):
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    admission = admission_into(found.organisation)
    if accepts and at > found.sent_at + admission.lasts:
        raise Closed(N_("This link has expired. Please ask for a new one."))
    verb = "accept" if accepts else "decline"
    move(found, INVITATION, verb, actor=actor, at=at, answered_at=at, person_id=actor.person_id)
    if accepts:
        admission.admit(found, actor.person_id, actor=actor, at=at)
