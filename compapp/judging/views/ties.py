"""Possible conflicts that the records show, each with its path in words; a person decides, with a reason."""

from collections.abc import Mapping

from flask import request
from flask.typing import ResponseReturnValue

from compapp.contests.models import Contest
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict, Invalid
from compapp.entries.queries.anonymous import anonymous_titles
from compapp.judging import forms, policy, queries, services
from compapp.judging.models import Seat
from compapp.judging.queries.ties import Tie, Ties
from compapp.judging.views.blueprint import bp
from compapp.judging.views.jury import contest_of, is_blind, seat_in
from compapp.judging.views.labels import conflict_choices, sentence_of
from compapp.judging.views.tie_words import path_in_words
from compapp.web.access import require
from compapp.web.i18n import _, ngettext
from compapp.web.pages import notice, redirect_to, render, warning


@bp.get("/contests/<code>/ties")
@require(policy.may_decide_conflict, facts=queries.contest_facts)
def ties(code: str) -> str:
    """Show the undecided ties by judge, and what was decided before."""
    return _page(contest_of(code), {})


def _page(contest: Contest, sent: Mapping[tuple[int, str], forms.TieForm]) -> str:
    """Render the page; ``sent`` is the form that came back with errors, under its seat and node."""
    reviews = queries.reviews_of(contest.id)
    found, seats, hidden = _shown(contest, [one.entry_id for one in reviews])
    groups: dict[tuple[int, str], list[Tie]] = {}
    for tie in found.found:
        groups.setdefault((tie.seat_id, tie.node), []).append(tie)
    entries = {tie.entry_id for tie in found.found} | {one.entry_id for one in reviews} - hidden
    return render(
        "judging/jury/ties.html",
        contest=contest,
        seats=seats,
        groups=groups,
        paths={key: _paths(group, found, seats, blind=is_blind(contest)) for key, group in groups.items()},
        forms_of={key: sent.get(key) or _form(contest) for key in groups},
        reviews=[one for one in reviews if one.entry_id not in hidden],
        titles=anonymous_titles(list(entries)) if entries else {},
        blind=is_blind(contest),
    )


def _shown(contest: Contest, decided: list[int]) -> tuple[Ties, dict[int, Seat], frozenset[int]]:
    """Return the ties that the reader decides about: not the own ones, nothing of a hidden entry (the last value)."""
    actor = current_actor()
    found = queries.ties_of(contest)
    seats = {seat.id: seat for seat in queries.seats_of(contest.id) if seat.person_id != actor.person_id}
    hidden = queries.hidden_among(actor.person_id, [*decided, *(tie.entry_id for tie in found.found)])
    left = tuple(tie for tie in found.found if tie.seat_id in seats and tie.entry_id not in hidden)
    return Ties(left, found.names), seats, hidden


def _paths(group: list[Tie], found: Ties, seats: Mapping[int, Seat], *, blind: bool) -> dict[int, str]:
    """Return of each entry of a group how it is tied, in a sentence."""
    return {
        tie.entry_id: path_in_words(tie, seats[tie.seat_id].person.name, found.names.get(tie.node), blind=blind)
        for tie in group
    }


def _form(contest: Contest, *, blank: bool = True) -> forms.TieForm:
    form = forms.TieForm(formdata=None) if blank else forms.TieForm()
    form.outcome.choices = [("clear", _("No conflict")), ("block", _("A conflict: the judge does not read it"))]
    form.kind.choices = conflict_choices(contest)
    return form


@bp.post("/contests/<code>/jury/<int:seat_id>/ties")
@require(policy.may_decide_conflict, facts=queries.contest_facts_of_seat)
def decide_tie(code: str, seat_id: int) -> ResponseReturnValue:
    """Decide whether what one node ties together is a conflict."""
    contest = contest_of(code)
    form, node = _form(contest, blank=False), request.form.get("node", "")
    if not form.validate_on_submit():
        return _page(contest, {(seat_id, node): form}), 422
    try:
        with unit_of_work():
            decided = services.decide_tie(
                seat_in(contest_of(code), seat_id),
                node,
                outcome=form.outcome.data,
                reason=form.reason.data,
                kind=form.kind.data or "",
                actor=current_actor(),
                at=now(),
            )
            count = len(decided)
    except Invalid as error:
        form.apply(error)
        return _page(contest_of(code), {(seat_id, node): form}), 422
    except Conflict as error:
        warning(sentence_of(error))
        return redirect_to("judging.ties", code=code)
    notice(ngettext("Decided about %(num)d entry.", "Decided about %(num)d entries.", count))
    return redirect_to("judging.ties", code=code)
