"""States of a round's standings to set beside each other: supposed ones, stored ones, those before and after a deed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from sqlalchemy import select

from compapp.contests.models import Board
from compapp.core.audit import AuditRow
from compapp.core.db import session
from compapp.core.reading import read_once
from compapp.entries.models import Entry
from compapp.judging.models import ChairDecision, Publication, Seat, Sheet
from compapp.judging.queries.standings import RoundInputs
from compapp.judging.scoring import model
from compapp.judging.scoring.comparison import Standing, state_of_rows, state_of_stored
from compapp.judging.scoring.history import CHANGED, COUNTED, LEFT, SheetDeed, before_deeds
from compapp.judging.scoring.model import Entrant
from compapp.judging.scoring.what_if import Supposition, suppose

_EFFECTS = {
    "judging.sheet.submit": COUNTED,
    "judging.sheet.confirm": COUNTED,
    "judging.sheet.reopen": LEFT,
    "judging.sheet.void": LEFT,
    "judging.sheet.change_total": CHANGED,
}
MOST_DEEDS = 40
"""How many deeds a page offers to look at."""


def supposed_inputs(inputs: RoundInputs, supposed: Supposition) -> RoundInputs:
    """Return the round's inputs as supposed; nothing is stored, and the same pure function reckons them."""
    return replace(inputs, reckoning=replace(inputs.reckoning, own=suppose(inputs.own, supposed)))


@dataclass(frozen=True)
class DeedView:
    """A recorded deed that changed what counts: who did what to whose sheet, and when."""

    id: int
    verb: str
    at: datetime
    by: str
    entry: str
    judge: str
    reason: str


def deeds_of(inputs: RoundInputs) -> list[DeedView]:
    """Return what changed the sheets of a round, newest first: voids, reopenings, changed totals, late sheets.

    A sheet handed in while the round was open is the ordinary case and is left out.
    """
    closes_at = inputs.round.closes_at
    shown = [
        DeedView(row.id, row.verb, row.at, row.actor_name, entry, judge, str(row.data.get("reason") or ""))
        for row, entry, judge in _deeds(inputs.round.id)
        if _counts(row) and (_EFFECTS[row.verb] != COUNTED or row.at > closes_at)
    ]
    return shown[:MOST_DEEDS]


@read_once
def _deeds(round_id: int) -> list[tuple[AuditRow, str, str]]:
    """Return every recorded deed on the sheets of a round with entry and judge, newest first."""
    rows = session().execute(
        select(AuditRow, Entry.code, Seat.code)
        .join(Sheet, Sheet.id == AuditRow.subject_id)
        .join(Entry, Entry.id == Sheet.entry_id)
        .join(Seat, Seat.id == Sheet.seat_id)
        .where(AuditRow.subject_kind == "sheet", AuditRow.verb.in_(_EFFECTS), Sheet.round_id == round_id)
        .order_by(AuditRow.id.desc())
    )
    return [(row, entry, judge) for row, entry, judge in rows]


def _counts(row: AuditRow) -> bool:
    """Whether the deed changed what counts: voiding a sheet that was never handed in does not."""
    return row.verb != "judging.sheet.void" or row.data.get("from") == "submitted"


def _sheet_deed(row: AuditRow, entry: str, judge: str) -> SheetDeed:
    effect = _EFFECTS[row.verb]
    total = row.data.get("before" if effect == CHANGED else "total")
    return SheetDeed((entry, judge), effect, None if effect == COUNTED or total is None else Fraction(str(total)))


def inputs_before(inputs: RoundInputs, deed_id: int, *, including: bool) -> RoundInputs:
    """Return the inputs as they were before a recorded deed (``including``: right after it).

    Sheets are played back by the record; the chair's words on ties made since are left out. Rule and extra points are
    those of today.
    """
    found = _deeds(inputs.round.id)
    at = next((row.at for row, _entry, _judge in found if row.id == deed_id), None)
    later = [one for one in found if (one[0].id > deed_id if including else one[0].id >= deed_id) and _counts(one[0])]
    deeds = [_sheet_deed(*one) for one in later]
    sheets = before_deeds(inputs.own.sheets, deeds, _totals(inputs.round.id))
    decisions = inputs.own.decisions if at is None else tuple(_decided_by(inputs, at))
    entrants = {**inputs.entrants, **_entrants({deed.key[0] for deed in deeds} - set(inputs.entrants), inputs)}
    own = replace(inputs.own, sheets=tuple(sheets), decisions=decisions)
    return replace(inputs, reckoning=replace(inputs.reckoning, own=own, entrants=entrants))


def _decided_by(inputs: RoundInputs, at: datetime) -> list[model.ChairDecision]:
    times = session().scalars(
        select(ChairDecision.at)
        .where(ChairDecision.round_id == inputs.round.id)
        .order_by(ChairDecision.at, ChairDecision.id)
    )
    return [decision for decision, made in zip(inputs.own.decisions, times, strict=False) if made <= at]


def _totals(round_id: int) -> dict[tuple[str, str], Fraction]:
    rows = session().execute(
        select(Entry.code, Seat.code, Sheet.total)
        .select_from(Sheet)
        .join(Entry, Entry.id == Sheet.entry_id)
        .join(Seat, Seat.id == Sheet.seat_id)
        .where(Sheet.round_id == round_id, Sheet.total.is_not(None))
    )
    return {(entry, judge): total for entry, judge, total in rows if total is not None}


def _entrants(codes: set[str], inputs: RoundInputs) -> dict[str, Entrant]:
    if not codes:
        return {}
    rows = session().execute(
        select(Entry.code, Board.code, Entry.submitted_at)
        .join(Board, Board.id == Entry.board_id)
        .where(Entry.contest_id == inputs.contest.id, Entry.code.in_(codes))
    )
    return {code: Entrant(code, board, submitted) for code, board, submitted in rows}


def state_now(inputs: RoundInputs) -> dict[str, Standing]:
    """Return where every entry stands by these inputs."""
    return state_of_rows(inputs.rows)


def state_published(publication: Publication) -> dict[str, Standing]:
    """Return where every entry stood in a publication."""
    boards: Mapping[str, Sequence[Mapping[str, object]]] = {
        board["code"]: board["rows"] for board in publication.content["boards"]
    }
    return state_of_stored(boards)
