"""The seals of the record, and the question whether it still holds one."""

from flask import request

from compapp.contests.views.blueprint import bp
from compapp.core import anchors
from compapp.web.access import public
from compapp.web.pages import render


@bp.get("/seals")
@public
def seals() -> str:
    """Show the seal of each day; say whether the record still holds one that somebody kept."""
    asked = request.args.get("head", "").strip()
    wanted = anchors.read_head(asked)
    return render(
        "contests/seals.html",
        asked=asked[:200],
        answer=anchors.ask(wanted) if wanted is not None else None,
        notes=anchors.notes_page(request.args.get("page", 1, type=int)),
    )
