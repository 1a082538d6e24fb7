"""The registered ways of aggregating: one line each.

To add one: a file ``<name>.py`` beside this one and a line below; the property
tests run over every registered method.
"""

from __future__ import annotations

from compapp.judging.scoring.calibrated import calibrated
from compapp.judging.scoring.exact import ScoringFault
from compapp.judging.scoring.judge_rank import judge_rank
from compapp.judging.scoring.marks import Method
from compapp.judging.scoring.mean import mean
from compapp.judging.scoring.median import median
from compapp.judging.scoring.trimmed_mean import trimmed_mean

_METHODS = (
    Method("mean", mean),
    Method("median", median),
    Method("trimmed_mean", trimmed_mean),
    Method("judge_rank", judge_rank, lower_is_better=True),
    Method("calibrated", calibrated),
)

METHODS: dict[str, Method] = {method.name: method for method in _METHODS}


def method_named(name: str) -> Method:
    """Return a registered method; raises :class:`ScoringFault` for an unknown name."""
    try:
        return METHODS[name]
    except KeyError:
        known = ", ".join(METHODS)
        raise ScoringFault(f"Unknown aggregation method {name!r}; known: {known}.") from None
