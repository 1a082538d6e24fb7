"""Computing the indicators from the rooms below, in a constant number of statements."""

from compapp.reports.queries.club_teams import club_teams
from compapp.reports.queries.figures import Chosen, contests_to_choose, figures, funnel
from compapp.reports.queries.health import Health, health
from compapp.reports.queries.news import Change, Overdue, changes, overdue
from compapp.reports.queries.record import (
    Deed,
    Part,
    Tally,
    Wanted,
    part_in_short,
    part_of_contest,
    part_of_platform,
    record_page,
    tallies,
    verbs_of,
)

__all__ = [
    "Change",
    "Chosen",
    "Deed",
    "Health",
    "Overdue",
    "Part",
    "Tally",
    "Wanted",
    "changes",
    "club_teams",
    "contests_to_choose",
    "figures",
    "funnel",
    "health",
    "overdue",
    "part_in_short",
    "part_of_contest",
    "part_of_platform",
    "record_page",
    "tallies",
    "verbs_of",
]
