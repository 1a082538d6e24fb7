"""What if another rule held, or a sheet or a judge were not there: the same standings from other inputs. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from compapp.judging.scoring.model import Gates, RoundSheets

AS_IT_IS = "as_it_is"
"""The rule of the round stays for this part."""


@dataclass(frozen=True, slots=True)
class Supposition:
    """What is supposed; every part left alone stays as it is.

    ``no_zero`` is a gate's name or None for no such gate; ``places`` are the boards with another cut; ``options`` are
    the round's mode's; ``sheet`` is (entry, judge) of one sheet that is left out, ``judge`` a judge all of whose sheets
    are.
    """

    method: str = AS_IT_IS
    no_zero: str | None = AS_IT_IS
    min_total: Fraction | str | None = AS_IT_IS
    places: Mapping[str, int] = field(default_factory=dict)
    options: Mapping[str, int] = field(default_factory=dict)
    judge: str = ""
    sheet: tuple[str, str] | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is supposed."""
        return self == Supposition()


def suppose(own: RoundSheets, supposed: Supposition) -> RoundSheets:
    """Return the round's rule and sheets as ``supposed``; what is given stays untouched."""
    rule = own.rule
    method = rule.aggregation.method if supposed.method == AS_IT_IS else supposed.method
    gates = Gates(
        min_total=rule.gates.min_total if isinstance(supposed.min_total, str) else supposed.min_total,
        no_zero=rule.gates.no_zero if supposed.no_zero == AS_IT_IS else supposed.no_zero,
    )
    changed = replace(
        rule,
        aggregation=replace(rule.aggregation, method=method),
        gates=gates,
        options={**rule.options, **supposed.options},
        advance={**rule.advance, **{board: most for board, most in supposed.places.items() if board in rule.advance}},
    )
    sheets = tuple(
        sheet for sheet in own.sheets if sheet.judge != supposed.judge and (sheet.entry, sheet.judge) != supposed.sheet
    )
    return replace(own, rule=changed, sheets=sheets)
