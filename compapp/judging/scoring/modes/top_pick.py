"""``top_pick``: each judge puts the best N of what was read in order; the orders are added up as Borda did.

Borda (1784, *Mémoire sur les élections au scrutin*) counts how many others a candidate stands above in each order;
candidates that share a place count half of each other, so do all that have no place. Judges read piles of different
sizes here, so each counts the share of the others in the own pile, in percent, and the figure is the mean over the
judges: neither a small pile nor many readers is an advantage. Where everybody reads everything it is Borda's own order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from compapp.core.text import N_
from compapp.judging.scoring.exact import ScoringFault, exact_mean
from compapp.judging.scoring.marks import Figures, Mark, Method
from compapp.judging.scoring.modes.mode import Mode, Option, Options

POINTS = "points"
"""The one criterion of the sheet: as many as there are places for the first, one less for each further, else 0."""
BORDA = "borda"


def placed(order: Sequence[str | None], read: Sequence[str], places: int) -> dict[str, int]:
    """Return the points of each entry that was ``read``, by the ``order`` of the best ones (None: place left open).

    Raises :class:`ScoringFault` for an order with an entry twice, one that was not read, or more than ``places``.
    """
    chosen = [entry for entry in order if entry is not None]
    if len(set(chosen)) != len(chosen) or not set(chosen) <= set(read) or len(order) > places:
        raise ScoringFault("An order holds each entry once, only what was read, and no more than the places.")
    points = dict.fromkeys(read, 0)
    points.update({entry: places - position for position, entry in enumerate(order) if entry is not None})
    return points


def shares_above(marks: Sequence[Mark]) -> dict[str, dict[str, Fraction]]:
    """Return entry to judge to the share (percent) of the others in the judge's pile of its board that it stands above.

    Equal ones count half; a pile of one says nothing and is left out.
    """
    piles: dict[tuple[str, str], list[Mark]] = {}
    for mark in marks:
        piles.setdefault((mark.judge, mark.board), []).append(mark)
    shares: dict[str, dict[str, Fraction]] = {mark.entry: {} for mark in marks}
    for pile in piles.values():
        totals = [mark.total for mark in pile]
        for mark in pile if len(pile) > 1 else ():
            below = sum(total < mark.total for total in totals)
            equal = totals.count(mark.total) - 1
            shares[mark.entry][mark.judge] = Fraction(100 * (2 * below + equal), 2 * (len(pile) - 1))
    return shares


def borda(marks: Sequence[Mark]) -> Figures:
    """Return each entry's mean of :func:`shares_above`; one that is in no pile with others has 50, as equal to all."""
    shares = shares_above(marks)
    return Figures(
        {entry: exact_mean(list(own.values())) if own else Fraction(50) for entry, own in shares.items()}, BORDA
    )


def _sheet(options: Options) -> Mapping[str, Any]:
    """Return the sheet: one criterion, the points that an entry's place gives."""
    most = options["places"]
    label = {"vi": f"Điểm theo vị trí (thứ nhất: {most})", "en": f"Points for the place (first: {most})"}
    return {
        "code": "top_pick",
        "label": {"vi": "Thứ tự các bài hay nhất", "en": "Order of the best"},
        "scale": {"min": 0, "max": most, "step": 1},
        "criteria": [{"code": POINTS, "label": label, "weight": most}],
    }


TOP_PICK = Mode(
    "top_pick",
    N_("The best in order"),
    N_("Each judge reads the entries and puts the best %(places)s of each board in order."),
    N_(
        "Each order counts, for every entry, how many of the others that the judge read on the board it stands above, "
        "in percent; entries without a place share what is left (Borda count). The figure is the mean over the judges."
    ),
    options=(Option("places", N_("How many each judge puts in order"), 1, 20, 3),),
    sheet=_sheet,
    method=Method(BORDA, borda),
    whole_pile=True,
)
