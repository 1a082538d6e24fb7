"""A judge looks at how the own scores stand beside colleagues': for that judge alone, once a round is published."""

from compapp.core.actor import current_actor
from compapp.judging import policy
from compapp.judging.queries.jury import own_seat, own_seat_facts
from compapp.judging.queries.mirror import mirrors_of
from compapp.judging.views.results_blueprint import bp
from compapp.web.access import require
from compapp.web.pages import render


@bp.get("/contests/<code>/mirror")
@require(policy.is_own_seat, facts=own_seat_facts)
def mirror(code: str) -> str:
    """Show a judge the own mirror in every published round."""
    seat = own_seat(current_actor(), code)
    assert seat is not None
    return render("judging/jury/mirror.html", contest=seat.contest, rounds=mirrors_of(seat))
