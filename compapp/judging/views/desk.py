"""The desk and the score sheet: read, score, save, hand in."""

from collections.abc import Mapping
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict, Invalid
from compapp.entries.queries import anonymous_entry
from compapp.judging import forms, policy, queries, services
from compapp.judging.models import Sheet
from compapp.judging.queries.pulling import can_fetch
from compapp.judging.queries.sheets import OpenSheet
from compapp.judging.scoring.modes import mode_of, options_of
from compapp.judging.views.autosave import autosave, open_again, sentences_of
from compapp.judging.views.blueprint import bp
from compapp.judging.views.desk_stage import stage_for_judge
from compapp.judging.views.paper import entry_form_picture
from compapp.web.access import facts, require
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to, render, wants_json


@bp.get("/desk")
@require(policy.is_judge_anywhere)
def desk() -> str:
    """Show what waits for the judge, the next thing on top."""
    actor = current_actor()
    seats, rounds = queries.seats_of_person(actor), queries.desk(actor)
    given = {one.round.contest_id for one in rounds}
    finished = [one.round for one in rounds if one.may_ask_for_more(now())]
    return render(
        "judging/desk/desk.html",
        rounds=rounds,
        cannot=request.args.get("cannot", ""),
        finished={one.id: can_fetch(actor, one) for one in finished},
        invited=[seat for seat in seats if seat.state == "invited"],
        idle=[seat for seat in seats if seat.state == "accepted" and seat.contest_id not in given],
        **stage_for_judge(one.round for one in rounds),
    )


@bp.get("/sheets/<int:assignment_id>")
@require(policy.may_open_sheet, facts=queries.openable_sheet)
def sheet(assignment_id: int) -> ResponseReturnValue:
    """Show the entry beside the score sheet; the pledge, and the answer where the rules ask for one, come first."""
    found: OpenSheet = facts().found
    if not found.facts.pledged:
        notice(_("Before you open the first entry, please read the pledge of confidentiality and acknowledge it."))
        return redirect_to("judging.my_seat", code=found.contest.code)
    if found.facts.is_asked:
        return redirect_to("judging.conflict_answer", assignment_id=assignment_id)
    return _page(found)


def _page(found: OpenSheet, **more: Any) -> str:
    card = services.card_for(found.round)
    kept = found.sheet
    state = kept.state if kept is not None else ""
    others = queries.other_sheets(found) if _may_see_others(found) else []
    mode = mode_of(found.round.definition)
    values: dict[str, Any] = {
        "found": found,
        "asks": _(mode.judge_does, **options_of(found.round.definition)) if mode.whole_pile else "",
        "card": card,
        "entry": anonymous_entry(found.assignment.entry_id, found.round),
        "state": state,
        "is_open": state in ("", "draft") and found.round.opens_at <= now() <= found.due_at,
        "scores": dict(kept.scores) if kept is not None else {},
        "comments": dict(kept.comments) if kept is not None else {},
        "comment": kept.comment if kept is not None else "",
        "comment_to_jury": kept.comment_to_jury if kept is not None else "",
        "version": kept.version if kept is not None else 0,
        "note": found.note.text if found.note is not None else "",
        "note_version": found.note.version if found.note is not None else 0,
        "total": card.total(kept.scores) if kept is not None else card.total({}),
        "others": others,
        "following": queries.desk_counts(current_actor())[2] if state == "submitted" else None,
        "errors": {},
        "current": None,
        **stage_for_judge([found.round], found.assignment.id),
    }
    return render("judging/sheet/sheet.html", **(values | more))


def _may_see_others(found: OpenSheet) -> bool:
    """Others' sheets only after the own one is in; where the round hides them, only after its end."""
    if found.facts.sheet_state != "submitted":
        return False
    return now() > found.round.closes_at or not queries.limits_of(found.round).hide_other_scores


@bp.post("/sheets/<int:assignment_id>")
@require(policy.may_read_sheet, facts=queries.readable_sheet)
def save(assignment_id: int) -> ResponseReturnValue:
    """Save the draft: a form post by hand, or a script's (form fields or JSON), which gets JSON back."""
    if wants_json():
        return autosave(facts().found)
    if forms.is_note_alone():
        return _note_by_hand(assignment_id)
    review = "review" in request.form
    try:
        with unit_of_work():
            _keep_note_of(facts().found)
            services.save_sheet(
                facts().found.assignment,
                forms.sheet_input(),
                version=forms.version_of(),
                actor=current_actor(),
                at=now(),
            )
    except Invalid as error:
        return _typed_again(open_again(assignment_id), sentences_of(error)), 422
    except Conflict as error:
        found = open_again(assignment_id)
        if found.facts.sheet_state not in ("", "draft"):
            raise
        return _typed_again(found, {"": [_(error.msgid, **error.params)]}, current=found.sheet), 409
    if review:
        return redirect_to("judging.review", assignment_id=assignment_id)
    notice(_("Saved. The sheet is a draft until you hand it in."))
    return redirect_to("judging.sheet", assignment_id=assignment_id)


def _keep_note_of(found: OpenSheet) -> None:
    """Keep the note that came with a form; it belongs to no version of the sheet."""
    text, _seen = forms.note_input()
    if text is not None:
        services.keep_note(found.assignment, text, actor=current_actor(), at=now())


def _note_by_hand(assignment_id: int) -> ResponseReturnValue:
    """Keep the judge's own note from a form of its own (the sheet itself may be closed)."""
    try:
        with unit_of_work():
            _keep_note_of(open_again(assignment_id))
    except Invalid as error:
        text, _seen = forms.note_input()
        return _page(open_again(assignment_id), errors=sentences_of(error), note=text), 422
    notice(_("Your note is kept. Nobody else sees it."))
    return redirect_to("judging.sheet", assignment_id=assignment_id)


def _typed_again(found: OpenSheet, errors: Mapping[str, list[str]], current: Sheet | None = None) -> str:
    """Show the page with what was typed, so that nothing is lost."""
    typed = forms.sheet_input()
    return _page(
        found,
        scores={code: value or "" for code, value in typed.scores.items()},
        comments=dict(typed.comments),
        comment=typed.comment or "",
        comment_to_jury=typed.comment_to_jury or "",
        note=forms.note_input()[0] or "",
        errors=errors,
        current=current,
    )


@bp.get("/sheets/<int:assignment_id>/review")
@require(policy.may_read_sheet, facts=queries.readable_sheet)
def review(assignment_id: int) -> ResponseReturnValue:
    """Show the sheet as it would be handed in, and what it still lacks."""
    found: OpenSheet = facts().found
    if found.sheet is None or found.facts.sheet_state != "draft":
        return redirect_to("judging.sheet", assignment_id=assignment_id)
    return _review(found)


def _review(found: OpenSheet) -> str:
    card = services.card_for(found.round)
    kept = found.sheet
    lacking = card.open_points(kept.scores, kept.comments) if kept is not None else {}
    sentences = {name: [_(msgid, **params) for msgid, params in points] for name, points in lacking.items()}
    return render(
        "judging/sheet/review.html",
        found=found,
        card=card,
        sheet=kept,
        total=card.total(kept.scores) if kept is not None else None,
        lacking=sentences,
        title=queries.anonymous_title(found.assignment.entry_id),
        is_open=found.round.opens_at <= now() <= found.due_at,
    )


@bp.post("/sheets/<int:assignment_id>/submission")
@require(policy.may_read_sheet, facts=queries.readable_sheet)
def submit(assignment_id: int) -> ResponseReturnValue:
    """Hand the sheet in; it can no longer be changed."""
    try:
        with unit_of_work():
            found = open_again(assignment_id)
            services.submit_sheet(found.assignment, version=forms.version_of(), actor=current_actor(), at=now())
    except Invalid:
        found = open_again(assignment_id)
        return _review(found), 422
    notice(_("Handed in. Thank you."))
    return redirect_to("judging.desk")


@bp.post("/sheets/<int:assignment_id>/unlock-request")
@require(policy.may_read_sheet, facts=queries.readable_sheet)
def ask_to_unlock(assignment_id: int) -> ResponseReturnValue:
    """Ask the chair for the own submitted sheet back."""
    form = forms.ReasonForm()
    if not form.validate_on_submit():
        return _page(open_again(assignment_id), errors={"reason": [_("Give a reason.")]}), 422
    with unit_of_work():
        services.ask_to_unlock(open_again(assignment_id).assignment, form.reason.data, actor=current_actor(), at=now())
    notice(_("The chair has been asked. Until then the sheet stays as it is."))
    return redirect_to("judging.sheet", assignment_id=assignment_id)


@bp.get("/sheets/<int:assignment_id>/print")
@require(policy.may_read_sheet, facts=queries.readable_sheet)
def print_sheet(assignment_id: int) -> str:
    """Show the judge's own sheet for printing and signing (blank where nothing was written)."""
    found: OpenSheet = facts().found
    return render(
        "judging/paper/print.html",
        found=found,
        card=services.card_for(found.round),
        blanks=[
            (
                queries.anonymous_title(found.assignment.entry_id),
                found.sheet,
                entry_form_picture(found.contest.code, assignment_id),
            )
        ],
        seat=found.assignment.seat,
        round=found.round,
    )
