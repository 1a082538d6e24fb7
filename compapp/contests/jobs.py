"""What the clock process does for contests."""

from compapp.contests.services.rounds import calendar_is_due, follow_calendar
from compapp.core.clock import now
from compapp.core.db import unit_of_work


def follow_calendars() -> None:
    """Close contests and open and close rounds whose time has come."""
    if calendar_is_due(now()):
        with unit_of_work():
            follow_calendar(at=now())
