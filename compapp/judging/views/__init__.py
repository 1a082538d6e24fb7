"""The pages of judging; importing this registers them all on the blueprint."""

from compapp.judging.views import (
    assignments,
    byes,
    conflict_answers,
    desk,
    desk_links,
    device,
    files,
    jury,
    jury_list,
    outlook,
    paper,
    pile,
    progress,
    seat,
    ties,
    unlocking,
)
from compapp.judging.views.blueprint import bp

__all__ = [
    "assignments",
    "bp",
    "byes",
    "conflict_answers",
    "desk",
    "desk_links",
    "device",
    "files",
    "jury",
    "jury_list",
    "outlook",
    "paper",
    "pile",
    "progress",
    "seat",
    "ties",
    "unlocking",
]
