"""What the clock does for incubation; safe to run twice."""

from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.incubation import services


def remind_of_sessions() -> None:
    """Remind of sessions that begin soon."""
    with unit_of_work():
        services.remind_of_sessions(at=now())


def remind_of_milestones() -> None:
    """Remind of milestones, and ask for outcomes after graduation."""
    with unit_of_work():
        services.remind_of_milestones(at=now())
        services.ask_for_outcomes(at=now())
