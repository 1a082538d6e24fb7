"""The verbs of the clubs room."""

from compapp.clubs.services.activities import (
    ActivityPlan,
    announce_activity,
    cancel_activity,
    change_activity,
    conclude_activity,
    plan_activity,
    remind_of_activities,
)
from compapp.clubs.services.attendance import check_in, is_taking_attendance, mark_present, may_be_corrected, unmark
from compapp.clubs.services.cohorts import add_member, ensure_cohort, ensure_cohort_member, set_cohort
from compapp.clubs.services.members import (
    answer_request,
    ask_to_join,
    carry_over,
    close_link,
    join_by_link,
    name_advisor,
    note_list,
    remove_member,
    renew_link,
    save_student_record,
    set_role,
)
from compapp.clubs.services.messages import SUBJECT_MOST, TEXT_MOST, Words, checked_words, write_to_cohort
from compapp.clubs.services.registrations import register, withdraw

__all__ = [
    "SUBJECT_MOST",
    "TEXT_MOST",
    "ActivityPlan",
    "Words",
    "add_member",
    "announce_activity",
    "answer_request",
    "ask_to_join",
    "cancel_activity",
    "carry_over",
    "change_activity",
    "check_in",
    "checked_words",
    "close_link",
    "conclude_activity",
    "ensure_cohort",
    "ensure_cohort_member",
    "is_taking_attendance",
    "join_by_link",
    "mark_present",
    "may_be_corrected",
    "name_advisor",
    "note_list",
    "plan_activity",
    "register",
    "remind_of_activities",
    "remove_member",
    "renew_link",
    "save_student_record",
    "set_cohort",
    "set_role",
    "unmark",
    "withdraw",
    "write_to_cohort",
]
