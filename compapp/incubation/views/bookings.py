"""Sessions before they begin: booked, moved, cancelled."""

from flask import request
from flask.typing import ResponseReturnValue

from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict, Invalid
from compapp.incubation import policy, queries, services
from compapp.incubation.forms import BookingForm, CancelForm, MoveForm
from compapp.incubation.models import MentoringSession
from compapp.incubation.views.blueprint import bp
from compapp.incubation.views.sessions import page_of
from compapp.web.access import facts, require
from compapp.web.forms import Form, options
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to, render


def _refused(form: Form, error: Invalid | Conflict) -> None:
    """Say on the form why the service refused it."""
    if isinstance(error, Invalid):
        form.apply(error)
    else:
        form.form_errors.append(_(error.msgid, **error.params))


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
        _refused(form, error)
        return render("incubation/sessions.html", **page), 422
    notice(_("The session is booked; both sides have been told."))
    return redirect_to("incubation.session", session_id=made.id)


@bp.route("/mentoring-sessions/<int:session_id>/move", methods=["GET", "POST"])
@require(policy.may_change_booking, facts=queries.session_facts)
def session_move(session_id: int) -> ResponseReturnValue:
    """Move a session to another time; what the page showed must still hold."""
    found = queries.mentoring_session(session_id)
    form = _move_form(found)
    if request.method == "GET":
        return render("incubation/session_move.html", session=found, form=form, begun=found.starts_at <= now())
    if not form.validate_on_submit():
        return render("incubation/session_move.html", session=found, form=form, begun=False), 422
    try:
        with unit_of_work():
            services.move_session(
                queries.mentoring_session(session_id),
                seen=form.seen_at(),
                starts_at=form.starts_at.data or now(),
                minutes=form.minutes.data,
                place=form.place.data or "",
                reason=form.reason.data or "",
                actor=current_actor(),
                at=now(),
            )
    except (Invalid, Conflict) as error:
        _refused(form, error)
        found = queries.mentoring_session(session_id)
        return render("incubation/session_move.html", session=found, form=form, begun=False), 422
    notice(_("The session is moved; both sides have been told the old and the new time."))
    return redirect_to("incubation.session", session_id=session_id)


def _move_form(found: MentoringSession) -> MoveForm:
    """Return the form, filled with what the session is now unless it was sent."""
    if request.method == "POST":
        return MoveForm()
    return MoveForm(
        seen=found.starts_at.isoformat(), starts_at=found.starts_at, minutes=found.minutes, place=found.place
    )


@bp.post("/mentoring-sessions/<int:session_id>/cancellation")
@require(policy.may_change_booking, facts=queries.session_facts)
def cancellation(session_id: int) -> ResponseReturnValue:
    """Cancel a session before it begins."""
    form = CancelForm()
    if not form.validate_on_submit():
        return page_of(queries.mentoring_session(session_id), cancel_form=form), 422
    with unit_of_work():
        found = queries.mentoring_session(session_id)
        if found.state != "cancelled":
            services.cancel_session(found, reason=form.reason.data or "", actor=current_actor(), at=now())
    notice(_("The session is cancelled; both sides have been told."))
    return redirect_to("incubation.residency", residency_id=facts().residency.residency_id)
