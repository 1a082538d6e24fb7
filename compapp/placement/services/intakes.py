"""What an incubator says of its intake: places, sectors, window."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from compapp.contests.definition import moved_moment
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.clock import local
from compapp.core.db import session
from compapp.core.errors import Invalid, Sentence
from compapp.core.text import N_
from compapp.placement import policy, queries
from compapp.placement.models import Intake
from compapp.placement.services.places import call_next, lock_market
from compapp.placement.services.rights import must

MOST_PLACES = 100_000
LONGEST_OFFER = 365


@dataclass(frozen=True, slots=True)
class IntakeTerms:
    """The terms of an intake: places in all, places in use already, sector codes, window, days to answer."""

    capacity: int
    occupied: int
    sectors: Sequence[str]
    opens_at: datetime
    closes_at: datetime
    offer_valid_days: int


def change_intake(intake: Intake, terms: IntakeTerms, *, actor: Actor, at: datetime) -> None:
    """Change an intake; places that become free are offered to the waiting list at once.

    Raises Refused for whom it is not, Invalid for terms that contradict each other or places given already.
    """
    must(policy.may_manage_intake(actor, queries.facts_of_intake(actor, intake)))
    lock_market(intake.contest_id)
    row = session().get_one(Intake, intake.id, populate_existing=True)
    _check(row, terms)
    before = {"capacity": row.capacity, "occupied": row.occupied, "sectors": row.sectors}
    row.capacity, row.occupied = terms.capacity, terms.occupied
    row.opens_at, row.closes_at, row.offer_valid_days = terms.opens_at, terms.closes_at, terms.offer_valid_days
    row.sectors = list(terms.sectors)
    row.definition = _definition(row)
    session().flush()
    audit.record(
        "placement.intake.change",
        row,
        actor=actor,
        at=at,
        contest_id=row.contest_id,
        data={
            "before": before,
            "after": {"capacity": row.capacity, "occupied": row.occupied, "sectors": row.sectors},
        },
    )
    call_next(row, actor=actor, at=at)


def _check(row: Intake, terms: IntakeTerms) -> None:
    faults: dict[str, list[Sentence]] = {}
    if not 0 <= terms.capacity <= MOST_PLACES:
        faults["capacity"] = [(N_("Write a whole number from 0 to %(most)s."), {"most": MOST_PLACES})]
    elif not 0 <= terms.occupied <= terms.capacity:
        faults["occupied"] = [(N_("There are not more places in use than there are places."), {})]
    elif terms.capacity - terms.occupied < row.taken:
        params = {"taken": row.taken}
        faults["capacity"] = [(N_("%(taken)s places are given to teams already; keep at least as many free."), params)]
    if terms.opens_at >= terms.closes_at:
        faults["closes_at"] = [(N_("The window must close after it opens."), {})]
    if not 1 <= terms.offer_valid_days <= LONGEST_OFFER:
        params = {"most": LONGEST_OFFER}
        faults["offer_valid_days"] = [(N_("Write a whole number from 1 to %(most)s."), params)]
    known = {sector.code for sector in row.contest.sectors}
    if not set(terms.sectors) <= known or (known and not terms.sectors):
        faults["sectors"] = [(N_("Choose at least one sector of the contest."), {})]
    if faults:
        raise Invalid(fields=faults)


def _definition(row: Intake) -> dict[str, object]:
    """Return the intake's JSON of the contest file with what was changed; what was not said stays unsaid."""
    launch = local(row.contest.launch_at).date()
    old = row.definition
    window = old.get("intake") or {}
    changed = {**old, "capacity": row.capacity}
    if row.occupied or "occupied" in old:
        changed["occupied"] = row.occupied
    if row.sectors or "sectors" in old:
        changed["sectors"] = list(row.sectors)
    changed["offer_valid_days"] = row.offer_valid_days
    changed["intake"] = {
        "opens": moved_moment(window.get("opens"), row.opens_at, launch),
        "closes": moved_moment(window.get("closes"), row.closes_at, launch),
    }
    return changed
