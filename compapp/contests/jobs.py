"""What the clock process does for contests."""

from compapp.contests.services.rounds import calendar_is_due, follow_calendar
from compapp.contests.services.seals import seal_the_day
from compapp.core import anchors
from compapp.core.clock import now
from compapp.core.db import unit_of_work


def follow_calendars() -> None:
    """Close contests and open and close rounds whose time has come."""
    if calendar_is_due(now()):
        with unit_of_work():
            follow_calendar(at=now())


def seal_record() -> None:
    """Note and send the head of the record, once a day; nothing is locked where nothing is due."""
    if anchors.is_due(now()):
        with unit_of_work():
            seal_the_day(now())
