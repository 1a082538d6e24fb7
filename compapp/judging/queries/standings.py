"""Standings: from the stored sheets of a round (and of the rounds it carries) to the values of scoring.

A constant number of statements, whatever the number of entries. The same inputs serve the workbench, the
command line and the publication; nothing here rounds or ranks by itself.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sqlalchemy import Text, and_, bindparam, cast, func, literal, select

from compapp.contests.models import Board, Contest, Round, Sector
from compapp.contests.queries import contest_by_code
from compapp.core.db import session
from compapp.core.errors import NotFound
from compapp.core.numbers import exact
from compapp.core.reading import kept_until_written, read_once
from compapp.core.text import N_
from compapp.entries.lifecycle import UPHELD
from compapp.entries.models import Entry
from compapp.judging.lifecycle import ABSENT, OPEN, SUBMITTED, UNCONFIRMED, VOID
from compapp.judging.models import (
    OF_ASSIGNMENT,
    Assignment,
    ChairDecision,
    PitchSlot,
    Publication,
    ResultAppeal,
    RoundFigure,
    Seat,
    Sheet,
    StandingsRun,
)
from compapp.judging.queries.conflicts import hidden_from
from compapp.judging.queries.pairs import comparisons_of
from compapp.judging.queries.rounds import entries_of_round, rule_of
from compapp.judging.queries.vote_points import points_of_rounds
from compapp.judging.scoring import model
from compapp.judging.scoring.model import Entrant, RoundSheets
from compapp.judging.scoring.reckoning import Reckoning
from compapp.judging.scoring.spread import SpreadAlert
from compapp.judging.scoring.standings import Row, as_file_rows


@dataclass(frozen=True)
class RoundInputs:
    """A round of a contest with its reckoning."""

    contest: Contest
    round: Round
    reckoning: Reckoning

    @property
    def own(self) -> RoundSheets:
        """What was handed in, and the rule it counts by."""
        return self.reckoning.own

    @property
    def entrants(self) -> Mapping[str, Entrant]:
        """The entries that were scored, by code."""
        return self.reckoning.entrants

    @property
    def earlier(self) -> Mapping[str, RoundSheets]:
        """The rounds that this one carries."""
        return self.reckoning.earlier

    @property
    def boards(self) -> tuple[str, ...]:
        """The contest's boards, in order."""
        return self.reckoning.boards

    @property
    def rows(self) -> dict[str, list[Row]]:
        """The rows per board, in rank order; ScoringFault for what cannot be reckoned with."""
        return self.reckoning.rows

    @property
    def hash(self) -> str:
        """The SHA-256 of everything that decides these standings."""
        return self.reckoning.hash

    def spread_alerts(self) -> list[SpreadAlert]:
        """Return the entries whose sheets lie too far apart, widest first."""
        return self.reckoning.spread_alerts


def round_inputs(round_: Round) -> RoundInputs:
    """Load what decides the standings of a round; see :func:`inputs_of_rounds`.

    A page finds what another page reckoned, as long as nothing was written since.
    """
    found = kept_until_written(("round", round_.id), lambda: inputs_of_rounds(round_.contest, [round_])[0].reckoning)
    return RoundInputs(round_.contest, round_, found)


def inputs_of_rounds(contest: Contest, wanted: Sequence[Round]) -> list[RoundInputs]:
    """Load what decides the standings of rounds of one contest: four statements beside its rounds and boards.

    Drafts and unconfirmed sheets are left out; void ones are kept, and count for nothing.
    """
    rules = {round_.id: rule_of(contest, round_) for round_ in wanted}
    carried = {
        round_.id: [one for one in contest.rounds if one.code in rules[round_.id].carry and one is not round_]
        for round_ in wanted
    }
    rounds = {one.id: one for round_ in wanted for one in (round_, *carried[round_.id])}
    sheets, points, decisions = _sheets(rounds), points_of_rounds(contest, rounds), _decisions(rules)
    entrants, waived = _entrants(rounds, sectors=any(rule.per_sector for rule in rules.values()))
    rules = {number: replace(rule, waived=tuple(waived.get(number, ()))) for number, rule in rules.items()}

    def side(one: Round, decided: Sequence[model.ChairDecision] = ()) -> RoundSheets:
        rule = rules.get(one.id) or rule_of(contest, one)
        given = tuple(sheets.get(one.id, ())), tuple(points.get(one.id, ()))
        return RoundSheets(rule, *given, tuple(decided), comparisons_of(one))

    found = []
    for round_ in wanted:
        scored = {sheet.entry for one in (round_, *carried[round_.id]) for sheet in sheets.get(one.id, ())}
        reckoning = Reckoning(
            own=side(round_, decisions.get(round_.id, ())),
            entrants={code: entrant for code, entrant in entrants.items() if code in scored},
            earlier={one.code: side(one) for one in carried[round_.id]},
            boards=tuple(board.code for board in contest.boards),
            sheets_due=round_.definition.get("judges_per_entry"),
        )
        found.append(RoundInputs(contest, round_, reckoning))
    return found


def _sheets(rounds: Mapping[int, Round]) -> dict[int, list[model.Sheet]]:
    rows = session().execute(
        select(Sheet.round_id, Entry.code, Seat.code, cast(Sheet.scores, Text), cast(Sheet.total, Text), Sheet.state)
        .join(Entry, Entry.id == Sheet.entry_id)
        .join(Seat, Seat.id == Sheet.seat_id)
        .where(Sheet.round_id.in_(rounds), Sheet.state.in_([SUBMITTED, VOID]))
        .order_by(Entry.code, Seat.code)
    )
    gathered: dict[int, list[model.Sheet]] = {}
    for round_id, *said in rows:
        gathered.setdefault(round_id, []).append(_sheet(*said))
    return gathered


@lru_cache(maxsize=16_384)
def _sheet(entry: str, judge: str, scores: str | None, total: str | None, state: str) -> model.Sheet:
    """Return a sheet from JSON and number as they are stored; one that nobody touched stays the same object."""
    given = json.loads(scores) if scores else None
    return model.Sheet(
        entry=entry,
        judge=judge,
        scores={code: exact(score) for code, score in given.items()} if given else None,
        total=None if given or total is None else exact(total),
        void=state == VOID,
    )


def _entrants(
    rounds: Mapping[int, Round], *, sectors: bool
) -> tuple[dict[str, Entrant], dict[int, list[tuple[str, str]]]]:
    """Return the entries that have a sheet in one of the rounds (no other decides anything), by code.

    And the gates that upheld appeals opened for them, as (entry, gate) by round.
    """
    scored = select(Sheet.entry_id).where(Sheet.round_id.in_(rounds), Sheet.state.in_([SUBMITTED, VOID]))
    opened = and_(ResultAppeal.entry_id == Entry.id, ResultAppeal.state == UPHELD, ResultAppeal.gate.is_not(None))
    rows = session().execute(
        select(Entry.code, Board.code, Entry.submitted_at, Sector.code, ResultAppeal.gate, Publication.round_id)
        .join(Board, Board.id == Entry.board_id)
        .outerjoin(Sector, Sector.id == Entry.sector_id)
        .outerjoin(ResultAppeal, opened)
        .outerjoin(Publication, Publication.id == ResultAppeal.publication_id)
        .where(Entry.id.in_(scored))
    )
    entrants: dict[str, Entrant] = {}
    waived: dict[int, set[tuple[str, str]]] = {}
    for code, board, at, sector, gate, round_id in rows:
        entrants[code] = Entrant(code, board, at, sector if sectors else None)
        if gate is not None:
            waived.setdefault(round_id, set()).add((code, gate))
    return entrants, {number: sorted(gates) for number, gates in waived.items()}


def decisions_of(round_: Round) -> list[model.ChairDecision]:
    """Return the chair's orders of tied entries in a round, oldest first."""
    return _decisions([round_.id]).get(round_.id, [])


def _decisions(round_ids: Iterable[int]) -> dict[int, list[model.ChairDecision]]:
    gathered: dict[int, list[model.ChairDecision]] = {}
    for row in session().scalars(
        select(ChairDecision)
        .where(ChairDecision.round_id.in_(list(round_ids)))
        .order_by(ChairDecision.at, ChairDecision.id)
    ):
        made = model.ChairDecision(tuple(row.entries), row.by_name, row.reason, row.definition.get("passes"))
        gathered.setdefault(row.round_id, []).append(made)
    return gathered


def round_by_code(contest_code: str, round_code: str) -> Round:
    """Return a round of a contest; NotFound for an unknown contest or round."""
    found = next((one for one in contest_by_code(contest_code).rounds if one.code == round_code), None)
    if found is None:
        raise NotFound(N_("There is no such round."))
    return found


def file_rows(contest_code: str, round_code: str) -> dict[str, list[dict[str, Any]]]:
    """Return a round's standings as ``flask contest standings`` writes them (contest file).

    Raises NotFound for an unknown contest or round.
    """
    return as_file_rows(round_inputs(round_by_code(contest_code, round_code)).rows)


@read_once
def stored_sheets(contest_id: int, rounds: tuple[str, ...]) -> dict[tuple[str, str, str], tuple[Fraction | None, str]]:
    """Return total and state of every sheet of several rounds, by the codes of round, entry and judge."""
    rows = session().execute(
        select(Round.code, Entry.code, Seat.code, Sheet.total, Sheet.state)
        .select_from(Sheet)
        .join(Round, Round.id == Sheet.round_id)
        .join(Entry, Entry.id == Sheet.entry_id)
        .join(Seat, Seat.id == Sheet.seat_id)
        .where(Round.contest_id == contest_id, Round.code.in_(rounds))
    )
    return {(code, entry, judge): (total, state) for code, entry, judge, total, state in rows}


@read_once
def latest_run(round_id: int) -> StandingsRun | None:
    """Return the standings computed last for a round."""
    return (
        session()
        .scalars(
            select(StandingsRun).where(StandingsRun.round_id == round_id).order_by(StandingsRun.id.desc()).limit(1)
        )
        .one_or_none()
    )


def runs_of(round_id: int, most: int = 20) -> list[StandingsRun]:
    """Return the standings stored of a round, newest first."""
    rows = select(StandingsRun).where(StandingsRun.round_id == round_id).order_by(StandingsRun.id.desc()).limit(most)
    return list(session().scalars(rows))


@dataclass(frozen=True)
class Progress:
    """What is still open in a round before anything can be decided.

    ``missing`` and ``unconfirmed`` are (entry code, judge code) pairs; ``unread`` are entries without any sheet;
    ``few`` have fewer valid sheets than the round asks for.
    """

    missing: tuple[tuple[str, str], ...]
    unconfirmed: tuple[tuple[str, str], ...]
    unread: tuple[str, ...]
    few: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every sheet that was asked for is in and confirmed."""
        return not (self.missing or self.unconfirmed or self.unread)


def progress_of(inputs: RoundInputs) -> Progress:
    """Return what is missing in a round: two statements."""
    round_, scored = inputs.round, inputs.reckoning.scored
    missing, unconfirmed = _open_ends(round_.id)
    return Progress(
        missing=missing,
        unconfirmed=unconfirmed,
        unread=tuple(code for code in _taking_part(round_) if code not in scored),
        few=_few(inputs),
    )


Pairs = tuple[tuple[str, str], ...]


@read_once
def _open_ends(round_id: int) -> tuple[Pairs, Pairs]:
    """Return (entry code, judge code) of the sheets that are missing, and of those that nobody has confirmed yet."""
    sheet_in = select(Sheet.id).where(OF_ASSIGNMENT, Sheet.state.in_([SUBMITTED, UNCONFIRMED, VOID])).exists()
    missing = (
        select(literal(True), Entry.code, Seat.code)
        .select_from(Assignment)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(Seat, Seat.id == Assignment.seat_id)
        .where(Assignment.round_id == round_id, Assignment.state == OPEN, ~sheet_in, Entry.state != "withdrawn")
    )
    unconfirmed = (
        select(literal(False), Entry.code, Seat.code)
        .select_from(Sheet)
        .join(Entry, Entry.id == Sheet.entry_id)
        .join(Seat, Seat.id == Sheet.seat_id)
        .where(Sheet.round_id == round_id, Sheet.state == UNCONFIRMED)
    )
    rows = sorted(
        (entry, seat, bool(is_missing)) for is_missing, entry, seat in session().execute(missing.union_all(unconfirmed))
    )
    return (
        tuple((entry, seat) for entry, seat, is_missing in rows if is_missing),
        tuple((entry, seat) for entry, seat, is_missing in rows if not is_missing),
    )


@read_once
def _taking_part(round_: Round) -> list[str]:
    absent = select(PitchSlot.entry_id).where(PitchSlot.round_id == round_.id, PitchSlot.state == ABSENT)
    here = entries_of_round(round_).where(Entry.id.not_in(absent))
    return sorted(session().scalars(here.with_only_columns(Entry.code)))


def _few(inputs: RoundInputs) -> tuple[str, ...]:
    due = int(inputs.round.definition.get("judges_per_entry") or model.MINIMUM_SHEETS)
    wanted = max(due, model.MINIMUM_SHEETS)
    return tuple(row.entry for rows in inputs.rows.values() for row in rows if row.sheets < wanted)


@dataclass(frozen=True, slots=True)
class LeaderRow:
    """One line of the quick leaderboard, from the kept figure."""

    entry: str
    title: dict[str, str]
    sheets: int
    figure: float | None


def _leaders() -> Any:
    """Select a board's best by kept figures without what the reader may know nothing of."""
    board = (
        select(Board.id)
        .join(Round, Round.contest_id == Board.contest_id)
        .where(Round.id == bindparam("round_id"), Board.code == bindparam("board_code"))
        .scalar_subquery()
    )
    return (
        select(Entry.code, Entry.title, RoundFigure.sheets, RoundFigure.figure_sort)
        .join(Entry, Entry.id == RoundFigure.entry_id)
        .where(
            RoundFigure.round_id == bindparam("round_id"),
            RoundFigure.board_id == board,
            RoundFigure.figure_sort.is_not(None),
            ~hidden_from(bindparam("reader_id"), Entry),
        )
        .order_by(RoundFigure.figure_sort.desc())
        .limit(bindparam("most"))
        .offset(bindparam("skip"))
    )


_LEADERS: Any = _leaders()


def leaderboard(
    round_id: int, board_code: str, reader_id: int | None, *, most: int = 50, skip: int = 0
) -> list[LeaderRow]:
    """Return the best of a board by kept figures as ``reader_id`` may see them.

    One statement over an index, nothing is added up.
    """
    given = {"round_id": round_id, "board_code": board_code, "reader_id": reader_id, "most": most, "skip": skip}
    found = session().execute(_LEADERS, given)
    return [LeaderRow(code, title, sheets, figure) for code, title, sheets, figure in found]


def leaderboard_size(round_id: int, board_code: str) -> int:
    """Return how many entries of a board have a kept figure."""
    return int(
        session().scalar(
            select(func.count())
            .select_from(RoundFigure)
            .join(Board, Board.id == RoundFigure.board_id)
            .where(RoundFigure.round_id == round_id, Board.code == board_code, RoundFigure.figure_sort.is_not(None))
        )
        or 0
    )
