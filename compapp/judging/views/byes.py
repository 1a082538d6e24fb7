"""Byes of single entries: given and ended on the page of who scores what."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import session, unit_of_work
from compapp.core.errors import Conflict, Invalid
from compapp.entries.models import Entry
from compapp.judging import forms, policy, queries, services
from compapp.judging.views.assignments import refused, round_in
from compapp.judging.views.blueprint import bp
from compapp.judging.views.jury import contest_of
from compapp.judging.views.labels import sentence_of
from compapp.web.access import require
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to, warning


@bp.post("/contests/<code>/assignments/<round_code>/byes")
@require(policy.may_give_bye, facts=queries.contest_facts_of_round)
def bye(code: str, round_code: str) -> ResponseReturnValue:
    """Give an entry a bye, with a reason; or end one (``end``: the entry's id)."""
    contest = contest_of(code)
    known = queries.entries_known_to(contest.id, current_actor().person_id)
    form = forms.ByeForm()
    form.entry.choices = [(one, "") for one in known]
    ended = request.form.get("end", type=int)
    if ended not in known and not form.validate_on_submit():
        return refused(code, round_code, bye=form)
    try:
        with unit_of_work():
            round_ = round_in(contest_of(code), round_code)
            by: dict[str, Any] = {"actor": current_actor(), "at": now()}
            if ended in known:
                services.end_bye(round_, session().get_one(Entry, ended), **by)
            else:
                entry = session().get_one(Entry, form.entry.data)
                services.give_bye(round_, entry, reason=form.reason.data, **by)
    except Invalid as error:
        form.apply(error)
        return refused(code, round_code, bye=form)
    except Conflict as error:
        warning(sentence_of(error))
        return redirect_to("judging.assignments", code=code, round_code=round_code)
    notice(_("The entry is judged in this round again; give it judges.") if ended in known else _("The bye is given."))
    return redirect_to("judging.assignments", code=code, round_code=round_code)
