"""The life of a student number: said by the student, confirmed or refused by the school. Pure."""

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
