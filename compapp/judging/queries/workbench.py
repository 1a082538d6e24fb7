"""What the workbench shows of a round: tables, alerts, an entry's reckoning by hand, how strict the judges are."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compapp.contests.definition import BoardRule
from compapp.contests.models import Round
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.judging.models import Seat, Sheet, WithheldComment
from compapp.judging.queries.results import EntryName, entry_names, hidden_entries
from compapp.judging.queries.rounds import card_of, scored_rounds
from compapp.judging.queries.standings import Progress, RoundInputs, progress_of
from compapp.judging.scoring.calibration import Calibration, Review, calibrate
from compapp.judging.scoring.card import Card
from compapp.judging.scoring.model import SheetAdder
from compapp.judging.scoring.spread import SpreadAlert
from compapp.judging.scoring.standings import Row

INTERVAL_90 = 1.645
"""Half the width of a 90 % interval, in standard errors."""
FIRST_SHOWN, BELOW_CUT, MOST_SHOWN = 50, 10, 200
"""How many rows of a table are shown at first, how many of them at least below the cut, and how many at most."""


@dataclass(frozen=True)
class RowView:
    """A row with the entry's name; ``tied``: it shares its rank with another row; ``sector``: its code, if any."""

    row: Row
    name: EntryName
    tied: bool
    sector: str | None = None


@dataclass(frozen=True)
class Part:
    """The rows among which one cut is made: those of a sector (``label``), or of the whole board (no label)."""

    rows: tuple[RowView, ...]
    label: Mapping[str, str] | None = None

    @cached_property
    def last_through(self) -> str | None:
        """The code of the last entry above the cut line."""
        return next((one.row.entry for one in reversed(self.rows) if one.row.advances), None)

    @cached_property
    def first_shown(self) -> int:
        """How many rows a page shows that was not asked for all: the best, and some below the cut."""
        through = [place for place, one in enumerate(self.rows, 1) if one.row.advances is not False]
        return min(max(FIRST_SHOWN, (through[-1] if through else 0) + BELOW_CUT), MOST_SHOWN)


@dataclass(frozen=True)
class BoardView:
    """One board's table; ``places`` go through (None: nobody by computation). ``hidden`` rows are not shown.

    ``sectors``: labels by code, where ``places`` of each sector go through.
    """

    code: str
    label: Mapping[str, str]
    places: int | None
    rows: tuple[RowView, ...]
    hidden: bool
    sectors: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def parts(self) -> list[Part]:
        """The tables with one cut line each: the board, or its sectors in the contest's order."""
        if not self.sectors:
            return [Part(self.rows)]
        split = [
            Part(tuple(one for one in self.rows if one.sector == code), self.sectors[code]) for code in self.sectors
        ]
        other = tuple(one for one in self.rows if one.sector not in self.sectors)
        return [part for part in (*split, Part(other, {})) if part.rows]

    @property
    def cut_rank(self) -> int:
        """The rank of the last entry above the cut line; 0 where nobody goes through."""
        return max((one.row.rank or 0 for one in self.rows if one.row.advances), default=0)


@dataclass(frozen=True)
class Workbench:
    """Everything that a chair looks at before deciding a round; ``ties`` are the chair's to order, or ordered so."""

    round: Round
    rounds: tuple[Round, ...]
    boards: tuple[BoardView, ...]
    progress: Progress
    spread: tuple[SpreadAlert, ...]
    tied_across: tuple[tuple[str, ...], ...]
    ties: tuple[tuple[str, ...], ...]
    card: Card | None


def workbench(inputs: RoundInputs, actor: Actor) -> Workbench:
    """Return the workbench as ``actor`` may see it: rows of entries in conflict are left out altogether."""
    hidden = hidden_entries(inputs.contest.id, actor.person_id)
    names = entry_names(inputs.contest.id)
    labels = {board.code: BoardRule.of(board).label for board in inputs.contest.boards}
    boards = tuple(_board(inputs, code, rows, labels, names, hidden) for code, rows in inputs.rows.items())
    shown = progress_of(inputs)
    return Workbench(
        round=inputs.round,
        rounds=tuple(scored_rounds(inputs.contest.id)),
        boards=boards,
        progress=Progress(
            missing=tuple(pair for pair in shown.missing if pair[0] not in hidden),
            unconfirmed=tuple(pair for pair in shown.unconfirmed if pair[0] not in hidden),
            unread=tuple(code for code in shown.unread if code not in hidden),
            few=tuple(code for code in shown.few if code not in hidden),
        ),
        spread=tuple(alert for alert in inputs.spread_alerts() if alert.entry not in hidden),
        tied_across=_groups(boards, lambda one: one.row.advances is None),
        ties=_groups(boards, lambda one: one.tied or one.row.tie_break == "chair_decision"),
        card=card_of(inputs.contest, inputs.round),
    )


def _board(
    inputs: RoundInputs,
    code: str,
    rows: Iterable[Row],
    labels: Mapping[str, Mapping[str, str]],
    names: Mapping[str, EntryName],
    hidden: set[str],
) -> BoardView:
    found = list(rows)
    ranks = Counter(row.rank for row in found)
    views = tuple(
        RowView(
            row,
            names[row.entry],
            row.rank is not None and ranks[row.rank] > 1,
            inputs.entrants[row.entry].sector,
        )
        for row in found
        if row.entry not in hidden
    )
    places = inputs.own.rule.places(code)
    sectors = inputs.contest.sectors if inputs.own.rule.per_sector and places is not None else ()
    labelled = {one.code: one.definition.get("label") or {"vi": one.code, "en": one.code} for one in sectors}
    return BoardView(code, labels.get(code, {}), places, views, len(views) < len(found), labelled)


def _groups(boards: Iterable[BoardView], wanted: object) -> tuple[tuple[str, ...], ...]:
    groups: list[tuple[str, ...]] = []
    for board in boards:
        by_total: dict[str, list[str]] = {}
        for one in board.rows:
            if wanted(one):  # type: ignore[operator]
                by_total.setdefault(one.row.total or "", []).append(one.row.entry)
        groups += [tuple(codes) for codes in by_total.values() if len(codes) > 1]
    return tuple(groups)


@dataclass(frozen=True)
class SheetLine:
    """One sheet of an entry as staff see it: the judge by code, total, and whether it counts."""

    id: int
    judge: str
    name: str
    state: str
    total: Fraction | None
    scores: Mapping[str, str]
    void_reason: str | None


def sheets_of_entry(round_id: int, entry_id: int) -> list[SheetLine]:
    """Return all sheets of an entry in a round, by judge."""
    rows = session().scalars(
        select(Sheet)
        .join(Sheet.seat)
        .where(Sheet.round_id == round_id, Sheet.entry_id == entry_id)
        .options(joinedload(Sheet.seat).joinedload(Seat.person))
        .order_by(Seat.code)
    )
    return [
        SheetLine(row.id, row.seat.code, row.seat.person.name, row.state, row.total, row.scores, row.void_reason)
        for row in rows
    ]


def severity(inputs: RoundInputs) -> dict[str, Calibration]:
    """Return per board how strict each judge is and how sure the order: only to look at, never published.

    Boards with too little to compare (fewer than two entries) are left out.
    """
    adder = SheetAdder(inputs.own.rule.rubric)
    gathered: dict[str, list[Review]] = {}
    for sheet in inputs.own.sheets:
        if sheet.valid:
            board = inputs.entrants[sheet.entry].board
            gathered.setdefault(board, []).append(Review(sheet.entry, sheet.judge, float(adder.total(sheet)), board))
    return {
        board: calibrate(reviews, cut=inputs.own.rule.advance.get(board))
        for board, reviews in gathered.items()
        if len({review.entry for review in reviews}) > 1
    }


@dataclass(frozen=True)
class Words:
    """A judge's words on an entry: ``part`` is a criterion or ``comment``; ``withheld`` ones not as they stand."""

    sheet_id: int
    entry: str
    part: str
    text: str
    withheld: WithheldComment | None

    @property
    def for_team(self) -> str:
        """What the team reads: the judge's words, what a person put instead, or nothing."""
        return self.text if self.withheld is None else self.withheld.shown or ""


def comments_of(round_id: int, entry_id: int | None = None, *, until: datetime | None = None) -> list[Words]:
    """Return the comments of the counting sheets, per entry and part, in an order that tells nothing of the judge.

    ``until``: only of sheets handed in up to then; what came after a publication waits for its correction.
    """
    statement = (
        select(Sheet).where(Sheet.round_id == round_id, Sheet.state == "submitted").options(joinedload(Sheet.entry))
    )
    if entry_id is not None:
        statement = statement.where(Sheet.entry_id == entry_id)
    if until is not None:
        statement = statement.where(Sheet.submitted_at <= until)
    sheets = list(session().scalars(statement))
    withheld = {
        (row.sheet_id, row.part): row
        for row in session().scalars(
            select(WithheldComment).join(Sheet, Sheet.id == WithheldComment.sheet_id).where(Sheet.round_id == round_id)
        )
    }
    words = [
        Words(sheet.id, sheet.entry.code, part, text, withheld.get((sheet.id, part)))
        for sheet in sheets
        for part, text in [*sheet.comments.items(), ("comment", sheet.comment)]
        if text
    ]
    return sorted(words, key=lambda one: (one.entry, one.part == "comment", one.part, one.text))
