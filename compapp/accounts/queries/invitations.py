"""Reading invitations into organisations: for who leads one what they wrote, for a person what is addressed to them."""

from collections.abc import Sequence

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from compapp.accounts.lifecycle import DECLINED, SENT
from compapp.accounts.models import Membership, Organisation, OrganisationInvitation, Person
from compapp.accounts.queries.grants import holds_at
from compapp.core import clock
from compapp.core.db import session

_NEWEST = OrganisationInvitation.sent_at.desc(), OrganisationInvitation.id.desc()


def organisation_invitation(invitation_id: int) -> OrganisationInvitation | None:
    """Return an invitation with its organisation."""
    options = [joinedload(OrganisationInvitation.organisation)]
    return session().get(OrganisationInvitation, invitation_id, options=options)


def open_invitations(organisation_id: int) -> Sequence[OrganisationInvitation]:
    """Return what an organisation has sent and was not accepted, the newest first."""
    statement = select(OrganisationInvitation).where(
        OrganisationInvitation.organisation_id == organisation_id, OrganisationInvitation.state.in_((SENT, DECLINED))
    )
    return session().scalars(statement.order_by(*_NEWEST)).all()


def invitations_to(person_id: int, kind: str) -> Sequence[OrganisationInvitation]:
    """Return what waits for a person's answer from this kind of organisation, with each, the newest first."""
    invited = or_(Person.email == OrganisationInvitation.email, Person.second_email == OrganisationInvitation.email)
    statement = (
        select(OrganisationInvitation)
        .join(Person, invited)
        .join(OrganisationInvitation.organisation)
        .where(Person.id == person_id, OrganisationInvitation.state == SENT, Organisation.kind == kind)
        .options(contains_eager(OrganisationInvitation.organisation))
    )
    return session().scalars(statement.order_by(*_NEWEST)).all()


def invitation_of_club(number: int) -> OrganisationInvitation | None:
    """Return what a club sent under a number of its own, before all invitations stood in one table."""
    return session().scalar(select(OrganisationInvitation).where(OrganisationInvitation.club_invitation_id == number))


def is_addressed_to(found: OrganisationInvitation, person_id: int) -> bool:
    """Whether the address of an invitation is one of the person's own, main or second."""
    person = session().get(Person, person_id)
    return person is not None and found.email in (person.email, person.second_email)


def holds_role(organisation_id: int, role: str, address: str) -> bool:
    """Whether the list that its leaders see has this address in this role."""
    holds = exists().where(
        Membership.organisation_id == organisation_id,
        Membership.role == role,
        Membership.person_id == Person.id,
        holds_at(clock.now()),
    )
    return session().scalar(select(Person.id).where(Person.email == address, holds)) is not None
