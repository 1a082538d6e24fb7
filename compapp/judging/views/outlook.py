"""Who will not make it, in time: one page for a round, and one for what can be done about one judge."""

from typing import Any

from flask.typing import ResponseReturnValue

from compapp.contests.models import Contest, Round
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict, Invalid
from compapp.judging import forms, policy, queries, services
from compapp.judging.lifecycle import INVITED
from compapp.judging.models import Seat
from compapp.judging.views.assignments import round_in
from compapp.judging.views.blueprint import bp
from compapp.judging.views.jury import contest_of, seat_in
from compapp.judging.views.labels import sentence_of
from compapp.web.access import require
from compapp.web.i18n import _, ngettext
from compapp.web.pages import notice, redirect_to, render, warning


@bp.get("/contests/<code>/progress/<round_code>/outlook")
@require(policy.may_see_jury, facts=queries.contest_facts_of_round)
def outlook(code: str, round_code: str) -> str:
    """Show every judge with what is to be expected, who will not make it first."""
    contest = contest_of(code)
    round_ = round_in(contest, round_code)
    judges = queries.outlook_of(round_, reader_id=current_actor().person_id, at=now())
    return render(
        "judging/progress/outlook.html",
        contest=contest,
        round=round_,
        judges=judges,
        warned=sum(1 for one in judges if one.outlook.is_warning),
        reserves=[seat for seat in queries.active_seats(contest.id) if seat.reserve],
        silent=[seat for seat in queries.seats_of(contest.id) if seat.state == INVITED],
    )


@bp.get("/contests/<code>/progress/<round_code>/outlook/<int:seat_id>")
@require(policy.may_see_jury, facts=queries.contest_facts_of_round_and_seat)
def judge_outlook(code: str, round_code: str, seat_id: int) -> str:
    """Show one judge's work and what can be done: remind, more time, a substitute."""
    contest = contest_of(code)
    return _page(contest, round_in(contest, round_code), seat_in(contest, seat_id))


def _page(contest: Contest, round_: Round, seat: Seat, **sent: Any) -> str:
    """Render the page of one judge; ``sent`` is the form that came back with errors, under its name."""
    judges = queries.outlook_of(round_, reader_id=current_actor().person_id, at=now())
    plans = queries.takeovers(round_, seat, at=now())
    mine = [one.entry_id for one in queries.unscored_in(round_.id, seat.id)]
    hidden = queries.hidden_among(current_actor().person_id, mine)
    values: dict[str, Any] = {
        "contest": contest,
        "round": round_,
        "seat": seat,
        "one": next((one for one in judges if one.seat.id == seat.id), None),
        "left": len(set(mine) - hidden),
        "extension": forms.ExtensionForm(formdata=None),
        "handover": _handover_form(_able(plans, hidden), blank=True),
        "unable": len(plans) - len(_able(plans, hidden)),
        "notes": {str(plan.seat.id): _note(plan, hidden) for plan in plans},
    }
    return render("judging/progress/judge.html", **(values | sent))


def _able(plans: list[queries.Takeover], hidden: frozenset[int]) -> list[queries.Takeover]:
    """Return who could take over something at all; in a large jury most judges are at their most."""
    return [plan for plan in plans if set(plan.entries) - hidden]


def _handover_form(plans: list[queries.Takeover], *, blank: bool = False) -> forms.HandoverForm:
    form = forms.HandoverForm(formdata=None) if blank else forms.HandoverForm()
    form.seat.choices = [(plan.seat.id, f"{plan.seat.person.name} ({plan.seat.code})") for plan in plans]
    return form


def _note(plan: queries.Takeover, hidden: frozenset[int]) -> str:
    """Say what would happen if this judge took over, before anybody decides; hidden entries do not count."""
    count = len(set(plan.entries) - hidden)
    takes = ngettext("takes %(num)d entry", "takes %(num)d entries", count)
    holds = ngettext("holds %(num)d entry now", "holds %(num)d entries now", plan.holds)
    return f"{_('substitute')}; {takes}; {holds}" if plan.seat.reserve else f"{takes}; {holds}"


@bp.post("/contests/<code>/progress/<round_code>/extensions/<int:seat_id>")
@require(policy.may_assign, facts=queries.contest_facts_of_round_and_seat)
def extend(code: str, round_code: str, seat_id: int) -> ResponseReturnValue:
    """Give one judge more time for what is left."""
    form = forms.ExtensionForm()
    contest = contest_of(code)
    if not form.validate_on_submit():
        return _page(contest, round_in(contest, round_code), seat_in(contest, seat_id), extension=form), 422
    try:
        with unit_of_work():
            contest = contest_of(code)
            services.extend_deadline(
                round_in(contest, round_code),
                seat_in(contest, seat_id),
                due_at=form.due_at.data or now(),
                reason=form.reason.data,
                actor=current_actor(),
                at=now(),
            )
    except Invalid as error:
        form.apply(error)
        contest = contest_of(code)
        return _page(contest, round_in(contest, round_code), seat_in(contest, seat_id), extension=form), 422
    except Conflict as error:
        warning(sentence_of(error))
        return redirect_to("judging.outlook", code=code, round_code=round_code)
    notice(_("The judge has more time and has been told."))
    return redirect_to("judging.outlook", code=code, round_code=round_code)


@bp.post("/contests/<code>/progress/<round_code>/handovers/<int:seat_id>")
@require(policy.may_assign, facts=queries.contest_facts_of_round_and_seat)
def hand_over(code: str, round_code: str, seat_id: int) -> ResponseReturnValue:
    """Let somebody take over what one judge has left, in one act."""
    contest = contest_of(code)
    round_, seat = round_in(contest, round_code), seat_in(contest, seat_id)
    form = _handover_form(queries.takeovers(round_, seat, at=now()))
    if not form.validate_on_submit():
        return _page(contest, round_, seat, handover=form), 422
    try:
        with unit_of_work():
            contest = contest_of(code)
            given, unmet = services.hand_over(
                round_in(contest, round_code),
                seat_in(contest, seat_id),
                seat_in(contest, form.seat.data),
                reason=form.reason.data,
                actor=current_actor(),
                at=now(),
            )
            count = len(given)
    except Conflict as error:
        warning(sentence_of(error))
        return redirect_to("judging.outlook", code=code, round_code=round_code)
    notice(ngettext("%(num)d entry has a new judge.", "%(num)d entries have a new judge.", count))
    if unmet:
        warning(ngettext("For %(num)d entry nobody is free.", "For %(num)d entries nobody is free.", unmet))
    return redirect_to("judging.outlook", code=code, round_code=round_code)
