"""Milestones: reported by the team, confirmed or sent back by mentor or manager."""

from flask import request
from flask.typing import ResponseReturnValue

from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.incubation import policy, queries, services
from compapp.incubation.views.blueprint import bp
from compapp.web.access import facts, require
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to


@bp.post("/milestones/<int:milestone_id>/report")
@require(policy.may_report, facts=queries.milestone_facts)
def report(milestone_id: int) -> ResponseReturnValue:
    """Say as the team that a milestone is reached."""
    with unit_of_work():
        milestone = queries.milestone(milestone_id)
        if milestone.state == "planned":
            services.report_milestone(milestone, note=request.form.get("note", ""), actor=current_actor(), at=now())
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
    with unit_of_work():
        milestone, reason = queries.milestone(milestone_id), request.form.get("reason", "")
        services.return_milestone(milestone, reason=reason, actor=current_actor(), at=now())
    notice(_("The team has been told what is missing."))
    return redirect_to("incubation.residency", residency_id=facts().residency_id)


@bp.post("/milestones/<int:milestone_id>/drop")
@require(policy.may_run, facts=queries.milestone_facts)
def dropped(milestone_id: int) -> ResponseReturnValue:
    """Drop a milestone that does not fit the team."""
    with unit_of_work():
        milestone, reason = queries.milestone(milestone_id), request.form.get("reason", "")
        services.drop_milestone(milestone, reason=reason, actor=current_actor(), at=now())
    notice(_("The milestone is dropped."))
    return redirect_to("incubation.residency", residency_id=facts().residency_id)
