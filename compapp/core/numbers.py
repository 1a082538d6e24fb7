"""Exact numbers: reading what people type, and rounding once, at the end."""

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache

from compapp.core.errors import Invalid
from compapp.core.text import N_


def parse_decimal(text: str) -> Decimal:
    """Read a number with a comma or a point as decimal mark; Invalid for anything else (NaN, 1e9, 1,234.5)."""
    cleaned = text.strip().replace(",", ".")
    try:
        if not cleaned or any(c not in "0123456789.-+" for c in cleaned):
            raise InvalidOperation
        return Decimal(cleaned)
    except InvalidOperation:
        raise Invalid(N_("“%(text)s” is not a number. Write 7.5 or 7,5."), text=text[:20]) from None


def round_half_up(value: Fraction, decimals: int) -> Decimal:
    """Return ``value`` rounded half up (away from zero) to ``decimals`` places, with all of them kept."""
    over, under = abs(value.numerator) * 10**decimals, value.denominator
    return Decimal(f"{'-' if value < 0 else ''}{(over * 2 + under) // (under * 2)}E-{decimals}")


def exact(value: int | float | str | Decimal | Fraction) -> Fraction:
    """Return the exact value of a JSON number or string as it is written (7.1 is 71/10)."""
    return value if isinstance(value, Fraction) else _read(str(value))


@lru_cache(maxsize=4_096)
def _read(text: str) -> Fraction:
    """Return a fraction; thousands of sheets hold a few dozen different scores."""
    return Fraction(text)
