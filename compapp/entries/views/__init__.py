"""The pages of the entries room, all on one blueprint."""

from compapp.entries.views import (
    answers,
    cases,
    copies,
    eligibility,
    endorsements,
    files,
    guardians,
    mine,
    queue,
    submission,
    team,
    uploads,
)
from compapp.entries.views.blueprint import bp

__all__ = [
    "answers",
    "bp",
    "cases",
    "copies",
    "eligibility",
    "endorsements",
    "files",
    "guardians",
    "mine",
    "queue",
    "submission",
    "team",
    "uploads",
]
