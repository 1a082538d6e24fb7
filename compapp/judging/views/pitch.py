"""The panel's totals typed live, and the result of the public vote."""

from collections.abc import Mapping

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from compapp.contests.models import Round
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import session, unit_of_work
from compapp.core.errors import Conflict, Invalid, NotFound
from compapp.core.text import N_
from compapp.entries.queries.rows import entry_by_code
from compapp.judging import policy
from compapp.judging.lifecycle import ABSENT, DRAFT, SHEET, SUBMITTED, WITHDRAWN
from compapp.judging.models import Assignment, Seat
from compapp.judging.queries.hall import is_being_held, slots_of
from compapp.judging.queries.jury import active_seats
from compapp.judging.queries.results import entry_names, hidden_entries, votes_of
from compapp.judging.queries.rounds import card_of
from compapp.judging.queries.workbench import sheets_of_entry
from compapp.judging.services.awards import audience_order
from compapp.judging.services.hall.plan import LIVE_PITCH
from compapp.judging.services.pitch import enter_panel_total
from compapp.judging.services.votes import decide_vote_tie, record_votes
from compapp.judging.views.labels import errors_of, sentence_of
from compapp.judging.views.results_blueprint import bp, round_facts, the_round
from compapp.judging.views.results_forms import whole_numbers
from compapp.web.access import facts, require
from compapp.web.forms import Form
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to, render


@bp.route("/contests/<code>/pitch/<round_code>/entries/<entry_code>", methods=["GET", "POST"])
@require(policy.may_enter_totals, facts=round_facts)
def totals(code: str, round_code: str, entry_code: str) -> ResponseReturnValue:
    """Type the panel's totals of one entry as they are called out."""
    round_ = the_round(code, round_code)
    if round_.kind != LIVE_PITCH or entry_code in hidden_entries(round_.contest_id, current_actor().person_id):
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = _enter_all(code, round_code, entry_code)
        if not errors:
            notice(_("The totals are entered."))
            return redirect_to("results.totals", code=code, round_code=round_code, entry_code=entry_code)
    entry = entry_by_code(round_.contest_id, entry_code)
    order = [slot.entry.code for slot in slots_of(round_.id) if slot.state not in (ABSENT, WITHDRAWN)]
    following = next(iter(order[order.index(entry_code) + 1 :]), None) if entry_code in order else None
    card = card_of(round_.contest, round_)
    lines = {line.judge: line for line in sheets_of_entry(round_.id, entry.id) if line.state != DRAFT or line.scores}
    page = render(
        "judging/pitch/totals.html",
        contest=round_.contest,
        round=round_,
        entry=entry,
        seats=_panel(round_, entry.id),
        sheets=lines,
        own={judge for judge, line in lines.items() if line.scores or line.state != SUBMITTED},
        figures_wait=is_being_held(round_.contest_id, round_code, now()),
        typed=request.form,
        errors=errors,
        most=card.rubric.maximum if card is not None else None,
        following=following,
        lifecycle=SHEET,
        form=Form(),
    )
    return (page, 422) if errors else page


def _enter_all(code: str, round_code: str, entry_code: str) -> dict[str, str]:
    """Enter every total that was typed, all or none; return what is wrong by judge."""
    errors: dict[str, str] = {}
    try:
        with unit_of_work():
            round_ = the_round(code, round_code)
            entry = entry_by_code(round_.contest_id, entry_code)
            for seat in _panel(round_, entry.id):
                typed = request.form.get(f"total-{seat.code}", "").strip()
                if not typed:
                    continue
                reason = request.form.get(f"reason-{seat.code}", "")
                try:
                    enter_panel_total(round_, entry, seat, typed, reason=reason, actor=current_actor(), at=now())
                except (Invalid, Conflict) as refused:
                    errors[seat.code] = sentence_of(refused)
            if errors:
                raise Invalid()
    except Invalid:
        pass
    return errors


def _panel(round_: Round, entry_id: int) -> list[Seat]:
    """Return who judges the entry: the panel's assignments, else everybody in the jury."""
    seats = active_seats(round_.contest_id)
    given = set(
        session().scalars(
            select(Assignment.seat_id).where(
                Assignment.round_id == round_.id, Assignment.entry_id == entry_id, Assignment.state == "open"
            )
        )
    )
    return [seat for seat in seats if seat.id in given] if given else seats


@bp.route("/contests/<code>/votes/<round_code>", methods=["GET", "POST"])
@require(policy.may_see_standings, facts=round_facts)
def votes(code: str, round_code: str) -> ResponseReturnValue:
    """Enter and show the result of the public vote."""
    wrong: list[str] = []
    if request.method == "POST":
        counts, wrong = whole_numbers(request.form, "votes-")
        if not wrong:
            with unit_of_work():
                record_votes(the_round(code, round_code), counts, actor=current_actor(), at=now())
            notice(_("The votes are recorded."))
            return redirect_to("results.votes", code=code, round_code=round_code)
    errors = {f"votes-{entry}": _("This is no whole number.") for entry in wrong}
    return _votes(the_round(code, round_code), errors), 422 if errors else 200


def _votes(round_: Round, errors: Mapping[str, str]) -> str:
    """Render the page of a public vote; NotFound for a round of another kind."""
    if round_.kind != "public_vote":
        raise NotFound(N_("There is no such round."))
    order, tied = audience_order(round_.contest)
    return render(
        "judging/awards/votes.html",
        contest=round_.contest,
        round=round_,
        votes={row.entry.code: row.votes for row in votes_of(round_.id)},
        names=entry_names(round_.contest_id),
        hidden=hidden_entries(round_.contest_id, current_actor().person_id),
        order=order,
        tied=tied,
        errors=errors,
        typed=request.form,
        may_enter=policy.may_enter_votes(current_actor(), facts()) and now() >= round_.closes_at,
        may_decide=policy.may_decide_tie(current_actor(), facts()),
        form=Form(),
    )


@bp.post("/contests/<code>/votes/<round_code>/ties")
@require(policy.may_decide_tie, facts=round_facts)
def vote_tie(code: str, round_code: str) -> ResponseReturnValue:
    """Let the chair order the entries that share the most votes."""
    _order, tied = audience_order(the_round(code, round_code).contest)
    first = request.form.get("first", "")
    order = sorted(tied, key=lambda entry: entry != first)
    try:
        with unit_of_work():
            decide_vote_tie(
                the_round(code, round_code), order, request.form.get("reason", ""), actor=current_actor(), at=now()
            )
    except Invalid as refused:
        return _votes(the_round(code, round_code), errors_of(refused)), 422
    notice(_("Your decision is recorded with its reason."))
    return redirect_to("results.votes", code=code, round_code=round_code)
