"""Sheets on paper: enter, have a second person compare and confirm, print blanks."""

from collections.abc import Mapping
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from compapp.clubs.pictures import qr_picture
from compapp.contests.models import Round
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import session, unit_of_work
from compapp.core.errors import Invalid, NotFound
from compapp.core.text import N_
from compapp.entries.queries.anonymous import anonymous_titles
from compapp.judging import forms, policy, queries, services
from compapp.judging.lifecycle import DRAFT, PAPER, UNCONFIRMED
from compapp.judging.models import Assignment, Seat, Sheet
from compapp.judging.scoring.card import Card
from compapp.judging.views.assignments import round_in, visible
from compapp.judging.views.autosave import sentences_of
from compapp.judging.views.blueprint import bp
from compapp.judging.views.jury import contest_of
from compapp.web.access import require
from compapp.web.i18n import _, localized
from compapp.web.pages import notice, redirect_to, render, warning


@bp.get("/contests/<code>/paper-sheets")
@require(policy.may_handle_paper, facts=queries.contest_facts)
def paper_sheets(code: str) -> str:
    """List what waits for a second person, and by round the judges whose paper can be entered or printed."""
    contest = contest_of(code)
    me = current_actor().person_id
    entered = queries.paper_waiting(contest.id)
    hidden = queries.hidden_among(me, [one.entry_id for one in entered])
    waiting = [one for one in entered if one.entry_id not in hidden]
    returned = queries.paper_returned(contest.id, me)
    ids = [one.entry_id for one in (*waiting, *(sheet for sheet, _assignment in returned))]
    return render(
        "judging/paper/list.html",
        contest=contest,
        waiting=waiting,
        returned=returned,
        titles=anonymous_titles(ids) if ids else {},
        rounds=[
            (one, queries.judges_progress(one, reader_id=me, at=now())) for one in queries.scored_rounds(contest.id)
        ],
        me=me,
    )


@bp.get("/contests/<code>/paper-sheets/<round_code>/<int:seat_id>")
@require(policy.may_handle_paper, facts=queries.contest_facts_of_round_and_seat)
def paper_of_judge(code: str, round_code: str, seat_id: int) -> str:
    """List a judge's entries whose paper sheet can be entered."""
    contest = contest_of(code)
    round_ = round_in(contest, round_code)
    own = _given(round_, seat_id)
    written = queries.sheets_of_seat(round_.id, seat_id)
    return render(
        "judging/paper/judge.html",
        contest=contest,
        round=round_,
        seat=session().get_one(Seat, seat_id),
        own=own,
        sheets={one.id: written.get(one.entry_id) for one in own},
        titles=anonymous_titles([one.entry_id for one in own]) if own else {},
    )


def _given(round_: Round, seat_id: int) -> list[Assignment]:
    """Return what a judge was given in a round and the reader may know of, in one order everywhere."""
    standing = queries.standing_of(round_.id)
    return [one for one in (visible(standing) if standing else []) if one.seat_id == seat_id and one.state == "open"]


def _to_fill(round_: Round, seat_id: int) -> list[Assignment]:
    """Return those of them whose sheet on paper could still be entered."""
    begun = queries.sheets_of_seat(round_.id, seat_id)
    return [one for one in _given(round_, seat_id) if is_to_be_filled(begun.get(one.entry_id))]


@bp.get("/contests/<code>/paper-sheets/<round_code>/<int:seat_id>/blanks")
@require(policy.may_handle_paper, facts=queries.contest_facts_of_round_and_seat)
def blanks(code: str, round_code: str, seat_id: int) -> str:
    """Show a judge's blank sheets for printing, one page for an entry that nothing is handed in for."""
    contest = contest_of(code)
    round_ = round_in(contest, round_code)
    own = _to_fill(round_, seat_id)
    titles = anonymous_titles([one.entry_id for one in own]) if own else {}
    return render(
        "judging/paper/print.html",
        contest=contest,
        round=round_,
        card=services.card_for(round_),
        seat=session().get_one(Seat, seat_id),
        blanks=[(titles[one.entry_id], None, entry_form_picture(code, one.id)) for one in own],
    )


def is_to_be_filled(sheet: Sheet | None) -> bool:
    """Whether a sheet on paper could still be entered: nothing is begun, or a draft alone."""
    return sheet is None or sheet.state == DRAFT


def entry_form_picture(code: str, assignment_id: int) -> Markup:
    """Return the QR picture that leads whoever may enter sheets to the form of exactly this one (it names nobody)."""
    return qr_picture(
        url_for("judging.paper_form", code=code, assignment_id=assignment_id, _external=True), sized=False
    )


def _assignment(assignment_id: int) -> Assignment:
    return session().get_one(Assignment, assignment_id)


@bp.get("/contests/<code>/paper/<int:assignment_id>")
@require(policy.may_handle_paper, facts=queries.contest_facts_of_assignment)
def paper_form(code: str, assignment_id: int) -> ResponseReturnValue:
    """Show the form for one sheet on paper; who scans the code of one that is entered is led on to comparing it."""
    assignment = _assignment(assignment_id)
    sheet = queries.sheet_of(assignment.round_id, assignment.entry_id, assignment.seat_id)
    if sheet is not None and sheet.state == UNCONFIRMED:
        return redirect_to("judging.paper_check", code=code, sheet_id=sheet.id)
    if not is_to_be_filled(sheet):
        warning(_("This sheet is in already; nothing can be entered for it."))
        return redirect_to(
            "judging.paper_of_judge", code=code, round_code=assignment.round.code, seat_id=assignment.seat_id
        )
    return _form(code, assignment)


def _form(code: str, assignment: Assignment, errors: Mapping[str, list[str]] | None = None) -> str:
    """Render the form; what a judge has begun online is the judge's alone and never stands in it."""
    found = queries.sheet_of(assignment.round_id, assignment.entry_id, assignment.seat_id)
    sheet = found if found is not None and found.source == PAPER else None
    typed = forms.paper_input() if errors else None
    kept: dict[str, Any] = dict(sheet.scores) if sheet is not None else {}
    return render(
        "judging/paper/form.html",
        contest=contest_of(code),
        assignment=assignment,
        round=assignment.round,
        seat=assignment.seat,
        card=services.card_for(assignment.round),
        entry=queries.anonymous_title(assignment.entry_id),
        note=sheet.note if sheet is not None else None,
        scores=dict(typed.scores) if typed else kept,
        total=(typed.total if typed else sheet.total_text if sheet is not None else "") or "",
        comment=typed.comment if typed else sheet.comment if sheet is not None else "",
        errors=errors or {},
        begun_online=found is not None and sheet is None,
        more=len(_to_fill(assignment.round, assignment.seat_id)) - 1,
    )


@bp.post("/contests/<code>/paper/<int:assignment_id>")
@require(policy.may_handle_paper, facts=queries.contest_facts_of_assignment)
def enter_paper(code: str, assignment_id: int) -> ResponseReturnValue:
    """Enter the figures; they count only once a second person has confirmed them."""
    try:
        with unit_of_work():
            found = _assignment(assignment_id)
            round_code, seat_id = found.round.code, found.seat_id
            services.enter_paper_sheet(
                found.round, found.entry, found.seat, forms.paper_input(), actor=current_actor(), at=now()
            )
    except Invalid as error:
        return _form(code, _assignment(assignment_id), sentences_of(error)), 422
    notice(_("Entered. A second person now compares it with the paper."))
    following = _after(_assignment(assignment_id)) if "next" in request.form else None
    if following is not None:
        return redirect_to("judging.paper_form", code=code, assignment_id=following)
    return redirect_to("judging.paper_of_judge", code=code, round_code=round_code, seat_id=seat_id)


def _after(done: Assignment) -> int | None:
    """Return the next sheet of the same judge to enter: what follows in the list, else what was left out before."""
    order = [one.id for one in _given(done.round, done.seat_id)]
    at = order.index(done.id) if done.id in order else 0
    left = {one.id for one in _to_fill(done.round, done.seat_id)}
    return next((one for one in (*order[at + 1 :], *order[:at]) if one in left), None)


@bp.get("/contests/<code>/paper-sheets/waiting/<int:sheet_id>")
@require(policy.may_handle_paper, facts=queries.contest_facts_of_sheet)
def paper_check(code: str, sheet_id: int) -> str:
    """Show the entered figures to the second person, who compares them with the paper."""
    return _check(code, _waiting(sheet_id), forms.DifferenceForm())


def _waiting(sheet_id: int) -> Sheet:
    sheet = session().get_one(Sheet, sheet_id)
    if sheet.state != "unconfirmed":
        raise NotFound(N_("This sheet no longer waits."))
    return sheet


def _check(code: str, sheet: Sheet, form: forms.DifferenceForm) -> str:
    return render(
        "judging/paper/check.html",
        contest=contest_of(code),
        sheet=sheet,
        round=sheet.round,
        card=services.card_for(sheet.round),
        entry=queries.anonymous_title(sheet.entry_id),
        own=sheet.entered_by_id == current_actor().person_id,
        typed=forms.sheet_input().scores,
        form=form,
    )


@bp.post("/contests/<code>/paper-sheets/waiting/<int:sheet_id>/confirmation")
@require(policy.may_handle_paper, facts=queries.contest_facts_of_sheet)
def confirm_paper(code: str, sheet_id: int) -> ResponseReturnValue:
    """Confirm that the figures are those on the paper; the sheet counts from now on."""
    with unit_of_work():
        services.confirm_paper_sheet(_waiting(sheet_id), actor=current_actor(), at=now())
    notice(_("Confirmed. The sheet counts now."))
    return redirect_to("judging.paper_sheets", code=code)


def _told(card: Card, sheet: Sheet, words: str) -> str:
    """Return what to tell who entered a sheet: each line for which another figure was typed, then the words."""
    typed = forms.sheet_input().scores
    lines = [
        _(
            "%(line)s: %(entered)s was entered, the paper says %(paper)s.",
            line=localized(line.label),
            entered=sheet.scores.get(line.code, "–").replace(".", ","),
            paper=paper.replace(".", ","),
        )
        for line in card.lines
        if (paper := str(typed.get(line.code) or "").strip()[:20])
    ]
    return "\n".join([*lines, *([words] if words else [])])


@bp.post("/contests/<code>/paper-sheets/waiting/<int:sheet_id>/return")
@require(policy.may_handle_paper, facts=queries.contest_facts_of_sheet)
def return_paper(code: str, sheet_id: int) -> ResponseReturnValue:
    """Send the sheet back to who entered it, with what stands otherwise on the paper."""
    form = forms.DifferenceForm()
    sheet = _waiting(sheet_id)
    told = _told(services.card_for(sheet.round), sheet, (form.reason.data or "").strip())
    if not form.validate_on_submit() or not told:
        if not told:
            form.reason.errors = [_("Say which line differs and what stands on the paper.")]
        return _check(code, sheet, form), 422
    with unit_of_work():
        services.send_back_paper_sheet(_waiting(sheet_id), told, actor=current_actor(), at=now())
    notice(_("Sent back with your note."))
    return redirect_to("judging.paper_sheets", code=code)
