"""Places, one by one: taken and freed by compare-and-set, offered, and offered on to the waiting list."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Conflict
from compapp.core.moves import move
from compapp.core.text import N_
from compapp.entries.models import Entry
from compapp.placement import notifications, queries
from compapp.placement.lifecycle import OFFER, OFFERED, WAITING, WAITING_PLACE
from compapp.placement.models import Intake, MatchRun, Offer, WaitingPlace

ACTIVE = queries.TAKES_PART


def lock_market(contest_id: int) -> None:
    """Let placement's writers of one contest go one after the other (row locks; one writer anyway on SQLite).

    Every verb that moves places begins with it, so that no two of them wait for each other.
    """
    session().execute(select(Intake.id).where(Intake.contest_id == contest_id).order_by(Intake.id).with_for_update())


def take_place(intake: Intake) -> None:
    """Count one more place as given; Conflict when none is free. Never more than there are, whoever is faster."""
    result: Any = session().execute(
        update(Intake)
        .where(Intake.id == intake.id, Intake.capacity - Intake.occupied - Intake.taken > 0)
        .values(taken=Intake.taken + 1)
        .execution_options(synchronize_session=False)
    )
    session().refresh(intake)
    if result.rowcount != 1:
        raise Conflict(N_("This incubator has no free place left."))


def free_place(intake: Intake) -> None:
    """Count one place as free again."""
    session().execute(
        update(Intake)
        .where(Intake.id == intake.id, Intake.taken > 0)
        .values(taken=Intake.taken - 1)
        .execution_options(synchronize_session=False)
    )
    session().refresh(intake)


def make_offer(
    entry: Entry,
    intake: Intake,
    *,
    origin: str,
    reason: str,
    run: MatchRun | None = None,
    actor: Actor,
    at: datetime,
) -> Offer:
    """Take a place and offer it to a team, which is told; a former offer of the two becomes open again."""
    take_place(intake)
    terms: dict[str, Any] = {
        "run_id": run.id if run else None,
        "origin": origin,
        "reason": reason,
        "offered_at": at,
        "offered_by_name": actor.name,
        "expires_at": at + timedelta(days=intake.offer_valid_days),
        "answered_at": None,
    }
    known = queries.offer_of(entry.id, intake.id)
    if known is not None:
        move(
            known,
            OFFER,
            "offer_again",
            actor=actor,
            at=at,
            contest_id=intake.contest_id,
            data={"origin": origin},
            **terms,
        )
        offer = known
    else:
        offer = Offer(entry=entry, intake=intake, state=OFFERED, **terms)
        session().add(offer)
        session().flush()
        audit.record(
            "placement.offer.make",
            offer,
            actor=actor,
            at=at,
            contest_id=intake.contest_id,
            data={"entry": entry.code, "intake": intake.code, "origin": origin, "reason": reason},
        )
    holds = any(one.id != offer.id for one in queries.live_offers_of_entry(entry.id))
    notifications.offer(offer, holds_place=holds, at=at)
    notifications.offer_made(offer, at=at)
    return offer


def call_next(intake: Intake, *, actor: Actor, at: datetime) -> list[Offer]:
    """Offer every free place of an intake to the first on its waiting list; return the offers made."""
    made: list[Offer] = []
    while queries.free_places(intake):
        first = _first_waiting(intake.id)
        if first is None:
            break
        if first.entry.state not in ACTIVE:
            move(first, WAITING_PLACE, "leave", actor=actor, at=at, contest_id=intake.contest_id)
            continue
        move(first, WAITING_PLACE, "call", actor=actor, at=at, contest_id=intake.contest_id)
        made.append(
            make_offer(first.entry, intake, origin="waiting_list", reason="", actor=Actor.system("placement"), at=at)
        )
    return made


def _first_waiting(intake_id: int) -> WaitingPlace | None:
    return (
        session()
        .scalars(
            select(WaitingPlace)
            .where(WaitingPlace.intake_id == intake_id, WaitingPlace.state == WAITING)
            .options(joinedload(WaitingPlace.entry).joinedload(Entry.contest))
            .order_by(WaitingPlace.position, WaitingPlace.id)
            .limit(1)
        )
        .one_or_none()
    )


def wait(entry: Entry, intake: Intake, position: int, *, actor: Actor, at: datetime) -> None:
    """Put a team on a waiting list at ``position``."""
    known = (
        session()
        .scalars(select(WaitingPlace).where(WaitingPlace.entry_id == entry.id, WaitingPlace.intake_id == intake.id))
        .one_or_none()
    )
    if known is None:
        session().add(WaitingPlace(entry_id=entry.id, intake_id=intake.id, position=position, state=WAITING, since=at))
        session().flush()
    elif known.state != WAITING:
        move(
            known,
            WAITING_PLACE,
            "wait_again",
            actor=actor,
            at=at,
            contest_id=intake.contest_id,
            position=position,
            since=at,
        )


def leave_lists(entry: Entry, *, keep: Mapping[int, bool], actor: Actor, at: datetime) -> None:
    """Take a team off every waiting list but those of the intakes for which ``keep`` says True."""
    for waiting in queries.waiting_of_entry(entry.id):
        if waiting.state != "left" and not keep.get(waiting.intake_id, False):
            move(waiting, WAITING_PLACE, "leave", actor=actor, at=at, contest_id=waiting.intake.contest_id)
