"""Exact arithmetic: reading numbers, adding them fast, rounding once.

Every figure of a contest is a :class:`fractions.Fraction`, so that anyone who
adds the stored sheets by hand gets the published total (contest file, "Exact
meanings").
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from fractions import Fraction


class ScoringFault(ValueError):
    """Scoring input that cannot be reckoned with: a sentence, and where it stands (``path``, empty for nowhere).

    ``msgid`` (marked for translation by who raises it) and ``params`` say it in any language.
    """

    def __init__(self, msgid: str, path: str = "", **params: object) -> None:
        self.msgid, self.path, self.params = msgid, path, params
        sentence = msgid % params if params else msgid
        super().__init__(f"{path}: {sentence}" if path else sentence)


def to_fraction(value: object, path: str = "value") -> Fraction:
    """Return a JSON number or a numeric string as an exact fraction.

    A JSON number means what is written (0.1 is one tenth, not its binary
    neighbour). Raises :class:`ScoringFault` naming ``path`` otherwise.
    """
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        raise ScoringFault(f"{path}: expected a number, found {value!r}.")
    try:
        if isinstance(value, str):
            return Fraction(value.strip())
        return Fraction(Decimal(str(value)))
    except (ValueError, OverflowError, InvalidOperation, ZeroDivisionError):
        raise ScoringFault(f"{path}: {value!r} is not a finite number.") from None


def exact_sum(values: Iterable[Fraction]) -> Fraction:
    """Add fractions exactly, gathering equal denominators first (fast for scores)."""
    gathered: dict[int, int] = {}
    for value in values:
        denominator = value.denominator
        gathered[denominator] = gathered.get(denominator, 0) + value.numerator
    total = Fraction(0)
    for denominator, numerator in gathered.items():
        total += Fraction(numerator, denominator)
    return total


def exact_mean(values: Iterable[Fraction]) -> Fraction:
    """Return the exact mean of at least one fraction."""
    kept = list(values)
    return exact_sum(kept) / len(kept)


def round_half_up(value: Fraction, decimals: int) -> Fraction:
    """Round to ``decimals`` places, halves away from zero (as taught at school)."""
    scale = 10**decimals
    scaled = abs(value) * scale
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if value >= 0 else -whole, scale)


def decimal_string(value: Fraction, decimals: int) -> str:
    """Write a figure with exactly ``decimals`` places and a decimal point."""
    rounded = round_half_up(value, decimals) * 10**decimals
    digits = str(abs(rounded.numerator)).rjust(decimals + 1, "0")
    sign = "-" if rounded < 0 else ""
    if decimals == 0:
        return sign + digits
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"
