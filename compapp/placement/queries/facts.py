"""The frozen facts that policies judge; nothing (404) for whom the thing does not exist."""

from sqlalchemy import select

from compapp.contests.models import Contest
from compapp.contests.queries import find_contest
from compapp.core.actor import CONTEST, ORGANISATION, Actor
from compapp.core.db import session
from compapp.entries.models import Entry, TeamMember
from compapp.judging.queries import on_team
from compapp.placement.models import Intake, MatchRun, Offer
from compapp.placement.policy import (
    MANAGER,
    RELEASERS,
    ContestFacts,
    IntakeFacts,
    OfferFacts,
    RunFacts,
    TeamFacts,
)
from compapp.placement.queries.rows import find_intake


def contest_facts(actor: Actor, code: str) -> ContestFacts | None:
    """Load a contest for its matching page; None for whom it is not."""
    contest = find_contest(code)
    if contest is None or not actor.has_any(RELEASERS, CONTEST, contest.id):
        return None
    return facts_of_contest(actor, contest)


def facts_of_contest(actor: Actor, contest: Contest) -> ContestFacts:
    """Load the same facts for a contest at hand (services check rights with them)."""
    return ContestFacts(contest.id, contest.code, on_team(actor.person_id, contest.id))


def run_facts(actor: Actor, run_id: int) -> RunFacts | None:
    """Load a matching; None for whom the contest's matching is not open."""
    found = session().get(MatchRun, run_id)
    if found is None or not actor.has_any(RELEASERS, CONTEST, found.contest_id):
        return None
    return facts_of_run(actor, found)


def facts_of_run(actor: Actor, run: MatchRun) -> RunFacts:
    """Load the same facts for a matching at hand."""
    return RunFacts(
        contest_id=run.contest_id,
        code=run.contest.code,
        run_id=run.id,
        state=run.state,
        computed_by_id=run.computed_by_id,
        on_team=on_team(actor.person_id, run.contest_id),
    )


def intake_facts(actor: Actor, intake_id: int) -> IntakeFacts | None:
    """Load an intake for its manager; None for everybody else."""
    found = find_intake(intake_id)
    if found is None or not actor.has(MANAGER, ORGANISATION, found.incubator_id):
        return None
    return facts_of_intake(actor, found)


def facts_of_intake(actor: Actor, intake: Intake) -> IntakeFacts:
    """Load the same facts for an intake at hand."""
    return IntakeFacts(intake.id, intake.contest_id, intake.incubator_id, on_team(actor.person_id, intake.contest_id))


def team_facts(actor: Actor, entry_id: int) -> TeamFacts | None:
    """Load an entry for its team's page of places; None for whom is not on the team."""
    entry = session().get(Entry, entry_id)
    if entry is None or entry.state == "draft":
        return None
    found = facts_of_team(actor, entry)
    return None if found.member_role is None else found


def facts_of_team(actor: Actor, entry: Entry) -> TeamFacts:
    """Load the same facts for an entry at hand."""
    return TeamFacts(entry.id, entry.contest_id, role_on_team(actor, entry.id))


def role_on_team(actor: Actor, entry_id: int) -> str | None:
    """Return lead, member or advisor for whom is on the team now."""
    if actor.person_id is None:
        return None
    return (
        session()
        .scalars(
            select(TeamMember.role).where(
                TeamMember.entry_id == entry_id, TeamMember.person_id == actor.person_id, TeamMember.left_at.is_(None)
            )
        )
        .one_or_none()
    )


def offer_facts(actor: Actor, offer_id: int) -> OfferFacts | None:
    """Load an offer for its team and the organiser; None for everybody else."""
    found = session().get(Offer, offer_id)
    if found is None:
        return None
    facts = facts_of_offer(actor, found)
    if facts.member_role is None and not actor.has("organiser", CONTEST, facts.contest_id):
        return None
    return facts


def facts_of_offer(actor: Actor, offer: Offer) -> OfferFacts:
    """Load the same facts for an offer at hand."""
    contest_id = offer.intake.contest_id
    return OfferFacts(
        offer_id=offer.id,
        entry_id=offer.entry_id,
        contest_id=contest_id,
        incubator_id=offer.intake.incubator_id,
        state=offer.state,
        member_role=role_on_team(actor, offer.entry_id),
        on_team=on_team(actor.person_id, contest_id),
    )
