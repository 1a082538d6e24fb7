"""The verbs of clubs: cohorts and who belongs to them."""

from datetime import datetime

from sqlalchemy import select

from compapp.accounts.models import Organisation
from compapp.clubs import queries
from compapp.clubs.lifecycle import MEMBER
from compapp.clubs.models import Cohort, CohortMember
from compapp.clubs.policy import ClubFacts, may_manage
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Invalid, Refused, Sentence
from compapp.core.text import N_, nfc

MOST_PEOPLE, MOST_ENTRIES = 2000, 500


def ensure_cohort(club: Organisation, term: str, *, size: int, goal_entries: int, actor: Actor, at: datetime) -> Cohort:
    """Return the club's cohort of this term; a new one gets ``size`` members planned and its goal of entries.

    The caller has checked that ``actor`` may manage the club (an import may). A known cohort is left as it is.
    """
    known = session().scalars(select(Cohort).where(Cohort.club_id == club.id, Cohort.term == term)).one_or_none()
    if known is not None:
        return known
    made = Cohort(club_id=club.id, term=term, size=size, goal_entries=goal_entries, opened_at=at)
    session().add(made)
    audit.record("clubs.cohort.opened", made, actor=actor, at=at, data={"term": term, "goal_entries": goal_entries})
    return made


def ensure_cohort_member(
    cohort: Cohort, person_id: int, *, role: str = MEMBER, actor: Actor, at: datetime
) -> CohortMember:
    """Put a person into a cohort; who is in it already stays so. The caller has checked the right."""
    known = queries.membership_of(cohort.id, person_id)
    if known is not None and known.left_at is None:
        return known
    if known is None:
        known = CohortMember(cohort_id=cohort.id, person_id=person_id, joined_at=at, role=role)
        session().add(known)
    else:
        known.left_at, known.role = None, role
    audit.record("clubs.cohort.joined", known, actor=actor, at=at, data={"person": person_id})
    return known


def set_cohort(club: Organisation, term: str, *, size: int, goal_entries: int, actor: Actor, at: datetime) -> Cohort:
    """Open the club's cohort of ``term``, or change size and goal of the one it has.

    Invalid for an empty term or numbers beyond what a club can be; Refused for who does not manage the club.
    """
    must_manage(actor, club.id)
    term = nfc(term).strip()
    faults: dict[str, list[Sentence]] = {}
    if not term or len(term) > 40:
        faults["term"] = [(N_("Choose the term."), {})]
    if not 0 <= size <= MOST_PEOPLE:
        faults["size"] = [(N_("Write a number from 0 to %(most)s."), {"most": MOST_PEOPLE})]
    if not 0 <= goal_entries <= MOST_ENTRIES:
        faults["goal_entries"] = [(N_("Write a number from 0 to %(most)s."), {"most": MOST_ENTRIES})]
    if faults:
        raise Invalid(fields=faults)
    cohort = ensure_cohort(club, term, size=size, goal_entries=goal_entries, actor=actor, at=at)
    if (cohort.size, cohort.goal_entries) != (size, goal_entries):
        cohort.size, cohort.goal_entries = size, goal_entries
        audit.record(
            "clubs.cohort.goal_changed", cohort, actor=actor, at=at, data={"size": size, "goal_entries": goal_entries}
        )
    return cohort


def must_manage(actor: Actor, club_id: int) -> None:
    """Refuse whoever does not manage the club."""
    if not may_manage(actor, ClubFacts(club_id)):
        raise Refused(N_("Only the managers of the club can do this."))
