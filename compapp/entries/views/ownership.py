"""The statement that the idea is the team's: one page, one click for each member."""

from flask.typing import ResponseReturnValue

from compapp.core import clock
from compapp.core.actor import current_actor
from compapp.core.db import unit_of_work
from compapp.core.errors import Closed
from compapp.entries import policy, queries, services
from compapp.entries.queries.standing import statements_of
from compapp.entries.views.blueprint import bp, on_entry, on_team, workspace_page
from compapp.web.access import facts
from compapp.web.forms import Form
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to, warning


@bp.get("/entries/<int:entry_id>/ownership")
@on_team
def ownership(entry_id: int) -> str:
    """Show the statement and who has given it."""
    entry, actor = queries.entry(entry_id), current_actor()
    members, stated = queries.active_members(entry_id), statements_of(entry_id)
    mine = next((one for one in members if one.person_id == actor.person_id), None)
    return workspace_page(
        "entries/ownership.html",
        entry,
        facts=facts(),
        form=Form(formdata=None),
        members=[one for one in members if one.role != "advisor"],
        stated=stated,
        may_state=policy.may_state_ownership(actor, facts()) and mine is not None and mine.id not in stated,
    )


@bp.post("/entries/<int:entry_id>/ownership")
@on_entry(policy.may_state_ownership)
def state_ownership(entry_id: int) -> ResponseReturnValue:
    """State it for oneself."""
    try:
        with unit_of_work():
            services.state_ownership(queries.entry(entry_id), actor=current_actor(), at=clock.now())
        notice(_("Your statement is kept."))
    except Closed as error:
        warning(_(error.msgid, **error.params))
    return redirect_to("entries.ownership", entry_id=entry_id)
