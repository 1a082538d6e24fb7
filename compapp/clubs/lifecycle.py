"""The life cycles of a club's activity, of a registration for it, and of a request to join. Pure tables."""

from compapp.core.lifecycle import Lifecycle, StateLabels, Transition
from compapp.core.text import N_

_MANAGER = N_("a manager of the club")
_STUDENT = N_("the student")

PLANNED, OPEN, HELD, CANCELLED = "planned", "open", "held", "cancelled"

ACTIVITY = Lifecycle(
    name="clubs.activity",
    states={
        PLANNED: StateLabels(N_("Planned, not announced"), N_("In preparation")),
        OPEN: StateLabels(N_("Open for registration"), N_("Open for registration")),
        HELD: StateLabels(N_("Held"), N_("Held")),
        CANCELLED: StateLabels(N_("Cancelled"), N_("Cancelled")),
    },
    transitions=(
        Transition("announce", (PLANNED,), OPEN, _MANAGER, "it has not begun"),
        Transition("conclude", (OPEN,), HELD, _MANAGER, "it has begun"),
        Transition("cancel", (PLANNED, OPEN), CANCELLED, _MANAGER, "with a reason"),
    ),
)

REGISTERED, WAITING, WITHDRAWN = "registered", "waiting", "withdrawn"

REGISTRATION = Lifecycle(
    name="clubs.registration",
    states={
        REGISTERED: StateLabels(N_("Registered"), N_("You have a place")),
        WAITING: StateLabels(N_("On the waiting list"), N_("You are on the waiting list")),
        WITHDRAWN: StateLabels(N_("Withdrawn"), N_("You have given up your place")),
    },
    transitions=(
        Transition("move_up", (WAITING,), REGISTERED, N_("the system, when a place is free")),
        Transition("take_place", (WITHDRAWN, WAITING), REGISTERED, _STUDENT, "a place is free"),
        Transition("queue", (WITHDRAWN,), WAITING, _STUDENT, "no place is free"),
        Transition("withdraw", (REGISTERED, WAITING), WITHDRAWN, _STUDENT, "the activity is not over"),
    ),
)

ASKED, ACCEPTED, DECLINED = "asked", "accepted", "declined"

JOIN_REQUEST = Lifecycle(
    name="clubs.join_request",
    states={
        ASKED: StateLabels(N_("Waits for an answer"), N_("Waits for the club’s answer")),
        ACCEPTED: StateLabels(N_("Accepted"), N_("Accepted")),
        DECLINED: StateLabels(N_("Declined"), N_("Declined")),
    },
    transitions=(
        Transition("accept", (ASKED,), ACCEPTED, _MANAGER),
        Transition("decline", (ASKED,), DECLINED, _MANAGER, "with a reason"),
        Transition("ask_again", (ACCEPTED, DECLINED), ASKED, _STUDENT),
    ),
)

REVIEWED, NOMINATED = "reviewed", "nominated"

REVIEW = Lifecycle(
    name="clubs.review",
    states={
        REVIEWED: StateLabels(N_("Looked at by the club"), N_("The club has looked at it")),
        NOMINATED: StateLabels(N_("Nominated to the school"), N_("Nominated to the school")),
    },
    transitions=(
        Transition("nominate", (REVIEWED,), NOMINATED, _MANAGER, "within the quota of the school"),
        Transition("take_back", (NOMINATED,), REVIEWED, _MANAGER, "before the school has confirmed"),
    ),
)

VERDICTS = {
    "ready": N_("Ready to be handed in"),
    "improve": N_("Good, but to be improved"),
    "early": N_("Not ready yet"),
}
"""What a club says of an entry before the school does."""

ROLES = {
    "head": N_("Head of the club"),
    "deputy": N_("Deputy head"),
    "secretary": N_("Club secretary"),
    "member": N_("Member"),
}
"""What a student is in the club during a term; the first in the list stands first on it."""

MEMBER = "member"

OFFICES = {"advisor": N_("Advisor"), "manager": N_("Manager")}
"""What somebody may be in the club's care beside the students of a term."""

KINDS = {
    "training": N_("Training class"),
    "workshop": N_("Workshop"),
    "meeting": N_("Club meeting"),
    "visit": N_("Visit to a company"),
    "event": N_("Event"),
}

TRAINING = ("training", "workshop")
"""Kinds that count as training: they follow a person into entries."""

TOPICS = {
    "": N_("No particular topic"),
    "ideas": N_("Finding an idea"),
    "ip": N_("Intellectual property"),
    "canvas": N_("Business model canvas"),
    "finance": N_("Finance and budget"),
    "pitching": N_("Pitching"),
    "market": N_("Customers and market"),
    "prototype": N_("Prototype"),
    "law": N_("Law and company set-up"),
}

OF_MEMBERS, OF_SCHOOL, OF_EVERYONE = "members", "school", "everyone"

AUDIENCES = {
    OF_MEMBERS: N_("Members of the club"),
    OF_SCHOOL: N_("Students of the school"),
    OF_EVERYONE: N_("Everybody with an account"),
}
