"""The pages of the entries room, all on one blueprint."""

from compapp.entries.views import (
    answers,
    appeals,
    cases,
    copies,
    eligibility,
    endorsements,
    files,
    guardians,
    merging,
    mine,
    nominations,
    queue,
    remarks,
    submission,
    team,
    uploads,
    winners,
)
from compapp.entries.views.blueprint import bp

__all__ = [
    "answers",
    "appeals",
    "bp",
    "cases",
    "copies",
    "eligibility",
    "endorsements",
    "files",
    "guardians",
    "merging",
    "mine",
    "nominations",
    "queue",
    "remarks",
    "submission",
    "team",
    "uploads",
    "winners",
]
