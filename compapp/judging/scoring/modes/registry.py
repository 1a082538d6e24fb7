"""The registered modes: one line each.

To add one: a file beside this one and a line below; the property tests run over every registered mode.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compapp.core.text import N_
from compapp.judging.scoring.exact import ScoringFault
from compapp.judging.scoring.marks import Method
from compapp.judging.scoring.model import Rule
from compapp.judging.scoring.modes.mode import RUBRIC, Mode
from compapp.judging.scoring.modes.pairwise import PAIRWISE
from compapp.judging.scoring.modes.top_pick import TOP_PICK
from compapp.judging.scoring.modes.yes_no import YES_NO
from compapp.judging.scoring.registry import method_named

Json = Mapping[str, Any]

_MODES = (
    Mode(
        RUBRIC,
        N_("Criteria and points"),
        N_("Each judge gives points for every criterion."),
        N_("The figure of an entry is what the rules make of its judges’ totals; the best go through."),
    ),
    YES_NO,
    TOP_PICK,
    PAIRWISE,
)

MODES: dict[str, Mode] = {mode.name: mode for mode in _MODES}


def mode_named(name: str) -> Mode:
    """Return a registered mode; raises :class:`ScoringFault` for an unknown name."""
    try:
        return MODES[name]
    except KeyError:
        raise ScoringFault(f"Unknown scoring mode {name!r}; known: {', '.join(MODES)}.") from None


def mode_of(round_piece: Json) -> Mode:
    """Return the mode that a round of a contest file names; without a word it is the rubric."""
    return mode_named(round_piece.get("mode") or RUBRIC)


def method_of(rule: Rule) -> Method:
    """Return how a round's sheet totals become figures: its mode's own way, else the rule's aggregation."""
    return mode_named(rule.mode).method or method_named(rule.aggregation.method)


def options_of(round_piece: Json) -> dict[str, int]:
    """Return every option of the round's mode; what the file does not say has its default."""
    given = round_piece.get("mode_options") or {}
    found: dict[str, int] = {}
    for option in mode_of(round_piece).options:
        value = given.get(option.name, option.default)
        if isinstance(value, bool) or not isinstance(value, int) or not option.least <= value <= option.most:
            raise ScoringFault(
                f"mode_options.{option.name}: expected a whole number from {option.least} to {option.most}."
            )
        found[option.name] = value
    return found


def sheet_rubric(round_piece: Json) -> Json | None:
    """Return the rubric that a sheet of the round's mode is; None where the contest's own rubric is used."""
    mode = mode_of(round_piece)
    return None if mode.sheet is None else mode.sheet(options_of(round_piece))


def has_sheets(round_piece: Json) -> bool:
    """Whether judges fill in sheets: the round has a rubric, or a mode that needs none."""
    return bool(round_piece.get("rubric")) or sheet_rubric(round_piece) is not None
