"""The life cycles of a judge's seat, an assignment and a score sheet."""

from compapp.core.lifecycle import Lifecycle, StateLabels, Transition
from compapp.core.text import N_

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
        Transition("reopen", (SUBMITTED,), DRAFT, N_("the chair, asked by the judge"), N_("both are recorded")),
        Transition("void", (DRAFT, UNCONFIRMED, SUBMITTED), VOID, N_("organiser or chair"), N_("a reason is given")),
    ),
)
