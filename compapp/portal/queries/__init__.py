"""What the public pages read, and the marks by which a kept page is known to be still right."""

from compapp.portal.queries.contests import (
    ContestLine,
    ResultLine,
    Shelf,
    StepLine,
    latest_results,
    next_steps,
    phase_of,
    results_of,
    shelf,
)
from compapp.portal.queries.marks import mark_of_all, mark_of_contest

__all__ = [
    "ContestLine",
    "ResultLine",
    "Shelf",
    "StepLine",
    "latest_results",
    "mark_of_all",
    "mark_of_contest",
    "next_steps",
    "phase_of",
    "results_of",
    "shelf",
]
