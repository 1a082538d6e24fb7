"""The life cycles of a residency, its milestones, mentors and sessions. Pure tables."""

from compapp.core.lifecycle import Lifecycle, StateLabels, Transition
from compapp.core.text import N_

_MANAGER = N_("a manager of the incubator")
_MENTOR = N_("the mentor")
_TEAM = N_("the team")
_ANY = N_("team, mentor or manager")

ACTIVE, GRADUATED, LEFT = "active", "graduated", "left"

RESIDENCY = Lifecycle(
    name="incubation.residency",
    states={
        ACTIVE: StateLabels(N_("In the incubator"), N_("In the incubator")),
        GRADUATED: StateLabels(N_("Graduated"), N_("Graduated")),
        LEFT: StateLabels(N_("Left the incubator"), N_("Left the incubator")),
    },
    transitions=(
        Transition("graduate", (ACTIVE,), GRADUATED, _MANAGER),
        Transition("leave", (ACTIVE,), LEFT, _MANAGER, "with a reason"),
        Transition("return", (LEFT,), ACTIVE, _MANAGER, "a new place was accepted"),
    ),
)

PLANNED, REPORTED, MET, DROPPED = "planned", "reported", "met", "dropped"

MILESTONE = Lifecycle(
    name="incubation.milestone",
    states={
        PLANNED: StateLabels(N_("Not reached yet"), N_("Not reached yet")),
        REPORTED: StateLabels(N_("Reported by the team, to be confirmed"), N_("Reported, being confirmed")),
        MET: StateLabels(N_("Met"), N_("Met")),
        DROPPED: StateLabels(N_("Dropped"), N_("Dropped")),
    },
    transitions=(
        Transition("report", (PLANNED,), REPORTED, _TEAM),
        Transition("confirm", (PLANNED, REPORTED), MET, N_("the mentor or a manager")),
        Transition("return", (REPORTED,), PLANNED, N_("the mentor or a manager")),
        Transition("drop", (PLANNED, REPORTED), DROPPED, _MANAGER),
    ),
)

ENDED = "ended"

MENTORSHIP = Lifecycle(
    name="incubation.mentorship",
    states={
        ACTIVE: StateLabels(N_("Mentors the team now"), N_("Mentors the team now")),
        ENDED: StateLabels(N_("Mentoring has ended"), N_("Mentoring has ended")),
    },
    transitions=(
        Transition("end", (ACTIVE,), ENDED, N_("the mentor or a manager"), "with a reason"),
        Transition("resume", (ENDED,), ACTIVE, _MANAGER, "the mentor has room"),
    ),
)

BOOKED, HELD, MISSED, CANCELLED = "booked", "held", "missed", "cancelled"

SESSION = Lifecycle(
    name="incubation.session",
    states={
        BOOKED: StateLabels(N_("Booked"), N_("Booked")),
        HELD: StateLabels(N_("Held"), N_("Held")),
        MISSED: StateLabels(N_("Missed"), N_("Missed")),
        CANCELLED: StateLabels(N_("Cancelled"), N_("Cancelled")),
    },
    transitions=(
        Transition("log", (BOOKED, HELD), HELD, _MENTOR, "once it has begun"),
        Transition("miss", (BOOKED,), MISSED, _ANY, "once it has begun"),
        Transition("move", (BOOKED,), BOOKED, _ANY, "before it begins"),
        Transition("cancel", (BOOKED,), CANCELLED, _ANY, "before it begins"),
    ),
)

RAG = {
    "green": N_("Green: on course"),
    "amber": N_("Amber: needs attention"),
    "red": N_("Red: at risk"),
}

MISSED_BY = {"mentor": N_("The mentor did not come"), "team": N_("The team did not come")}

FIGURES = {
    "customers": N_("Customers"),
    "jobs": N_("Jobs"),
    "revenue_vnd": N_("Revenue (đồng)"),
}
"""The figures of a team's progress, with their labels."""
