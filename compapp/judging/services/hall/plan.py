"""Where and when teams pitch: the plan of a round, its halls, and the times that follow from them."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from compapp.contests.models import Round
from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import identity_of, session
from compapp.core.errors import Closed, Conflict, Invalid, Sentence
from compapp.core.text import N_, nfc
from compapp.judging import policy
from compapp.judging.lifecycle import CALLED, EXPECTED
from compapp.judging.models import Hall, PitchPlan, PitchSlot
from compapp.judging.queries.hall import LAST, OUT, halls_of, plan_of, rhythm_of, slots_of
from compapp.judging.services.rights import must

LIVE_PITCH = "live_pitch"
LONGEST_NAME, LONGEST_BRING = 120, 2000
MOST_MINUTES = 1440
FARTHEST = timedelta(days=60)
"""How far from the beginning of its round a hall may begin."""
USUAL_CHANGE = 0
"""Minutes between two teams unless somebody plans more."""


@dataclass(frozen=True)
class HallInput:
    """What is typed of a hall; minutes are whole, ``pause_after`` counts teams (None: no pause)."""

    name: str
    starts_at: datetime
    pitch_minutes: int
    question_minutes: int
    change_minutes: int = USUAL_CHANGE
    pause_after: int | None = None
    pause_minutes: int = 0
    boards: tuple[str, ...] = ()


def must_be_live(round_: Round) -> None:
    """Raise Closed for a round in which nobody pitches."""
    if round_.kind != LIVE_PITCH:
        raise Closed(N_("Teams do not pitch in this round."))


def lock_round(round_: Round) -> None:
    """Put those who change the order of a round in line."""
    session().execute(select(Round.id).where(Round.id == round_.id).with_for_update())


def usual_hall(round_: Round) -> HallInput:
    """Return the hall that follows from the rules alone: all boards, from the round's beginning."""
    piece = round_.definition
    return HallInput(
        name="",
        starts_at=round_.opens_at,
        pitch_minutes=int(piece.get("pitch_minutes") or 5),
        question_minutes=int(piece.get("qa_minutes") or 0),
    )


def like_before(round_: Round, earlier: Hall) -> HallInput:
    """Return a hall at the place of the live round before, cut as it was; the minutes to speak are this round's."""
    after = max(timedelta(), min(timedelta(days=1), earlier.starts_at - earlier.round.opens_at))
    return replace(
        usual_hall(round_),
        name=earlier.name,
        starts_at=round_.opens_at + after,
        change_minutes=earlier.change_minutes,
        pause_after=earlier.pause_after,
        pause_minutes=earlier.pause_minutes,
    )


def change_plan(
    round_: Round, *, report_minutes: int, late_rule: str, bring: Mapping[str, str], actor: Actor, at: datetime
) -> PitchPlan:
    """Say when teams report, what they bring and what happens to who is not there; Invalid for what cannot be."""
    must(policy.may_plan_pitches, actor, round_.contest_id)
    must_be_live(round_)
    faults: dict[str, list[Sentence]] = {}
    if not 0 <= report_minutes <= MOST_MINUTES:
        faults["report_minutes"] = [(N_("From 0 to %(most)s minutes."), {"most": MOST_MINUTES})]
    if late_rule not in (LAST, OUT):
        faults["late_rule"] = [(N_("Choose what happens to a team that is late."), {})]
    words = {name: nfc(text).strip() for name, text in bring.items() if nfc(text).strip()}
    if any(len(text) > LONGEST_BRING for text in words.values()):
        faults["bring"] = [(N_("Write at most %(most)s characters."), {"most": LONGEST_BRING})]
    if faults:
        raise Invalid(fields=faults)
    plan = stored_plan(round_)
    before = {"report_minutes": plan.report_minutes, "late_rule": plan.late_rule, "bring": plan.bring}
    after = {"report_minutes": report_minutes, "late_rule": late_rule, "bring": words}
    if before != after:
        plan.report_minutes, plan.late_rule, plan.bring = report_minutes, late_rule, words
        _record(round_, "judging.hall.plan", ("round", round_.id), {"before": before, "after": after}, actor, at)
    return plan


def stored_plan(round_: Round) -> PitchPlan:
    """Return the plan of a round as a row, with what holds by itself where nobody has written one."""
    plan = plan_of(round_.id)
    if plan not in session():
        session().add(plan)
        session().flush()
    return plan


def add_hall(round_: Round, given: HallInput, *, actor: Actor, at: datetime) -> Hall:
    """Add a hall; Refused without the right, Closed for a round without pitches, Invalid for what cannot be."""
    must(policy.may_plan_pitches, actor, round_.contest_id)
    must_be_live(round_)
    lock_round(round_)
    _must_have_own_name(given, halls_of(round_.id))
    return new_hall(round_, given, actor=actor, at=at)


def new_hall(round_: Round, given: HallInput, *, actor: Actor, at: datetime) -> Hall:
    """Add a hall with the right checked elsewhere."""
    halls = halls_of(round_.id)
    _check(round_, given)
    hall = Hall(
        round_id=round_.id,
        position=max((one.position for one in halls), default=0) + 1,
        **_columns(given),
    )
    session().add(hall)
    session().flush()
    _record(round_, "judging.hall.add", hall, _plain(given), actor, at)
    return hall


def change_hall(hall: Hall, given: HallInput, *, actor: Actor, at: datetime) -> list[PitchSlot]:
    """Change a hall and move the teams that have not begun; return the slots whose time is another now.

    Raises Refused, Invalid, and Conflict where its boards change after the order was drawn.
    """
    round_ = hall.round
    must(policy.may_plan_pitches, actor, round_.contest_id)
    lock_round(round_)
    _must_have_own_name(given, [one for one in halls_of(round_.id) if one.id != hall.id])
    _check(round_, given)
    slots = slots_of(round_.id, hall.id)
    if slots and set(given.boards) != set(hall.boards):
        raise Conflict(N_("The order is drawn: boards change their hall only by drawing again."))
    before = {name: str(getattr(hall, name)) for name in _columns(given)}
    for name, value in _columns(given).items():
        setattr(hall, name, value)
    touch(hall)
    _record(round_, "judging.hall.change", hall, {"before": before, "after": _plain(given)}, actor, at)
    return retime(hall, slots)


def remove_hall(hall: Hall, *, actor: Actor, at: datetime) -> None:
    """Take an empty hall away; Conflict where teams have their slots in it."""
    must(policy.may_plan_pitches, actor, hall.round.contest_id)
    lock_round(hall.round)
    if slots_of(hall.round_id, hall.id):
        raise Conflict(N_("Teams have their slots in this hall; it cannot be taken away."))
    _record(hall.round, "judging.hall.remove", hall, {"name": hall.name}, actor, at)
    session().delete(hall)
    session().flush()


def retime(hall: Hall, slots: Iterable[PitchSlot]) -> list[PitchSlot]:
    """Give the slots of a hall that have not begun the times that follow from its plan; return those moved."""
    found = sorted(slots, key=lambda one: one.position)
    moved = []
    for slot, starts in zip(found, rhythm_of(hall).starts(hall.starts_at, len(found)), strict=True):
        if slot.state in (EXPECTED, CALLED) and slot.starts_at != starts:
            slot.starts_at = starts
            moved.append(slot)
    session().flush()
    return moved


def touch(hall: Hall) -> None:
    """Let the hall's screen show what has changed."""
    session().flush()
    session().execute(
        update(Hall)
        .where(Hall.id == identity_of(hall))
        .values(version=Hall.version + 1)
        .execution_options(synchronize_session=False)
    )
    session().refresh(hall, ["version"])


def new_screen_key() -> str:
    """Return an address part that nobody guesses (192 bits)."""
    return secrets.token_urlsafe(24)


def _must_have_own_name(given: HallInput, others: Iterable[Hall]) -> None:
    """Raise Invalid for the name of another hall: teams find theirs by it, and a button pressed twice adds one."""
    if nfc(given.name).strip().casefold() in {one.name.casefold() for one in others}:
        raise Invalid(fields={"name": [(N_("Another hall of this round has this name."), {})]})


def _check(round_: Round, given: HallInput) -> None:
    faults: dict[str, list[Sentence]] = {}
    if len(nfc(given.name).strip()) > LONGEST_NAME:
        faults["name"] = [(N_("Write at most %(most)s characters."), {"most": LONGEST_NAME})]
    least = {"pitch_minutes": 1, "question_minutes": 0, "change_minutes": 0, "pause_minutes": 0}
    for name, fewest in least.items():
        if not fewest <= getattr(given, name) <= MOST_MINUTES:
            sentence = N_("From %(least)s to %(most)s minutes.")
            faults[name] = [(sentence, {"least": fewest, "most": MOST_MINUTES})]
    if given.pause_after is not None and not 1 <= given.pause_after <= MOST_MINUTES:
        faults["pause_after"] = [(N_("Say after how many teams, at least 1."), {})]
    if abs(given.starts_at - round_.opens_at) > FARTHEST:
        faults["starts_at"] = [(N_("The first team begins within 60 days of the round’s beginning."), {})]
    known = {board.code for board in round_.contest.boards}
    if not set(given.boards) <= known:
        faults["boards"] = [(N_("Choose boards of this contest."), {})]
    if faults:
        raise Invalid(fields=faults)


def _columns(given: HallInput) -> dict[str, Any]:
    return {
        "name": nfc(given.name).strip(),
        "boards": sorted(given.boards),
        "starts_at": given.starts_at,
        "pitch_minutes": given.pitch_minutes,
        "question_minutes": given.question_minutes,
        "change_minutes": given.change_minutes,
        "pause_after": given.pause_after,
        "pause_minutes": given.pause_minutes,
    }


def _plain(given: HallInput) -> dict[str, Any]:
    return {name: str(value) for name, value in _columns(given).items()}


def _record(round_: Round, verb: str, subject: Any, data: dict[str, Any], actor: Actor, at: datetime) -> None:
    audit.record(verb, subject, actor=actor, at=at, contest_id=round_.contest_id, data={"round": round_.code, **data})
