"""Sessions before they begin: booked, moved, cancelled."""

from collections.abc import Sequence

from flask import request
from flask.typing import ResponseReturnValue

from compapp.core.actor import current_actor
from compapp.core.clock import local, now
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict, Invalid
from compapp.core.formats import moment
from compapp.incubation import policy, queries, services
from compapp.incubation.forms import BookingForm, CancelForm, MoveForm
from compapp.incubation.hours import LENGTHS
from compapp.incubation.models import MentoringSession, Mentorship
from compapp.incubation.views.blueprint import bp
from compapp.incubation.views.sessions import page_of
from compapp.web.access import facts, require
from compapp.web.forms import Form, options
from compapp.web.i18n import _, current_locale
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
    """Book a session of the team with one of its mentors: at a free time where the mentor has stated hours."""
    form = BookingForm()
    active = queries.mentorships_of(residency_id, active_only=True)
    form.mentorship.choices = options((str(one.id), one.mentor.person.name) for one in active)
    if request.method == "GET":
        return _booking_page(residency_id, form, active)
    if not form.validate_on_submit():
        return _booking_page(residency_id, form, active), 422
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
        return _booking_page(residency_id, form, active), 422
    notice(_("The session is booked; both sides have been told."))
    return redirect_to("incubation.session", session_id=made.id)


def _booking_page(residency_id: int, form: BookingForm, active: Sequence[Mentorship]) -> str:
    """Render the form; a team sees the free times of the mentor it asked for, others write any time."""
    asked = form.mentorship.data or request.args.get("mentorship", "")
    chosen = next((one for one in active if str(one.id) == asked), active[0] if active else None)
    free = None
    if chosen is not None and facts().is_team:
        free = _free_times(chosen, _length(form.minutes.data))
    return render(
        "incubation/sessions.html",
        residency=queries.residency(residency_id),
        form=form,
        mentors=active,
        chosen=chosen,
        free=free,
        minutes=_length(form.minutes.data),
        lengths=LENGTHS,
        promised=chosen.mentor.hours_per_month if chosen is not None else 0,
    )


def _length(typed: int | None) -> int:
    """Return the length that was asked for, if it is one of those offered."""
    wanted = request.args.get("minutes", type=int) if request.method == "GET" else typed
    return wanted if wanted in LENGTHS else 60


def _free_times(
    mentorship: Mentorship, minutes: int, besides: int | None = None
) -> list[tuple[str, list[tuple[str, str]]]] | None:
    """Return days in words, each with its open starts as (value, hour); None where the mentor stated no hours."""
    at = now()
    if not queries.hours_of(mentorship.mentor.person_id, at).are_stated:
        return None
    rows = []
    for one in queries.free_days(mentorship, minutes, at, besides=besides):
        name = moment(one.starts[0], current_locale()).rsplit(", ", 1)[0]
        hours = [local(start) for start in one.starts]
        rows.append((name, [(f"{hour:%Y-%m-%dT%H:%M}", f"{hour:%H:%M}") for hour in hours]))
    return rows


@bp.route("/mentoring-sessions/<int:session_id>/move", methods=["GET", "POST"])
@require(policy.may_change_booking, facts=queries.session_facts)
def session_move(session_id: int) -> ResponseReturnValue:
    """Move a session to another time; what the page showed must still hold."""
    found = queries.mentoring_session(session_id)
    form = _move_form(found)
    if request.method == "GET":
        return _move_page(found, form)
    if not form.validate_on_submit():
        return _move_page(found, form), 422
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
        return _move_page(queries.mentoring_session(session_id), form), 422
    notice(_("The session is moved; both sides have been told the old and the new time."))
    return redirect_to("incubation.session", session_id=session_id)


def _move_page(found: MentoringSession, form: MoveForm) -> str:
    by_team = facts().residency.is_team
    free = _free_times(found.mentorship, found.minutes, found.id) if by_team else None
    return render("incubation/session_move.html", session=found, form=form, begun=found.starts_at <= now(), free=free)


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
