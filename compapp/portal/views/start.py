"""The start page."""

from flask.typing import ResponseReturnValue

from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.portal import queries
from compapp.portal.views.base import bp
from compapp.portal.views.kept import kept
from compapp.web.access import public
from compapp.web.pages import redirect_to, render


@bp.get("/")
@public
def start() -> ResponseReturnValue:
    """Show visitors what this is and what is open; who is signed in goes to their own work."""
    if current_actor().is_signed_in:
        return redirect_to("web.home")
    return kept(queries.mark_of_all(now()), _start)


def _start() -> str:
    found = queries.shelf(now())
    running = (*found.receiving, *found.upcoming, *found.under_way)
    return render(
        "portal/start.html",
        shelf=found,
        steps=queries.next_steps(running, now()),
        results=queries.latest_results(now()),
    )
