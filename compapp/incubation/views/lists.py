"""The manager's cohort board and the mentor's own page."""

from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.incubation import queries
from compapp.incubation.lifecycle import RAG, RESIDENCY
from compapp.incubation.policy import is_mentor, is_somebody
from compapp.incubation.views.blueprint import bp
from compapp.web.access import require
from compapp.web.pages import render


@bp.get("/cohorts")
@require(is_somebody)
def cohorts() -> str:
    """Show the teams of the actor's incubators, who needs attention first."""
    rows = queries.cohort_board(current_actor(), now())
    return render(
        "incubation/cohorts.html",
        rows=rows,
        plans=queries.plans_of({row.residency.contest_id for row in rows}),
        lifecycle=RESIDENCY,
        rag=RAG,
    )


@bp.get("/mentoring")
@require(is_somebody)
def mentoring() -> str:
    """Show a mentor's teams and sessions."""
    actor = current_actor()
    coming, to_log = queries.mentor_sessions(actor, now())
    return render(
        "incubation/mentoring.html",
        mentorships=queries.own_mentorships(actor),
        coming=coming,
        to_log=to_log,
        is_mentor=is_mentor(actor),
        has_hours=queries.hours_of(actor.person_id or 0, now()).are_stated,
    )
