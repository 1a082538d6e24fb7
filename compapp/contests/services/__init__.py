"""The verbs of the contests room."""

from compapp.contests.services.contests import (
    announce_contest,
    archive_contest,
    close_contest,
    conclude_contest,
    create_contest,
)
from compapp.contests.services.file import clone_contest, export_file, import_document, import_file
from compapp.contests.services.messages import change_message
from compapp.contests.services.papers import save_paper
from compapp.contests.services.revision import (
    change_calendar,
    extend_deadline,
    revise,
    tell_of_rule_change,
)
from compapp.contests.services.roles import end_role, ensure_role, grant_role, revoke_role
from compapp.contests.services.rounds import close_round, follow_calendar, move_round, open_round, reopen_round
from compapp.contests.services.setup import accept_warnings, accepted_warnings, check_setup, open_warnings
from compapp.contests.services.sponsors import clean_logo, keep_logo

__all__ = [
    "accept_warnings",
    "accepted_warnings",
    "announce_contest",
    "archive_contest",
    "change_calendar",
    "change_message",
    "check_setup",
    "clean_logo",
    "clone_contest",
    "close_contest",
    "close_round",
    "conclude_contest",
    "create_contest",
    "end_role",
    "ensure_role",
    "export_file",
    "extend_deadline",
    "follow_calendar",
    "grant_role",
    "import_document",
    "import_file",
    "keep_logo",
    "move_round",
    "open_round",
    "open_warnings",
    "reopen_round",
    "revise",
    "revoke_role",
    "save_paper",
    "tell_of_rule_change",
]
