"""How a jury stands that did not score: verdicts and what they come to, comparisons and how sure they make it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from compapp.judging.queries.results import EntryName, entry_names
from compapp.judging.queries.standings import RoundInputs, progress_of
from compapp.judging.scoring.explanation import SheetStep
from compapp.judging.scoring.marks import Mark
from compapp.judging.scoring.model import NO_CONSENSUS, ChairDecision
from compapp.judging.scoring.modes import mode_of
from compapp.judging.scoring.modes.pairwise import Strength, strengths
from compapp.judging.scoring.modes.top_pick import TOP_PICK, shares_above
from compapp.judging.scoring.modes.yes_no import VERDICT, WORTH, verdicts
from compapp.judging.scoring.standings import Row


@dataclass(frozen=True)
class Screened:
    """An entry with its verdicts; ``state``: passes, fails, reading (verdicts are missing), undecided, or too_few.

    ``word`` is the chair's, where the judges did not agree.
    """

    name: EntryName
    row: Row
    yes: int
    no: int
    unsure: int
    missing: int
    state: str
    word: ChairDecision | None


def screened(inputs: RoundInputs, hidden: Iterable[str]) -> dict[str, list[Screened]]:
    """Return the entries per board, those that wait for somebody first; ``hidden`` ones are left out."""
    left_out = set(hidden)
    names = entry_names(inputs.contest.id)
    missing: dict[str, int] = {}
    for entry, _judge in progress_of(inputs).missing:
        missing[entry] = missing.get(entry, 0) + 1
    found = {
        board: [_screened(inputs, row, names, missing.get(row.entry, 0)) for row in rows if row.entry not in left_out]
        for board, rows in inputs.rows.items()
    }
    order = ("undecided", "reading", "too_few", "passes", "fails")
    return {board: sorted(rows, key=lambda one: order.index(one.state)) for board, rows in found.items()}


def _screened(inputs: RoundInputs, row: Row, names: Mapping[str, EntryName], missing: int) -> Screened:
    yes, no, unsure = verdicts(
        sheet.scores[VERDICT] if sheet.scores else (sheet.total or Fraction(0)) / WORTH
        for sheet in inputs.own.sheets
        if sheet.entry == row.entry and sheet.valid
    )
    words = [one for one in inputs.own.decisions if one.passes is not None and row.entry in one.entries]
    return Screened(names[row.entry], row, yes, no, unsure, missing, _state(row, missing), words[-1] if words else None)


def _state(row: Row, missing: int) -> str:
    if NO_CONSENSUS in row.gates_failed:
        return "reading" if missing else "undecided"
    if row.rank is None:
        return "reading" if missing else "too_few"
    return "fails" if row.gates_failed else "passes"


@dataclass(frozen=True)
class Behind:
    """What the figure of an entry rests on where judges gave no points: verdicts, shares in orders, or comparisons.

    ``shares``: judge to the percent of the others in the judge's pile that it stands above.
    """

    screened: Screened | None = None
    shares: Mapping[str, Fraction] = field(default_factory=dict)
    strength: Strength | None = None


def behind(inputs: RoundInputs, entry: str) -> Behind:
    """Return what the figure of an entry (code) rests on; nothing in a round of criteria and points."""
    mode = mode_of(inputs.round.definition)
    if mode.outcome is not None:
        rows = [one for of_board in screened(inputs, ()).values() for one in of_board if one.name.code == entry]
        return Behind(screened=next(iter(rows), None))
    if mode.compared is not None:
        found = [one for of_board in strengths_of(inputs, ()).values() for one in of_board if one.entry == entry]
        return Behind(strength=next(iter(found), None))
    if mode is not TOP_PICK:
        return Behind()
    marks = [
        Mark(row.entry, board, step.judge, step.total)
        for board, rows in inputs.rows.items()
        for row in rows
        for step in row.explanation
        if isinstance(step, SheetStep) and step.counted and step.total is not None
    ]
    return Behind(shares=shares_above(marks).get(entry, {}))


def strengths_of(inputs: RoundInputs, hidden: Iterable[str]) -> dict[str, list[Strength]]:
    """Return the strengths per board, strongest first; ``hidden`` entries are reckoned with but left out."""
    left_out = set(hidden)
    handed_in = {(sheet.judge, sheet.entry) for sheet in inputs.own.sheets if sheet.valid}
    found: dict[str, list[Strength]] = {}
    for board, rows in inputs.rows.items():
        entries = {row.entry for row in rows}
        counted = [
            one
            for one in inputs.own.comparisons
            if {one.left, one.right} <= entries and {(one.judge, one.left), (one.judge, one.right)} <= handed_in
        ]
        ordered = sorted(strengths(entries, counted).values(), key=lambda one: (-one.chance, one.entry))
        found[board] = [one for one in ordered if one.entry not in left_out]
    return found
