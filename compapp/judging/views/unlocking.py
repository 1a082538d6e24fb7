"""Sheets that their judges ask back: the office gives them back or leaves them as they are."""

from collections.abc import Mapping

from flask import request
from flask.typing import ResponseReturnValue

from compapp.contests.models import Contest
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Invalid, NotFound
from compapp.core.text import N_
from compapp.entries.queries.anonymous import anonymous_titles
from compapp.judging import policy, queries, services
from compapp.judging.models import Sheet
from compapp.judging.views.blueprint import bp
from compapp.judging.views.jury import contest_of
from compapp.judging.views.labels import errors_of
from compapp.web.access import require
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to, render


@bp.get("/contests/<code>/unlocking")
@require(policy.may_reopen, facts=queries.contest_facts)
def unlocking(code: str) -> str:
    """List the sheets that their judges ask back."""
    return _unlocking(contest_of(code), {})


def _unlocking(contest: Contest, errors: Mapping[str, str], refused: int = 0) -> str:
    """Render the list; ``errors`` are of the form of the sheet ``refused``."""
    sheets = _askable(contest)
    titles = anonymous_titles([one.entry_id for one in sheets]) if sheets else {}
    return render(
        "judging/jury/unlocking.html",
        contest=contest,
        sheets=sheets,
        titles=titles,
        typed=request.form,
        errors=errors,
        refused=refused,
    )


def _askable(contest: Contest) -> list[Sheet]:
    asked = queries.unlocks_asked(contest.id)
    hidden = queries.hidden_among(current_actor().person_id, [one.entry_id for one in asked])
    return [one for one in asked if one.entry_id not in hidden]


@bp.post("/contests/<code>/unlocking/<int:sheet_id>")
@require(policy.may_reopen, facts=queries.contest_facts_of_sheet)
def decide_unlocking(code: str, sheet_id: int) -> ResponseReturnValue:
    """Give a sheet back to its judge, or leave it as it is."""
    try:
        with unit_of_work():
            sheet = next((one for one in _askable(contest_of(code)) if one.id == sheet_id), None)
            if sheet is None:
                raise NotFound(N_("This page does not exist, or it is not open to you."))
            if request.form.get("decision") == "reopen":
                services.reopen_sheet(sheet, actor=current_actor(), at=now())
            else:
                services.refuse_unlock(sheet, request.form.get("reason", ""), actor=current_actor(), at=now())
    except Invalid as refused:
        return _unlocking(contest_of(code), errors_of(refused), sheet_id), 422
    notice(_("Recorded."))
    return redirect_to("judging.unlocking", code=code)
