"""The award order: the presenter steps, the hall sees one award after another, the lowest first."""

from collections.abc import Sequence
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Closed, Conflict, Invalid
from compapp.judging import policy
from compapp.judging.queries.hall import halls_of, plan_of
from compapp.judging.queries.results import hidden_entries
from compapp.judging.services.hall.screen import AwardCard, award_order, last_step, step_awards
from compapp.judging.views.hall.forms import typed_number
from compapp.judging.views.labels import sentence_of
from compapp.judging.views.results_blueprint import bp, round_facts, the_round
from compapp.web.access import require
from compapp.web.forms import Form
from compapp.web.pages import redirect_to, render


def shown_award(cards: Sequence[AwardCard], step: int) -> dict[str, Any]:
    """Return what a step shows: nothing yet, an award without its winner, with it, or at last all of them."""
    step = min(step, last_step(len(cards)))
    place = (step - 1) // 2
    current = cards[place] if 0 < step <= 2 * len(cards) else None
    return {
        "step": step,
        "card": current,
        "winner_is_shown": current is not None and step % 2 == 0,
        "all_cards": tuple(sorted(cards, key=lambda one: one.place)) if cards and step == last_step(len(cards)) else (),
    }


@bp.route("/contests/<code>/pitch/<round_code>/awards", methods=["GET", "POST"])
@require(policy.may_run_stage, facts=round_facts)
def award_steps(code: str, round_code: str) -> ResponseReturnValue:
    """Step through the award order; the presenter reads what comes next, the hall does not."""
    error = ""
    if request.method == "POST":
        seen, to = typed_number("seen"), typed_number("to")
        try:
            with unit_of_work():
                round_ = the_round(code, round_code)
                step_awards(round_, seen=seen or 0, to=-1 if to is None else to, actor=current_actor(), at=now())
            return redirect_to("results.award_steps", code=code, round_code=round_code)
        except (Invalid, Conflict, Closed) as refused:
            error = sentence_of(refused)
    round_ = the_round(code, round_code)
    cards = award_order(round_)
    step = min(plan_of(round_.id).award_step, last_step(len(cards)))
    page = render(
        "judging/pitch/awards.html",
        contest=round_.contest,
        round=round_,
        cards=cards,
        hidden=hidden_entries(round_.contest_id, current_actor().person_id),
        last=last_step(len(cards)),
        halls=halls_of(round_.id),
        error=error,
        form=Form(),
        following=shown_award(cards, step + 1) if step < last_step(len(cards)) else None,
        **shown_award(cards, step),
    )
    return page, 409 if error else 200
