"""Changes to a judge's seat; a changed institution frees nothing that the old one withheld."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Conflict, Invalid, Sentence
from compapp.core.text import N_
from compapp.entries.models import Entry
from compapp.judging import notifications, policy, queries
from compapp.judging.lifecycle import ACCEPTED, LEFT, OPEN, PROPOSED
from compapp.judging.models import Assignment, Seat, SeatConflict
from compapp.judging.queries.conflicts import KEPT
from compapp.judging.services.conflicts import SAME_INSTITUTION, withdraw_all
from compapp.judging.services.jury import SeatWish, check_wish, end_roles, grant_roles
from compapp.judging.services.rights import LONGEST_REASON, must, reason_of
from compapp.judging.services.titles import titles_of

ASK_WHY = N_(
    "Say why the institution changes. %(held)s entries of the old one stay withheld until the chair lifts that; "
    "%(taken)s given out of the new one are taken back, their sheets void."
)


def change_seat(seat: Seat, wish: SeatWish, *, why: str = "", actor: Actor, at: datetime) -> None:
    """Change a judge's sectors, organisations, load, or who chairs; conflicts follow at once.

    Where entries are withheld because of the judge's institution, or given out that a new one bars, another
    institution needs a reason (``why``); the chair is told. The former stay withheld (see :data:`KEPT`), the latter
    are taken back as for a declared conflict. Raises Refused without the right, Conflict for who has left, Invalid.
    """
    must(policy.may_run_jury, actor, seat.contest_id)
    if seat.state == LEFT:
        raise Conflict(N_("This judge has left the jury."))
    check_wish(seat.contest, wish)
    before, house = _wished(seat), seat.institution
    moves = (None if wish.institution is None else wish.institution.id) != seat.institution_id
    held, taken, again = _touched(seat, wish) if moves else ([], [], set())
    words = _why(why, len(held), len(taken)) if held or taken else ""
    for name, value in wish.columns().items():
        setattr(seat, name, value)
    wish.keep_titles(seat)
    seat.institution, seat.affiliation = wish.institution, wish.affiliation
    session().flush()
    if seat.state == ACCEPTED:
        grant_roles(seat, at)
        if not seat.chair:
            end_roles(seat, at, ("chair",))
    by: dict[str, Any] = {"actor": actor, "at": at}
    data = {"before": before, "after": _wished(seat)}
    audit.record("judging.seat.change", seat, contest_id=seat.contest_id, data=data, **by)
    _drop_kept(seat, again)
    if held or taken:
        _keep(seat, held, words, **by)
        for entry in taken:
            withdraw_all(seat, entry, SAME_INSTITUTION, **by)
        change: dict[str, Any] = {
            "old": None if house is None else house.name,
            "new": None if seat.institution is None else seat.institution.name,
            "withheld": len(held),
            "taken": len(taken),
            "reason": words,
        }
        audit.record("judging.seat.change_institution", seat, contest_id=seat.contest_id, data=change, **by)
        notifications.institution_changed(seat.contest, seat, change, by=actor.name, at=at)


def _why(text: str, held: int, taken: int) -> str:
    """Return the reason; Invalid at its field, with what the change does, where there is none."""
    numbers = {"held": held, "taken": taken}
    fault: Sentence | None = None if text.strip() else (ASK_WHY, numbers)
    if len(text) > LONGEST_REASON:
        fault = (N_("Write at most %(most)s characters."), {"most": LONGEST_REASON})
    if fault is not None:
        raise Invalid(fields={"why": [fault]})
    return reason_of(text)


def _touched(seat: Seat, wish: SeatWish) -> tuple[list[Entry], list[Entry], set[int]]:
    """Return what the old institution withholds and the new does not, what was given out that it bars, all it bars."""
    new = queries.entries_of_house(seat.id, None if wish.institution is None else wish.institution.id)
    barred = {entry.id for entry in new}
    held = [one for one in queries.entries_of_house(seat.id, seat.institution_id) if one.id not in barred]
    given = select(Assignment.entry_id).where(Assignment.seat_id == seat.id, Assignment.state.in_([PROPOSED, OPEN]))
    read = set(session().scalars(given))
    return held, [one for one in new if one.id in read and not queries.has_conflict(seat.id, one.id)], barred


def _drop_kept(seat: Seat, barred: set[int]) -> None:
    """Forget what was kept of entries that the institution itself bars again: somebody put a mistake right."""
    kept = delete(SeatConflict).where(SeatConflict.seat_id == seat.id, SeatConflict.kind == KEPT)
    session().execute(kept.where(SeatConflict.entry_id.in_(barred)))


def _keep(seat: Seat, held: list[Entry], words: str, *, actor: Actor, at: datetime) -> None:
    known = set(session().scalars(select(SeatConflict.entry_id).where(SeatConflict.seat_id == seat.id)))
    for entry in held:
        if entry.id not in known:
            session().add(
                SeatConflict(seat=seat, entry=entry, kind=KEPT, note=words, declared_at=at, declared_by_name=actor.name)
            )
    session().flush()


def _wished(seat: Seat) -> dict[str, Any]:
    names = ("sectors", "institution_id", "chair", "min_load", "max_load", "reserve", "thanks")
    return {**{name: getattr(seat, name) for name in names}, **titles_of(seat)}
