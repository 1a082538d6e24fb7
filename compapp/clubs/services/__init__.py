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
from compapp.clubs.services.cohorts import ensure_cohort, ensure_cohort_member, set_cohort
from compapp.clubs.services.invitation_lists import MOST as MOST_INVITED
from compapp.clubs.services.invitation_lists import check_invitations, invite_list, keep_invitations
from compapp.clubs.services.invitations import INVITATION_LASTS, admit, must_take
from compapp.clubs.services.members import (
    answer_request,
    ask_to_join,
    carry_over,
    close_link,
    join_by_link,
    note_list,
    note_studies,
    remove_member,
    renew_link,
    set_role,
)
from compapp.clubs.services.messages import SUBJECT_MOST, TEXT_MOST, Words, checked_words, write_to_cohort
from compapp.clubs.services.registrations import register, withdraw

__all__ = [
    "INVITATION_LASTS",
    "MOST_INVITED",
    "SUBJECT_MOST",
    "TEXT_MOST",
    "ActivityPlan",
    "Words",
    "admit",
    "announce_activity",
    "answer_request",
    "ask_to_join",
    "cancel_activity",
    "carry_over",
    "change_activity",
    "check_in",
    "check_invitations",
    "checked_words",
    "close_link",
    "conclude_activity",
    "ensure_cohort",
    "ensure_cohort_member",
    "invite_list",
    "is_taking_attendance",
    "join_by_link",
    "keep_invitations",
    "mark_present",
    "may_be_corrected",
    "must_take",
    "note_list",
    "note_studies",
    "plan_activity",
    "register",
    "remind_of_activities",
    "remove_member",
    "renew_link",
    "set_cohort",
    "set_role",
    "unmark",
    "withdraw",
    "write_to_cohort",
]
