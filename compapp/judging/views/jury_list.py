"""Inviting a whole jury at once: a pasted list or a spreadsheet, shown row by row before anybody is invited."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Closed, Invalid
from compapp.core.spreadsheets import MOST_BYTES, read_table
from compapp.judging import forms, policy, queries
from compapp.judging.services import jury_list as lists
from compapp.judging.views.blueprint import bp
from compapp.judging.views.jury import contest_of
from compapp.judging.views.labels import institution_choices, sector_choices, sentence_of
from compapp.web.access import require
from compapp.web.i18n import ngettext
from compapp.web.pages import notice, redirect_to, render, warn_left_out, warning


@bp.get("/contests/<code>/jury/invitations")
@require(policy.may_run_jury, facts=queries.contest_facts)
def jury_list(code: str) -> str:
    """Offer to read judges from a pasted list or a spreadsheet."""
    return _page(code, forms.JuryListForm(formdata=None))


def _page(code: str, form: forms.JuryListForm, **read: Any) -> str:
    contest = contest_of(code)
    shown = {"checked": None, "token": "", "most": lists.MOST, **read}
    return render(
        "judging/jury/list.html",
        contest=contest,
        form=form,
        sectors=dict(sector_choices(contest)),
        houses=[name for _id, name in institution_choices(contest)],
        **shown,
    )


@bp.post("/contests/<code>/jury/invitations")
@require(policy.may_run_jury, facts=queries.contest_facts)
def check_jury_list(code: str) -> ResponseReturnValue:
    """Read the list and show each row; nobody is invited yet."""
    form = forms.JuryListForm()
    if not form.validate_on_submit():
        return _page(code, form), 422
    uploaded = request.files.get("file")
    data = uploaded.stream.read(MOST_BYTES + 1) if uploaded is not None else b""
    try:
        table = read_table(data) if data else lists.pasted_table(form.pasted.data or "")
        checked, said = lists.check_jury_list(contest_of(code), table), form.thanks.data or ""
        with unit_of_work():
            token = lists.keep_jury_list(contest_of(code), checked, thanks=said, actor=current_actor(), at=now())
    except Invalid as error:
        form.apply(error)
        return _page(code, form), 422
    return _page(code, form, checked=checked, token=token)


@bp.post("/contests/<code>/jury/invitations/sending")
@require(policy.may_run_jury, facts=queries.contest_facts)
def send_jury_list(code: str) -> ResponseReturnValue:
    """Invite whom the checked list names; the list works once."""
    try:
        with unit_of_work():
            token = request.form.get("list", "")
            count, left_out = lists.invite_jury_list(contest_of(code), token, actor=current_actor(), at=now())
    except (Closed, Invalid) as error:
        warning(sentence_of(error))
        return redirect_to("judging.jury_list", code=code)
    notice(ngettext("%(num)d invitation is on its way.", "%(num)d invitations are on their way.", count))
    warn_left_out(left_out)
    return redirect_to("judging.jury", code=code)
