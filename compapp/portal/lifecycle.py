"""The life of an entry's place in the public gallery. Pure."""

from compapp.core.lifecycle import Lifecycle, StateLabels, Transition
from compapp.core.text import N_

SHOWN, TAKEN_DOWN, HIDDEN = "shown", "taken_down", "hidden"

LISTING = Lifecycle(
    name="portal.listing",
    states={
        SHOWN: StateLabels(N_("In the gallery"), N_("In the gallery")),
        TAKEN_DOWN: StateLabels(N_("Taken down by the team"), N_("Not in the gallery")),
        HIDDEN: StateLabels(N_("Hidden by the organiser"), N_("Hidden by the organiser")),
    },
    transitions=(
        Transition("show", (SHOWN, TAKEN_DOWN), SHOWN, N_("the team’s lead")),
        Transition("take_down", (SHOWN,), TAKEN_DOWN, N_("anybody on the team")),
        Transition("hide", (SHOWN, TAKEN_DOWN), HIDDEN, N_("an organiser of the contest")),
        Transition("allow", (HIDDEN,), TAKEN_DOWN, N_("an organiser of the contest")),
    ),
)
