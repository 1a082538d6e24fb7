"""Reading invitations into a club: for its managers what they wrote, for a person what is addressed to them."""

from collections.abc import Sequence

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import joinedload

from compapp.accounts.models import Membership, Person
from compapp.accounts.queries.grants import holds_at
from compapp.clubs.lifecycle import DECLINED, MEMBER, SENT
from compapp.clubs.models import Cohort, CohortMember, Invitation
from compapp.core import clock
from compapp.core.db import session


def invitation(invitation_id: int) -> Invitation | None:
    """Return an invitation with its club."""
    return session().get(Invitation, invitation_id, options=[joinedload(Invitation.club)])


def open_invitations(club_id: int) -> Sequence[Invitation]:
    """Return what a club has sent and was not accepted, the newest first."""
    statement = select(Invitation).where(Invitation.club_id == club_id, Invitation.state.in_((SENT, DECLINED)))
    return session().scalars(statement.order_by(Invitation.sent_at.desc(), Invitation.id.desc())).all()


def invitations_to(person_id: int) -> Sequence[Invitation]:
    """Return the invitations that wait for a person's answer with their clubs, the newest first."""
    statement = (
        select(Invitation)
        .join(Person, or_(Person.email == Invitation.email, Person.second_email == Invitation.email))
        .where(Person.id == person_id, Invitation.state == SENT)
        .options(joinedload(Invitation.club))
    )
    return session().scalars(statement.order_by(Invitation.sent_at.desc(), Invitation.id.desc())).all()


def is_addressed_to(found: Invitation, person_id: int) -> bool:
    """Whether the address of an invitation is one of the person's own, main or second."""
    person = session().get(Person, person_id)
    return person is not None and found.email in (person.email, person.second_email)


def is_listed(club_id: int, role: str, address: str) -> bool:
    """Whether the list that the managers see has this address in this role: the main address of who accepted."""
    newest = select(Cohort.id).where(Cohort.club_id == club_id).order_by(Cohort.term.desc()).limit(1).scalar_subquery()
    inside = exists().where(
        CohortMember.cohort_id == newest, CohortMember.person_id == Person.id, CohortMember.left_at.is_(None)
    )
    holds = exists().where(
        Membership.organisation_id == club_id,
        Membership.role == role,
        Membership.person_id == Person.id,
        holds_at(clock.now()),
    )
    statement = select(Person.id).where(Person.email == address, inside if role == MEMBER else holds)
    return session().scalar(statement) is not None
