"""What the clock does for clubs; safe to run twice."""

from compapp.clubs import services
from compapp.core.clock import now
from compapp.core.db import unit_of_work


def remind_of_activities() -> None:
    """Remind of activities that begin within a day."""
    with unit_of_work():
        services.remind_of_activities(at=now())
