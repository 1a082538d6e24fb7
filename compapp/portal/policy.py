"""Who may do what with an entry's place in the gallery and with the public vote. Pure."""

from dataclasses import dataclass

from compapp.core.actor import Actor
from compapp.entries.lifecycle import COUNTED
from compapp.entries.policy import EntryFacts
from compapp.judging.policy import ContestFacts, may_enter_votes


@dataclass(frozen=True, slots=True)
class VoteFacts:
    """What decides about a contest's public vote; ``jury`` is what judging knows of the actor there."""

    contest_id: int
    jury: ContestFacts


def may_vote(actor: Actor, facts: VoteFacts) -> bool:
    """Vote: everybody with an account whose address was confirmed; a one-time link is no account."""
    return actor.is_signed_in and actor.limited_to is None and bool(actor.email)


def may_check_votes(actor: Actor, facts: VoteFacts) -> bool:
    """Read the report on the vote, void votes and take over the count: the organiser who is on no team."""
    return may_enter_votes(actor, facts.jury)


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
