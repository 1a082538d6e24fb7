"""What asking people into a club adds to asking them into any organisation: members join the cohort of the term."""

from datetime import datetime, timedelta

from compapp.accounts.models import Organisation, OrganisationInvitation
from compapp.accounts.services import ensure_membership
from compapp.clubs import queries
from compapp.clubs.lifecycle import MEMBER
from compapp.clubs.services.cohorts import ensure_cohort_member
from compapp.core.actor import Actor
from compapp.core.errors import Closed
from compapp.core.text import N_

INVITATION_LASTS = timedelta(days=30)
"""How long a yes is taken; sent again, it lasts anew."""


def must_take(club: Organisation, role: str) -> None:
    """Raise Closed for members before there is a cohort that they could join."""
    if role == MEMBER and queries.current_cohort(club.id) is None:
        raise Closed(N_("The club has no cohort yet. Open one for this term."))


def admit(found: OrganisationInvitation, person_id: int, *, actor: Actor, at: datetime) -> None:
    """Let who said yes join the cohort, or advise or manage the club, which learns only now who it is."""
    if found.role != MEMBER:
        ensure_membership(person_id, found.role, found.organisation_id, actor=actor, at=at)
        return
    cohort = queries.current_cohort(found.organisation_id)
    if cohort is None:
        raise Closed(N_("The club takes no members at the moment."))
    ensure_cohort_member(cohort, person_id, actor=actor, at=at)
