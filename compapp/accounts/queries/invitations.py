"""Reading invitations into organisations: for who leads one what they wrote, for a person what is addressed to them."""

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from compapp.accounts.lifecycle import DECLINED, SENT
from compapp.accounts.models import Membership, OrganisationInvitation, Person
from compapp.accounts.queries.grants import holds_at
from compapp.core import clock
from compapp.core.db import session


def organisation_invitation(invitation_id: int) -> OrganisationInvitation | None:
    """Return an invitation with its organisation."""
    options = [joinedload(OrganisationInvitation.organisation)]
    return session().get(OrganisationInvitation, invitation_id, options=options)


def open_invitations(organisation_id: int) -> Sequence[OrganisationInvitation]:
    """Return what an organisation has sent and was not accepted, the newest first."""
    statement = select(OrganisationInvitation).where(
        OrganisationInvitation.organisation_id == organisation_id, OrganisationInvitation.state.in_((SENT, DECLINED))
    )
    newest = OrganisationInvitation.sent_at.desc(), OrganisationInvitation.id.desc()
    return session().scalars(statement.order_by(*newest)).all()


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
