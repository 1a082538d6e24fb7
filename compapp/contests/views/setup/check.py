"""The last page of the wizard: what the check finds, the reasons for its warnings, and opening the contest."""

from flask import request
from flask.typing import ResponseReturnValue

from compapp.contests import policy, queries, services
from compapp.contests.file.faults import ContestFileRefused
from compapp.contests.forms import ReasonForm
from compapp.contests.services import accepted_warnings, check_setup
from compapp.contests.setup.checks import WARNING
from compapp.contests.setup.steps import BY_NAME
from compapp.contests.views.blueprint import bp
from compapp.contests.views.setup.seen import seen_version, shown_version
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Invalid
from compapp.web.access import require
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to, render


@bp.route("/contests/<code>/manage/setup-check", methods=["GET", "POST"])
@require(policy.may_manage, facts=queries.contest_facts)
def setup_check(code: str) -> ResponseReturnValue:
    """Show what the check finds; announce the contest with the reasons for its warnings."""
    form, status = ReasonForm(), 200
    if request.method == "POST":
        try:
            with unit_of_work():
                contest = queries.contest_by_code(code)
                services.accept_warnings(
                    contest,
                    form.reason.data or "",
                    version=seen_version(),
                    actor=current_actor(),
                    at=now(),
                )
                services.announce_contest(contest, actor=current_actor(), at=now())
        except ContestFileRefused as error:
            form.form_errors += [_(fault.msgid, **fault.params) for fault in error.faults]
        except Invalid as error:
            form.apply(error)
        else:
            notice(_("The contest is public now."))
            return redirect_to("contests.overview", code=code)
        status = 422
    contest = queries.contest_by_code(code)
    answered = accepted_warnings(contest)
    found = [one for one in check_setup(contest, now()) if one.key not in answered]
    return render(
        "contests/setup_check.html",
        contest=contest,
        form=form,
        version=shown_version(contest.version),
        wrong=[one for one in found if one.level != WARNING],
        warnings=[one for one in found if one.level == WARNING],
        given=contest.definition.get("accepted_warnings") or [],
        by_name=BY_NAME,
        public=queries.read_contest(contest),
    ), status
