"""The frozen facts that policies judge; nothing (404) for whom the thing does not exist."""

from sqlalchemy import select

from compapp.core.actor import CONTEST, ORGANISATION, Actor
from compapp.core.db import session
from compapp.incubation.lifecycle import ACTIVE
from compapp.incubation.models import Mentor, MentoringSession, Mentorship, Milestone, Residency
from compapp.incubation.policy import MANAGER, MentorshipFacts, ResidencyFacts, SessionFacts, may_see, may_see_session
from compapp.judging.queries import on_team
from compapp.placement.queries import role_on_team


def facts_of_residency(actor: Actor, residency: Residency) -> ResidencyFacts:
    """Load what decides about a residency at hand."""
    busy = on_team(actor.person_id, residency.contest_id)
    return ResidencyFacts(
        residency_id=residency.id,
        contest_id=residency.contest_id,
        entry_id=residency.entry_id,
        incubator_id=residency.incubator_id,
        state=residency.state,
        member_role=role_on_team(actor, residency.entry_id) if busy else None,
        is_manager=not busy and actor.has(MANAGER, ORGANISATION, residency.incubator_id),
        is_mentor=not busy and _mentors(actor, residency.id),
        is_organiser=not busy and actor.has("organiser", CONTEST, residency.contest_id),
    )


def _mentors(actor: Actor, residency_id: int) -> bool:
    if actor.person_id is None:
        return False
    found = (
        select(Mentorship.id)
        .join(Mentor, Mentor.id == Mentorship.mentor_id)
        .where(
            Mentorship.residency_id == residency_id,
            Mentorship.state == ACTIVE,
            Mentor.person_id == actor.person_id,
        )
    )
    return bool(session().scalar(select(found.exists())))


def residency_facts(actor: Actor, residency_id: int, **_rest: int) -> ResidencyFacts | None:
    """Load a residency; None for whom may not know of it."""
    found = session().get(Residency, residency_id)
    if found is None:
        return None
    facts = facts_of_residency(actor, found)
    return facts if may_see(actor, facts) else None


def milestone_facts(actor: Actor, milestone_id: int) -> ResidencyFacts | None:
    """Load the residency of a milestone; None for whom may not know of it."""
    found = session().get(Milestone, milestone_id)
    return None if found is None else residency_facts(actor, found.residency_id)


def mentorship_facts(actor: Actor, mentorship_id: int) -> MentorshipFacts | None:
    """Load a mentorship; None for whom may not know of it."""
    found = session().get(Mentorship, mentorship_id)
    if found is None:
        return None
    facts = facts_of_mentorship(actor, found)
    return facts if facts.is_own or may_see(actor, facts.residency) else None


def facts_of_mentorship(actor: Actor, mentorship: Mentorship) -> MentorshipFacts:
    """Load what decides about a mentorship at hand."""
    residency = facts_of_residency(actor, mentorship.residency)
    own = not residency.is_team and _is(actor, mentorship)
    return MentorshipFacts(mentorship.id, mentorship.state, own and mentorship.state == ACTIVE, residency)


def session_facts(actor: Actor, session_id: int) -> SessionFacts | None:
    """Load a session; None for whom may not know of it."""
    found = session().get(MentoringSession, session_id)
    if found is None:
        return None
    facts = facts_of_session(actor, found)
    return facts if may_see_session(actor, facts) else None


def facts_of_session(actor: Actor, one: MentoringSession) -> SessionFacts:
    """Load what decides about a session at hand."""
    residency = facts_of_residency(actor, one.mentorship.residency)
    return SessionFacts(one.id, one.state, not residency.is_team and _is(actor, one.mentorship), residency)


def _is(actor: Actor, mentorship: Mentorship) -> bool:
    return actor.person_id is not None and mentorship.mentor.person_id == actor.person_id
