"""Past winners: the list teams are compared with, from a spreadsheet with a dry run."""

from flask import request
from flask.typing import ResponseReturnValue

from compapp.contests.models import Contest
from compapp.contests.queries import contest_by_code
from compapp.core import clock
from compapp.core.actor import current_actor
from compapp.core.db import unit_of_work
from compapp.core.errors import Closed, Invalid
from compapp.core.spreadsheets import MOST_BYTES, Column, read_table
from compapp.core.text import N_
from compapp.entries import policy, queries, services
from compapp.entries.forms.screening import DecisionListForm
from compapp.entries.queries import winners as found
from compapp.entries.services.winners import HEADINGS, CheckedWinner
from compapp.entries.views.blueprint import bp
from compapp.web.access import require
from compapp.web.downloads import spreadsheet
from compapp.web.i18n import _, current_locale, ngettext
from compapp.web.pages import notice, redirect_to, render, warning


def _headings() -> tuple[str, ...]:
    """Return how the columns are called in the reader's language."""
    return HEADINGS["en" if current_locale() == "en" else "vi"]


@bp.get("/contests/<code>/past-winners")
@require(policy.may_run_queue, facts=queries.queue_facts)
def past_winners(code: str) -> str:
    """List the past winners, and which teams they are on."""
    return _page(contest_by_code(code), DecisionListForm(formdata=None))


def _page(contest: Contest, form: DecisionListForm, checked: list[CheckedWinner] | None = None, token: str = "") -> str:
    on_teams: dict[int, list[int]] = {}
    for entry_id, pairs in found.winners_among(contest.id).items():
        for _name, award in pairs:
            on_teams.setdefault(award.id, []).append(entry_id)
    return render(
        "entries/past_winners.html",
        contest=contest,
        rows=found.past_awards(contest.id),
        on_teams=on_teams,
        form=form,
        checked=checked,
        token=token,
        headings=_headings(),
    )


@bp.get("/contests/<code>/past-winners/example")
@require(policy.may_run_queue, facts=queries.queue_facts)
def past_winners_example(code: str) -> ResponseReturnValue:
    """Hand out an empty spreadsheet with the headings and one made-up row."""
    row = ("Nguyễn Thị Mẫu", "Trường Đại học Mẫu", "SV0001", "mau@truong.example", "Giải Nhì", "Ý tưởng mẫu", "2025")
    return spreadsheet("xlsx", _("Past winners, example"), [Column(one, width=26) for one in _headings()], [row])


@bp.post("/contests/<code>/past-winners/list")
@require(policy.may_run_queue, facts=queries.queue_facts)
def check_past_winners(code: str) -> ResponseReturnValue:
    """Read a spreadsheet and show each row; nothing is kept yet."""
    contest, form = contest_by_code(code), DecisionListForm()
    uploaded = request.files.get("file")
    data = uploaded.stream.read(MOST_BYTES + 1) if uploaded is not None else b""
    try:
        if not data:
            raise Invalid(fields={"file": [(N_("Choose a file first."), {})]})
        checked = services.check_winners(contest, read_table(data))
        good = [one for one in checked if not one.faults]
        with unit_of_work():
            token = services.keep_winners(contest, good, actor=current_actor(), at=clock.now()) if good else ""
    except Invalid as error:
        form.apply(error)
        return _page(contest, form), 422
    return _page(contest, DecisionListForm(formdata=None), checked, token)


@bp.post("/contests/<code>/past-winners/list/taking-up")
@require(policy.may_run_queue, facts=queries.queue_facts)
def take_up_past_winners(code: str) -> ResponseReturnValue:
    """Keep what the checked list says; the list works once."""
    contest = contest_by_code(code)
    try:
        with unit_of_work():
            token = request.form.get("list", "")
            count = services.take_up_winners(contest, token, actor=current_actor(), at=clock.now())
        notice(ngettext("%(num)d past winner kept.", "%(num)d past winners kept.", count))
    except (Closed, Invalid) as error:
        warning(_(error.msgid, **error.params))
    return redirect_to("entries.past_winners", code=code)


@bp.post("/contests/<code>/past-winners/removal")
@require(policy.may_run_queue, facts=queries.queue_facts)
def clear_past_winners(code: str) -> ResponseReturnValue:
    """Empty the list."""
    contest = contest_by_code(code)
    with unit_of_work():
        services.clear_winners(contest, actor=current_actor(), at=clock.now())
    notice(_("The list is empty now."))
    return redirect_to("entries.past_winners", code=code)
