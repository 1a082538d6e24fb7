"""What the clock does for the jury: reminders of what is left to score."""

from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.judging import services


def remind_judges() -> None:
    """Post the scoring reminders that are due now; safe to run twice (each stage is posted once)."""
    with unit_of_work():
        services.send_due_reminders(now())
