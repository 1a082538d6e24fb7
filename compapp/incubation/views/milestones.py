"""Milestones: reported by the team, confirmed or sent back by mentor or manager."""

from flask.typing import ResponseReturnValue

from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.incubation import policy, queries, services
from compapp.incubation.forms import ReasonForm, ReportForm
from compapp.incubation.views.blueprint import bp
from compapp.incubation.views.residencies import page_of
from compapp.web.access import facts, require
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to


def _again(milestone_id: int, act: str, form: ReportForm | ReasonForm) -> tuple[str, int]:
    """Show the residency with what was typed about one milestone, and what is wrong with it."""
    field = form["note"] if "note" in form else form["reason"]
    field.id = f"{act}-{milestone_id}"
    wrong = {"milestone_id": milestone_id, "act": act, "form": form}
    return page_of(queries.residency(facts().residency_id), wrong=wrong), 422


@bp.post("/milestones/<int:milestone_id>/report")
@require(policy.may_report, facts=queries.milestone_facts)
def report(milestone_id: int) -> ResponseReturnValue:
    """Say as the team that a milestone is reached."""
    form = ReportForm()
    if not form.validate_on_submit():
        return _again(milestone_id, "report", form)
    with unit_of_work():
        milestone = queries.milestone(milestone_id)
        if milestone.state == "planned":
            services.report_milestone(milestone, note=form.note.data or "", actor=current_actor(), at=now())
    notice(_("Reported. Your mentor or the incubator confirms it."))
    return redirect_to("incubation.residency", residency_id=facts().residency_id)


@bp.post("/milestones/<int:milestone_id>/confirmation")
@require(policy.may_confirm, facts=queries.milestone_facts)
def confirmation(milestone_id: int) -> ResponseReturnValue:
    """Confirm that a milestone is met."""
    with unit_of_work():
        milestone = queries.milestone(milestone_id)
        if milestone.state != "met":
            services.confirm_milestone(milestone, actor=current_actor(), at=now())
    notice(_("The milestone is met."))
    return redirect_to("incubation.residency", residency_id=facts().residency_id)


@bp.post("/milestones/<int:milestone_id>/return")
@require(policy.may_confirm, facts=queries.milestone_facts)
def sent_back(milestone_id: int) -> ResponseReturnValue:
    """Send a reported milestone back with what is missing."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return _again(milestone_id, "return", form)
    with unit_of_work():
        milestone = queries.milestone(milestone_id)
        services.return_milestone(milestone, reason=form.reason.data, actor=current_actor(), at=now())
    notice(_("The team has been told what is missing."))
    return redirect_to("incubation.residency", residency_id=facts().residency_id)


@bp.post("/milestones/<int:milestone_id>/drop")
@require(policy.may_run, facts=queries.milestone_facts)
def dropped(milestone_id: int) -> ResponseReturnValue:
    """Drop a milestone that does not fit the team."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return _again(milestone_id, "drop", form)
    with unit_of_work():
        milestone = queries.milestone(milestone_id)
        services.drop_milestone(milestone, reason=form.reason.data, actor=current_actor(), at=now())
    notice(_("The milestone is dropped."))
    return redirect_to("incubation.residency", residency_id=facts().residency_id)
