"""The ways in which a round can be judged, behind one small interface (:class:`Mode`); see ``registry``."""

from compapp.judging.scoring.modes.mode import RUBRIC, Mode, Option
from compapp.judging.scoring.modes.registry import (
    MODES,
    has_sheets,
    method_of,
    mode_named,
    mode_of,
    options_of,
    sheet_rubric,
)

__all__ = [
    "MODES",
    "RUBRIC",
    "Mode",
    "Option",
    "has_sheets",
    "method_of",
    "mode_named",
    "mode_of",
    "options_of",
    "sheet_rubric",
]
