"""The verbs of the entries room. Subject first, then keywords; ``actor`` and ``at`` are always given."""

from compapp.entries.services.appeals import decide_appeal, file_appeal
from compapp.entries.services.attachments import (
    PreparedFile,
    attach,
    attach_file,
    attach_link,
    check_may_attach,
    later_window_open,
    prepare_file,
    remove_attachment,
    rule_of,
    safe_name,
)
from compapp.entries.services.blinding import (
    examine_again,
    forget_stale_examinations,
    keep_examination,
    mark_false_alarm,
    replace_file,
    stale_files,
)
from compapp.entries.services.bulk import Choice, decide_many, let_go, undo_act
from compapp.entries.services.cases import case_of, open_case, settle_case, state_in_case, statements_of
from compapp.entries.services.copies import (
    Likeness,
    compare_contest,
    dismiss_flag,
    is_party,
    keep_comparison,
    keep_reading,
    likenesses,
    may_read_other,
    pursue_flag,
    read_version,
)
from compapp.entries.services.decision_lists import check_list, keep_list, take_up_list
from compapp.entries.services.drafts import CLOSED_SENTENCE, Saved, save_answers, start_entry
from compapp.entries.services.eligibility import OUTCOMES, decide_eligibility
from compapp.entries.services.eligibility_round import follow_eligibility
from compapp.entries.services.endorsements import (
    confirm_endorsement,
    endorse_many,
    note_school_list,
    set_preferences,
)
from compapp.entries.services.guardians import answer_guardian, ask_guardian, asked_by
from compapp.entries.services.merging import merge_entries
from compapp.entries.services.ownership import state_ownership
from compapp.entries.services.reminders import post_reminders
from compapp.entries.services.submission import (
    canonical,
    content_of,
    digest_of,
    reopen_entry,
    submit_entry,
    withdraw_entry,
)
from compapp.entries.services.team import (
    accept_invitation,
    change_role,
    invitation_of,
    invite_member,
    leave_team,
    member_of,
    remove_member,
    update_member,
    withdraw_invitation,
)
from compapp.entries.services.telling import tell_teams_of_rules
from compapp.entries.services.viewing import note_download, note_view
from compapp.entries.services.winners import check_winners, clear_winners, keep_winners, take_up_winners

__all__ = [
    "CLOSED_SENTENCE",
    "Choice",
    "OUTCOMES",
    "Likeness",
    "PreparedFile",
    "Saved",
    "accept_invitation",
    "answer_guardian",
    "ask_guardian",
    "asked_by",
    "attach",
    "attach_file",
    "attach_link",
    "canonical",
    "case_of",
    "change_role",
    "check_list",
    "check_may_attach",
    "check_winners",
    "clear_winners",
    "compare_contest",
    "confirm_endorsement",
    "content_of",
    "decide_appeal",
    "decide_eligibility",
    "decide_many",
    "follow_eligibility",
    "digest_of",
    "dismiss_flag",
    "endorse_many",
    "examine_again",
    "file_appeal",
    "forget_stale_examinations",
    "invitation_of",
    "invite_member",
    "keep_comparison",
    "keep_examination",
    "keep_list",
    "keep_reading",
    "keep_winners",
    "later_window_open",
    "leave_team",
    "let_go",
    "likenesses",
    "mark_false_alarm",
    "is_party",
    "may_read_other",
    "member_of",
    "merge_entries",
    "note_download",
    "note_school_list",
    "note_view",
    "open_case",
    "post_reminders",
    "prepare_file",
    "pursue_flag",
    "read_version",
    "remove_attachment",
    "remove_member",
    "reopen_entry",
    "replace_file",
    "rule_of",
    "safe_name",
    "set_preferences",
    "save_answers",
    "settle_case",
    "stale_files",
    "start_entry",
    "state_in_case",
    "state_ownership",
    "statements_of",
    "submit_entry",
    "take_up_list",
    "take_up_winners",
    "tell_teams_of_rules",
    "undo_act",
    "update_member",
    "withdraw_entry",
    "withdraw_invitation",
]
