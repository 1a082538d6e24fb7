"""Who holds a role in a contest."""

from flask import request
from flask.typing import ResponseReturnValue

from compapp.contests import policy, queries, services
from compapp.contests.forms import RoleForm
from compapp.contests.models import Contest
from compapp.contests.tabs import people_pages
from compapp.contests.views.blueprint import bp
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Invalid, Refused
from compapp.web.access import require
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to, render, warning


@bp.route("/contests/<code>/manage/roles", methods=["GET", "POST"])
@require(policy.may_manage, facts=queries.contest_facts)
def roles(code: str) -> ResponseReturnValue:
    """List the roles; give one to somebody by e-mail address."""
    form = RoleForm()
    if not form.validate_on_submit():
        return _page(queries.contest_by_code(code), form, 422 if form.is_submitted() else 200)
    try:
        with unit_of_work():
            services.grant_role(
                queries.contest_by_code(code),
                form.email.data,
                form.name.data,
                form.role.data,
                actor=current_actor(),
                at=now(),
            )
    except (Invalid, Refused) as error:
        form.apply(error if isinstance(error, Invalid) else Invalid(error.msgid, **error.params))
        return _page(queries.contest_by_code(code), form, 422)
    notice(_("The role is given. The person is told by e-mail."))
    return redirect_to("contests.roles", code=code)


def _page(contest: Contest, form: RoleForm, status: int) -> ResponseReturnValue:
    order = list(policy.ROLES)
    held = sorted(queries.roles_of(contest.id), key=lambda row: order.index(row.role))
    return (
        render(
            "contests/roles.html",
            contest=contest,
            form=form,
            held=held,
            labels=policy.ROLES,
            own=policy.GRANTABLE,
            people_pages=people_pages(),
        ),
        status,
    )


@bp.post("/contests/<code>/manage/roles/removal")
@require(policy.may_manage, facts=queries.contest_facts)
def removal(code: str) -> ResponseReturnValue:
    """Take a role away."""
    person_id, role = request.form.get("person", 0, type=int), request.form.get("role", "")
    try:
        with unit_of_work():
            services.revoke_role(queries.contest_by_code(code), person_id, role, actor=current_actor(), at=now())
    except Invalid as error:
        warning(_(error.msgid, **error.params))
    else:
        notice(_("The role is taken away."))
    return redirect_to("contests.roles", code=code)
