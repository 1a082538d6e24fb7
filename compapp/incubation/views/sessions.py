"""One session: its page, its log, absence."""

from flask.typing import ResponseReturnValue

from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Invalid
from compapp.incubation import policy, queries, services
from compapp.incubation.forms import AbsenceForm, CancelForm, LogForm
from compapp.incubation.lifecycle import FIGURES, MISSED_BY, RAG, SESSION
from compapp.incubation.models import MentoringSession
from compapp.incubation.views.blueprint import bp
from compapp.web.access import facts, require
from compapp.web.i18n import _, localized
from compapp.web.pages import notice, redirect_to, render


@bp.get("/mentoring-sessions/<int:session_id>")
@require(policy.may_see_session, facts=queries.session_facts)
def session(session_id: int) -> str:
    """Show a session; its mentor logs it here."""
    return page_of(queries.mentoring_session(session_id))


def page_of(
    found: MentoringSession,
    form: LogForm | None = None,
    absence_form: AbsenceForm | None = None,
    cancel_form: CancelForm | None = None,
) -> str:
    """Render a session's page with the forms as they were sent."""
    actor, own = current_actor(), facts()
    begun = found.starts_at <= now()
    logs = policy.may_log(actor, own) and begun and found.state in ("booked", "held")
    residency_id = found.mentorship.residency_id
    milestones = [(one.code, localized(one.label)) for one in queries.milestones_of(residency_id)]
    kept = {one.key: one.value for one in queries.figures_of(residency_id) if one.session_id == found.id}
    if logs and form is None:
        form = _filled(found, kept).offer_choices(milestones)
    return render(
        "incubation/session.html",
        session=found,
        residency=found.mentorship.residency,
        begun=begun,
        form=form if logs else None,
        absence=(absence_form or AbsenceForm(formdata=None).offer_choices())
        if begun and found.state == "booked"
        else None,
        cancel=(cancel_form or CancelForm(formdata=None)) if not begun and found.state == "booked" else None,
        private_note=found.private_note if policy.may_see_private_note(actor, own) else "",
        milestone=dict(milestones).get(found.milestone_code or ""),
        figures=[(FIGURES[key], value) for key, value in kept.items()],
        is_own=own.is_own,
        rag=RAG,
        missed_by=MISSED_BY,
        lifecycle=SESSION,
    )


def _filled(found: MentoringSession, kept: dict[str, int]) -> LogForm:
    if found.state != "held":
        return LogForm()
    values = {name: getattr(found, name) for name in ("rag", "shared_note", "next_steps", "private_note")}
    return LogForm(data=values | {"milestone": found.milestone_code or ""} | kept)


@bp.post("/mentoring-sessions/<int:session_id>/log")
@require(policy.may_log, facts=queries.session_facts)
def log(session_id: int) -> ResponseReturnValue:
    """Log a session as its mentor."""
    found = queries.mentoring_session(session_id)
    milestones = queries.milestones_of(found.mentorship.residency_id)
    form = LogForm().offer_choices([(one.code, localized(one.label)) for one in milestones])
    if not form.validate_on_submit():
        return page_of(found, form), 422
    written = services.SessionLog(
        rag=form.rag.data,
        shared_note=form.shared_note.data or "",
        private_note=form.private_note.data or "",
        next_steps=form.next_steps.data or "",
        milestone=form.milestone.data or None,
        milestone_met=form.milestone_met.data,
        figures=form.figures(),
    )
    try:
        with unit_of_work():
            services.log_session(queries.mentoring_session(session_id), written, actor=current_actor(), at=now())
    except Invalid as error:
        form.apply(error)
        return page_of(queries.mentoring_session(session_id), form), 422
    notice(_("The log is kept. Team and incubator read everything but your private note."))
    return redirect_to("incubation.session", session_id=session_id)


@bp.post("/mentoring-sessions/<int:session_id>/absence")
@require(policy.may_change_booking, facts=queries.session_facts)
def absence(session_id: int) -> ResponseReturnValue:
    """Say who did not come."""
    form = AbsenceForm().offer_choices()
    if not form.validate_on_submit():
        return page_of(queries.mentoring_session(session_id), absence_form=form), 422
    with unit_of_work():
        found, missed_by = queries.mentoring_session(session_id), form.missed_by.data
        if found.state != "missed" or found.missed_by != missed_by:
            services.record_absence(found, missed_by=missed_by, actor=current_actor(), at=now())
    notice(_("Noted. Whoever did not come has been told."))
    return redirect_to("incubation.session", session_id=session_id)
