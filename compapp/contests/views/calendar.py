"""Changing dates: the whole calendar, or just a later deadline."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask.typing import ResponseReturnValue

from compapp.contests import policy, queries, services
from compapp.contests.definition import Calendar
from compapp.contests.file.faults import ContestFileRefused
from compapp.contests.forms import ExtensionForm, calendar_form, typed_moments
from compapp.contests.models import Contest
from compapp.contests.sentences import point_label
from compapp.contests.views.blueprint import bp
from compapp.contests.views.setup.seen import Clash, seen_version, shown_version
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict, Invalid
from compapp.web.access import require
from compapp.web.filters import moment
from compapp.web.forms import Form
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to, render

Moments = Sequence[tuple[str, str, datetime]]


def _moments(contest: Contest) -> Moments:
    """Return key, label and present value of every moment of the calendar, in order of time."""
    found: list[tuple[str, str, datetime]] = []
    for point in Calendar.of(contest).points:
        label = point_label(point)
        both = point.opens_at is not None and point.closes_at is not None
        if point.opens_at is not None:
            found.append((f"{point.key}.opens", _("%(name)s: opens", name=label) if both else label, point.opens_at))
        if point.closes_at is not None:
            found.append((f"{point.key}.closes", _("%(name)s: closes", name=label) if both else label, point.closes_at))
    return found


@bp.route("/contests/<code>/manage/calendar", methods=["GET", "POST"])
@require(policy.may_manage, facts=queries.contest_facts)
def calendar(code: str) -> ResponseReturnValue:
    """Change dates; after the announcement with a reason that every team reads."""
    contest = queries.contest_by_code(code)
    moments = _moments(contest)
    form = calendar_form(moments)
    if not form.validate_on_submit():
        return _calendar_page(contest, form, 422 if form.is_submitted() else 200)
    try:
        with unit_of_work():
            services.change_calendar(
                queries.contest_by_code(code),
                typed_moments(form, moments),
                reason=form["reason"].data or "",
                version=seen_version(),
                actor=current_actor(),
                at=now(),
            )
    except (Invalid, ContestFileRefused) as error:
        _apply(form, error, moments)
        return _calendar_page(queries.contest_by_code(code), form, 422)
    except Conflict:
        contest = queries.contest_by_code(code)
        given = typed_moments(form, moments)
        found = [Clash(label, moment(at), moment(given[key])) for key, label, at in moments if given.get(key, at) != at]
        return _calendar_page(contest, form, 409, version=contest.version, clashes=found)
    notice(_("The calendar is saved."))
    return redirect_to("contests.overview", code=code)


def _calendar_page(contest: Contest, form: Form, status: int, **more: Any) -> ResponseReturnValue:
    context = {"version": shown_version(contest.version), "clashes": None, **more}
    announced = contest.state != "draft"
    return render("contests/calendar.html", contest=contest, form=form, announced=announced, **context), status


def _apply(form: Form, error: Invalid, moments: Moments) -> None:
    """Put faults of the calendar on the fields of their moments, other sentences on the form."""
    if isinstance(error, ContestFileRefused):
        for fault in error.faults:
            form.form_errors.append(f"{_(fault.msgid, **fault.params)} ({fault.json_path})")
        return
    names = {key: f"moment_{index}" for index, (key, _label, _at) in enumerate(moments)}
    form.apply(Invalid(error.msgid, fields={names.get(k, k): v for k, v in error.fields.items()}, **error.params))


@bp.route("/contests/<code>/manage/extension", methods=["GET", "POST"])
@require(policy.may_manage, facts=queries.contest_facts)
def extension(code: str) -> ResponseReturnValue:
    """Give everybody more time to submit."""
    contest = queries.contest_by_code(code)
    form = ExtensionForm(closes_at=contest.closes_at)
    if not form.validate_on_submit():
        return render("contests/extension.html", contest=contest, form=form), 422 if form.is_submitted() else 200
    closes_at = form.closes_at.data
    assert closes_at is not None
    try:
        with unit_of_work():
            services.extend_deadline(
                queries.contest_by_code(code), closes_at, form.reason.data or "", actor=current_actor(), at=now()
            )
    except ContestFileRefused as refused:
        form.form_errors += [f"{_(fault.msgid, **fault.params)} ({fault.json_path})" for fault in refused.faults]
        return render("contests/extension.html", contest=queries.contest_by_code(code), form=form), 422
    except Invalid as error:
        form.apply(error)
        return render("contests/extension.html", contest=queries.contest_by_code(code), form=form), 422
    notice(_("The deadline is extended. Every team is told."))
    return redirect_to("contests.overview", code=code)
