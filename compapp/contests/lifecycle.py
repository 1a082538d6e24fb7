"""The life of a contest and of each of its rounds."""

from compapp.core.lifecycle import Lifecycle, StateLabels, Transition
from compapp.core.text import N_

DRAFT, OPEN, CLOSED, JUDGING, DECIDED, ARCHIVED = "draft", "open", "closed", "judging", "decided", "archived"

_ORGANISER = N_("the organiser")
_CLOCK = N_("the clock, at the deadline")

CONTEST = Lifecycle(
    name="contests.contest",
    states={
        DRAFT: StateLabels(N_("Draft, not public"), N_("In preparation")),
        OPEN: StateLabels(N_("Announced, entries are received"), N_("Open for entries")),
        CLOSED: StateLabels(N_("Closed for entries"), N_("Entries are closed")),
        JUDGING: StateLabels(N_("Being judged"), N_("Being judged")),
        DECIDED: StateLabels(N_("Results decided"), N_("Results are out")),
        ARCHIVED: StateLabels(N_("Archived"), N_("Ended")),
    },
    transitions=(
        Transition(
            "announce", (DRAFT,), OPEN, _ORGANISER, N_("the definition is complete and the calendar lies ahead")
        ),
        Transition("close", (OPEN,), CLOSED, _CLOCK),
        Transition("reopen", (CLOSED, JUDGING), OPEN, _ORGANISER, N_("a later deadline was set, with a reason")),
        Transition("start_judging", (CLOSED, OPEN), JUDGING, N_("the organiser, or the clock when scoring opens")),
        Transition("decide", (JUDGING, CLOSED), DECIDED, N_("the organiser, with the last publication")),
        Transition("resume_judging", (DECIDED,), JUDGING, _ORGANISER),
        Transition("archive", (OPEN, CLOSED, JUDGING, DECIDED), ARCHIVED, _ORGANISER),
    ),
)

PLANNED, ROUND_OPEN, ROUND_CLOSED, ROUND_DECIDED, PUBLISHED = "planned", "open", "closed", "decided", "published"

ROUND = Lifecycle(
    name="contests.round",
    states={
        PLANNED: StateLabels(N_("Planned"), N_("Not yet open")),
        ROUND_OPEN: StateLabels(N_("Under way"), N_("Under way")),
        ROUND_CLOSED: StateLabels(N_("Closed, not decided"), N_("Being evaluated")),
        ROUND_DECIDED: StateLabels(N_("Decided, not published"), N_("Being evaluated")),
        PUBLISHED: StateLabels(N_("Published"), N_("Results published")),
    },
    transitions=(
        Transition("open", (PLANNED,), ROUND_OPEN, N_("the organiser, or the clock when it opens")),
        Transition("close", (ROUND_OPEN,), ROUND_CLOSED, N_("the organiser, or the clock when it closes")),
        Transition("reopen", (ROUND_CLOSED,), ROUND_OPEN, N_("the organiser, with a reason")),
        Transition("decide", (PLANNED, ROUND_OPEN, ROUND_CLOSED), ROUND_DECIDED, N_("organiser and second person")),
        Transition("withdraw_decision", (ROUND_DECIDED,), ROUND_CLOSED, _ORGANISER),
        Transition("publish", (ROUND_DECIDED, ROUND_CLOSED), PUBLISHED, N_("organiser and second person")),
    ),
)
