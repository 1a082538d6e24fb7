"""The life cycles of an entry, of the school's word on it, and of a case. Pure tables."""

from compapp.core.lifecycle import Lifecycle, StateLabels, Transition
from compapp.core.text import N_

DRAFT, SUBMITTED, NEEDS_FIX = "draft", "submitted", "needs_fix"
ELIGIBLE, INELIGIBLE, WITHDRAWN = "eligible", "ineligible", "withdrawn"
COUNTED = (SUBMITTED, NEEDS_FIX, ELIGIBLE)
"""States in which an entry counts as handed in (quotas, lists of the organiser)."""
ACTIVE = (DRAFT, *COUNTED)
"""States in which an entry ties its members to it (one team per person)."""

_LEAD = N_("the team’s lead")
_ORGANISER = N_("an organiser of the contest")
_OFFICER = N_("an officer without a conflict of interest")

ENTRY = Lifecycle(
    name="entries.entry",
    states={
        DRAFT: StateLabels(N_("Draft"), N_("Draft")),
        SUBMITTED: StateLabels(N_("Submitted, to be checked"), N_("Submitted")),
        NEEDS_FIX: StateLabels(N_("Sent back to be completed"), N_("Needs something from you")),
        ELIGIBLE: StateLabels(N_("Eligible"), N_("Eligible")),
        INELIGIBLE: StateLabels(N_("Not eligible"), N_("Not eligible")),
        WITHDRAWN: StateLabels(N_("Withdrawn"), N_("Withdrawn")),
    },
    transitions=(
        Transition("submit", (DRAFT, SUBMITTED, NEEDS_FIX), SUBMITTED, _LEAD, "open, complete, files sound"),
        Transition("withdraw", (DRAFT, SUBMITTED, NEEDS_FIX, ELIGIBLE), WITHDRAWN, _LEAD),
        Transition("accept", (SUBMITTED, NEEDS_FIX, INELIGIBLE), ELIGIBLE, _ORGANISER),
        Transition("send_back", (SUBMITTED, ELIGIBLE, NEEDS_FIX), NEEDS_FIX, _ORGANISER),
        Transition("reject", (SUBMITTED, NEEDS_FIX, ELIGIBLE), INELIGIBLE, _ORGANISER),
        Transition("merge", (SUBMITTED, NEEDS_FIX, ELIGIBLE, INELIGIBLE), WITHDRAWN, _ORGANISER, "same contest"),
        Transition("uphold_appeal", (INELIGIBLE,), ELIGIBLE, _OFFICER),
    ),
)

WAITING, CONFIRMED, REFUSED = "waiting", "confirmed", "refused"

_SCHOOL = N_("a representative of the school")

ENDORSEMENT = Lifecycle(
    name="entries.endorsement",
    states={
        WAITING: StateLabels(N_("Waiting for the school"), N_("Waiting for the school")),
        CONFIRMED: StateLabels(N_("Confirmed by the school"), N_("Confirmed by the school")),
        REFUSED: StateLabels(N_("Refused by the school"), N_("Refused by the school")),
    },
    transitions=(
        Transition("confirm", (WAITING, REFUSED), CONFIRMED, _SCHOOL, "within the institution’s quota"),
        Transition("refuse", (WAITING, CONFIRMED), REFUSED, _SCHOOL),
    ),
)

OPEN, SETTLED = "open", "settled"

CASE = Lifecycle(
    name="entries.case",
    states={
        OPEN: StateLabels(N_("Open"), N_("Being looked into")),
        SETTLED: StateLabels(N_("Settled"), N_("Settled")),
    },
    transitions=(Transition("settle", (OPEN,), SETTLED, _ORGANISER),),
)

DISMISSED, PURSUED = "dismissed", "pursued"

SIMILARITY = Lifecycle(
    name="entries.similarity",
    states={
        OPEN: StateLabels(N_("To look at"), N_("To look at")),
        DISMISSED: StateLabels(N_("Not a copy"), N_("Not a copy")),
        PURSUED: StateLabels(N_("A case was opened"), N_("A case was opened")),
    },
    transitions=(
        Transition("dismiss", (OPEN,), DISMISSED, _ORGANISER),
        Transition("pursue", (OPEN,), PURSUED, _ORGANISER),
        Transition("raise_again", (DISMISSED,), OPEN, N_("the clock, when a later version is more alike")),
    ),
)

FILED, UPHELD = "filed", "upheld"

APPEAL = Lifecycle(
    name="entries.appeal",
    states={
        FILED: StateLabels(N_("To decide"), N_("Being looked into")),
        UPHELD: StateLabels(N_("Upheld: the entry takes part"), N_("Upheld: the entry takes part")),
        DISMISSED: StateLabels(N_("Dismissed"), N_("Dismissed")),
    },
    transitions=(
        Transition("uphold", (FILED,), UPHELD, _OFFICER),
        Transition("dismiss", (FILED,), DISMISSED, _OFFICER),
    ),
)

ASKED, GRANTED, TAKEN_BACK = "asked", "granted", "taken_back"
_WHO_ASKED = N_("who asked, or the lead")

TEAM_REQUEST = Lifecycle(
    name="entries.team_request",
    states={
        ASKED: StateLabels(N_("To decide"), N_("Waiting for the organiser")),
        GRANTED: StateLabels(N_("Granted"), N_("Granted")),
        REFUSED: StateLabels(N_("Refused"), N_("Refused")),
        TAKEN_BACK: StateLabels(N_("Taken back"), N_("Taken back")),
    },
    transitions=(
        Transition("grant", (ASKED,), GRANTED, _ORGANISER, "within the rules of the board"),
        Transition("refuse", (ASKED,), REFUSED, _ORGANISER),
        Transition("take_back", (ASKED,), TAKEN_BACK, _WHO_ASKED),
    ),
)

TEAM_CHANGES = {
    "leave": N_("A member leaves"),
    "replace": N_("A member is replaced"),
    "add": N_("Somebody joins"),
    "lead": N_("Another member leads"),
}

GIVEN = "given"
MAILED, PASSED_ON = "mailed", "passed_on"
"""How a guardian got the link: at an address of their own, or through the team."""

GUARDIAN = Lifecycle(
    name="entries.guardian_consent",
    states={
        WAITING: StateLabels(N_("Waiting for the guardian"), N_("Waiting for the guardian")),
        GIVEN: StateLabels(N_("Consent given"), N_("Consent given")),
        REFUSED: StateLabels(N_("Consent refused"), N_("Consent refused")),
    },
    transitions=(
        Transition("give", (WAITING,), GIVEN, N_("the guardian")),
        Transition("refuse", (WAITING,), REFUSED, N_("the guardian")),
    ),
)

CASE_KINDS = {
    "suspected_copy": N_("Suspected copy"),
    "two_contests": N_("The same idea in two contests"),
    "team_split": N_("The team has split"),
    "other": N_("Another matter"),
}

ROLES = {"lead": N_("Lead"), "member": N_("Member"), "advisor": N_("Advisor")}
