"""The verbs of judging, by noun."""

from compapp.judging.services.assignment import (
    assign,
    assign_panel,
    compute_assignment,
    discard_proposal,
    let_go_of_entry,
    publish_assignment,
    withdraw_assignment,
)
from compapp.judging.services.byes import BYE, end_bye, follow_rules, give_bye
from compapp.judging.services.chosen import choose_assignment, propose_panel
from compapp.judging.services.conflicts import declare_conflict, declare_conflicts, kinds_of, recuse
from compapp.judging.services.desk_links import ask_for_desk_links, send_desk_link
from compapp.judging.services.figures import update_figure, update_round
from compapp.judging.services.handover import extend_deadline, hand_over, leave_to
from compapp.judging.services.jury import (
    SeatWish,
    accept,
    answer_by_link,
    decline,
    door_of,
    invite_judge,
    remind_invited,
)
from compapp.judging.services.no_conflict import state_no_conflict
from compapp.judging.services.notes import keep_note
from compapp.judging.services.own_seat import (
    JudgeProfile,
    acknowledge_pledge,
    answer_assignment,
    state_profile,
)
from compapp.judging.services.paper import (
    PaperInput,
    confirm_paper_sheet,
    enter_paper_sheet,
    send_back_paper_sheet,
)
from compapp.judging.services.pull import fetch_more, let_judges_pull
from compapp.judging.services.reminders import remind_judge, send_due_reminders
from compapp.judging.services.replacement import add_reader, departure_plan, propose_reader, replace_judge
from compapp.judging.services.seat_change import change_seat
from compapp.judging.services.sheets import (
    SheetInput,
    ask_to_unlock,
    card_for,
    read_scores,
    refuse_unlock,
    reopen_sheet,
    save_sheet,
    submit_sheet,
    void_sheet,
)
from compapp.judging.services.ties import decide_tie, lift_kept, override_conflict

__all__ = [
    "BYE",
    "JudgeProfile",
    "PaperInput",
    "SeatWish",
    "SheetInput",
    "accept",
    "acknowledge_pledge",
    "add_reader",
    "answer_assignment",
    "answer_by_link",
    "ask_for_desk_links",
    "ask_to_unlock",
    "assign",
    "assign_panel",
    "change_seat",
    "choose_assignment",
    "card_for",
    "compute_assignment",
    "confirm_paper_sheet",
    "decide_tie",
    "declare_conflict",
    "declare_conflicts",
    "decline",
    "departure_plan",
    "discard_proposal",
    "door_of",
    "end_bye",
    "enter_paper_sheet",
    "extend_deadline",
    "fetch_more",
    "follow_rules",
    "give_bye",
    "hand_over",
    "invite_judge",
    "keep_note",
    "kinds_of",
    "leave_to",
    "let_go_of_entry",
    "lift_kept",
    "let_judges_pull",
    "override_conflict",
    "propose_panel",
    "propose_reader",
    "publish_assignment",
    "read_scores",
    "recuse",
    "refuse_unlock",
    "remind_invited",
    "remind_judge",
    "reopen_sheet",
    "replace_judge",
    "save_sheet",
    "send_back_paper_sheet",
    "send_desk_link",
    "send_due_reminders",
    "state_no_conflict",
    "state_profile",
    "submit_sheet",
    "update_figure",
    "update_round",
    "void_sheet",
    "withdraw_assignment",
]
