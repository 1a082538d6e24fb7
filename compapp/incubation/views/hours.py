"""A mentor's own hours: the week, and the days that differ."""

from flask import request
from flask.typing import ResponseReturnValue

from compapp.core.actor import current_actor
from compapp.core.clock import local, now
from compapp.core.db import session, unit_of_work
from compapp.core.errors import Invalid
from compapp.core.formats import day as day_words
from compapp.incubation import policy, queries, services
from compapp.incubation.forms import SPANS_A_DAY, DayForm, WeekForm
from compapp.incubation.labels import WEEKDAYS
from compapp.incubation.models import DayHours
from compapp.incubation.views.blueprint import bp
from compapp.web.access import facts, require
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to, render


@bp.route("/mentoring/hours", methods=["GET", "POST"])
@require(policy.is_mentor)
def hours() -> ResponseReturnValue:
    """Show a mentor's hours; keep those of the week."""
    if request.method == "GET":
        return _page(_stated_week(), DayForm(formdata=None))
    form = WeekForm()
    if not form.validate_on_submit():
        return _page(form, DayForm(formdata=None)), 422
    spans = [
        services.Span(weekday, begins.data, ends.data, ends.name)
        for weekday, begins, ends in form.pairs()
        if begins.data is not None
    ]
    try:
        with unit_of_work():
            services.state_week(spans, actor=current_actor(), at=now())
    except Invalid as error:
        form.apply(error)
        return _page(form, DayForm(formdata=None)), 422
    notice(_("Your hours are kept. Teams you mentor book within them; what is booked already stays."))
    return redirect_to("incubation.hours")


def _stated_week() -> WeekForm:
    data: dict[str, int] = {}
    for weekday in range(7):
        rows = [one for one in queries.week_of(current_actor().person_id or 0) if one.weekday == weekday]
        for number, one in enumerate(rows[:SPANS_A_DAY], start=1):
            data |= {f"from_{weekday}_{number}": one.begins, f"to_{weekday}_{number}": one.ends}
    return WeekForm(formdata=None, data=data)


def _page(week: WeekForm, day_form: DayForm) -> str:
    person_id, at = current_actor().person_id or 0, now()
    return render(
        "incubation/hours.html",
        form=week,
        spans=range(1, SPANS_A_DAY + 1),
        weekdays=WEEKDAYS,
        day_form=day_form.offer_choices(),
        days=[(one, _day_words(one)) for one in queries.days_of(person_id, local(at).date())],
        promises=queries.promises(person_id, at),
    )


def _day_words(one: DayHours) -> str:
    name = f"{_(WEEKDAYS[one.day.weekday()])}, {day_words(one.day)}"
    if one.begins is None or one.ends is None:
        return _("%(day)s: away", day=name)
    begins, ends = (f"{minute // 60:02}:{minute % 60:02}" for minute in (one.begins, one.ends))
    return _("%(day)s: free from %(begins)s to %(ends)s", day=name, begins=begins, ends=ends)


@bp.post("/mentoring/hours/days")
@require(policy.is_mentor)
def hours_days() -> ResponseReturnValue:
    """Say that a day differs from the week."""
    form = DayForm().offer_choices()
    if not form.validate_on_submit():
        return _page(_stated_week(), form), 422
    free, day = form.kind.data == "free", form.day.data
    if day is None:
        raise ValueError("the form was valid without a day")
    try:
        with unit_of_work():
            services.state_day(
                day,
                form.begins.data if free else None,
                form.ends.data if free else None,
                actor=current_actor(),
                at=now(),
            )
    except Invalid as error:
        form.apply(error)
        return _page(_stated_week(), form), 422
    notice(_("The day is kept. Sessions booked on it stay; move or cancel them yourself."))
    return redirect_to("incubation.hours", _anchor="days")


@bp.post("/mentoring/hours/days/<int:day_id>/removal")
@require(policy.may_change_day, facts=queries.day_facts)
def hours_day_removal(day_id: int) -> ResponseReturnValue:
    """Let a day be like the week again."""
    with unit_of_work():
        row = session().get(DayHours, facts().day_id)
        if row is not None:
            services.forget_day(row, actor=current_actor(), at=now())
    notice(_("The day is like every week again."))
    return redirect_to("incubation.hours", _anchor="days")
