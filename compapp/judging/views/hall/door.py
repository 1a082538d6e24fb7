"""The door: ticking teams in on a phone, by the list or by the team's square code."""

from flask import request
from flask.typing import ResponseReturnValue

from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict, Invalid, NotFound
from compapp.core.text import N_
from compapp.judging import policy
from compapp.judging.lifecycle import SLOT
from compapp.judging.models import PitchSlot
from compapp.judging.queries.hall import LAST, facts_of_slot, halls_of, plan_of, slot, slots_of
from compapp.judging.queries.results import hidden_entries
from compapp.judging.services.hall.door import (
    come_after_all,
    not_there,
    report_by,
    tick_in,
    untick,
    was_passed_over,
)
from compapp.judging.views.hall.forms import LATE_RULES
from compapp.judging.views.hall.order import board_labels
from compapp.judging.views.labels import sentence_of
from compapp.judging.views.results_blueprint import bp, round_facts, the_round
from compapp.web.access import require
from compapp.web.forms import Form
from compapp.web.i18n import _, localized
from compapp.web.pages import notice, redirect_to, render


@bp.get("/contests/<code>/pitch/<round_code>/door")
@require(policy.may_keep_door, facts=round_facts)
def door(code: str, round_code: str) -> str:
    """List the teams in their order with one button to tick each in."""
    round_ = the_round(code, round_code)
    hidden = hidden_entries(round_.contest_id, current_actor().person_id)
    slots = [one for one in slots_of(round_.id) if one.entry.code not in hidden]
    return render(
        "judging/pitch/door.html",
        contest=round_.contest,
        round=round_,
        halls=halls_of(round_.id),
        slots=slots,
        here=sum(one.arrived_at is not None for one in slots),
        boards=board_labels(round_),
        plan=plan_of(round_.id),
        lifecycle=SLOT,
        form=Form(),
    )


@bp.route("/contests/<code>/pitch/<round_code>/door/<int:slot_id>", methods=["GET", "POST"])
@require(policy.may_keep_door, facts=facts_of_slot)
def team_at_door(code: str, round_code: str, slot_id: int) -> ResponseReturnValue:
    """Show one team (its square code leads here), tick it in, or mark it absent as the rule says."""
    error = ""
    if request.method == "POST":
        try:
            with unit_of_work():
                said = _do(_the_slot(slot_id), request.form.get("deed", ""))
            notice(said)
            return redirect_to("results.door", code=code, round_code=round_code, _anchor=f"slot-{slot_id}")
        except (Invalid, Conflict) as refused:
            error = sentence_of(refused)
    found = _the_slot(slot_id)
    page = render(
        "judging/pitch/team_at_door.html",
        contest=found.round.contest,
        round=found.round,
        slot=found,
        boards=board_labels(found.round),
        plan=plan_of(found.round_id),
        late_rules=LATE_RULES,
        report_by=report_by(found),
        is_last_chance=was_passed_over(found),
        lifecycle=SLOT,
        error=error,
        typed=request.form,
        form=Form(),
    )
    return page, 422 if error else 200


def _the_slot(slot_id: int) -> PitchSlot:
    """Return the slot that the access check found; NotFound where the reader may know nothing of its entry."""
    found = slot(slot_id)
    if found is None or found.entry.code in hidden_entries(found.round.contest_id, current_actor().person_id):
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    return found


def _do(found: PitchSlot, deed: str) -> str:
    """Do what was pressed; return the sentence that says what came of it."""
    title, reason, actor, at = localized(found.entry.title), request.form.get("reason", ""), current_actor(), now()
    if deed == "here":
        late = tick_in(found, actor=actor, at=at).late
        return _("%(title)s is here, late.", title=title) if late else _("%(title)s is here.", title=title)
    if deed == "not-here":
        untick(found, actor=actor, at=at)
        return _("The tick of %(title)s is taken back.", title=title)
    if deed == "absent":
        if not_there(found, reason, actor=actor, at=at) == LAST:
            return _("%(title)s now pitches after all others.", title=title)
        return _("%(title)s did not come and is out; its members are told.", title=title)
    if deed == "after-all":
        come_after_all(found, reason, actor=actor, at=at)
        return _("%(title)s pitches after all, at the end.", title=title)
    raise Conflict(N_("Choose what to do with this team."))
