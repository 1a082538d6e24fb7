"""The kept figure of an entry in a round: brought up to date in the transaction of every sheet."""

from fractions import Fraction

from sqlalchemy import select

from compapp.contests.models import Contest, Round
from compapp.core.db import session
from compapp.core.numbers import exact
from compapp.entries.models import Entry
from compapp.judging.lifecycle import SUBMITTED
from compapp.judging.models import ExtraPoint, RoundFigure, Sheet
from compapp.judging.queries.rounds import rule_of
from compapp.judging.queries.sheets import valid_totals
from compapp.judging.queries.vote_points import vote_points
from compapp.judging.scoring.marks import Mark, Method
from compapp.judging.scoring.modes import method_of
from compapp.judging.scoring.registry import method_named
from compapp.judging.scoring.running import RunningAggregate

_WHOLE_BOARD = frozenset({"judge_rank", "borda"})
"""The methods whose figures depend on the judge's other sheets: their whole board is reckoned again."""
_COMPUTED_LATER = "calibrated"
"""Calibration needs the whole round; until the chair computes, the kept figure is the mean."""


def update_figure(round_: Round, entry_id: int) -> RoundFigure:
    """Reckon the kept figure of an entry from its few valid sheets; call it in the transaction of the sheet."""
    rule = rule_of(round_.contest, round_)
    method = method_of(rule)
    if method.name == _COMPUTED_LATER:
        method = method_named("mean")
    kept = _row(round_, entry_id)
    totals = valid_totals(round_.id, entry_id)
    found = RunningAggregate.of(totals)
    kept.sheets, kept.total_sum = found.count, found.total
    kept.lowest, kept.highest = found.lowest, found.highest
    if method.name in _WHOLE_BOARD:
        _update_board(round_, kept, method)
        return kept
    marks = [Mark("", "", str(at), total) for at, total in enumerate(totals)]
    figure = method.figures(marks).values.get("") if marks else None
    if figure is not None and rule.extra_points:
        figure += _extra(round_, entry_id)
    _set(kept, figure, method)
    return kept


def update_round(contest: Contest, round_: Round) -> None:
    """Reckon every kept figure of a round (after an import)."""
    entries = session().scalars(select(Sheet.entry_id).where(Sheet.round_id == round_.id).distinct()).all()
    for entry_id in sorted(entries):
        update_figure(round_, entry_id)


def _row(round_: Round, entry_id: int) -> RoundFigure:
    kept = (
        session()
        .scalars(
            select(RoundFigure)
            .where(RoundFigure.round_id == round_.id, RoundFigure.entry_id == entry_id)
            .with_for_update()
        )
        .one_or_none()
    )
    if kept is None:
        board = session().scalars(select(Entry.board_id).where(Entry.id == entry_id)).one()
        kept = RoundFigure(round_id=round_.id, entry_id=entry_id, board_id=board, sheets=0, total_sum=Fraction(0))
        session().add(kept)
    return kept


def _set(kept: RoundFigure, figure: Fraction | None, method: Method) -> None:
    """Set the figure and what a leaderboard is ordered by: larger is better, also for ranks."""
    kept.figure = figure
    kept.figure_sort = None if figure is None else float(-figure if method.lower_is_better else figure)


def _extra(round_: Round, entry_id: int) -> Fraction:
    values = session().scalars(
        select(ExtraPoint.value_text).where(ExtraPoint.round_id == round_.id, ExtraPoint.entry_id == entry_id)
    )
    voted = vote_points(round_.contest, {round_.id: round_}).get(round_.id)
    code = session().scalar(select(Entry.code).where(Entry.id == entry_id)) if voted else None
    own = (point.value for point in voted or () if point.entry == code)
    return sum((exact(value) for value in values), Fraction(0)) + sum(own, Fraction(0))


def _update_board(round_: Round, changed: RoundFigure, method: Method) -> None:
    session().flush()
    rows = session().execute(
        select(Sheet.entry_id, Sheet.seat_id, Sheet.total)
        .join(Sheet.entry)
        .where(
            Sheet.round_id == round_.id,
            Sheet.state == SUBMITTED,
            Sheet.total.is_not(None),
            Entry.board_id == changed.board_id,
        )
    )
    marks = [Mark(str(entry), "", str(seat), total) for entry, seat, total in rows if total is not None]
    figures = method.figures(marks).values if marks else {}
    for row in session().scalars(
        select(RoundFigure).where(RoundFigure.round_id == round_.id, RoundFigure.board_id == changed.board_id)
    ):
        _set(row, figures.get(str(row.entry_id)), method)
