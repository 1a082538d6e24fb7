"""Who may read the figures. Pure."""

from compapp.core.actor import PLATFORM, Actor

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
