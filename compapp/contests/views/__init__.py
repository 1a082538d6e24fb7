"""The pages of contests: the organiser's list, the workspace of one contest, its file."""

from compapp.contests.views import calendar, contests, file, people, record, seals, setup, sponsors
from compapp.contests.views.blueprint import bp

__all__ = ["bp", "calendar", "contests", "file", "people", "record", "seals", "setup", "sponsors"]
