"""What a jury came to that did not score: verdicts of a screening with the chair's word, strengths of comparisons."""

from collections.abc import Mapping

from flask import request
from flask.typing import ResponseReturnValue

from compapp.contests.definition import BoardRule
from compapp.contests.models import Round
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Closed, Invalid, NotFound
from compapp.core.text import N_
from compapp.judging import policy
from compapp.judging.queries.results import entry_names, hidden_entries
from compapp.judging.queries.screening import screened, strengths_of
from compapp.judging.scoring.modes import mode_of, options_of
from compapp.judging.scoring.modes.pairwise import PAIRWISE
from compapp.judging.services.screening import decide_screening as decide
from compapp.judging.services.standings import read_inputs
from compapp.judging.views.labels import errors_of
from compapp.judging.views.results_blueprint import bp, figures_facts, round_facts, the_round
from compapp.web.access import facts, require
from compapp.web.forms import Form
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to, render


@bp.get("/contests/<code>/standings/<round_code>/screening")
@require(policy.may_see_standings, facts=figures_facts)
def screening(code: str, round_code: str) -> str:
    """Show each entry with its verdicts and what they come to."""
    return _page(the_round(code, round_code), {})


@bp.post("/contests/<code>/standings/<round_code>/screening")
@require(policy.may_decide_tie, facts=round_facts)
def decide_screening(code: str, round_code: str) -> ResponseReturnValue:
    """Record the chair's word on one entry."""
    entry, passes = request.form.get("entry", ""), request.form.get("passes", "")
    try:
        with unit_of_work():
            if passes not in ("yes", "no"):
                raise Invalid(fields={"reason": [(N_("Choose whether the entry passes."), {})]})
            decide(
                the_round(code, round_code),
                entry,
                passes == "yes",
                request.form.get("reason", ""),
                actor=current_actor(),
                at=now(),
            )
    except (Closed, Invalid) as refused:
        return _page(the_round(code, round_code), errors_of(refused)), refused.status
    notice(_("Your decision is recorded with its reason."))
    return redirect_to("results.screening", code=code, round_code=round_code)


@bp.get("/contests/<code>/standings/<round_code>/strengths")
@require(policy.may_see_standings, facts=figures_facts)
def pair_strengths(code: str, round_code: str) -> str:
    """Show how strong each entry is by the comparisons handed in, and how sure that is."""
    round_ = the_round(code, round_code)
    if mode_of(round_.definition) is not PAIRWISE:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    inputs, actor = read_inputs(round_), current_actor()
    return render(
        "judging/modes/strengths.html",
        contest=inputs.contest,
        round=round_,
        rule=_(PAIRWISE.decides, **options_of(round_.definition)),
        boards=strengths_of(inputs, hidden_entries(round_.contest_id, actor.person_id)),
        names=entry_names(round_.contest_id),
        labels={board.code: BoardRule.of(board).label for board in inputs.contest.boards},
    )


def _page(round_: Round, errors: Mapping[str, str]) -> str:
    mode = mode_of(round_.definition)
    if mode.outcome is None:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    inputs, actor = read_inputs(round_), current_actor()
    return render(
        "judging/modes/screening.html",
        contest=inputs.contest,
        round=round_,
        rule=_(mode.decides, **options_of(round_.definition)),
        boards=screened(inputs, hidden_entries(round_.contest_id, actor.person_id)),
        labels={board.code: BoardRule.of(board).label for board in inputs.contest.boards},
        may_decide=policy.may_decide_tie(actor, facts()),
        errors=errors,
        typed=request.form,
        form=Form(),
    )
