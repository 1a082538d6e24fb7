"""``pitches``: how live rounds are held: their plan, halls and slots, the drawn orders and what was changed in them.

Every key is written whenever it says something and left out where it does not, and times stand in one form, so that
what is read comes back equal without a copy of it.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from compapp.contests.definition import moment
from compapp.contests.file.faults import Fault
from compapp.contests.file.registry import ImportContext
from compapp.contests.models import Contest, Round
from compapp.core.clock import ZONE
from compapp.core.db import session
from compapp.core.text import N_
from compapp.judging.lifecycle import ON_STAGE
from compapp.judging.models import Draw, Hall, OrderChange, PitchPlan, PitchSlot
from compapp.judging.queries.hall import halls_of, slots_of
from compapp.judging.queries.results import draws_of

Json = Mapping[str, Any]

_HALL = {
    "pitch_minutes": "pitch_minutes",
    "qa_minutes": "question_minutes",
    "change_minutes": "change_minutes",
    "pause_after": "pause_after",
    "pause_minutes": "pause_minutes",
}
_SLOT = {
    "state": "state",
    "arrived_by": "arrived_by_name",
    "late": "late",
    "pitch_seconds": "pitch_seconds",
    "question_seconds": "question_seconds",
}
_SLOT_TIMES = {
    "starts": "starts_at",
    "arrived": "arrived_at",
    "phase": "phase_at",
    "paused": "paused_at",
    "started": "started_at",
    "ended": "ended_at",
}
"""Keys of the file and the columns that hold them."""


def check_pitches(data: Mapping[str, Json], document: Json) -> list[Fault]:
    """Return a fault for a round without pitches, an entry or a board that stands twice, two teams on one stage."""
    kinds = {piece["code"]: piece.get("kind") for piece in document.get("rounds") or ()}
    boards = {piece["code"]: piece.get("board") for piece in document.get("entries") or ()}
    faults = [Fault(path, _TIME) for path, text in times_in(data, "pitches") if not is_plain_time(text)]
    for code, piece in data.items():
        path = f"pitches.{code}"
        if kinds.get(code) != "live_pitch":
            faults.append(Fault(path, N_("Teams do not pitch in this round.")))
        faults += _halls(piece.get("halls") or (), f"{path}.halls")
        faults += _draws(piece.get("draws") or (), f"{path}.draws", boards)
    return faults


_TIME = N_("Write this time like 2026-12-19T08:00:00+07:00.")
_TIMES = frozenset({*_SLOT_TIMES, "at", "opened", "closed"})


def times_in(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield path and text of every time of a section."""
    pairs = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for key, item in pairs:
        here = f"{path}[{key}]" if isinstance(key, int) else f"{path}.{key}"
        if key in _TIMES and isinstance(item, str):
            yield here, item
        else:
            yield from times_in(item, here)


def is_plain_time(text: str) -> bool:
    """Whether a time is written as it would be written out again."""
    read = moment(text)
    return read is not None and plain_time(read) == text


def plain_time(at: datetime) -> str:
    """Return a moment as these sections write it."""
    return at.astimezone(ZONE).isoformat()


def _halls(halls: Any, path: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for number, hall in enumerate(halls):
        slots = hall.get("slots") or ()
        if sum(slot["state"] in ON_STAGE for slot in slots) > 1:
            yield Fault(f"{path}[{number}].slots", N_("At most one team of a hall is on stage."))
        for index, slot in enumerate(slots):
            if slot["entry"] in seen:
                yield Fault(f"{path}[{number}].slots[{index}].entry", N_("An entry pitches once in a round."))
            seen.add(slot["entry"])


def _draws(draws: Any, path: str, boards: Mapping[str, str | None]) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, draw in enumerate(draws):
        if draw["board"] in seen:
            yield Fault(f"{path}[{index}].board", N_("The order of a board is drawn once in a round."))
        seen.add(draw["board"])
        if any(boards.get(code) != draw["board"] for code in draw["order"]):
            yield Fault(f"{path}[{index}].order", N_("Only entries of the board stand in its order."))


def load_pitches(contest: Contest, data: Mapping[str, Json], context: ImportContext) -> None:
    """Add the plans, halls, slots, draws and changes."""
    for code, piece in data.items():
        round_ = context.round(code)
        if "plan" in piece:
            plan = piece["plan"]
            session().add(
                PitchPlan(
                    round_id=round_.id,
                    report_minutes=plan["report_minutes"],
                    late_rule=plan["late_rule"],
                    bring=dict(plan.get("bring") or {}),
                    award_step=plan.get("award_step", 0),
                )
            )
        for position, one in enumerate(piece.get("halls") or (), 1):
            _load_hall(round_, one, position, context)
        for one in piece.get("draws") or ():
            session().add(
                Draw(
                    round_id=round_.id,
                    board_code=one["board"],
                    seed=one["seed"],
                    order=list(one["order"]),
                    drawn_at=moment(one["at"]),
                    drawn_by_name=one["by"],
                )
            )
    session().flush()


def _load_hall(round_: Round, piece: Json, position: int, context: ImportContext) -> None:
    hall = Hall(
        round_id=round_.id,
        position=position,
        name=piece["name"],
        boards=list(piece.get("boards") or ()),
        starts_at=moment(piece["starts"]),
        **{column: piece.get(key) for key, column in _HALL.items()},
    )
    session().add(hall)
    session().flush()
    board_of = {one["code"]: one["board"] for one in context.document["entries"]} if piece.get("slots") else {}
    for place, one in enumerate(piece.get("slots") or (), 1):
        session().add(
            PitchSlot(
                round_id=round_.id,
                hall_id=hall.id,
                entry_id=context.entry(one["entry"]).id,
                board_code=board_of[one["entry"]],
                position=place,
                **{column: one[key] for key, column in _SLOT.items() if key in one},
                **{column: moment(one.get(key)) for key, column in _SLOT_TIMES.items()},
            )
        )
    for one in piece.get("changes") or ():
        session().add(
            OrderChange(
                hall_id=hall.id,
                before=list(one["before"]),
                after=list(one["after"]),
                reason=one["reason"],
                at=moment(one["at"]),
                by_name=one["by"],
            )
        )


def write_pitches(contest: Contest) -> Any:
    """Return what is planned and was done, by round; the addresses of hall screens are secrets and stay here."""
    live = [one for one in contest.rounds if one.kind == "live_pitch"]
    written = {round_.code: _round(round_) for round_ in live}
    return {code: piece for code, piece in written.items() if piece} or None


def _round(round_: Round) -> dict[str, Any]:
    plan = session().get(PitchPlan, round_.id)
    halls, slots = halls_of(round_.id), slots_of(round_.id)
    changes = session().scalars(
        select(OrderChange).join(Hall, Hall.id == OrderChange.hall_id).where(Hall.round_id == round_.id)
    )
    made = sorted(changes, key=lambda one: one.id)
    draws = sorted(draws_of(round_.id), key=lambda one: one.id)
    piece: dict[str, Any] = {}
    if plan is not None:
        told = {"bring": dict(plan.bring)} if plan.bring else {}
        shown = {"award_step": plan.award_step} if plan.award_step else {}
        piece["plan"] = {"report_minutes": plan.report_minutes, "late_rule": plan.late_rule, **told, **shown}
    if halls:
        piece["halls"] = [
            _hall(
                hall,
                [slot for slot in slots if slot.hall_id == hall.id],
                [one for one in made if one.hall_id == hall.id],
            )
            for hall in halls
        ]
    if draws:
        piece["draws"] = [
            {
                "board": draw.board_code,
                "seed": draw.seed,
                "order": list(draw.order),
                "at": plain_time(draw.drawn_at),
                "by": draw.drawn_by_name,
            }
            for draw in draws
        ]
    return piece


def _hall(hall: Hall, slots: list[PitchSlot], changes: list[OrderChange]) -> dict[str, Any]:
    piece: dict[str, Any] = {"name": hall.name, "starts": plain_time(hall.starts_at)}
    if hall.boards:
        piece["boards"] = list(hall.boards)
    piece |= {key: value for key, column in _HALL.items() if (value := getattr(hall, column)) is not None}
    if slots:
        piece["slots"] = [_slot(one) for one in slots]
    if changes:
        piece["changes"] = [
            {
                "before": list(one.before),
                "after": list(one.after),
                "reason": one.reason,
                "at": plain_time(one.at),
                "by": one.by_name,
            }
            for one in changes
        ]
    return piece


def _slot(slot: PitchSlot) -> dict[str, Any]:
    said = {key: value for key, column in _SLOT.items() if (value := getattr(slot, column)) not in (None, False)}
    times = {key: plain_time(value) for key, column in _SLOT_TIMES.items() if (value := getattr(slot, column))}
    return {"entry": slot.entry.code, **said, **times}
