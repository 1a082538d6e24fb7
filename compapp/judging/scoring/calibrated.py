"""``calibrated``: severity-aware estimate (the "panel" model of `calibration`), with guards.

The panel model needs floating point; its figure is taken from a value rounded
to six decimals so that a second run gives the same fraction.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from compapp.judging.scoring.marks import Figures, Mark
from compapp.judging.scoring.mean import mean


def calibrated(marks: Sequence[Mark]) -> Figures:
    """Return panel-weighted estimates, all boards of the round together.

    Where a guard forbids calibration, the plain mean, with the guards' codes.
    """
    from compapp.judging.scoring.calibration import Review, calibrate

    ordered = sorted(marks, key=lambda mark: (mark.entry, mark.judge))
    fit = calibrate([Review(mark.entry, mark.judge, float(mark.total)) for mark in ordered])
    if fit.method == "raw":
        return Figures(mean(marks).values, "mean", fit.guards)
    return Figures({code: _six(value) for code, value in fit.calibrated.items()}, "calibrated")


def _six(value: float) -> Fraction:
    return Fraction(Decimal(f"{value:.6f}"))
