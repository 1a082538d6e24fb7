"""Days on which nobody should have a deadline: the Lunar New Year, public holidays, weekends."""

from datetime import date, datetime, timedelta

from compapp.core.clock import local
from compapp.core.text import N_

LUNAR_NEW_YEAR = (
    date(2026, 2, 17),
    date(2027, 2, 6),
    date(2028, 1, 26),
    date(2029, 2, 13),
    date(2030, 2, 2),
    date(2031, 1, 23),
    date(2032, 2, 11),
    date(2033, 1, 31),
    date(2034, 2, 19),
    date(2035, 2, 8),
    date(2036, 1, 28),
    date(2037, 2, 15),
    date(2038, 2, 4),
    date(2039, 1, 24),
    date(2040, 2, 12),
    date(2041, 2, 1),
    date(2042, 1, 22),
    date(2043, 2, 10),
    date(2044, 1, 30),
    date(2045, 2, 17),
)
"""The first day of the lunar year in Vietnam (its new moon at GMT+7), 2026 to 2045."""

HUNG_KINGS = (
    date(2026, 4, 26),
    date(2027, 4, 16),
    date(2028, 4, 4),
    date(2029, 4, 23),
    date(2030, 4, 12),
    date(2031, 4, 1),
    date(2032, 4, 19),
    date(2033, 4, 9),
    date(2034, 4, 28),
    date(2035, 4, 17),
    date(2036, 4, 6),
    date(2037, 4, 24),
    date(2038, 4, 13),
    date(2039, 4, 3),
    date(2040, 4, 20),
    date(2041, 4, 10),
    date(2042, 4, 29),
    date(2043, 4, 19),
    date(2044, 4, 7),
    date(2045, 4, 26),
)
"""The tenth day of the third lunar month."""

DAYS_BEFORE, DAYS_AFTER = 5, 8
"""Around the first day of the year: from the kitchen gods' farewell until people are back."""

_FIXED = {
    (1, 1): N_("New Year's Day"),
    (4, 30): N_("Reunification Day"),
    (5, 1): N_("Labour Day"),
    (9, 2): N_("National Day"),
}


def lunar_new_year_near(day: date) -> date | None:
    """Return the first day of the lunar year whose festive days hold ``day``; None for an ordinary day."""
    for first in LUNAR_NEW_YEAR:
        if first - timedelta(days=DAYS_BEFORE) <= day <= first + timedelta(days=DAYS_AFTER):
            return first
    return None


def holiday_on(day: date) -> str | None:
    """Return the marked name of the public holiday on ``day``; None for none."""
    if day in HUNG_KINGS:
        return N_("Hung Kings' Day")
    return _FIXED.get((day.month, day.day))


def is_weekend(at: datetime) -> bool:
    """Whether a moment lies on a Saturday or Sunday in Vietnam."""
    return local(at).weekday() >= 5


def is_at_night(at: datetime) -> bool:
    """Whether a moment lies between 22:30 and 07:00 in Vietnam, when nobody can help."""
    there = local(at)
    return (there.hour, there.minute) > (22, 30) or there.hour < 7
