"""Who runs an incubator."""

from sqlalchemy import or_, select

from compapp.accounts.models import Organisation
from compapp.core.actor import ORGANISATION, Actor
from compapp.core.db import session
from compapp.placement.models import Intake
from compapp.placement.policy import MANAGER, IntakeListFacts

INCUBATOR = "incubator"


def intake_list_facts(actor: Actor) -> IntakeListFacts:
    """Load whether the actor manages an incubator; a club's manager does not."""
    managed = actor.scopes(MANAGER, ORGANISATION)
    if not managed:
        return IntakeListFacts(False)
    takes_teams = select(Intake.id).where(Intake.incubator_id == Organisation.id).exists()
    found = select(Organisation.id).where(
        Organisation.id.in_(managed), or_(Organisation.kind == INCUBATOR, takes_teams)
    )
    return IntakeListFacts(bool(session().scalar(select(found.exists()))))
