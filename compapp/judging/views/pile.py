"""The page on which a judge judges all entries of a round: the best in order, or comparisons in pairs."""

from collections.abc import Mapping
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Closed, Conflict, Invalid, NotFound
from compapp.core.text import N_
from compapp.entries.queries import anonymous_entry
from compapp.judging import policy, queries
from compapp.judging.queries.pairs import pair_page
from compapp.judging.queries.pile import Pile, pile_facts
from compapp.judging.scoring.modes.pairwise import PAIRWISE
from compapp.judging.services import pairs, picks
from compapp.judging.views.autosave import sentences_of
from compapp.judging.views.blueprint import bp
from compapp.judging.views.pile_autosave import keep_pile, standing
from compapp.web.access import facts, require
from compapp.web.forms import Form
from compapp.web.i18n import _, localized
from compapp.web.pages import notice, redirect_to, render, wants_json, warning


def _open_again(round_id: int) -> Pile:
    """Return the pile anew, with the rights as they are inside this transaction; NotFound."""
    found = queries.pile(current_actor(), round_id)
    if found is None:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    return found


@bp.get("/desk/rounds/<int:round_id>")
@require(policy.may_open_pile, facts=pile_facts)
def pile(round_id: int) -> ResponseReturnValue:
    """Show everything that the judge reads in the round, and the order so far."""
    found: Pile = facts()
    if not found.is_pledged:
        notice(_("Before you open the first entry, please read the pledge of confidentiality and acknowledge it."))
        return redirect_to("judging.my_seat", code=found.contest.code)
    if found.asked is not None:
        return redirect_to("judging.conflict_answer", assignment_id=found.asked)
    return _pairs(found) if found.mode is PAIRWISE else _page(found)


@bp.post("/desk/rounds/<int:round_id>")
@require(policy.may_judge_pile, facts=pile_facts)
def save_pile(round_id: int) -> ResponseReturnValue:
    """Keep the order as a draft; the other button goes on to handing it in. A script's places and words get JSON."""
    found: Pile = facts()
    if wants_json():
        return keep_pile(found)
    try:
        with unit_of_work():
            picks.save_picks(found.round, _typed(found), actor=current_actor(), at=now())
    except Invalid as error:
        return _page(_open_again(round_id), errors=sentences_of(error), typed=request.form), 422
    if "review" in request.form:
        return redirect_to("judging.review_pile", round_id=round_id)
    notice(_("Saved. Your order is a draft until you hand it in."))
    return redirect_to("judging.pile", round_id=round_id)


def _typed(found: Pile) -> dict[str, list[int | None]]:
    """Return what stands at each place (``place-<board>-<number>``: the assignment chosen)."""
    return {
        board: [
            request.form.get(f"place-{board}-{number + 1}", type=int) for number in range(picks.places_of(found, items))
        ]
        for board, items in found.boards().items()
    }


@bp.post("/desk/rounds/<int:round_id>/choices")
@require(policy.may_judge_pile, facts=pile_facts)
def choose_of_pair(round_id: int) -> ResponseReturnValue:
    """Record one comparison, or take the last one back; a second tap changes nothing."""
    form, actor = request.form, current_actor()
    number = form.get("number", 0, type=int)
    try:
        with unit_of_work():
            round_ = _open_again(round_id).round
            if "undo" in form:
                pairs.undo(round_, number, actor=actor, at=now())
            else:
                left, right = form.get("left", 0, type=int), form.get("right", 0, type=int)
                pairs.choose(round_, number, left, right, form.get("word", ""), actor=actor, at=now())
    except IntegrityError:
        pass  # the same tap arrived twice at once: it is counted
    except (Conflict, Closed, Invalid) as refused:
        warning(_(refused.msgid, **refused.params))
    return redirect_to("judging.pile", round_id=round_id)


@bp.get("/desk/rounds/<int:round_id>/review")
@require(policy.may_judge_pile, facts=pile_facts)
def review_pile(round_id: int) -> ResponseReturnValue:
    """Show the order as it would be handed in, and what it still lacks."""
    found: Pile = facts()
    return redirect_to("judging.pile", round_id=round_id) if found.mode is PAIRWISE else _review(found, {})


@bp.post("/desk/rounds/<int:round_id>/submission")
@require(policy.may_judge_pile, facts=pile_facts)
def hand_in_pile(round_id: int) -> ResponseReturnValue:
    """Hand the order or the comparisons in; they can no longer be changed."""
    found: Pile = facts()
    hand_in = pairs.hand_in_pairs if found.mode is PAIRWISE else picks.hand_in_picks
    try:
        with unit_of_work():
            hand_in(_open_again(round_id).round, actor=current_actor(), at=now())
    except Invalid as error:
        if found.mode is PAIRWISE:
            warning(_(error.msgid, **error.params))
            return redirect_to("judging.pile", round_id=round_id)
        return _review(_open_again(round_id), sentences_of(error)), 422
    notice(_("Handed in. Thank you."))
    return redirect_to("judging.desk")


def _orders(found: Pile) -> dict[str, list[Any]]:
    return {board: picks.order_of(found, items) for board, items in found.boards().items()}


def _page(found: Pile, **more: Any) -> str:
    values: dict[str, Any] = {
        "pile": found,
        "orders": _orders(found),
        "is_open": not found.is_in and found.round.opens_at <= now() <= found.due_at,
        "asks": _(found.mode.judge_does, **found.options),
        "rule": _(found.mode.decides, **found.options),
        "errors": {},
        "typed": {},
        "form": Form(),
    }
    return render("judging/modes/top_pick.html", **(values | more))


def _pairs(found: Pile) -> str:
    state = pair_page(found)
    titles = {one.assignment.entry_id: one.entry.title for one in found.items}
    return render(
        "judging/modes/pairwise.html",
        pile=found,
        state=state,
        entries=[anonymous_entry(one.assignment.entry_id, found.round) for one in state.pair or ()],
        last=state.choices[-1] if state.choices else None,
        titles=titles,
        plan=[[one.assignment.id, other.assignment.id] for one, other in state.pairs],
        names={one.assignment.id: localized(one.entry.title) for one in found.items},
        known=standing(found),
        is_open=not found.is_in and found.round.opens_at <= now() <= found.due_at,
        asks=_(found.mode.judge_does, **found.options),
        rule=_(found.mode.decides, **found.options),
    )


def _review(found: Pile, errors: Mapping[str, list[str]]) -> str:
    return render(
        "judging/modes/pile_review.html",
        pile=found,
        orders=_orders(found),
        lacking=not found.is_locked and any(None in order for order in _orders(found).values()),
        is_open=not found.is_in and found.round.opens_at <= now() <= found.due_at,
        errors=errors,
        form=Form(),
    )
