"""What a judge sees of the stage in the hours of a live round: which team is on, its clock, the way to the sheet."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from compapp.contests.models import Round
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.entries.queries.anonymous import anonymous_titles
from compapp.judging import policy
from compapp.judging.queries.hall import Called, on_stage_for
from compapp.judging.views.blueprint import bp
from compapp.judging.views.hall.live import clock_of, kept_up
from compapp.web.access import require
from compapp.web.pages import render


@bp.get("/desk/stage")
@require(policy.is_judge_anywhere)
def desk_stage() -> ResponseReturnValue:
    """Tell a judge which team of the own desk is on stage; ``sheet`` names the sheet that is open already."""
    called = on_stage_for(current_actor())
    sheet = request.args.get("sheet", 0, int)
    return kept_up(f"{called}:{sheet}", lambda: render("judging/desk/_stage.html", **_shown(called, sheet)))


def stage_for_judge(rounds: Iterable[Round], sheet: int = 0) -> dict[str, Any]:
    """Return what a judge's page shows of the stage: nothing (and nothing is asked) outside of a live round's hours."""
    at = now()
    is_live = any(one.kind == "live_pitch" and one.opens_at <= at <= one.closes_at for one in rounds)
    return {"is_live": is_live, **_shown(on_stage_for(current_actor()) if is_live else [], sheet)}


def _shown(called: Sequence[Called], sheet: int) -> dict[str, Any]:
    return {
        "called": called,
        "open_sheet": sheet,
        "clocks": {one.assignment_id: clock_of(one, one, now()) for one in called},
        "titles": anonymous_titles([one.entry_id for one in called]) if called else {},
    }
