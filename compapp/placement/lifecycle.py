"""The life cycles of a matching, of an offer, and of a place on a waiting list. Pure tables."""

from compapp.core.lifecycle import Lifecycle, StateLabels, Transition
from compapp.core.text import N_

_ORGANISER = N_("an organiser of the contest")
_SECOND = N_("a second person: organiser or approver")
_LEAD = N_("the team’s lead")
_CLOCK = N_("the system")

PROPOSED, RELEASED, DROPPED, IMPORTED = "proposed", "released", "dropped", "imported"

RUN = Lifecycle(
    name="placement.match_run",
    states={
        PROPOSED: StateLabels(N_("Proposed, to be released by a second person"), N_("Being prepared")),
        RELEASED: StateLabels(N_("Released"), N_("Released")),
        DROPPED: StateLabels(N_("Dropped"), N_("Dropped")),
        IMPORTED: StateLabels(N_("Taken over from a file"), N_("Taken over from a file")),
    },
    transitions=(
        Transition("release", (PROPOSED,), RELEASED, _SECOND, "nothing has changed since it was computed"),
        Transition("drop", (PROPOSED,), DROPPED, _ORGANISER),
    ),
)

OFFERED, ACCEPTED, DECLINED = "offered", "accepted", "declined"
LAPSED, WITHDRAWN, GIVEN_BACK = "lapsed", "withdrawn", "given_back"
LIVE = (OFFERED, ACCEPTED)
"""States in which an offer holds a place."""

OFFER = Lifecycle(
    name="placement.offer",
    states={
        OFFERED: StateLabels(N_("Waiting for the team’s answer"), N_("Waiting for your answer")),
        ACCEPTED: StateLabels(N_("Accepted"), N_("Accepted")),
        DECLINED: StateLabels(N_("Declined"), N_("Declined")),
        LAPSED: StateLabels(N_("Lapsed without an answer"), N_("Lapsed without an answer")),
        WITHDRAWN: StateLabels(N_("Withdrawn"), N_("Withdrawn")),
        GIVEN_BACK: StateLabels(N_("Given back"), N_("Given back")),
    },
    transitions=(
        Transition("accept", (OFFERED,), ACCEPTED, _LEAD, "not expired"),
        Transition("decline", (OFFERED,), DECLINED, _LEAD),
        Transition("lapse", (OFFERED,), LAPSED, _CLOCK, "expired"),
        Transition("withdraw", (OFFERED, ACCEPTED), WITHDRAWN, _ORGANISER),
        Transition("give_back", (ACCEPTED,), GIVEN_BACK, _LEAD, "another place was accepted, or the team has left"),
        Transition("offer_again", (LAPSED, WITHDRAWN, GIVEN_BACK, DECLINED), OFFERED, _ORGANISER, "a free place"),
    ),
)

ORIGINS = {
    "matching": N_("Matching"),
    "waiting_list": N_("Waiting list"),
    "by_hand": N_("By hand"),
    "imported": N_("Taken over from a file"),
}

WAITING, CALLED, LEFT = "waiting", "offered", "left"

WAITING_PLACE = Lifecycle(
    name="placement.waiting_place",
    states={
        WAITING: StateLabels(N_("Waiting"), N_("Waiting")),
        CALLED: StateLabels(N_("Offered a place"), N_("Offered a place")),
        LEFT: StateLabels(N_("Left the list"), N_("Left the list")),
    },
    transitions=(
        Transition("call", (WAITING,), CALLED, _CLOCK, "a place is free"),
        Transition("leave", (WAITING, CALLED), LEFT, _LEAD),
        Transition("wait_again", (LEFT, CALLED), WAITING, _SECOND),
    ),
)
