"""Running the session: who is on, the clock, what the panel has handed in; and the chair's figures."""

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from compapp.clubs.pictures import qr_picture
from compapp.contests.models import Round
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import session, unit_of_work
from compapp.core.errors import Closed, Conflict, NotFound
from compapp.core.text import N_
from compapp.judging import policy
from compapp.judging.lifecycle import DONE, ON_STAGE, SLOT
from compapp.judging.models import Hall, PitchSlot, RoundFigure
from compapp.judging.queries.hall import (
    PanelLine,
    facts_of_hall,
    halls_of,
    panel_of,
    slot,
    slots_of,
)
from compapp.judging.queries.results import hidden_entries, latest_publication
from compapp.judging.services.hall.screen import MODES, award_order
from compapp.judging.services.hall.stage import press
from compapp.judging.views.hall.forms import typed_number
from compapp.judging.views.hall.live import kept_up, stage_of
from compapp.judging.views.hall.order import board_labels, hall_in
from compapp.judging.views.labels import sentence_of
from compapp.judging.views.results_blueprint import bp, round_facts, the_round, waits_for_the_stage
from compapp.web.access import facts, require
from compapp.web.forms import Form
from compapp.web.pages import redirect_to, render


@bp.route("/contests/<code>/pitch/<round_code>/stage/<int:hall_id>", methods=["GET", "POST"])
@require(policy.may_run_stage, facts=facts_of_hall)
def stage(code: str, round_code: str, hall_id: int) -> ResponseReturnValue:
    """Run a hall: call, start, questions, pause, end; two people may press at once, one of them acts."""
    error = ""
    if request.method == "POST":
        try:
            with unit_of_work():
                press(_pressed(hall_id), request.form.get("deed", ""), actor=current_actor(), at=now())
            return redirect_to("results.stage", code=code, round_code=round_code, hall_id=hall_id, _anchor="stage")
        except (Conflict, Closed) as refused:
            error = sentence_of(refused)
    round_ = the_round(code, round_code)
    one = hall_in(round_, hall_id)
    address = None if one.screen_key is None else url_for("results.screen", token=one.screen_key, _external=True)
    page = render(
        "judging/pitch/stage.html",
        contest=round_.contest,
        halls=halls_of(round_.id),
        error=error,
        address=address,
        picture=qr_picture(address, sized=False) if address else "",
        modes=[mode for mode in MODES if mode != "awards" or award_order(round_)],
        **_how_it_stands(round_, one),
    )
    return page, 409 if error else 200


def _pressed(hall_id: int) -> PitchSlot:
    number = typed_number("slot")
    found = slot(number) if number is not None else None
    if found is None or found.hall_id != hall_id:
        raise NotFound(N_("There is no such slot."))
    return found


def _how_it_stands(round_: Round, hall: Hall) -> dict[str, Any]:
    hidden = hidden_entries(round_.contest_id, current_actor().person_id)
    slots = slots_of(round_.id, hall.id)
    at = now()
    stands = stage_of(hall, slots, at)
    shown = stands.current or stands.last
    is_over = latest_publication(round_.id) is not None
    return {
        "round": round_,
        "hall": hall,
        "stands": stands,
        "hidden": hidden,
        "slots": slots,
        "panel": panel_of(round_.id).get(shown.entry_id, ()) if shown is not None else (),
        "boards": board_labels(round_),
        "lifecycle": SLOT,
        "is_open": at >= round_.opens_at and not is_over,
        "is_over": is_over,
        "at_door": policy.may_keep_door(current_actor(), facts()),
        "behind": _behind(stands.current or stands.following),
        **({} if stands.current or stands.following else _what_follows(round_, slots, hidden)),
        "form": Form(),
    }


def _what_follows(round_: Round, slots: Sequence[PitchSlot], hidden: Collection[str]) -> dict[str, Any]:
    """Return, once every team of the hall has pitched, whose sheets are missing and whether the standings are open."""
    panel, actor = panel_of(round_.id), current_actor()
    known = [one for one in slots if one.state == DONE and one.entry.code not in hidden]
    counts = {one: sum(not line.is_in for line in panel.get(one.entry_id, ())) for one in known}
    return {
        "missing": [f"{slot.entry.code} ({count})" for slot, count in counts.items() if count],
        "to_results": policy.may_see_standings(actor, facts())
        and not waits_for_the_stage(actor, round_.contest_id, round_.code),
    }


def _behind(slot: PitchSlot | None) -> int:
    """Return by how many whole minutes the hall is behind its plan (before it: below 0)."""
    if slot is None:
        return 0
    return int(((slot.started_at or now()) - slot.starts_at).total_seconds() // 60)


@bp.get("/contests/<code>/pitch/<round_code>/stage/<int:hall_id>/now")
@require(policy.may_run_stage, facts=facts_of_hall)
def stage_now(code: str, round_code: str, hall_id: int) -> ResponseReturnValue:
    """Give the part of the stage's page that changes by itself."""
    round_ = the_round(code, round_code)
    context = _how_it_stands(round_, hall_in(round_, hall_id))
    sheets = [(line.judge, line.is_in) for line in context["panel"]]
    arrived = [one.id for one in context["slots"] if one.arrived_at is not None]
    follows = (context.get("missing"), context.get("to_results"))
    mark = f"{hall_id}:{context['hall'].version}:{sheets}:{arrived}:{context['is_open']}:{follows}"
    return kept_up(mark, lambda: render("judging/pitch/_stage.html", contest=round_.contest, **context))


@bp.get("/contests/<code>/pitch/<round_code>/panel")
@require(policy.may_see_panel, facts=round_facts)
def panel(code: str, round_code: str) -> str:
    """Show the chair live who has handed in, and the figures; nobody else sees them before they are released."""
    round_ = the_round(code, round_code)
    return render("judging/pitch/panel.html", contest=round_.contest, round=round_, **_panel(round_))


@bp.get("/contests/<code>/pitch/<round_code>/panel/now")
@require(policy.may_see_panel, facts=round_facts)
def panel_now(code: str, round_code: str) -> ResponseReturnValue:
    """Give the part of the panel's page that changes by itself."""
    round_ = the_round(code, round_code)
    context = _panel(round_)
    mark = str([(one.id, one.state, context["lines"][one.entry_id], context["own_first"]) for one in context["slots"]])
    return kept_up(mark, lambda: render("judging/pitch/_panel.html", contest=round_.contest, round=round_, **context))


def _panel(round_: Round) -> dict[str, Any]:
    actor = current_actor()
    hidden = hidden_entries(round_.contest_id, actor.person_id)
    slots = [one for one in slots_of(round_.id) if one.entry.code not in hidden]
    panel = panel_of(round_.id)
    lines = {one.entry_id: panel.get(one.entry_id, ()) for one in slots}
    return {
        "slots": sorted(slots, key=lambda one: one.state not in ON_STAGE),
        "lines": lines,
        "own_first": {entry: sheet for entry, own in lines.items() if (sheet := _own_missing(own, actor.person_id))},
        "figures": _figures(round_),
        "on_stage": ON_STAGE,
        "boards": board_labels(round_),
        "lifecycle": SLOT,
    }


def _own_missing(lines: Sequence[PanelLine], person_id: int | None) -> int | None:
    """Return the reader's assignment where the reader judges this entry too and has not handed in: it comes first."""
    return next((line.assignment_id for line in lines if line.person_id == person_id and not line.is_in), None)


def _figures(round_: Round) -> Mapping[int, Fraction | None]:
    rows = session().execute(select(RoundFigure.entry_id, RoundFigure.figure).where(RoundFigure.round_id == round_.id))
    return {entry_id: figure for entry_id, figure in rows}  # noqa: C416 - rows are no pairs to mypy
