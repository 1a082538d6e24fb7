"""Who may read the figures and the record. Pure."""

from compapp.core.actor import CONTEST, PLATFORM, Actor
from compapp.judging.policy import ContestFacts

ADMIN, OFFICER = "admin", "officer"


def is_officer(actor: Actor) -> bool:
    """Policy: officers of the department; they read aggregates and may take them along."""
    return actor.has(OFFICER, PLATFORM)


def is_admin(actor: Actor) -> bool:
    """Policy: administrators; they see whether the installation is well."""
    return actor.has(ADMIN, PLATFORM)


def may_read_figures(actor: Actor) -> bool:
    """Policy: officers and administrators read aggregates."""
    return is_officer(actor) or is_admin(actor)


_JURY = frozenset({"judge", "chair"})
RECORD_ROLES = frozenset({"organiser", "chair"})
"""Who reads a contest's record (permission matrix: "Audit log")."""


def reads_all_of(actor: Actor, facts: ContestFacts) -> bool:
    """An organiser of the contest who is on none of its teams reads the whole of its record."""
    return not facts.on_team and actor.has("organiser", CONTEST, facts.contest_id)


def reads_in_short(actor: Actor, facts: ContestFacts) -> bool:
    """Policy: officers and administrators without a team or a seat there read counts and bare deeds ("province r")."""
    return may_read_figures(actor) and not facts.on_team and not actor.has_any(_JURY, CONTEST, facts.contest_id)


def may_read_record(actor: Actor, facts: ContestFacts) -> bool:
    """Policy: the organiser the whole; the chair, who is blind to teams, the judging part."""
    return not facts.on_team and actor.has_any(RECORD_ROLES, CONTEST, facts.contest_id)
