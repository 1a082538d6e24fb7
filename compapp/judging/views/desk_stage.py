"""The part of the desk that says which team is on stage, in the hours of a live round."""

from collections.abc import Sequence
from typing import Any

from flask.typing import ResponseReturnValue

from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.entries.queries.anonymous import anonymous_titles
from compapp.judging import policy
from compapp.judging.queries.desk import DeskRound
from compapp.judging.queries.hall import on_stage_for
from compapp.judging.views.blueprint import bp
from compapp.judging.views.hall.live import kept_up
from compapp.web.access import require
from compapp.web.pages import render


@bp.get("/desk/stage")
@require(policy.is_judge_anywhere)
def desk_stage() -> ResponseReturnValue:
    """Tell a judge which team of the own desk is on stage, with the way to its sheet."""
    called = on_stage_for(current_actor())
    return kept_up(str(called), lambda: render("judging/desk/_stage.html", **_titled(called)))


def stage_on_desk(rounds: Sequence[DeskRound]) -> dict[str, Any]:
    """Return what the desk shows of the stage: nothing (and no question asked) outside of a live round's hours."""
    at = now()
    is_live = any(one.round.kind == "live_pitch" and one.round.opens_at <= at <= one.round.closes_at for one in rounds)
    return {"is_live": is_live, **_titled(on_stage_for(current_actor()) if is_live else [])}


def _titled(called: Sequence[Any]) -> dict[str, Any]:
    return {"called": called, "titles": anonymous_titles([one.entry_id for one in called]) if called else {}}
