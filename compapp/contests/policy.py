"""Who may do what with a contest. Pure: the actor and frozen facts in, yes or no out."""

from dataclasses import dataclass

from compapp.core.actor import CONTEST, ORGANISATION, PLATFORM, Actor
from compapp.core.text import N_

ORGANISER, APPROVER, SECRETARY, JUDGE, CHAIR = "organiser", "approver", "secretary", "judge", "chair"

ROLES = {
    ORGANISER: N_("Organiser"),
    APPROVER: N_("Approver"),
    SECRETARY: N_("Secretary"),
    JUDGE: N_("Judge"),
    CHAIR: N_("Chair of the jury"),
}
"""The roles in a contest, with their labels."""

GRANTABLE = (ORGANISER, APPROVER, SECRETARY)
"""Roles given on the contest's page; judges and the chair are invited by judging."""

STAFF = frozenset({ORGANISER, APPROVER, SECRETARY, CHAIR})
"""The roles that see a contest's workspace."""

DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class ContestFacts:
    """What the policies need to know of a contest."""

    contest_id: int
    code: str
    state: str
    organiser_id: int | None = None


def may_see(actor: Actor, facts: ContestFacts) -> bool:
    """Policy: everybody sees an announced contest; a draft only those with a role in it."""
    return facts.state != DRAFT or actor.is_system or actor.has_any(set(ROLES), CONTEST, facts.contest_id)


def may_manage(actor: Actor, facts: ContestFacts) -> bool:
    """Policy: the organisers of this contest."""
    return actor.is_system or actor.has(ORGANISER, CONTEST, facts.contest_id)


def may_open_workspace(actor: Actor, facts: ContestFacts) -> bool:
    """Policy: the organisers, approvers, secretaries and the chair of this contest."""
    return actor.is_system or actor.has_any(STAFF, CONTEST, facts.contest_id)


def may_create(actor: Actor) -> bool:
    """Policy: organisers of any organisation may make contests (new, imported or cloned)."""
    return actor.is_system or any(grant.role == ORGANISER and grant.scope == ORGANISATION for grant in actor.grants)


def may_list_managed(actor: Actor) -> bool:
    """Policy: who may make contests, or has staff's role in one."""
    return may_create(actor) or any(grant.role in STAFF and grant.scope == CONTEST for grant in actor.grants)


def may_clone(actor: Actor, facts: ContestFacts) -> bool:
    """Policy: an organiser of this contest who may make contests, or the organiser of a contest alone."""
    return may_manage(actor, facts)


def may_read_overview(actor: Actor) -> bool:
    """Policy: administrators and officers see that a contest exists and how it stands, never what teams write."""
    return actor.has_any({"admin", "officer"}, PLATFORM)
