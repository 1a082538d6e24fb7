"""``panels``: who shall judge what, before the sheets are there."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from json import dumps
from typing import Any

from sqlalchemy import select

from compapp.contests.file.faults import Fault
from compapp.contests.file.registry import ImportContext
from compapp.contests.models import Contest, Round
from compapp.core.db import session
from compapp.entries.models import Entry
from compapp.judging.lifecycle import OPEN
from compapp.judging.models import OF_ASSIGNMENT, Assignment, AssignmentRun, Seat, Sheet

PANEL = "panel"
"""The kind of run that a panel of the file (or of a pitch) is stored as; its report is the panel's JSON."""


def check_panels(_data: Any, _document: Mapping[str, Any]) -> list[Fault]:
    """Return no fault: shape, codes and references were checked before."""
    return []


def load_panels(contest: Contest, data: Sequence[Mapping[str, Any]], context: ImportContext) -> None:
    """Open an assignment for every judge and entry of a panel; a panel without entries only names its judges."""
    given: set[tuple[int, int, int]] = set()
    positions: dict[tuple[int, int], int] = {}
    for panel in data:
        round_ = context.round(panel["round"])
        run = AssignmentRun(
            round_id=round_.id,
            kind=PANEL,
            inputs_hash=sha256(dumps(panel, sort_keys=True).encode()).hexdigest(),
            report=dict(panel),
            computed_at=context.at,
            computed_by_name=context.actor.name,
            published_at=context.at,
        )
        session().add(run)
        session().flush()
        for judge in panel["judges"]:
            seat = context.seat(judge)
            for code in panel.get("entries") or ():
                entry = context.entry(code)
                if (round_.id, entry.id, seat.id) in given:
                    continue
                given.add((round_.id, entry.id, seat.id))
                place = positions[round_.id, seat.id] = positions.get((round_.id, seat.id), 0) + 1
                session().add(_assignment(round_, entry, seat, run.id, place, context))
    session().flush()


def _assignment(
    round_: Round, entry: Entry, seat: Seat, run_id: int | None, position: int, context: ImportContext
) -> Assignment:
    return Assignment(
        round_id=round_.id,
        entry_id=entry.id,
        seat_id=seat.id,
        run_id=run_id,
        state=OPEN,
        position=position,
        assigned_at=context.at,
    )


def write_panels(contest: Contest) -> Any:
    """Return the panels, and what else is assigned without a sheet yet, one panel for an entry."""
    runs = session().scalars(
        select(AssignmentRun)
        .join(Round, Round.id == AssignmentRun.round_id)
        .where(Round.contest_id == contest.id, AssignmentRun.kind == PANEL)
        .order_by(AssignmentRun.id)
    )
    panels = [dict(run.report) for run in runs]
    said = {
        (panel["round"], entry, judge)
        for panel in panels
        for entry in panel.get("entries") or ()
        for judge in panel["judges"]
    }
    more: dict[tuple[str, str], list[str]] = {}
    for round_code, entry, judge in _without_sheet(contest.id):
        if (round_code, entry, judge) not in said:
            more.setdefault((round_code, entry), []).append(judge)
    panels += [
        {"code": f"{round_code}-{entry}", "round": round_code, "judges": judges, "entries": [entry]}
        for (round_code, entry), judges in more.items()
    ]
    return panels or None


def _without_sheet(contest_id: int) -> list[tuple[str, str, str]]:
    """Return round, entry and judge codes of the open assignments that have no sheet at all."""
    sheet = select(Sheet.id).where(OF_ASSIGNMENT)
    rows = session().execute(
        select(Round.code, Entry.code, Seat.code)
        .select_from(Assignment)
        .join(Round, Round.id == Assignment.round_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(Seat, Seat.id == Assignment.seat_id)
        .where(Round.contest_id == contest_id, Assignment.state == OPEN, ~sheet.exists())
        .order_by(Round.position, Entry.code, Seat.code)
    )
    return [(round_code, entry, judge) for round_code, entry, judge in rows]
