"""The verbs of the room, by noun."""

from compapp.incubation.services.bookings import (
    FARTHEST,
    MOST_PLACE,
    MOST_TOPIC,
    book_session,
    cancel_session,
    move_session,
)
from compapp.incubation.services.figures import (
    MOST_FIGURE,
    figure_faults,
    keep_figures,
)
from compapp.incubation.services.hours import (
    Span,
    forget_day,
    state_day,
    state_week,
)
from compapp.incubation.services.mentors import (
    assign_mentor,
    end_all,
    end_mentorship,
)
from compapp.incubation.services.milestones import (
    ASK_WITHIN,
    OUTCOMES,
    ask_for_outcomes,
    confirm_milestone,
    drop_milestone,
    remind_of_milestones,
    report_figures,
    report_milestone,
    return_milestone,
)
from compapp.incubation.services.residencies import (
    advance_stage,
    close_residency,
    graduate,
    leave,
    open_missing,
    open_residency,
)
from compapp.incubation.services.sessions import (
    MOST_TEXT,
    REMIND_BEFORE,
    SessionLog,
    log_session,
    record_absence,
    remind_of_sessions,
)

__all__ = [
    "ASK_WITHIN",
    "FARTHEST",
    "MOST_FIGURE",
    "MOST_PLACE",
    "MOST_TEXT",
    "MOST_TOPIC",
    "OUTCOMES",
    "REMIND_BEFORE",
    "SessionLog",
    "Span",
    "advance_stage",
    "ask_for_outcomes",
    "assign_mentor",
    "book_session",
    "cancel_session",
    "close_residency",
    "confirm_milestone",
    "drop_milestone",
    "end_all",
    "end_mentorship",
    "figure_faults",
    "forget_day",
    "graduate",
    "keep_figures",
    "leave",
    "log_session",
    "move_session",
    "open_missing",
    "open_residency",
    "record_absence",
    "remind_of_milestones",
    "remind_of_sessions",
    "report_figures",
    "report_milestone",
    "return_milestone",
    "state_day",
    "state_week",
]
