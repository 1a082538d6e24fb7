"""Rows of the room, one at a time or by their parent."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from compapp.contests.models import Contest
from compapp.core.db import session
from compapp.core.errors import NotFound
from compapp.core.reading import read_once
from compapp.core.text import N_
from compapp.entries.models import Entry
from compapp.placement.lifecycle import LIVE, PROPOSED, RELEASED, WAITING
from compapp.placement.models import IncubationPlan, Intake, MatchRun, Offer, WaitingPlace

_ABSENT = N_("This page does not exist, or it is not open to you.")


@read_once
def plan_of(contest_id: int) -> dict[str, Any]:
    """Return the file's ``incubation`` section; empty where there is none."""
    found = (
        session()
        .scalars(select(IncubationPlan.definition).where(IncubationPlan.contest_id == contest_id))
        .one_or_none()
    )
    return found or {}


def plans_of(contest_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Return the file's ``incubation`` sections by contest id; empty for a contest that has none."""
    wanted = list(contest_ids)
    rows = session().execute(
        select(IncubationPlan.contest_id, IncubationPlan.definition).where(IncubationPlan.contest_id.in_(wanted))
    )
    found = {row[0]: row[1] for row in rows}
    return {contest_id: found.get(contest_id) or {} for contest_id in wanted}


@read_once
def intakes_of(contest_id: int) -> list[Intake]:
    """Return the intakes of a contest in the file's order, with their incubators."""
    return list(
        session().scalars(
            select(Intake)
            .where(Intake.contest_id == contest_id)
            .options(joinedload(Intake.incubator))
            .order_by(Intake.position, Intake.id)
        )
    )


@read_once
def find_intake(intake_id: int) -> Intake | None:
    """Return an intake with incubator and contest, if there is one."""
    statement = (
        select(Intake).where(Intake.id == intake_id).options(joinedload(Intake.incubator), joinedload(Intake.contest))
    )
    return session().scalars(statement).one_or_none()


def intake(intake_id: int) -> Intake:
    """Return an intake with incubator and contest; NotFound."""
    found = find_intake(intake_id)
    if found is None:
        raise NotFound(_ABSENT)
    return found


def intake_by_code(contest_id: int, code: str) -> Intake | None:
    """Return the intake with this code of the contest file."""
    return session().scalars(select(Intake).where(Intake.contest_id == contest_id, Intake.code == code)).one_or_none()


def intakes_of_incubators(incubator_ids: Iterable[int]) -> list[Intake]:
    """Return the intakes of several incubators, the newest contest first."""
    return list(
        session().scalars(
            select(Intake)
            .join(Contest, Contest.id == Intake.contest_id)
            .where(Intake.incubator_id.in_(list(incubator_ids)))
            .options(joinedload(Intake.incubator), joinedload(Intake.contest))
            .order_by(Contest.launch_at.desc(), Intake.position)
        )
    )


def free_places(one: Intake) -> int:
    """Return how many places can still be offered, never below 0."""
    return max(one.capacity - one.occupied - one.taken, 0)


def accepts(one: Intake, sector: str | None) -> bool:
    """Whether an incubator takes teams of ``sector``; one that names no sectors takes all."""
    return "sectors" not in one.definition or sector in one.sectors


def offer(offer_id: int) -> Offer:
    """Return an offer with entry, contest, intake and incubator; NotFound."""
    found = (
        session()
        .scalars(
            select(Offer)
            .where(Offer.id == offer_id)
            .options(
                joinedload(Offer.entry).joinedload(Entry.contest),
                joinedload(Offer.intake).joinedload(Intake.incubator),
            )
        )
        .one_or_none()
    )
    if found is None:
        raise NotFound(_ABSENT)
    return found


def offer_of(entry_id: int, intake_id: int) -> Offer | None:
    """Return what an incubator has offered to a team, in whatever state."""
    return (
        session().scalars(select(Offer).where(Offer.entry_id == entry_id, Offer.intake_id == intake_id)).one_or_none()
    )


def offers_of_entry(entry_id: int) -> list[Offer]:
    """Return every offer to a team, the newest first."""
    return list(
        session().scalars(
            select(Offer)
            .where(Offer.entry_id == entry_id)
            .options(joinedload(Offer.intake).joinedload(Intake.incubator))
            .order_by(Offer.offered_at.desc(), Offer.id.desc())
        )
    )


def live_offers_of_entry(entry_id: int) -> list[Offer]:
    """Return the offers to a team that hold a place now, read anew."""
    return list(
        session().scalars(
            select(Offer)
            .where(Offer.entry_id == entry_id, Offer.state.in_(LIVE))
            .options(joinedload(Offer.intake).joinedload(Intake.incubator))
            .order_by(Offer.id)
            .execution_options(populate_existing=True)
        )
    )


@read_once
def offers_of_contest(contest_id: int) -> list[Offer]:
    """Return every offer of a contest with entry and incubator, the newest first."""
    return list(
        session().scalars(
            select(Offer)
            .join(Intake, Intake.id == Offer.intake_id)
            .where(Intake.contest_id == contest_id)
            .options(joinedload(Offer.entry), joinedload(Offer.intake).joinedload(Intake.incubator))
            .order_by(Offer.offered_at.desc(), Offer.id.desc())
        )
    )


def waiting_of_intake(intake_id: int) -> list[WaitingPlace]:
    """Return who still waits for a place of an intake, first first."""
    return list(
        session().scalars(
            select(WaitingPlace)
            .where(WaitingPlace.intake_id == intake_id, WaitingPlace.state == WAITING)
            .options(joinedload(WaitingPlace.entry).joinedload(Entry.sector))
            .order_by(WaitingPlace.position, WaitingPlace.id)
        )
    )


def waiting_of_contest(contest_id: int) -> list[WaitingPlace]:
    """Return every waiting list of a contest, in order."""
    return list(
        session().scalars(
            select(WaitingPlace)
            .join(Intake, Intake.id == WaitingPlace.intake_id)
            .where(Intake.contest_id == contest_id)
            .options(joinedload(WaitingPlace.entry), joinedload(WaitingPlace.intake).joinedload(Intake.incubator))
            .order_by(Intake.position, WaitingPlace.position, WaitingPlace.id)
        )
    )


def waiting_of_entry(entry_id: int) -> list[WaitingPlace]:
    """Return the waiting lists a team is on (or was called from), with incubators."""
    return list(
        session().scalars(
            select(WaitingPlace)
            .where(WaitingPlace.entry_id == entry_id)
            .options(joinedload(WaitingPlace.intake).joinedload(Intake.incubator))
            .order_by(WaitingPlace.id)
        )
    )


def places_ahead(entry_id: int) -> dict[int, int]:
    """Return the number of a team on each list where it waits (1 is next): intake id to place."""
    own = (
        select(WaitingPlace.intake_id, WaitingPlace.position)
        .where(WaitingPlace.entry_id == entry_id, WaitingPlace.state == WAITING)
        .subquery()
    )
    rows = session().execute(
        select(WaitingPlace.intake_id, func.count())
        .join(own, own.c.intake_id == WaitingPlace.intake_id)
        .where(WaitingPlace.state == WAITING, WaitingPlace.position <= own.c.position)
        .group_by(WaitingPlace.intake_id)
    )
    return {row[0]: row[1] for row in rows}


def run(run_id: int) -> MatchRun:
    """Return a matching with its contest; NotFound."""
    found = (
        session()
        .scalars(select(MatchRun).where(MatchRun.id == run_id).options(joinedload(MatchRun.contest)))
        .one_or_none()
    )
    if found is None:
        raise NotFound(_ABSENT)
    return found


def latest_run(contest_id: int) -> MatchRun | None:
    """Return the newest matching that is proposed or released."""
    return (
        session()
        .scalars(
            select(MatchRun)
            .where(MatchRun.contest_id == contest_id, MatchRun.state.in_([PROPOSED, RELEASED]))
            .order_by(MatchRun.id.desc())
            .limit(1)
        )
        .one_or_none()
    )


def runs_of(contest_id: int) -> list[MatchRun]:
    """Return every matching of a contest, the newest first."""
    return list(
        session().scalars(select(MatchRun).where(MatchRun.contest_id == contest_id).order_by(MatchRun.id.desc()))
    )


def accepted_offers(contest_id: int) -> list[Offer]:
    """Return the accepted offers of a contest in the order in which they were accepted."""
    return list(
        session().scalars(
            select(Offer)
            .join(Intake, Intake.id == Offer.intake_id)
            .where(Intake.contest_id == contest_id, Offer.state == "accepted")
            .options(joinedload(Offer.entry), joinedload(Offer.intake))
            .order_by(Offer.answered_at, Offer.id)
        )
    )
