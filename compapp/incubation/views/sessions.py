"""Sessions: booking, the page of one, its log, absence."""

from flask import request
from flask.typing import ResponseReturnValue

from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict, Invalid
from compapp.incubation import policy, queries, services
from compapp.incubation.forms import AbsenceForm, BookingForm, LogForm
from compapp.incubation.lifecycle import FIGURES, MISSED_BY, RAG, SESSION
from compapp.incubation.models import MentoringSession
from compapp.incubation.views.blueprint import bp
from compapp.web.access import facts, require
from compapp.web.forms import options
from compapp.web.i18n import _, localized
from compapp.web.pages import notice, redirect_to, render


@bp.route("/residencies/<int:residency_id>/sessions", methods=["GET", "POST"])
@require(policy.may_book, facts=queries.residency_facts)
def sessions(residency_id: int) -> ResponseReturnValue:
    """Book a session of the team with one of its mentors."""
    form = BookingForm()
    active = queries.mentorships_of(residency_id, active_only=True)
    form.mentorship.choices = options((str(one.id), one.mentor.person.name) for one in active)
    page = {"residency": queries.residency(residency_id), "form": form, "mentors": active}
    if request.method == "GET":
        return render("incubation/sessions.html", **page)
    if not form.validate_on_submit():
        return render("incubation/sessions.html", **page), 422
    try:
        with unit_of_work():
            made = services.book_session(
                queries.mentorship(int(form.mentorship.data)),
                starts_at=form.starts_at.data or now(),
                minutes=form.minutes.data,
                place=form.place.data or "",
                topic=form.topic.data or "",
                actor=current_actor(),
                at=now(),
            )
    except (Invalid, Conflict) as error:
        form.apply(error) if isinstance(error, Invalid) else form.form_errors.append(_(error.msgid, **error.params))
        return render("incubation/sessions.html", **page), 422
    notice(_("The session is booked; both sides have been told."))
    return redirect_to("incubation.session", session_id=made.id)


@bp.get("/mentoring-sessions/<int:session_id>")
@require(policy.may_see_session, facts=queries.session_facts)
def session(session_id: int) -> str:
    """Show a session; its mentor logs it here."""
    return _page(queries.mentoring_session(session_id), None)


def _page(found: MentoringSession, form: LogForm | None) -> str:
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
        absence=AbsenceForm().offer_choices() if begun and found.state == "booked" else None,
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
        return _page(found, form), 422
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
        return _page(queries.mentoring_session(session_id), form), 422
    notice(_("The log is kept. Team and incubator read everything but your private note."))
    return redirect_to("incubation.session", session_id=session_id)


@bp.post("/mentoring-sessions/<int:session_id>/absence")
@require(policy.may_change_booking, facts=queries.session_facts)
def absence(session_id: int) -> ResponseReturnValue:
    """Say who did not come."""
    with unit_of_work():
        found = queries.mentoring_session(session_id)
        missed_by = request.form.get("missed_by", "")
        if found.state != "missed" or found.missed_by != missed_by:
            services.record_absence(found, missed_by=missed_by, actor=current_actor(), at=now())
    notice(_("Noted. Whoever did not come has been told."))
    return redirect_to("incubation.session", session_id=session_id)


@bp.post("/mentoring-sessions/<int:session_id>/cancellation")
@require(policy.may_change_booking, facts=queries.session_facts)
def cancellation(session_id: int) -> ResponseReturnValue:
    """Cancel a session before it begins."""
    with unit_of_work():
        found = queries.mentoring_session(session_id)
        if found.state != "cancelled":
            services.cancel_session(found, reason=request.form.get("reason", ""), actor=current_actor(), at=now())
    notice(_("The session is cancelled; both sides have been told."))
    return redirect_to("incubation.residency", residency_id=facts().residency.residency_id)
