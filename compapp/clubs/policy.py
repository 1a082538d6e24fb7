"""Who may do what with a club. Pure."""

from dataclasses import dataclass

from compapp.core.actor import ORGANISATION, Actor

MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class ClubFacts:
    """What the policies need to know of a club."""

    club_id: int
    school_id: int | None = None


def may_manage(actor: Actor, facts: ClubFacts) -> bool:
    """Policy: the managers of this club."""
    return actor.is_system or actor.has(MANAGER, ORGANISATION, facts.club_id)
