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
from compapp.portal.queries.gallery import (
    Choice,
    Shown,
    choices,
    gallery,
    gallery_entry,
    gallery_is_open,
    listing_of,
    nothing_is_blind,
    public_team,
    showable_fields,
)
from compapp.portal.queries.marks import mark_of_all, mark_of_contest

__all__ = [
    "Choice",
    "ContestLine",
    "ResultLine",
    "Shelf",
    "Shown",
    "StepLine",
    "choices",
    "gallery",
    "gallery_entry",
    "gallery_is_open",
    "latest_results",
    "listing_of",
    "mark_of_all",
    "mark_of_contest",
    "next_steps",
    "nothing_is_blind",
    "phase_of",
    "public_team",
    "results_of",
    "shelf",
    "showable_fields",
]
