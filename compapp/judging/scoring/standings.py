"""Standings: the one pure function from sheets and rule to ranked rows.

The meaning of every word is in the contest file's page ("Exact meanings");
everything before the one rounding is an exact fraction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby
from typing import Any

from compapp.judging.scoring.exact import ScoringFault, decimal_string, round_half_up
from compapp.judging.scoring.explanation import (
    AggregateStep,
    CarryStep,
    CutStep,
    ExtraStep,
    GateStep,
    RoundedStep,
    SheetStep,
    Step,
    UnrankedStep,
)
from compapp.judging.scoring.marks import Figures, Mark
from compapp.judging.scoring.model import (
    BELOW_MIN_TOTAL,
    EVERYBODY,
    MINIMUM_SHEETS,
    NO_CONSENSUS,
    SCREENED_OUT,
    ZERO_ANY_JUDGE,
    ZERO_CRITERION,
    ZERO_MEAN,
    ChairDecision,
    Comparison,
    Entrant,
    Point,
    RoundSheets,
    Rule,
    Sheet,
)
from compapp.judging.scoring.modes import method_of, mode_named
from compapp.judging.scoring.modes.mode import PASSES, UNDECIDED
from compapp.judging.scoring.tally import Tally, tally
from compapp.judging.scoring.tie_break import Contender, split_tie


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a round's standings.

    ``figure`` is exact, ``published`` rounded, ``total`` its writing; all three
    are None where a carried figure is missing. ``advances`` is None for an
    entry that passes the gates and is tied across the cut, and for one on which
    a screening jury does not agree.
    """

    entry: str
    board: str
    rank: int | None
    figure: Fraction | None
    published: Fraction | None
    total: str | None
    sheets: int
    spread: Fraction
    criterion_means: Mapping[str, Fraction]
    gates_failed: tuple[str, ...] = ()
    tie_break: str | None = None
    advances: bool | None = False
    explanation: tuple[Step, ...] = ()

    def as_file_row(self) -> dict[str, Any]:
        """Return the row as ``flask contest standings`` writes it."""
        return {
            "rank": self.rank,
            "entry": self.entry,
            "total": self.total,
            "sheets": self.sheets,
            "gates_failed": list(self.gates_failed),
            "tie_break": self.tie_break,
            "advances": self.advances,
        }


@dataclass(frozen=True, slots=True)
class RoundFigures:
    """The own unrounded figures of a round, extra points included."""

    tallies: Mapping[str, Tally]
    aggregated: Figures
    figures: Mapping[str, Fraction]
    given: Mapping[str, tuple[Point, ...]]


def standings(
    sheets: Iterable[Sheet],
    rule: Rule,
    entrants: Mapping[str, Entrant],
    *,
    points: Sequence[Point] = (),
    decisions: Sequence[ChairDecision] = (),
    comparisons: Sequence[Comparison] = (),
    earlier: Mapping[str, RoundSheets] | None = None,
    boards: Sequence[str] = (),
) -> dict[str, list[Row]]:
    """Return a round's rows per board, in rank order; unranked rows last.

    ``earlier`` holds the other rounds that ``rule.carry`` names. ``boards``
    names boards that shall be present even without rows, in this order.
    Raises :class:`ScoringFault` for an unknown entry, an incomplete valid
    sheet, a carried round that is missing, or an unknown method.
    """
    sheets = list(sheets)
    own = round_figures(sheets, rule, entrants, points, comparisons)
    carried = _carried_rounds(own, rule, entrants, earlier or {})
    rows: dict[str, list[Row]] = {board: [] for board in boards}
    for entry in own.tallies:
        row = _unplaced_row(entrants[entry], own, rule, carried, decisions)
        rows.setdefault(row.board, []).append(row)
    contenders = {
        entry: Contender(entry, found, entrants[entry].submitted, sector=entrants[entry].sector)
        for entry, found in own.tallies.items()
    }
    return {
        board: _placed(of_board, rule, contenders, decisions, rule.places(board)) for board, of_board in rows.items()
    }


def round_figures(
    sheets: Iterable[Sheet],
    rule: Rule,
    entrants: Mapping[str, Entrant],
    points: Sequence[Point] = (),
    comparisons: Sequence[Comparison] = (),
) -> RoundFigures:
    """Aggregate a round's valid sheets and add its extra points; nothing is rounded."""
    tallies = tally(sheets, rule.rubric)
    marks: list[Mark] = []
    for entry, found in tallies.items():
        if entry not in entrants:
            raise ScoringFault(f"A sheet of {rule.round} is for an unknown entry {entry!r}.")
        board = entrants[entry].board
        marks.extend(Mark(entry, board, judge, total) for judge, total in found.totals.items())
    compared = mode_named(rule.mode).compared
    aggregated = method_of(rule).figures(marks) if compared is None else compared(marks, comparisons)
    given: dict[str, tuple[Point, ...]] = {}
    for point in points:
        given[point.entry] = (*given.get(point.entry, ()), point)
    figures = {
        entry: sum((point.value for point in given.get(entry, ())), figure)
        for entry, figure in aggregated.values.items()
    }
    return RoundFigures(tallies, aggregated, figures, given)


@dataclass(frozen=True, slots=True)
class _Carried:
    """One round's share in a carried figure."""

    round: str
    percent: Fraction
    maximum: Fraction
    figures: Mapping[str, Fraction]


def _carried_rounds(
    own: RoundFigures,
    rule: Rule,
    entrants: Mapping[str, Entrant],
    earlier: Mapping[str, RoundSheets],
) -> list[_Carried]:
    shares: list[_Carried] = []
    for code, percent in rule.carry.items():
        if code == rule.round:
            shares.append(_Carried(code, percent, rule.maximum, own.figures))
            continue
        if code not in earlier:
            raise ScoringFault(f"Round {rule.round} carries round {code}, which is missing.")
        other = earlier[code]
        figures = round_figures(other.sheets, other.rule, entrants, other.points).figures
        shares.append(_Carried(code, percent, other.rule.maximum, figures))
    for share in shares:
        if not share.maximum:
            raise ScoringFault(f"Round {share.round} has no possible maximum to carry from.")
    return shares


def _unplaced_row(
    entrant: Entrant,
    own: RoundFigures,
    rule: Rule,
    carried: Sequence[_Carried],
    decisions: Sequence[ChairDecision],
) -> Row:
    """Return an entry's row with figure and gates, before ranking."""
    found = own.tallies[entrant.code]
    decimals = rule.aggregation.decimals
    figure, steps = _figure(entrant.code, own, rule, carried)
    published = None if figure is None else round_half_up(figure, decimals)
    if figure is not None and published is not None:
        steps.append(RoundedStep(figure, published, decimals))
    gates = [_waived(gate, entrant.code, rule) for gate in _gates(published, found, rule)]
    gates += _outcome(found, rule, decisions)
    steps.extend(gates)
    if found.sheets < MINIMUM_SHEETS:
        steps.append(UnrankedStep("too_few_sheets"))
    elif figure is None:
        steps.append(UnrankedStep("missing_figure"))
    return Row(
        entry=entrant.code,
        board=entrant.board,
        rank=None,
        figure=figure,
        published=published,
        total=None if published is None else decimal_string(published, decimals),
        sheets=found.sheets,
        spread=found.spread,
        criterion_means=found.criterion_means,
        gates_failed=tuple(gate.gate for gate in gates if not gate.passed),
        explanation=tuple(steps),
    )


def _figure(
    entry: str, own: RoundFigures, rule: Rule, carried: Sequence[_Carried]
) -> tuple[Fraction | None, list[Step]]:
    """Return an entry's exact figure (None if a carried part is missing) and its steps."""
    found = own.tallies[entry]
    steps: list[Step] = [SheetStep(judge, total, True) for judge, total in found.totals.items()]
    steps.extend(SheetStep(judge, None, False) for judge in found.left_out)
    used = own.aggregated
    steps.append(AggregateStep(rule.aggregation.method, used.method, used.values[entry], used.guards))
    steps.extend(ExtraStep(point.code, point.value) for point in own.given.get(entry, ()))
    if not carried:
        return own.figures[entry], steps
    parts: list[Fraction | None] = []
    for share in carried:
        figure = share.figures.get(entry)
        part = None if figure is None else share.percent * figure / share.maximum
        parts.append(part)
        steps.append(CarryStep(share.round, share.percent, figure, share.maximum, part))
    present = [part for part in parts if part is not None]
    return (sum(present, Fraction(0)) if len(present) == len(parts) else None), steps


def _gates(published: Fraction | None, found: Tally, rule: Rule) -> list[GateStep]:
    """Return the round's gates with their outcome for one entry."""
    steps: list[GateStep] = []
    limit = rule.gates.min_total
    if limit is not None and published is not None:
        steps.append(GateStep(BELOW_MIN_TOTAL, published >= limit, limit))
    if rule.gates.no_zero in (ZERO_ANY_JUDGE, ZERO_MEAN):
        zeros = found.given_zero if rule.gates.no_zero == ZERO_ANY_JUDGE else found.mean_zero
        steps.append(GateStep(ZERO_CRITERION, not zeros, criteria=zeros))
    return steps


def _waived(gate: GateStep, entry: str, rule: Rule) -> GateStep:
    """Return the gate as passed where an upheld appeal says so."""
    return replace(gate, passed=True, waived=True) if not gate.passed and (entry, gate.gate) in rule.waived else gate


def _outcome(found: Tally, rule: Rule, decisions: Sequence[ChairDecision]) -> list[GateStep]:
    """Return whether a screening jury lets an entry pass; the chair's latest word on it goes before the count."""
    outcome = mode_named(rule.mode).outcome
    if outcome is None:
        return []
    words = [one.passes for one in decisions if one.passes is not None and found.entry in one.entries]
    decided = outcome(found.totals.values(), rule.options, words[-1] if words else None)
    return [GateStep(NO_CONSENSUS if decided == UNDECIDED else SCREENED_OUT, decided == PASSES)]


def _placed(
    rows: Sequence[Row],
    rule: Rule,
    contenders: Mapping[str, Contender],
    decisions: Sequence[ChairDecision],
    places: int | None,
) -> list[Row]:
    """Rank one board's rows, break ties, draw the cut; unranked rows follow by code."""
    lower = method_of(rule).lower_is_better
    keyed: list[tuple[Fraction, Row]] = []
    unranked: list[Row] = []
    for row in rows:
        if row.published is None or row.sheets < MINIMUM_SHEETS:
            unranked.append(row)
        else:
            keyed.append((row.published if lower else -row.published, row))
    keyed.sort(key=lambda pair: (pair[0], pair[1].entry))
    ranked: list[Row] = []
    for _, tied in groupby(keyed, key=lambda pair: pair[0]):
        by_code = {row.entry: row for _, row in tied}
        group = [contenders[code] for code in by_code]
        for members in split_tie(group, rule.chain, decisions):
            rank = len(ranked) + 1
            ranked.extend(_ranked(by_code[member.code], rank, member) for member in members)
    unranked.sort(key=lambda row: row.entry)
    if not rule.per_sector:
        return [*_cut(ranked, places), *unranked]
    piles: dict[str | None, list[Row]] = {}
    for row in ranked:
        piles.setdefault(contenders[row.entry].sector, []).append(row)
    decided = {row.entry: row for pile in piles.values() for row in _cut(pile, places)}
    return [*(decided[row.entry] for row in ranked), *unranked]


def _ranked(row: Row, rank: int, contender: Contender) -> Row:
    return replace(
        row,
        rank=rank,
        tie_break=contender.decided_by,
        explanation=(*row.explanation, *contender.steps),
    )


def _cut(ranked: Sequence[Row], places: int | None) -> list[Row]:
    """Decide who advances: the best ``places`` that pass the gates (contest file, "Advance")."""
    if places is None:
        return list(ranked)
    passing = [row for row in ranked if not row.gates_failed]
    tied_rank: int | None = None
    if 0 < places < len(passing) and passing[places - 1].rank == passing[places].rank:
        tied_rank = passing[places].rank
    through = {row.entry for row in passing[:places]}
    cut: list[Row] = []
    for row in ranked:
        advances: bool | None = row.entry in through
        if tied_rank is not None and row.rank == tied_rank and not row.gates_failed:
            advances = None
        if NO_CONSENSUS in row.gates_failed:
            advances = None
        steps = row.explanation if places == EVERYBODY else (*row.explanation, CutStep(places, advances))
        cut.append(replace(row, advances=advances, explanation=steps))
    return cut


def as_file_rows(tables: Mapping[str, Sequence[Row]]) -> dict[str, list[dict[str, Any]]]:
    """Return standings as ``flask contest standings`` writes them (contest file)."""
    return {board: [row.as_file_row() for row in rows] for board, rows in tables.items()}
