"""The life cycles of a judge's seat, an assignment, a score sheet, a shortlist and a place."""

from compapp.core.lifecycle import Lifecycle, StateLabels, Transition
from compapp.core.text import N_
from compapp.entries.lifecycle import DISMISSED, FILED, UPHELD

INVITED, ACCEPTED, DECLINED, LEFT = "invited", "accepted", "declined", "left"
PROPOSED, OPEN, WITHDRAWN = "proposed", "open", "withdrawn"
DRAFT, UNCONFIRMED, SUBMITTED, VOID = "draft", "unconfirmed", "submitted", "void"
ONLINE, PAPER, LIVE = "online", "paper", "live"

_JUDGE = N_("the judge")
_JURY_OFFICE = N_("organiser, secretary or chair")

SEAT = Lifecycle(
    "judging.seat",
    {
        INVITED: StateLabels(N_("Invited, no answer yet"), N_("Invited")),
        ACCEPTED: StateLabels(N_("Accepted"), N_("Accepted")),
        DECLINED: StateLabels(N_("Declined"), N_("Declined")),
        LEFT: StateLabels(N_("Left the jury"), N_("Left the jury")),
    },
    (
        Transition("accept", (INVITED,), ACCEPTED, _JUDGE, N_("confidentiality is pledged")),
        Transition("decline", (INVITED,), DECLINED, _JUDGE),
        Transition("invite_again", (DECLINED, LEFT), INVITED, N_("organiser")),
        Transition("leave", (INVITED, ACCEPTED), LEFT, N_("organiser, chair or the judge"), N_("a reason is given")),
    ),
)

ASSIGNMENT = Lifecycle(
    "judging.assignment",
    {
        PROPOSED: StateLabels(N_("Proposed, hidden from the judge"), N_("Proposed")),
        OPEN: StateLabels(N_("Given to the judge"), N_("To score")),
        WITHDRAWN: StateLabels(N_("Withdrawn"), N_("Withdrawn")),
    },
    (
        Transition("publish", (PROPOSED,), OPEN, _JURY_OFFICE),
        Transition("withdraw", (PROPOSED, OPEN), WITHDRAWN, N_("organiser, chair or the judge"), N_("a reason")),
        Transition("give_again", (WITHDRAWN,), OPEN, _JURY_OFFICE, N_("a reason is given")),
    ),
)

SHEET = Lifecycle(
    "judging.sheet",
    {
        DRAFT: StateLabels(N_("Draft"), N_("Draft")),
        UNCONFIRMED: StateLabels(N_("On paper, waits for a second person"), N_("Waiting for confirmation")),
        SUBMITTED: StateLabels(N_("Submitted"), N_("Submitted")),
        VOID: StateLabels(N_("Void"), N_("Void")),
    },
    (
        Transition("submit", (DRAFT,), SUBMITTED, _JUDGE, N_("every criterion has a score")),
        Transition("enter", (DRAFT,), UNCONFIRMED, N_("secretary"), N_("the sheet lies there on paper")),
        Transition("confirm", (UNCONFIRMED,), SUBMITTED, N_("a second secretary or the organiser")),
        Transition("send_back", (UNCONFIRMED,), DRAFT, N_("a second secretary or the organiser"), N_("a note")),
        Transition("ask_to_unlock", (SUBMITTED,), SUBMITTED, _JUDGE, N_("a reason is given")),
        Transition(
            "refuse_unlock", (SUBMITTED,), SUBMITTED, N_("the chair, asked by the judge"), N_("a reason is given")
        ),
        Transition("reopen", (SUBMITTED,), DRAFT, N_("the chair, asked by the judge"), N_("both are recorded")),
        Transition("void", (DRAFT, UNCONFIRMED, SUBMITTED), VOID, N_("organiser or chair"), N_("a reason is given")),
    ),
)

APPROVED, PUBLISHED = "approved", "published"

_PREPARERS = N_("organiser, secretary or chair")
_SECOND = N_("a second person: approver, chair or organiser")

SHORTLIST = Lifecycle(
    "judging.shortlist",
    {
        PROPOSED: StateLabels(N_("Prepared, waits for a second person"), N_("Being decided")),
        APPROVED: StateLabels(N_("Approved, not published yet"), N_("Being decided")),
        PUBLISHED: StateLabels(N_("Published"), N_("Published")),
        WITHDRAWN: StateLabels(N_("Withdrawn"), N_("Withdrawn")),
    },
    (
        Transition("approve", (PROPOSED,), APPROVED, _SECOND, N_("not the one who prepared it")),
        Transition("publish", (APPROVED,), PUBLISHED, _SECOND, N_("the scores are still those that were approved")),
        Transition("withdraw", (PROPOSED, APPROVED), WITHDRAWN, _PREPARERS, N_("a reason is given")),
    ),
)

RESERVE, WAITING, CONFIRMED, LAPSED, REVOKED = "reserve", "waiting", "confirmed", "lapsed", "revoked"

_LEAD = N_("the team’s lead")
_CLOCK = N_("the clock")
_CORRECTION = N_("a published correction")

PLACE = Lifecycle(
    "judging.place",
    {
        RESERVE: StateLabels(N_("Reserve"), N_("Reserve")),
        WAITING: StateLabels(N_("Waits for the team’s answer"), N_("Please confirm")),
        CONFIRMED: StateLabels(N_("Confirmed"), N_("Confirmed")),
        DECLINED: StateLabels(N_("Declined by the team"), N_("Declined")),
        LAPSED: StateLabels(N_("Lapsed without an answer"), N_("Lapsed")),
        REVOKED: StateLabels(N_("Taken back by a correction"), N_("Taken back")),
    },
    (
        Transition("confirm", (WAITING,), CONFIRMED, _LEAD, N_("before the deadline")),
        Transition("decline", (WAITING, CONFIRMED, RESERVE), DECLINED, _LEAD),
        Transition("lapse", (WAITING,), LAPSED, _CLOCK, N_("the deadline has passed")),
        Transition("promote", (RESERVE,), WAITING, _CLOCK, N_("a place of the board is free")),
        Transition("step_back", (WAITING, CONFIRMED, LAPSED, REVOKED), RESERVE, _CORRECTION),
        Transition("revoke", (WAITING, CONFIRMED, RESERVE, LAPSED), REVOKED, _CORRECTION),
        Transition("restore", (REVOKED, LAPSED, RESERVE), WAITING, _CORRECTION),
        Transition("let_go", (WAITING, CONFIRMED, RESERVE), DECLINED, N_("the team withdrew its entry")),
    ),
)

EXPECTED, CALLED, PITCHING, QUESTIONS, DONE, ABSENT = "waiting", "called", "pitching", "questions", "done", "absent"
ON_STAGE = (CALLED, PITCHING, QUESTIONS)
"""States of a slot whose team has the stage."""

_AT_THE_STAGE = N_("organiser, secretary or chair")
_AT_THE_DOOR = N_("organiser or secretary")

SLOT = Lifecycle(
    "judging.slot",
    {
        EXPECTED: StateLabels(N_("Has not pitched yet"), N_("Still to come")),
        CALLED: StateLabels(N_("Called to the stage"), N_("Called to the stage")),
        PITCHING: StateLabels(N_("On stage, pitching"), N_("On stage, pitching")),
        QUESTIONS: StateLabels(N_("On stage, answering questions"), N_("On stage, answering questions")),
        DONE: StateLabels(N_("Has pitched"), N_("Has pitched")),
        ABSENT: StateLabels(N_("Did not come"), N_("Did not come")),
        WITHDRAWN: StateLabels(N_("Withdrawn"), N_("Withdrawn")),
    },
    (
        Transition("call", (EXPECTED,), CALLED, _AT_THE_STAGE, N_("nobody else is on stage")),
        Transition("start", (EXPECTED, CALLED), PITCHING, _AT_THE_STAGE, N_("nobody else is on stage")),
        Transition("ask", (PITCHING,), QUESTIONS, _AT_THE_STAGE),
        Transition("end", (PITCHING, QUESTIONS), DONE, _AT_THE_STAGE),
        Transition("take_back", (CALLED, PITCHING), EXPECTED, _AT_THE_STAGE),
        Transition("go_on", (DONE,), QUESTIONS, _AT_THE_STAGE, N_("nobody else is on stage")),
        Transition("miss", (EXPECTED, CALLED), ABSENT, _AT_THE_DOOR, N_("a reason is given")),
        Transition("come_after_all", (ABSENT,), EXPECTED, _AT_THE_DOOR, N_("a reason is given")),
        Transition(
            "withdraw",
            (EXPECTED, CALLED, PITCHING, QUESTIONS, ABSENT),
            WITHDRAWN,
            N_("the team withdrew its entry"),
        ),
    ),
)

CLOSED, DROPPED = "closed", "dropped"

_CHAIR = N_("the chair")

MOTION = Lifecycle(
    "judging.motion",
    {
        OPEN: StateLabels(N_("The jury votes"), N_("The jury votes")),
        CLOSED: StateLabels(N_("Counted"), N_("Counted")),
        DROPPED: StateLabels(N_("Dropped"), N_("Dropped")),
    },
    (
        Transition("close", (OPEN,), CLOSED, _CHAIR, N_("nobody who voted has left the room since")),
        Transition("drop", (OPEN,), DROPPED, _CHAIR, N_("a reason is given")),
    ),
)

_OFFICER = N_("an officer who took no part in the result")

RESULT_APPEAL = Lifecycle(
    "judging.appeal",
    {
        FILED: StateLabels(N_("To decide"), N_("Being looked into")),
        UPHELD: StateLabels(N_("Upheld: one thing is opened again"), N_("Upheld: one thing is opened again")),
        DISMISSED: StateLabels(N_("Dismissed: the result stands"), N_("Dismissed: the result stands")),
    },
    (
        Transition("uphold", (FILED,), UPHELD, _OFFICER, N_("exactly one thing is opened again")),
        Transition("dismiss", (FILED,), DISMISSED, _OFFICER, N_("a reason is given")),
    ),
)
