"""Who registered and who came: the list, the code in the room, scanning it, lists to take away, certificates."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from compapp.accounts import queries as accounts
from compapp.clubs import codes, policy, queries, services
from compapp.clubs.forms import CodeForm, StudentRecordForm
from compapp.clubs.lifecycle import REGISTRATION
from compapp.clubs.pictures import qr_picture
from compapp.clubs.views.activities import activity_page, managing_activity, seeing_activity
from compapp.clubs.views.base import bp, club_page, done, number_asked, sentence_of
from compapp.core.actor import current_actor
from compapp.core.clock import local, now
from compapp.core.db import unit_of_work
from compapp.core.errors import Closed, Conflict, DomainError, Invalid, NotFound, Refused
from compapp.core.spreadsheets import Column
from compapp.core.text import N_
from compapp.web.access import facts, public, require
from compapp.web.downloads import FORMATS, spreadsheet
from compapp.web.i18n import _, localized
from compapp.web.limits import Tries
from compapp.web.pages import notice, redirect_to, render, warning

looking_after_activity = require(policy.may_look_after_activity, facts=queries.inner_activity_facts)
_CODES = Tries("club-code", 20, 600)


@bp.post("/club-activities/<int:activity_id>/registration")
@seeing_activity
def register(activity_id: int) -> ResponseReturnValue:
    """Take a place, or stand on the waiting list; say on the way where one studies, if that is asked."""
    form, found, actor = StudentRecordForm(), queries.activity(activity_id), current_actor()
    asks_record = bool(request.form.get("faculty") is not None)
    if asks_record and not form.validate_on_submit():
        return activity_page(activity_id, record_form=form), 422
    try:
        with unit_of_work():
            found = queries.activity(activity_id)
            if asks_record:
                services.note_studies(
                    actor.person_id or 0,
                    found.club.parent_id,
                    faculty=form.faculty.data,
                    class_name=form.class_name.data,
                    number=form.number.data,
                    actor=actor,
                    at=now(),
                )
            own = services.register(found, actor=actor, at=now())
    except Invalid as error:
        form.apply(error)
        return activity_page(activity_id, record_form=form), 422
    except (Closed, Conflict) as error:
        warning(sentence_of(error))
        return redirect_to("clubs.activity", activity_id=activity_id)
    if own.state == "registered":
        notice(_("You have a place. It stands in your inbox, too."))
    else:
        notice(_("All places are taken. You are on the waiting list and get a message when one is free."))
    return redirect_to("clubs.activity", activity_id=activity_id)


@bp.post("/club-activities/<int:activity_id>/withdrawal")
@seeing_activity
def withdraw(activity_id: int) -> ResponseReturnValue:
    """Give up a place or a turn."""

    def act() -> str:
        services.withdraw(queries.activity(activity_id), actor=current_actor(), at=now())
        return _("You have given up your place. Thank you for telling us.")

    return done(act, "clubs.activity", activity_id=activity_id)


@bp.get("/club-activities/<int:activity_id>/attendance")
@looking_after_activity
def attendance(activity_id: int) -> str:
    """Show who registered and who came, to be ticked off; find walk-ins by name."""
    found = queries.activity(activity_id)
    search, state = request.args.get("q", "").strip()[:100], request.args.get("state", "")
    state = state if state in REGISTRATION.states else ""
    return club_page(
        "clubs/attendance.html",
        found.club,
        "activities",
        activity=found,
        people=queries.people_page(activity_id, search, number_asked(), state=state),
        others=queries.people_to_find(found, search),
        search=search,
        state=state,
        waiting=queries.waiting_count(activity_id),
        takes_attendance=services.is_taking_attendance(found, now()),
        may_mark=services.may_be_corrected(found, now()),
    )


@bp.post("/club-activities/<int:activity_id>/attendance/<int:person_id>")
@managing_activity
def mark(activity_id: int, person_id: int) -> ResponseReturnValue:
    """Tick somebody as present, or take that back."""

    def act() -> str:
        found, actor = queries.activity(activity_id), current_actor()
        if request.form.get("word") == "undo":
            services.unmark(found, person_id, actor=actor, at=now())
        else:
            number = request.form.get("number", "")[:40]
            services.mark_present(found, person_id, number=number, actor=actor, at=now())
        return ""

    search, page = request.form.get("q", "")[:100], request.form.get("page", "")
    return done(act, "clubs.attendance", activity_id=activity_id, q=search or None, page=page or None)


@bp.get("/club-activities/<int:activity_id>/code")
@looking_after_activity
def code(activity_id: int) -> ResponseReturnValue:
    """Show the code for the room, large; the part with the picture is fetched anew every few seconds."""
    found = queries.activity(activity_id)
    shown = codes.code_at(found.code_key, found.id, now())
    address = url_for("clubs.check_in", activity_id=activity_id, code=shown, _external=True)
    context = {
        "activity": found,
        "code": f"{shown[:4]} {shown[4:]}",
        "picture": qr_picture(address, sized=False),
        "takes_attendance": services.is_taking_attendance(found, now()),
    }
    if request.headers.get("HX-Request"):
        return render("clubs/_code.html", **context)
    return club_page("clubs/code.html", found.club, "activities", **context)


@bp.get("/club-activities/<int:activity_id>/check-in")
@seeing_activity
def check_in(activity_id: int) -> str:
    """Ask to confirm that one is here, with the code that was scanned."""
    return _check_in_page(activity_id, CodeForm(formdata=None, data={"code": request.args.get("code", "")[:40]}))


def _check_in_page(activity_id: int, form: CodeForm) -> str:
    found = queries.activity(activity_id)
    return render(
        "clubs/check_in.html",
        activity=found,
        form=form,
        mine=queries.registration_of(activity_id, current_actor().person_id),
        takes_attendance=services.is_taking_attendance(found, now()),
    )


@bp.post("/club-activities/<int:activity_id>/check-in")
@seeing_activity
def confirm_presence(activity_id: int) -> ResponseReturnValue:
    """Mark oneself as present."""
    form, actor = CodeForm(), current_actor()
    if not form.validate_on_submit():
        return _check_in_page(activity_id, form), 422
    if not _CODES.take(f"{actor.person_id}:{activity_id}"):
        warning(_("Too many tries. Ask the organiser to tick your name."))
        return _check_in_page(activity_id, form), 429
    try:
        with unit_of_work():
            own = services.check_in(queries.activity(activity_id), form.code.data, actor=actor, at=now())
    except Refused:
        raise
    except DomainError as error:
        form.code.errors = [_(error.msgid, **error.params)]
        return _check_in_page(activity_id, form), error.status
    notice(_("You are marked as present, but late.") if own.is_late else _("You are marked as present. Welcome!"))
    return redirect_to("clubs.activity", activity_id=activity_id)


@bp.get("/club-activities/<int:activity_id>/list/<kind>")
@looking_after_activity
def attendance_list(activity_id: int, kind: str) -> ResponseReturnValue:
    """Give the list of an activity as XLSX or CSV; that it was taken is written down."""
    if kind not in FORMATS:
        raise NotFound(N_("There is no such list."))
    found = queries.activity(activity_id)
    title = f"{localized(found.title)} {local(found.starts_at):%Y-%m-%d}"
    columns = [
        Column(_("Full name"), width=28),
        Column(_("Faculty"), width=24),
        Column(_("Class"), width=14),
        Column(_("Student number"), width=16),
        Column(_("State"), width=18),
        Column(_("Came at"), "moment", 18),
        Column(_("Late"), width=8),
        Column(_("Conduct points"), "number", 12),
    ]
    rows = [_line(own, record, found.points) for own, record in queries.attendance_rows(activity_id)]
    with unit_of_work():
        services.note_list(queries.activity(activity_id), len(rows), actor=current_actor(), at=now())
    return spreadsheet(kind, title, columns, rows)


def _line(own: Any, record: Any, points: int) -> list[Any]:
    return [
        own.person.name,
        record.faculty if record else "",
        record.class_name if record else "",
        record.number if record else "",
        _("Present") if own.came_at else _(REGISTRATION.states[own.state].staff),
        own.came_at,
        _("yes") if own.is_late else "",
        points if own.came_at else 0,
    ]


@bp.get("/club-attendance/<int:registration_id>")
@require(policy.may_see_attendance, facts=queries.attendance_facts)
def certificate(registration_id: int) -> str:
    """Show the certificate of attendance, to be printed."""
    own = queries.attendance(facts().registration_id)
    address = url_for("clubs.certificate_check", certificate=own.certificate, _external=True)
    record = accounts.standing_identity(own.person_id, own.activity.club.parent_id)
    return render(
        "clubs/certificate.html",
        own=own,
        activity=own.activity,
        school=queries.school_of(own.activity.club),
        record=record,
        address=address,
        picture=qr_picture(address, scale=3),
    )


@bp.get("/club-certificates/<certificate>")
@public
def certificate_check(certificate: str) -> ResponseReturnValue:
    """Say whether a certificate is true: what, when, and the initials of whom."""
    own = queries.attendance_by_certificate(certificate.strip().upper()[:20])
    initials = " ".join(f"{word[0]}." for word in own.person.name.split()) if own else ""
    body = render("clubs/certificate_check.html", own=own, certificate=certificate[:20], initials=initials)
    return body, 200 if own else 404
