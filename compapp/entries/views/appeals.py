"""Appeals: filed by the team, read by the office, decided by an officer who is not in conflict."""

from flask.typing import ResponseReturnValue

from compapp.contests.definition import Choice, Text
from compapp.contests.models import Contest
from compapp.contests.queries import contest_by_code
from compapp.core import clock
from compapp.core.actor import current_actor
from compapp.core.db import unit_of_work
from compapp.core.errors import Closed, Conflict, Invalid
from compapp.entries import policy, queries, services
from compapp.entries.forms.screening import WHY_NOT, AppealDecisionForm, AppealForm
from compapp.entries.lifecycle import APPEAL, FILED
from compapp.entries.models import EligibilityAppeal, Entry
from compapp.entries.queries import appeals as found
from compapp.entries.views.blueprint import bp, on_entry, workspace_page
from compapp.web.access import facts, require
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to, render, warning


def _ground(contest: Contest, code: str) -> Text:
    known: dict[str, Choice] = {one.code: one for one in found.grounds_of(contest)}
    return known[code].label if code in known else {"vi": code, "en": code}


@bp.route("/entries/<int:entry_id>/appeal", methods=["GET", "POST"])
@on_entry(policy.may_appeal)
def appeal(entry_id: int) -> ResponseReturnValue:
    """Appeal against "not eligible", or read what became of the appeal."""
    entry = queries.entry(entry_id)
    form = AppealForm().offer(found.grounds_of(entry.contest))
    if form.validate_on_submit():
        try:
            with unit_of_work():
                services.file_appeal(
                    entry, ground=form.ground.data, text=form.text.data, actor=current_actor(), at=clock.now()
                )
            notice(_("Your appeal is filed. You will be told how it ends."))
            return redirect_to("entries.appeal", entry_id=entry_id)
        except Invalid as error:
            form.apply(error)
        except (Closed, Conflict) as error:
            warning(_(error.msgid, **error.params))
            return redirect_to("entries.appeal", entry_id=entry_id)
    return _team_page(queries.entry(entry_id), form), 422 if form.is_submitted() else 200


def _team_page(entry: Entry, form: AppealForm) -> str:
    refusal = found.refusal_of(entry)
    rows = found.appeals_of_entry(entry.id)
    until = found.appeal_until(entry, refusal) if refusal is not None else None
    is_open = refusal is not None and until is not None and clock.now() < until
    return workspace_page(
        "entries/appeal.html",
        entry,
        facts=facts(),
        form=form,
        refusal=refusal,
        until=until,
        may_file=is_open and facts().member_role == "lead" and all(one.decision_id != refusal.id for one in rows)
        if refusal is not None
        else False,
        rows=[(one, _ground(entry.contest, one.ground)) for one in rows],
        lifecycle=APPEAL,
    )


@bp.get("/contests/<code>/appeals")
@require(policy.may_read_appeals, facts=found.appeals_facts)
def appeals(code: str) -> str:
    """List the appeals of a contest, those to decide first."""
    contest = contest_by_code(code)
    return render("entries/appeals.html", contest=contest, rows=found.appeal_rows(contest.id), lifecycle=APPEAL)


@bp.get("/contests/<code>/appeals/<int:appeal_id>")
@require(policy.may_read_appeal, facts=found.appeal_facts)
def appeal_page(code: str, appeal_id: int) -> str:
    """Show one appeal to the office."""
    contest = contest_by_code(code)
    return _office_page(contest, found.appeal_of(contest.id, appeal_id), AppealDecisionForm(formdata=None))


def _office_page(contest: Contest, row: EligibilityAppeal, form: AppealDecisionForm) -> str:
    actor = current_actor()
    why_not = policy.conflict_with_appeal(actor, facts()) if row.state == FILED else None
    return render(
        "entries/appeal_office.html",
        contest=contest,
        appeal=row,
        ground=_ground(contest, row.ground),
        form=form,
        lifecycle=APPEAL,
        may_decide=row.state == FILED and policy.may_decide_appeal(actor, facts()),
        why_not=WHY_NOT.get(why_not or ""),
        nobody=row.state == FILED and not found.officers_for(row),
        may_open=actor.has_any(policy.STAFF_ROLES, "contest", contest.id),
    )


@bp.post("/contests/<code>/appeals/<int:appeal_id>/decision")
@require(policy.may_decide_appeal, facts=found.appeal_facts)
def decide_appeal(code: str, appeal_id: int) -> ResponseReturnValue:
    """Decide an appeal; team, school and the office are told."""
    contest, form = contest_by_code(code), AppealDecisionForm()
    row = found.appeal_of(contest.id, appeal_id)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                services.decide_appeal(
                    row, form.verb.data, outcome=form.outcome.data, actor=current_actor(), at=clock.now()
                )
            notice(_("Decided. The team is told."))
            return redirect_to("entries.appeals", code=code)
        except Invalid as error:
            form.apply(error)
        except Conflict as error:
            warning(_(error.msgid, **error.params))
            return redirect_to("entries.appeal_page", code=code, appeal_id=appeal_id)
    return _office_page(contest, row, form), 422
