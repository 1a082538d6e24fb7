"""The running order: drawn, shown, changed with a reason, and proved to everybody."""

from collections.abc import Mapping
from datetime import datetime

from flask import request
from flask.typing import ResponseReturnValue

from compapp.contests.models import Round
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import DomainError, Invalid, NotFound
from compapp.core.text import N_
from compapp.judging import policy
from compapp.judging.lifecycle import EXPECTED, SLOT
from compapp.judging.models import Hall, PitchSlot
from compapp.judging.queries.hall import changes_of, facts_of_hall, halls_of, panel_of, plan_of, slot, slots_of
from compapp.judging.queries.results import draws_of, entry_names, hidden_entries, latest_publication
from compapp.judging.queries.rounds import round_before
from compapp.judging.services.awards import gives_awards
from compapp.judging.services.hall.checks import plan_faults
from compapp.judging.services.hall.order import (
    add_newcomers,
    draw_order,
    newcomers,
    pitches,
    redraw,
    shift_rest,
    swap,
)
from compapp.judging.views.hall.forms import LATE_RULES, typed_number
from compapp.judging.views.labels import errors_of
from compapp.judging.views.results_blueprint import bp, round_facts, the_round
from compapp.web.access import facts, public, require
from compapp.web.filters import short_moment
from compapp.web.forms import Form
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to, render


def board_labels(round_: Round) -> dict[str, object]:
    """Return the label of each board of the round's contest."""
    return {board.code: board.definition.get("label") or board.code for board in round_.contest.boards}


def hall_in(round_: Round, hall_id: int) -> Hall:
    """Return a hall of the round that the access check found."""
    return next(hall for hall in halls_of(round_.id) if hall.id == hall_id)


@bp.get("/contests/<code>/pitch/<round_code>")
@require(policy.may_see_hall, facts=round_facts)
def hall(code: str, round_code: str) -> str:
    """Show the running order: who is on, who is next, when."""
    return _hall(the_round(code, round_code), {})


def _hall(round_: Round, errors: Mapping[str, str]) -> str:
    draws, actor = draws_of(round_.id), current_actor()
    hidden = hidden_entries(round_.contest_id, actor.person_id)
    slots = slots_of(round_.id)
    shown = [one for one in slots if one.entry.code not in hidden]
    halls, in_office = halls_of(round_.id), policy.may_run_pitch(actor, facts())
    return render(
        "judging/pitch/hall.html",
        contest=round_.contest,
        round=round_,
        draws=draws,
        halls=halls,
        slots=shown,
        hidden=len(slots) - len(shown),
        waiting=[one for one in shown if one.state == EXPECTED],
        boards=board_labels(round_),
        plan=plan_of(round_.id),
        late_rules=LATE_RULES,
        lifecycle=SLOT,
        faults=_sentences(round_, halls, slots) if in_office and slots else [],
        unjudged=in_office and bool(slots) and not panel_of(round_.id),
        new=[one for one in newcomers(round_, slots) if one not in hidden] if in_office and slots else [],
        changes=changes_of(round_.id, draws) if draws else [],
        may_draw=in_office,
        may_plan=policy.may_plan_pitches(actor, facts()),
        may_see_panel=policy.may_see_panel(actor, facts()),
        has_awards=in_office and gives_awards(round_),
        someone=bool(draws) or pitches(round_),
        may_enter=policy.may_enter_totals(actor, facts()),
        typed=request.form,
        errors=errors,
        form=Form(),
    )


def _sentences(round_: Round, halls: list[Hall], slots: list[PitchSlot]) -> list[str]:
    found = plan_faults(round_, halls, slots, panel_of(round_.id))
    return [
        _(msgid, **{key: short_moment(one) if isinstance(one, datetime) else one for key, one in params.items()})
        for msgid, params in found
    ]


@bp.post("/contests/<code>/pitch/<round_code>/draw")
@require(policy.may_run_pitch, facts=round_facts)
def draw(code: str, round_code: str) -> ResponseReturnValue:
    """Draw the running order, or one board's again with a reason."""
    board, said = request.form.get("board", ""), request.form.get("said", "")
    try:
        with unit_of_work():
            round_ = the_round(code, round_code)
            if board:
                redraw(round_, board, request.form.get("reason", ""), said=said, actor=current_actor(), at=now())
            else:
                draw_order(round_, said=said, actor=current_actor(), at=now())
    except Invalid as refused:
        return _hall(the_round(code, round_code), errors_of(refused)), 422
    notice(_("The running order is drawn; the teams have been told their time."))
    return redirect_to("results.hall", code=code, round_code=round_code)


@bp.post("/contests/<code>/pitch/<round_code>/swaps")
@require(policy.may_run_pitch, facts=round_facts)
def swap_teams(code: str, round_code: str) -> ResponseReturnValue:
    """Let two teams change places, with a reason."""
    try:
        with unit_of_work():
            first, second = (_slot_of(code, round_code, name) for name in ("first", "second"))
            swap(first, second, request.form.get("reason", ""), actor=current_actor(), at=now())
    except DomainError as refused:
        if isinstance(refused, NotFound):
            raise
        return _hall(the_round(code, round_code), _marked(refused, "swap")), 422
    notice(_("The two teams have changed places and are told."))
    return redirect_to("results.hall", code=code, round_code=round_code)


def _slot_of(code: str, round_code: str, name: str) -> PitchSlot:
    """Return the slot that a field of the form names; NotFound for another round's."""
    number = typed_number(name)
    found = slot(number) if number is not None else None
    if found is None or found.round_id != the_round(code, round_code).id:
        raise NotFound(N_("There is no such slot."))
    return found


def _marked(refused: DomainError, form: str) -> dict[str, str]:
    """Return what was refused with a mark of the form that it belongs to."""
    return {"form": form} | errors_of(refused)


@bp.post("/contests/<code>/pitch/<round_code>/newcomers")
@require(policy.may_run_pitch, facts=round_facts)
def take_newcomers(code: str, round_code: str) -> ResponseReturnValue:
    """Give teams that came in after the draw a slot at the end."""
    try:
        with unit_of_work():
            round_ = the_round(code, round_code)
            add_newcomers(round_, request.form.get("reason", ""), actor=current_actor(), at=now())
    except Invalid as refused:
        return _hall(the_round(code, round_code), _marked(refused, "newcomers")), 422
    notice(_("The new teams have their slots at the end and are told."))
    return redirect_to("results.hall", code=code, round_code=round_code)


@bp.post("/contests/<code>/pitch/<round_code>/halls/<int:hall_id>/delay")
@require(policy.may_run_pitch, facts=facts_of_hall)
def delay(code: str, round_code: str, hall_id: int) -> ResponseReturnValue:
    """Move the planned times of all teams that still wait in a hall."""
    minutes = typed_number("minutes")
    try:
        with unit_of_work():
            one = hall_in(the_round(code, round_code), hall_id)
            shift_rest(one, 0 if minutes is None else minutes, actor=current_actor(), at=now())
    except Invalid as refused:
        return _hall(the_round(code, round_code), _marked(refused, f"delay-{hall_id}")), 422
    notice(_("The times are moved; the teams that still wait are told."))
    return redirect_to("results.hall", code=code, round_code=round_code)


@bp.get("/results/<code>/draws/<round_code>")
@public
def proof(code: str, round_code: str) -> str:
    """Show everybody how the running order was drawn, so that anybody can draw it again and compare."""
    round_ = the_round(code, round_code)
    draws = draws_of(round_.id)
    if round_.contest.state == "draft" or not draws:
        raise NotFound(N_("No running order has been drawn here yet."))
    return render(
        "judging/pitch/proof.html",
        contest=round_.contest,
        round=round_,
        draws=draws,
        boards=board_labels(round_),
        names=entry_names(round_.contest_id, [code for one in draws for code in one.order])
        if _is_known_who(round_)
        else {},
        changes=changes_of(round_.id, draws),
    )


def _is_known_who(round_: Round) -> bool:
    """Whether everybody may know who pitches: the result that sent the teams here is public."""
    before = round_before(round_)
    published = None if before is None else latest_publication(before.id)
    return published is not None and published.public_from <= now()
