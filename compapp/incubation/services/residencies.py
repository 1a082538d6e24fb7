"""A team's time in an incubator: opened by an accepted place, moved on, ended."""

from datetime import datetime, timedelta

from sqlalchemy import select

from compapp.contests.models import Contest
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Conflict
from compapp.core.moves import move
from compapp.core.text import N_, nfc
from compapp.incubation import notifications, policy, queries
from compapp.incubation.lifecycle import ACTIVE, RESIDENCY
from compapp.incubation.models import Milestone, Residency
from compapp.incubation.plan import Plan
from compapp.incubation.services.mentors import end_all
from compapp.placement import queries as placement
from compapp.placement import services as places
from compapp.placement.models import Offer
from compapp.placement.services.rights import must, reason_of


def open_residency(offer_id: int, *, actor: Actor, at: datetime) -> Residency:
    """Open the residency of an accepted place, or move the team's residency there (listener of ``OfferAccepted``)."""
    offer = placement.offer(offer_id)
    known = queries.residency_of_entry(offer.entry_id)
    if known is not None:
        return _move_over(known, offer, actor, at)
    residency = _new(offer, queries.plan_of(offer.intake.contest_id), at)
    audit.record(
        "incubation.residency.open",
        residency,
        actor=actor,
        at=at,
        contest_id=residency.contest_id,
        data={"entry": offer.entry.code, "incubator": offer.intake.code},
    )
    notifications.residency_opened(residency, at=at)
    return residency


def _new(offer: Offer, plan: Plan, at: datetime) -> Residency:
    base = plan.starts_at or at
    residency = Residency(
        contest=offer.intake.contest,
        entry=offer.entry,
        incubator=offer.intake.incubator,
        offer=offer,
        state=ACTIVE,
        stage=plan.stages[0].code,
        cohort=plan.cohort,
        started_at=max(base, at),
        milestones=[
            Milestone(code=one.code, label=dict(one.label), due_at=base + timedelta(weeks=one.week))
            for one in plan.milestones
        ],
    )
    session().add(residency)
    session().flush()
    return residency


def _move_over(residency: Residency, offer: Offer, actor: Actor, at: datetime) -> Residency:
    """Take the team over to the incubator whose place it accepted now."""
    if residency.offer_id == offer.id and residency.state == ACTIVE:
        return residency
    before = residency.incubator_id
    if residency.state != ACTIVE:
        move(residency, RESIDENCY, "return", actor=actor, at=at, ended_at=None)
    residency.incubator, residency.offer = offer.intake.incubator, offer
    session().flush()
    audit.record(
        "incubation.residency.move_over",
        residency,
        actor=actor,
        at=at,
        contest_id=residency.contest_id,
        data={"from": before, "to": residency.incubator_id},
    )
    notifications.residency_opened(residency, at=at)
    return residency


def open_missing(contest: Contest, *, actor: Actor, at: datetime) -> None:
    """Open the residency of every accepted place that has none yet (after an import)."""
    for offer in placement.accepted_offers(contest.id):
        if queries.residency_of_entry(offer.entry_id) is None:
            open_residency(offer.id, actor=actor, at=offer.answered_at or at)


def close_residency(entry_id: int, *, reason: str, actor: Actor, at: datetime) -> None:
    """End the residency of a team whose place was taken back (listener of ``PlaceLost``)."""
    found = queries.residency_of_entry(entry_id)
    if found is not None and found.state == ACTIVE:
        _end(queries.residency(found.id), "leave", reason, actor, at)


def advance_stage(residency: Residency, *, from_stage: str, actor: Actor, at: datetime) -> str:
    """Move a team on to the next stage; return its code.

    Raises Refused for whom is not the manager, Conflict when ``from_stage`` is no longer the stage (a double click)
    or is the last one.
    """
    must(policy.may_run(actor, queries.facts_of_residency(actor, residency)))
    session().execute(select(Residency.id).where(Residency.id == residency.id).with_for_update())
    session().refresh(residency)
    following = queries.plan_of(residency.contest_id).next_stage(residency.stage)
    if residency.state != ACTIVE or residency.stage != from_stage or following is None:
        raise Conflict(N_("This has changed in the meantime. Please look at how it stands now."))
    residency.stage = following.code
    session().flush()
    data = {"from": from_stage, "to": following.code}
    audit.record(
        "incubation.residency.advance", residency, actor=actor, at=at, contest_id=residency.contest_id, data=data
    )
    return following.code


def graduate(residency: Residency, *, note: str = "", actor: Actor, at: datetime) -> None:
    """Let a team graduate; its mentorships end."""
    must(policy.may_run(actor, queries.facts_of_residency(actor, residency)))
    _end(residency, "graduate", nfc(note).strip()[:2000], actor, at)


def leave(residency: Residency, *, reason: str, actor: Actor, at: datetime) -> None:
    """Let a team go before graduation, with a reason; its place goes to the next who waits."""
    must(policy.may_run(actor, queries.facts_of_residency(actor, residency)))
    _end(residency, "leave", reason_of(reason), actor, at)
    if residency.offer is not None and residency.offer.state == "accepted":
        places.give_place_back(placement.offer(residency.offer.id), actor=actor, at=at)


def _end(residency: Residency, verb: str, reason: str, actor: Actor, at: datetime) -> None:
    move(residency, RESIDENCY, verb, actor=actor, at=at, data={"reason": reason}, ended_at=at)
    mentors = end_all(residency, reason=verb, actor=actor, at=at)
    notifications.residency_ended(residency, mentors, reason=reason, at=at)
