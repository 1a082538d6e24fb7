"""Where and when: the plan of a live round and its halls."""

from flask.typing import ResponseReturnValue

from compapp.contests.models import Round
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict, Invalid
from compapp.judging import policy
from compapp.judging.models import Hall, PitchSlot
from compapp.judging.queries.hall import facts_of_hall, hall_before, halls_of, is_planned, plan_of, slots_of
from compapp.judging.services.hall.order import tell_order
from compapp.judging.services.hall.plan import add_hall, change_hall, change_plan, must_be_live, remove_hall
from compapp.judging.views.hall.forms import HallForm, PlanForm
from compapp.judging.views.hall.order import board_labels, hall_in
from compapp.judging.views.results_blueprint import bp, round_facts, the_round
from compapp.web.access import require
from compapp.web.forms import Form
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to, render


@bp.route("/contests/<code>/pitch/<round_code>/plan", methods=["GET", "POST"])
@require(policy.may_plan_pitches, facts=round_facts)
def pitch_plan(code: str, round_code: str) -> ResponseReturnValue:
    """Say when teams report and what they bring; list the halls."""
    round_ = the_round(code, round_code)
    must_be_live(round_)
    earlier = None if is_planned(round_.id) else hall_before(round_)
    form = PlanForm.of(plan_of(round_.id if earlier is None else earlier.round_id))
    if form.validate_on_submit():
        try:
            with unit_of_work():
                change_plan(
                    the_round(code, round_code),
                    report_minutes=form.report_minutes.data,
                    late_rule=form.late_rule.data,
                    bring=form.bring(),
                    actor=current_actor(),
                    at=now(),
                )
            notice(_("The plan is kept."))
            return redirect_to("results.hall", code=code, round_code=round_code)
        except Invalid as refused:
            form.apply(refused)
    page = render(
        "judging/pitch/plan.html",
        contest=round_.contest,
        round=round_,
        halls=halls_of(round_.id),
        slots=slots_of(round_.id),
        boards=board_labels(round_),
        taken_over=None if earlier is None else earlier.round,
        plan_form=form,
        form=Form(),
    )
    return page, 422 if form.is_submitted() else 200


@bp.route("/contests/<code>/pitch/<round_code>/halls", methods=["GET", "POST"])
@require(policy.may_plan_pitches, facts=round_facts)
def new_hall(code: str, round_code: str) -> ResponseReturnValue:
    """Add a hall."""
    round_ = the_round(code, round_code)
    must_be_live(round_)
    earlier = None if halls_of(round_.id) else hall_before(round_)
    form = HallForm.of(round_, None, earlier)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                add_hall(the_round(code, round_code), form.given(), actor=current_actor(), at=now())
            notice(_("The hall is added."))
            return redirect_to("results.pitch_plan", code=code, round_code=round_code)
        except Invalid as refused:
            form.apply(refused)
    return _page(round_, None, form, earlier), 422 if form.is_submitted() else 200


@bp.route("/contests/<code>/pitch/<round_code>/halls/<int:hall_id>", methods=["GET", "POST"])
@require(policy.may_plan_pitches, facts=facts_of_hall)
def one_hall(code: str, round_code: str, hall_id: int) -> ResponseReturnValue:
    """Change a hall; teams whose time is another now are told."""
    round_ = the_round(code, round_code)
    form = HallForm.of(round_, hall_in(round_, hall_id))
    if form.validate_on_submit():
        try:
            with unit_of_work():
                again = the_round(code, round_code)
                moved = change_hall(hall_in(again, hall_id), form.given(), actor=current_actor(), at=now())
                _tell(again, moved)
            notice(
                _("The hall is changed; teams whose time is another now are told.")
                if moved
                else _("The hall is changed.")
            )
            return redirect_to("results.pitch_plan", code=code, round_code=round_code)
        except (Invalid, Conflict) as refused:
            form.apply(refused if isinstance(refused, Invalid) else Invalid(refused.msgid, **refused.params))
    return _page(round_, hall_in(round_, hall_id), form), 422 if form.is_submitted() else 200


def _tell(round_: Round, moved: list[PitchSlot]) -> None:
    if moved:
        tell_order(round_, moved, version=now().isoformat(), changed=True, at=now())


def _page(round_: Round, hall: Hall | None, form: HallForm, earlier: Hall | None = None) -> str:
    return render(
        "judging/pitch/hall_form.html",
        contest=round_.contest,
        round=round_,
        hall=hall,
        hall_form=form,
        taken_over=None if earlier is None else earlier.round,
        taken=bool(hall and slots_of(round_.id, hall.id)),
    )


@bp.post("/contests/<code>/pitch/<round_code>/halls/<int:hall_id>/removal")
@require(policy.may_plan_pitches, facts=facts_of_hall)
def drop_hall(code: str, round_code: str, hall_id: int) -> ResponseReturnValue:
    """Take an empty hall away."""
    with unit_of_work():
        remove_hall(hall_in(the_round(code, round_code), hall_id), actor=current_actor(), at=now())
    notice(_("The hall is taken away."))
    return redirect_to("results.pitch_plan", code=code, round_code=round_code)
