"""A club's activities: the list, planning and changing, announcing, concluding, cancelling."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from compapp.accounts import queries as accounts
from compapp.clubs import policy, queries, services
from compapp.clubs.forms import ActivityForm, CancellationForm, CodeForm, StudentRecordForm
from compapp.clubs.lifecycle import ACTIVITY, CANCELLED, KINDS, OF_SCHOOL, OPEN, PLANNED
from compapp.clubs.models import Activity
from compapp.clubs.views.base import (
    bp,
    chosen_cohort,
    club_page,
    done,
    labels,
    looking_after,
    managing,
    number_asked,
    saved,
    the_club,
    the_cohort,
)
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.errors import Closed, Conflict
from compapp.web.access import facts, require
from compapp.web.i18n import _
from compapp.web.pages import redirect_to, render, warning

managing_activity = require(policy.may_manage_activity, facts=queries.inner_activity_facts)
seeing_activity = require(policy.may_see_activity, facts=queries.activity_facts)


def asked_filter(**fixed: Any) -> queries.ActivityFilter:
    """Return how the address narrows a list of activities; what is unknown narrows nothing."""
    state, kind = request.args.get("state", ""), request.args.get("kind", "")
    return queries.ActivityFilter(
        state=state if state in ACTIVITY.states else "",
        kind=kind if kind in KINDS else "",
        search=request.args.get("q", "").strip()[:100],
        page=number_asked(),
        **fixed,
    )


@bp.get("/clubs/<int:club_id>/activities")
@looking_after
def activities(club_id: int) -> str:
    """List a club's activities of a term, the newest first."""
    cohort = chosen_cohort(club_id) if request.args.get("term") else None
    wanted = asked_filter(cohort_id=cohort.id if cohort else None)
    return club_page(
        "clubs/activities.html",
        the_club(club_id),
        "activities",
        rows=queries.activities_page(club_id, wanted),
        wanted=wanted,
        term=cohort.term if cohort else "",
        cohorts=queries.cohorts_of(club_id),
    )


@bp.get("/clubs/<int:club_id>/new-activity")
@managing
def new_activity(club_id: int) -> ResponseReturnValue:
    """Ask for a new activity, perhaps beginning from one that was held before."""
    if queries.current_cohort(club_id) is None:
        warning(_("The club has no cohort yet. Open one for this term."))
        return redirect_to("clubs.club", club_id=club_id)
    return _form_page(club_id, _new_form(club_id))


def _new_form(club_id: int) -> ActivityForm:
    copied = request.args.get("like", "")
    if copied.isascii() and copied.isdigit():
        found = queries.activity(int(copied))
        if found.club_id == club_id:
            form = _form_of(found)
            form.starts_at.data = form.ends_at.data = form.closes_at.data = None
            return form
    return ActivityForm(formdata=None)


def _form_of(found: Activity) -> ActivityForm:
    texts = {"title_vi": found.title["vi"], "summary_vi": found.summary["vi"]}
    for name, text in (("title_en", found.title), ("summary_en", found.summary)):
        texts[name] = "" if text["en"] == text["vi"] else text["en"]
    return ActivityForm(formdata=None, obj=found, data=texts)


def _form_page(club_id: int, form: ActivityForm, found: Activity | None = None) -> str:
    return club_page(
        "clubs/activity_form.html", the_club(club_id), "activities", form=form, activity=found, facts_known=True
    )


@bp.post("/clubs/<int:club_id>/new-activity")
@managing
def plan(club_id: int) -> ResponseReturnValue:
    """Plan an activity of the term; announce it at once where that was asked."""
    form = ActivityForm()
    made: list[Activity] = []

    def act() -> str:
        made.append(services.plan_activity(the_cohort(club_id), form.plan(), actor=current_actor(), at=now()))
        if request.form.get("announce"):
            services.announce_activity(made[0], actor=current_actor(), at=now())
            return _("The activity is announced. The cohort gets a message.")
        return _("The activity is planned. Announce it to open registration.")

    try:
        answer = saved(form, act, lambda: _form_page(club_id, form), endpoint="clubs.activities", club_id=club_id)
    except Closed as error:
        form.starts_at.errors = [_(error.msgid, **error.params)]
        return _form_page(club_id, form), 422
    return redirect_to("clubs.activity", activity_id=made[0].id) if made and not form.errors else answer


@bp.get("/club-activities/<int:activity_id>")
@seeing_activity
def activity(activity_id: int) -> str:
    """Show an activity: to a student with what to do, to the club with how it stands."""
    return activity_page(activity_id)


def activity_page(activity_id: int, **forms: Any) -> str:
    """Render an activity's page; ``forms`` holds a form that was sent with a fault."""
    found, own, actor = queries.activity(activity_id), facts(), current_actor()
    mine = queries.registration_of(activity_id, actor.person_id)
    asks_record = found.audience == OF_SCHOOL and not own.is_of_school and not own.club.is_member
    record = accounts.standing_identity(actor.person_id or 0, found.club.parent_id)
    return render(
        "clubs/activity.html",
        **{
            "activity": found,
            "mine": mine,
            "queue_place": queries.place_in_queue(mine) if mine is not None and mine.state == "waiting" else 0,
            "waiting": queries.waiting_count(activity_id),
            "asks_record": asks_record,
            "may_register": found.state == OPEN and now() < found.closes_at and (asks_record or _may(own)),
            "takes_attendance": services.is_taking_attendance(found, now()),
            "manages": policy.may_manage_activity(actor, own),
            "looks_after": policy.may_look_after_activity(actor, own),
            "record_form": StudentRecordForm(formdata=None, obj=record),
            "code_form": CodeForm(formdata=None),
            **labels(),
            **forms,
        },
    )


def _may(own: policy.ActivityFacts) -> bool:
    return policy.may_register(current_actor(), own)


@bp.get("/club-activities/<int:activity_id>/editing")
@managing_activity
def edit_activity(activity_id: int) -> ResponseReturnValue:
    """Ask for changes."""
    found = queries.activity(activity_id)
    if found.state not in (PLANNED, OPEN):
        return redirect_to("clubs.activity", activity_id=activity_id)
    return _form_page(found.club_id, _form_of(found), found)


@bp.post("/club-activities/<int:activity_id>/editing")
@managing_activity
def change(activity_id: int) -> ResponseReturnValue:
    """Change an activity; who registered is told of another time or place."""
    form, found = ActivityForm(), queries.activity(activity_id)
    given = request.form.get("version", "")
    version = int(given) if given.isascii() and given.isdigit() else 0

    def act() -> str:
        services.change_activity(
            queries.activity(activity_id), form.plan(), version=version, actor=current_actor(), at=now()
        )
        return _("Saved. Who registered is told if time or place changed.")

    try:
        return saved(
            form,
            act,
            lambda: _form_page(found.club_id, form, found),
            endpoint="clubs.activity",
            activity_id=activity_id,
        )
    except Conflict as error:
        form.form_errors.append(_(error.msgid, **error.params))
        return _form_page(found.club_id, form, queries.activity(activity_id)), 409


@bp.post("/club-activities/<int:activity_id>/announcement")
@managing_activity
def announce(activity_id: int) -> ResponseReturnValue:
    """Open registration."""

    def act() -> str:
        services.announce_activity(queries.activity(activity_id), actor=current_actor(), at=now())
        return _("The activity is announced. The cohort gets a message.")

    return done(act, "clubs.activity", activity_id=activity_id)


@bp.post("/club-activities/<int:activity_id>/conclusion")
@managing_activity
def conclude(activity_id: int) -> ResponseReturnValue:
    """Close the list of attendance."""

    def act() -> str:
        services.conclude_activity(queries.activity(activity_id), actor=current_actor(), at=now())
        return _("The activity is closed. You can put the list right for seven days.")

    return done(act, "clubs.attendance", activity_id=activity_id)


@bp.get("/club-activities/<int:activity_id>/cancellation")
@managing_activity
def cancellation(activity_id: int) -> ResponseReturnValue:
    """Ask why it does not take place, and say who is told."""
    found = queries.activity(activity_id)
    if found.state == CANCELLED:
        return redirect_to("clubs.activity", activity_id=activity_id)
    return _cancellation_page(found, CancellationForm(formdata=None))


def _cancellation_page(found: Activity, form: CancellationForm) -> str:
    told = found.taken + queries.waiting_count(found.id)
    return club_page("clubs/cancellation.html", found.club, "activities", activity=found, form=form, told=told)


@bp.post("/club-activities/<int:activity_id>/cancellation")
@managing_activity
def cancel(activity_id: int) -> ResponseReturnValue:
    """Cancel it."""
    form = CancellationForm()

    def act() -> str:
        services.cancel_activity(queries.activity(activity_id), form.reason.data, actor=current_actor(), at=now())
        return _("Cancelled. Everybody who registered is told.")

    return saved(
        form,
        act,
        lambda: _cancellation_page(queries.activity(activity_id), form),
        endpoint="clubs.activity",
        activity_id=activity_id,
    )
