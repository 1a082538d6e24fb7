"""Cases: recorded by an organiser, answered by the team, settled in words."""

from typing import Any

from flask.typing import ResponseReturnValue

from compapp.contests.queries import contest_by_code
from compapp.core import clock
from compapp.core.actor import Actor, current_actor
from compapp.core.db import unit_of_work
from compapp.core.errors import Invalid, NotFound
from compapp.entries import policy, queries, services
from compapp.entries.forms import CaseForm, DecisionForm, SettleForm, StatementForm
from compapp.entries.lifecycle import CASE, CASE_KINDS
from compapp.entries.models import Case, Entry
from compapp.entries.policy import EntryFacts
from compapp.entries.views.blueprint import bp, on_entry
from compapp.entries.views.eligibility import dossier_page
from compapp.web.access import facts, require
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to, render


@bp.get("/contests/<code>/cases")
@require(policy.may_run_queue, facts=queries.queue_facts)
def cases(code: str) -> str:
    """List the open cases of a contest, the most urgent first."""
    contest = contest_by_code(code)
    return render(
        "entries/cases.html", contest=contest, rows=queries.open_cases(contest.id), kinds=CASE_KINDS, at=clock.now()
    )


@bp.post("/entries/<int:entry_id>/cases")
@on_entry(policy.may_open_case)
def open_case(entry_id: int) -> ResponseReturnValue:
    """Record a case."""
    form, entry = CaseForm(), queries.entry(entry_id)
    if form.validate_on_submit():
        try:
            other = queries.entry_by_code(entry.contest_id, form.other.data) if form.other.data else None
            with unit_of_work():
                case = services.open_case(
                    entry,
                    form.kind.data,
                    reason=form.reason.data,
                    due_at=form.due_at.data,
                    other_entry=other,
                    actor=current_actor(),
                    at=clock.now(),
                )
            notice(_("Recorded. The team is told."))
            return redirect_to("entries.case", entry_id=entry_id, case_id=case.id)
        except Invalid as error:
            form.apply(error)
        except NotFound:
            form.other.errors = [_("There is no entry with this code.")]
    return dossier_page(queries.entry(entry_id), DecisionForm(formdata=None), case_form=form), 422


def _may_read(actor: Actor, found: EntryFacts) -> bool:
    return policy.may_see_own(actor, found) or policy.may_see_dossier(actor, found)


def _page(entry: Entry, case: Case, form: Any, settle: SettleForm) -> str:
    return render(
        "entries/case.html",
        entry=entry,
        contest=entry.contest,
        facts=facts(),
        case=case,
        kinds=CASE_KINDS,
        lifecycle=CASE,
        statements=services.statements_of(case),
        members=queries.active_members(entry.id),
        form=form,
        settle=settle,
        may_settle=policy.may_settle_case(current_actor(), facts()) and case.state == "open",
        may_state=facts().is_member and case.state == "open" and clock.now() < case.due_at,
    )


@bp.get("/entries/<int:entry_id>/cases/<int:case_id>")
@on_entry(_may_read)
def case(entry_id: int, case_id: int) -> str:
    """Show a case to the team or the organisers."""
    entry, found = queries.entry(entry_id), services.case_of(entry_id, case_id)
    form = StatementForm(formdata=None)
    own = [one for one, member in services.statements_of(found) if member.person_id == current_actor().person_id]
    form.text.data = own[0].text if own else None
    return _page(entry, found, form, SettleForm(formdata=None).offer(queries.active_members(entry_id)))


@bp.post("/entries/<int:entry_id>/cases/<int:case_id>/statement")
@on_entry(policy.may_state)
def state(entry_id: int, case_id: int) -> ResponseReturnValue:
    """State one's part."""
    form, found = StatementForm(), services.case_of(entry_id, case_id)
    if form.validate_on_submit():
        with unit_of_work():
            services.state_in_case(found, form.text.data, actor=current_actor(), at=clock.now())
        notice(_("Your statement is kept. You can change it until the deadline."))
        return redirect_to("entries.case", entry_id=entry_id, case_id=case_id)
    settle = SettleForm(formdata=None).offer(queries.active_members(entry_id))
    return _page(queries.entry(entry_id), found, form, settle), 422


@bp.post("/entries/<int:entry_id>/cases/<int:case_id>/settlement")
@on_entry(policy.may_settle_case)
def settle(entry_id: int, case_id: int) -> ResponseReturnValue:
    """Settle the case with an outcome."""
    found = services.case_of(entry_id, case_id)
    form = SettleForm().offer(queries.active_members(entry_id))
    if form.validate_on_submit():
        try:
            with unit_of_work():
                services.settle_case(
                    found,
                    form.outcome.data,
                    lead=int(form.lead.data) if (form.lead.data or "").isdigit() else None,
                    departed=[int(one) for one in form.departed.data or [] if one.isdigit()],
                    actor=current_actor(),
                    at=clock.now(),
                )
            notice(_("Settled. The team is told."))
            return redirect_to("entries.case", entry_id=entry_id, case_id=case_id)
        except Invalid as error:
            form.apply(error)
    return _page(queries.entry(entry_id), found, StatementForm(formdata=None), form), 422
