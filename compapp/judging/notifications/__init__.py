"""What judging tells whom, by noun. No message to a judge names a team, no message to a team a judge."""

from compapp.judging.notifications.jury import (
    assigned,
    conflict_declared,
    desk_link,
    judge_left,
    jury_answered,
    jury_invitation,
)
from compapp.judging.notifications.sheets import (
    paper_returned,
    paper_waiting,
    scoring_reminder,
    sheet_reopened,
    sheets_late,
    spread_alert,
    unlock_asked,
)

__all__ = [
    "assigned",
    "conflict_declared",
    "desk_link",
    "judge_left",
    "jury_answered",
    "jury_invitation",
    "paper_returned",
    "paper_waiting",
    "scoring_reminder",
    "sheet_reopened",
    "sheets_late",
    "spread_alert",
    "unlock_asked",
]
