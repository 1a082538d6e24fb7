"""Who may do what with places, wishes, matching and offers: pure predicates over loaded facts.

Membership of a team beats every role in that contest. Administrators and officers have no rights here.
"""

from dataclasses import dataclass

from compapp.core.actor import CONTEST, ORGANISATION, Actor

MANAGER = "manager"
RELEASERS = frozenset({"organiser", "approver"})


@dataclass(frozen=True, slots=True)
class ContestFacts:
    """A contest before its matching is shown; ``on_team``: the actor is on one of its teams."""

    contest_id: int
    code: str
    on_team: bool = False


@dataclass(frozen=True, slots=True)
class RunFacts:
    """A matching with who computed it."""

    contest_id: int
    code: str
    run_id: int
    state: str
    computed_by_id: int | None
    on_team: bool = False


@dataclass(frozen=True, slots=True)
class IntakeFacts:
    """An incubator's intake."""

    intake_id: int
    contest_id: int
    incubator_id: int
    on_team: bool = False


@dataclass(frozen=True, slots=True)
class IntakeListFacts:
    """``manages_incubator``: an organisation that the actor manages is an incubator, or takes teams."""

    manages_incubator: bool


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """An entry before its page of places; ``member_role`` is None for whom is not on the team."""

    entry_id: int
    contest_id: int
    member_role: str | None


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """An offer with both its sides."""

    offer_id: int
    entry_id: int
    contest_id: int
    incubator_id: int
    state: str
    member_role: str | None
    on_team: bool = False


def may_run_matching(actor: Actor, facts: ContestFacts | RunFacts | OfferFacts) -> bool:
    """Compute, drop, place by hand: an organiser of the contest who is on none of its teams."""
    return actor.is_signed_in and not facts.on_team and actor.has("organiser", CONTEST, facts.contest_id)


def may_see_matching(actor: Actor, facts: ContestFacts | RunFacts) -> bool:
    """Read the market and the proposals: organisers and approvers."""
    return actor.is_signed_in and not facts.on_team and actor.has_any(RELEASERS, CONTEST, facts.contest_id)


def may_release(actor: Actor, facts: RunFacts) -> bool:
    """Release a matching: an organiser or approver other than the one who computed it."""
    return may_see_matching(actor, facts) and actor.person_id != facts.computed_by_id


def may_manage_intake(actor: Actor, facts: IntakeFacts) -> bool:
    """Edit places and see applicants: a manager of this incubator, who is on no team of the contest."""
    return actor.is_signed_in and not facts.on_team and actor.has(MANAGER, ORGANISATION, facts.incubator_id)


def may_list_intakes(actor: Actor, facts: IntakeListFacts) -> bool:
    """Open the list of one's intakes: managers of an incubator, not of a club."""
    return actor.is_signed_in and facts.manages_incubator


def may_see_team_page(actor: Actor, facts: TeamFacts) -> bool:
    """Read wishes and offers of a team: its people."""
    return facts.member_role is not None


def may_rank(actor: Actor, facts: TeamFacts) -> bool:
    """State the order of wishes: the lead."""
    return facts.member_role == "lead"


def may_answer(actor: Actor, facts: OfferFacts) -> bool:
    """Accept or decline an offer: the lead."""
    return facts.member_role == "lead"


def may_withdraw_offer(actor: Actor, facts: OfferFacts) -> bool:
    """Take an offer back: an organiser, with a reason."""
    return facts.member_role is None and may_run_matching(actor, facts)
