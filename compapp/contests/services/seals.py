"""The head of the record given to people who do not run the installation."""

from datetime import datetime

from compapp.accounts.policy import OFFICER
from compapp.accounts.queries import people_with_platform_role
from compapp.contests import notifications
from compapp.contests.queries import witnesses_of_running_contests
from compapp.core import anchors


def seal_the_day(at: datetime) -> bool:
    """Note the head of the record and send it to officers and to chairs and approvers of running contests.

    Once a day, and only where something was written since the last time; return whether it was done.
    """
    noted = anchors.note(at)
    if noted is None:
        return False
    witnesses = {*people_with_platform_role(OFFICER), *witnesses_of_running_contests()}
    notifications.record_sealed(noted, to=sorted(witnesses), at=at)
    return True
