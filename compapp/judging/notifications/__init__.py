"""What judging tells whom, by noun. No message to a judge names a team, no message to a team a judge."""

from compapp.judging.notifications.jury import (
    assigned,
    conflict_declared,
    conflict_overridden,
    desk_link,
    handed_over,
    institution_changed,
    judge_cannot,
    judge_left,
    jury_answered,
    jury_invitation,
    scoring_extended,
)
from compapp.judging.notifications.sheets import (
    paper_returned,
    paper_waiting,
    scoring_reminder,
    sheet_reopened,
    sheets_late,
    spread_alert,
    unlock_asked,
    unlock_refused,
    verdicts_apart,
)

__all__ = [
    "assigned",
    "conflict_declared",
    "conflict_overridden",
    "institution_changed",
    "desk_link",
    "handed_over",
    "judge_cannot",
    "judge_left",
    "jury_answered",
    "jury_invitation",
    "paper_returned",
    "paper_waiting",
    "scoring_extended",
    "scoring_reminder",
    "sheet_reopened",
    "sheets_late",
    "spread_alert",
    "unlock_asked",
    "unlock_refused",
    "verdicts_apart",
]
