"""``top_pick``: each judge puts the best N of what was read in order; the order gives Borda points.

Borda (1784, *Mémoire sur les élections au scrutin*) gives the first of N places N points, the second N − 1, and so on;
what is not placed gets 0. As not every judge reads every entry, an entry's figure is the mean over the judges who read
it, not the sum: being read by more judges is no advantage. Where everybody reads everything the order is Borda's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from compapp.core.text import N_
from compapp.judging.scoring.exact import ScoringFault
from compapp.judging.scoring.marks import Method
from compapp.judging.scoring.mean import mean
from compapp.judging.scoring.modes.mode import Mode, Option, Options

POINTS = "points"
"""The one criterion of the sheet."""


def borda(order: Sequence[str | None], read: Sequence[str], places: int) -> dict[str, int]:
    """Return the points of each entry that was ``read``, by the ``order`` of the best ones (None: place left open).

    Raises :class:`ScoringFault` for an order with an entry twice, one that was not read, or more than ``places``.
    """
    placed = [entry for entry in order if entry is not None]
    if len(set(placed)) != len(placed) or not set(placed) <= set(read) or len(order) > places:
        raise ScoringFault("An order holds each entry once, only what was read, and no more than the places.")
    points = dict.fromkeys(read, 0)
    points.update({entry: places - position for position, entry in enumerate(order) if entry is not None})
    return points


def _sheet(options: Options) -> Mapping[str, Any]:
    """Return the sheet: one criterion, the points that an entry's place gives."""
    most = options["places"]
    return {
        "code": "top_pick",
        "label": {"vi": "Thứ tự các bài hay nhất", "en": "Order of the best"},
        "scale": {"min": 0, "max": most, "step": 1},
        "criteria": [
            {"code": POINTS, "label": {"vi": "Điểm theo thứ tự", "en": "Points of the place"}, "weight": most}
        ],
    }


TOP_PICK = Mode(
    "top_pick",
    N_("The best in order"),
    N_("Each judge reads the entries and puts the best %(places)s of each board in order."),
    N_(
        "The first place of a judge gives %(places)s points, each further place one less, no place none. The figure of "
        "an entry is the mean over the judges who read it."
    ),
    options=(Option("places", N_("How many each judge puts in order"), 1, 20, 3),),
    sheet=_sheet,
    method=Method("mean", mean),
    whole_pile=True,
)
