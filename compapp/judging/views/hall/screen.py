"""The hall screen for a projector: no account, no score, nothing that is not meant for the hall."""

from datetime import timedelta
from typing import Any

from flask import make_response, request
from flask.typing import ResponseReturnValue

from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import NotFound
from compapp.core.text import N_
from compapp.judging import policy
from compapp.judging.lifecycle import ON_STAGE, SLOT
from compapp.judging.models import Hall
from compapp.judging.queries.hall import AWARDS, facts_of_hall, hall_of_screen, plan_of, slots_of
from compapp.judging.services.hall.screen import award_order, end_screen, open_screen, show_on_screen
from compapp.judging.views.hall.awards import shown_award
from compapp.judging.views.hall.live import kept_up, stage_of
from compapp.judging.views.hall.order import board_labels, hall_in
from compapp.judging.views.results_blueprint import bp, the_round
from compapp.web.access import public, require
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to, render

KEPT = timedelta(days=3)
"""How long after the end of its round a screen's link works, if nobody ends it before."""


@bp.post("/contests/<code>/pitch/<round_code>/halls/<int:hall_id>/screen")
@require(policy.may_run_stage, facts=facts_of_hall)
def screen_link(code: str, round_code: str, hall_id: int) -> ResponseReturnValue:
    """Open the hall screen, end it, or say what it shows."""
    deed = request.form.get("deed", "")
    with unit_of_work():
        one = hall_in(the_round(code, round_code), hall_id)
        if deed == "end":
            end_screen(one, actor=current_actor(), at=now())
        elif deed == "open":
            open_screen(one, actor=current_actor(), at=now())
        else:
            show_on_screen(one, request.form.get("mode", ""), actor=current_actor(), at=now())
    if request.form.get("back") == "awards":
        return redirect_to("results.award_steps", code=code, round_code=round_code)
    if deed == "end":
        notice(_("The screen’s link is ended; it opens nothing any more."))
    return redirect_to("results.stage", code=code, round_code=round_code, hall_id=hall_id, _anchor="screen")


@bp.get("/screens/<token>")
@public
def screen(token: str) -> ResponseReturnValue:
    """Show the hall screen; a page of its own, to be read from the last row."""
    context = _shown(_open(token))
    response = make_response(render("judging/pitch/screen.html", token=token, **context))
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/screens/<token>/now")
@public
def screen_now(token: str) -> ResponseReturnValue:
    """Give what the screen shows now; 304 while it is what the screen has."""
    hall = _open(token)
    return kept_up(f"{hall.id}:{hall.version}", lambda: render("judging/pitch/_screen.html", **_shown(hall)))


def _open(token: str) -> Hall:
    hall = hall_of_screen(token) if 20 <= len(token) <= 64 else None
    if hall is None or now() > max(hall.starts_at, hall.round.closes_at) + KEPT:
        raise NotFound(N_("This screen is not open. Ask the secretary for the link."))
    return hall


def _shown(hall: Hall) -> dict[str, Any]:
    """Return what the screen shows in its mode, and nothing more: of the awards only the step that stands."""
    round_ = hall.round
    context: dict[str, Any] = {"hall": hall, "round": round_, "contest": round_.contest, "mode": hall.screen_mode}
    if hall.screen_mode == AWARDS:
        return context | shown_award(award_order(round_), plan_of(round_.id).award_step)
    slots = slots_of(round_.id, hall.id)
    return context | {
        "slots": slots,
        "stands": stage_of(hall, slots, now()),
        "on_stage": ON_STAGE,
        "boards": board_labels(round_) if len({slot.board_code for slot in slots}) > 1 else {},
        "lifecycle": SLOT,
    }
