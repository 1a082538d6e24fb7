"""Gives the record the words of every room's deeds."""

from compapp.accounts.recorded import RECORDED as ACCOUNTS
from compapp.clubs.recorded import FORMERLY
from compapp.clubs.recorded import RECORDED as CLUBS
from compapp.contests.recorded import RECORDED as CONTESTS
from compapp.core.audit import name_deeds
from compapp.core.text import N_
from compapp.entries.recorded import RECORDED as ENTRIES
from compapp.incubation.recorded import RECORDED as INCUBATION
from compapp.judging.recorded import RECORDED as JUDGING
from compapp.notifications.recorded import RECORDED as NOTIFICATIONS
from compapp.placement.recorded import RECORDED as PLACEMENT
from compapp.portal.recorded import RECORDED as PORTAL
from compapp.reports.recorded import RECORDED as REPORTS

ROOMS = (ACCOUNTS, NOTIFICATIONS, CLUBS, CONTESTS, ENTRIES, JUDGING, PLACEMENT, INCUBATION, PORTAL, REPORTS)
DEMO = {"demo.data.removed": N_("removed the demonstration")}


def name_all_deeds() -> None:
    """Name every verb that is recorded anywhere, or was."""
    for words in (*ROOMS, FORMERLY, DEMO):
        name_deeds(words)
