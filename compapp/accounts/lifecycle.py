"""The lives of a student number and of an invitation into an organisation. Pure."""

from compapp.core.lifecycle import Lifecycle, StateLabels, Transition
from compapp.core.text import N_

STATED, CONFIRMED, REFUSED = "stated", "confirmed", "refused"

IDENTITY = Lifecycle(
    "accounts.identity",
    {
        STATED: StateLabels(N_("to be confirmed"), N_("waits for your school")),
        CONFIRMED: StateLabels(N_("confirmed"), N_("confirmed by your school")),
        REFUSED: StateLabels(N_("refused"), N_("refused by your school")),
    },
    (
        Transition("confirm", (STATED, REFUSED), CONFIRMED, N_("A representative of the school")),
        Transition("refuse", (STATED, CONFIRMED), REFUSED, N_("A representative of the school")),
        Transition("state_again", (STATED, REFUSED, CONFIRMED), STATED, N_("The student")),
    ),
)

SENT, ACCEPTED, DECLINED, WITHDRAWN = "sent", "accepted", "declined", "withdrawn"

_LEADER = N_("who leads the organisation")

INVITATION = Lifecycle(
    "accounts.invitation",
    {
        SENT: StateLabels(N_("Waits for an answer"), N_("Waits for your answer")),
        ACCEPTED: StateLabels(N_("Accepted"), N_("Accepted")),
        DECLINED: StateLabels(N_("Declined"), N_("Declined")),
        WITHDRAWN: StateLabels(N_("Taken back"), N_("The organisation has taken it back")),
    },
    (
        Transition("accept", (SENT,), ACCEPTED, N_("whose address it is")),
        Transition("decline", (SENT,), DECLINED, N_("whose address it is")),
        Transition("withdraw", (SENT,), WITHDRAWN, _LEADER),
        Transition("send_again", (SENT, ACCEPTED, DECLINED, WITHDRAWN), SENT, _LEADER, N_("once a day")),
    ),
)
