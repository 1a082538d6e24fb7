"""Answers to offers, what a freed place sets going, and places given by hand."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Closed, Conflict, Invalid
from compapp.core.events import emit
from compapp.core.moves import move
from compapp.core.text import N_, nfc
from compapp.entries import queries as entries
from compapp.entries.models import Entry
from compapp.placement import notifications, policy, queries
from compapp.placement.events import OfferAccepted, PlaceLost
from compapp.placement.lifecycle import ACCEPTED, OFFER, OFFERED, WITHDRAWN
from compapp.placement.models import Intake, Offer
from compapp.placement.services.places import call_next, free_place, leave_lists, lock_market, make_offer
from compapp.placement.services.rights import MOST_REASON, must, reason_of

REMIND_BEFORE = timedelta(hours=48)


def accept_offer(offer: Offer, *, actor: Actor, at: datetime) -> None:
    """Accept a place for the team; a place held elsewhere is given back, and goes to the next who waits.

    Raises Refused for whom is not the lead, Closed after the deadline, Conflict for an offer answered before.
    """
    must(policy.may_answer(actor, queries.facts_of_offer(actor, offer)))
    lock_market(offer.intake.contest_id)
    entry = entries.locked_entry(offer.entry_id)
    if offer.state == OFFERED and at >= offer.expires_at:
        raise Closed(N_("This offer has expired."))
    contest_id = offer.intake.contest_id
    move(offer, OFFER, "accept", actor=actor, at=at, contest_id=contest_id, answered_at=at)
    freed: list[Intake] = []
    former: int | None = None
    for other in queries.live_offers_of_entry(entry.id):
        if other.id == offer.id:
            continue
        if other.state == ACCEPTED:
            former = other.id
            move(other, OFFER, "give_back", actor=actor, at=at, contest_id=contest_id, answered_at=at)
        else:
            move(other, OFFER, "decline", actor=actor, at=at, contest_id=contest_id, answered_at=at)
        free_place(other.intake)
        freed.append(other.intake)
        notifications.offer_answered(other, at=at)
    leave_lists(entry, keep=_better(entry, offer.intake_id), actor=actor, at=at)
    emit(OfferAccepted(actor=actor, at=at, offer_id=offer.id, entry_id=entry.id, former_offer_id=former))
    notifications.offer_answered(offer, at=at)
    for intake in freed:
        call_next(intake, actor=actor, at=at)


def _better(entry: Entry, intake_id: int) -> dict[int, bool]:
    """Return the intakes that a team wished more than this one: it goes on waiting for them."""
    better: dict[int, bool] = {}
    for one in queries.wishes_of(entry, queries.intakes_of(entry.contest_id)):
        if one.id == intake_id:
            return better
        better[one.id] = True
    return {}


def decline_offer(offer: Offer, *, reason: str = "", actor: Actor, at: datetime) -> None:
    """Decline a place; it goes to the next who waits. A reason is welcome and not demanded."""
    must(policy.may_answer(actor, queries.facts_of_offer(actor, offer)))
    lock_market(offer.intake.contest_id)
    words = nfc(reason).strip()[:MOST_REASON]
    data = {"reason": words}
    move(offer, OFFER, "decline", actor=actor, at=at, contest_id=offer.intake.contest_id, data=data, answered_at=at)
    _leave_list(offer, actor, at)
    free_place(offer.intake)
    notifications.offer_answered(offer, reason=words, at=at)
    call_next(offer.intake, actor=actor, at=at)


def _leave_list(offer: Offer, actor: Actor, at: datetime) -> None:
    kept = {one.intake_id: one.intake_id != offer.intake_id for one in queries.waiting_of_entry(offer.entry_id)}
    leave_lists(offer.entry, keep=kept, actor=actor, at=at)


def place_by_hand(entry: Entry, intake: Intake, *, reason: str, actor: Actor, at: datetime) -> Offer:
    """Offer a free place to a team without a matching, with a reason: organiser, or the incubator's manager.

    Raises Refused without the right, Invalid without a reason or for a sector that the incubator does not take,
    Conflict for a team that holds a place or an offer, or when no place is free.
    """
    organises = policy.may_run_matching(actor, queries.facts_of_contest(actor, intake.contest))
    must(organises or policy.may_manage_intake(actor, queries.facts_of_intake(actor, intake)))
    words = reason_of(reason)
    lock_market(intake.contest_id)
    row = entries.locked_entry(entry.id)
    if row.contest_id != intake.contest_id or row.state not in queries.TAKES_PART:
        raise Invalid(fields={"entry": [(N_("Choose an entry that takes part in this contest."), {})]})
    if not organises and not any(one.entry_id == row.id for one in queries.applicants_of(intake)):
        raise Invalid(fields={"entry": [(N_("Choose a team that wished your incubator."), {})]})
    if not queries.accepts(intake, row.sector.code if row.sector else None):
        raise Invalid(fields={"entry": [(N_("This incubator does not take the team’s sector."), {})]})
    if queries.live_offers_of_entry(row.id):
        raise Conflict(N_("This team holds a place or an offer already."))
    leave_lists(row, keep=_better(row, intake.id), actor=actor, at=at)
    return make_offer(row, intake, origin="by_hand", reason=words, actor=actor, at=at)


def withdraw_offer(offer: Offer, *, reason: str, actor: Actor, at: datetime) -> None:
    """Take an offer (or an accepted place) back with a reason; the place goes to the next who waits."""
    must(policy.may_withdraw_offer(actor, queries.facts_of_offer(actor, offer)))
    words = reason_of(reason)
    lock_market(offer.intake.contest_id)
    _take_back(offer, words, actor, at)
    notifications.offer_withdrawn(offer, reason=words, at=at)
    call_next(offer.intake, actor=actor, at=at)


def _take_back(offer: Offer, reason: str, actor: Actor, at: datetime) -> None:
    session().refresh(offer)
    accepted = offer.state == ACCEPTED
    data = {"reason": reason}
    move(offer, OFFER, "withdraw", actor=actor, at=at, contest_id=offer.intake.contest_id, data=data, answered_at=at)
    free_place(offer.intake)
    if accepted:
        emit(PlaceLost(actor=actor, at=at, offer_id=offer.id, entry_id=offer.entry_id, reason=reason))


def give_place_back(offer: Offer, *, actor: Actor, at: datetime) -> None:
    """Free the place of a team that leaves its incubator (asked by incubation, which has checked the right)."""
    move(offer, OFFER, "give_back", actor=actor, at=at, contest_id=offer.intake.contest_id, answered_at=at)
    free_place(offer.intake)
    call_next(offer.intake, actor=actor, at=at)


def release_entry(entry_id: int, *, actor: Actor, at: datetime) -> None:
    """Let a withdrawn entry go: its offers, its places on waiting lists (listener of ``EntryWithdrawn``)."""
    entry = entries.entry(entry_id)
    lock_market(entry.contest_id)
    leave_lists(entry, keep={}, actor=actor, at=at)
    freed: list[Intake] = []
    for offer in queries.live_offers_of_entry(entry_id):
        _take_back(offer, WITHDRAWN, actor, at)
        notifications.offer_answered(offer, at=at)
        freed.append(offer.intake)
    for intake in freed:
        call_next(intake, actor=actor, at=at)


def lapse_offer(offer: Offer, *, at: datetime) -> bool:
    """Let an offer lapse whose time is over; return whether it did (somebody may have answered meanwhile)."""
    system = Actor.system("placement")
    lock_market(offer.intake.contest_id)
    session().refresh(offer)
    if offer.state != OFFERED or at < offer.expires_at:
        return False
    try:
        move(offer, OFFER, "lapse", actor=system, at=at, contest_id=offer.intake.contest_id, answered_at=at)
    except Conflict:
        return False
    _leave_list(offer, system, at)
    free_place(offer.intake)
    notifications.offer_lapsed(offer, at=at)
    call_next(offer.intake, actor=system, at=at)
    return True


def expired_offers(at: datetime) -> list[int]:
    """Return the offers whose time is over and that nobody answered."""
    return list(
        session().scalars(
            select(Offer.id).where(Offer.state == OFFERED, Offer.expires_at <= at).order_by(Offer.expires_at, Offer.id)
        )
    )


def remind_of_offers(*, at: datetime) -> int:
    """Remind teams 48 hours before their offer lapses, once each; return how many messages are new."""
    waiting = session().scalars(
        select(Offer)
        .where(Offer.state == OFFERED, Offer.expires_at > at, Offer.expires_at <= at + REMIND_BEFORE)
        .options(
            joinedload(Offer.entry).joinedload(Entry.contest), joinedload(Offer.intake).joinedload(Intake.incubator)
        )
        .order_by(Offer.id)
    )
    return sum(notifications.offer_reminder(one, at=at) for one in waiting)


def tell_of_open_intakes(*, at: datetime) -> int:
    """Tell teams with a published figure that they can order their wishes now; return how many messages are new."""
    told = 0
    for contest, closes, free in queries.contests_to_rank(at):
        people = queries.candidates_people(contest)
        for entry, members in people:
            told += notifications.placement_open(
                contest, entry.id, entry.title, members, closes=closes, free=free, at=at
            )
    return told
