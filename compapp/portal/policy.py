"""Who may do what with an entry's place in the gallery. Pure; the facts are those of the entry."""

from compapp.core.actor import Actor
from compapp.entries.lifecycle import COUNTED
from compapp.entries.policy import EntryFacts


def may_see_listing(actor: Actor, facts: EntryFacts) -> bool:
    """Open the page where the team decides: everybody on the team."""
    return facts.is_member


def may_show(actor: Actor, facts: EntryFacts) -> bool:
    """Put the entry into the gallery, or change what it shows there: the lead, once it was handed in."""
    return facts.member_role == "lead" and facts.state in COUNTED and not facts.is_frozen


def may_take_down(actor: Actor, facts: EntryFacts) -> bool:
    """Take the entry out: anybody on the team but an advisor, at any time."""
    return facts.member_role in {"lead", "member"}


def may_moderate(actor: Actor, facts: EntryFacts) -> bool:
    """Hide an entry, or allow it again: an organiser who is not on the team."""
    return facts.is_organiser and facts.state in COUNTED
