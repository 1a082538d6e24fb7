"""A judge's own seat: the invitation's answer, and conflicts declared before any entry is opened."""

from flask import redirect
from flask.typing import ResponseReturnValue

from compapp.core import links
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import session, unit_of_work
from compapp.core.errors import Invalid, NotFound, Refused
from compapp.core.text import N_
from compapp.entries.lifecycle import ELIGIBLE, NEEDS_FIX, SUBMITTED
from compapp.entries.models import Entry
from compapp.entries.queries.anonymous import anonymous_titles
from compapp.judging import forms, policy, queries, services
from compapp.judging.models import Seat
from compapp.judging.services.jury import INVITATION
from compapp.judging.views.blueprint import bp
from compapp.judging.views.labels import conflict_choices
from compapp.web.access import public, require
from compapp.web.i18n import _
from compapp.web.limits import limiter
from compapp.web.pages import notice, redirect_to, render

_DECLARABLE = (SUBMITTED, NEEDS_FIX, ELIGIBLE)


def _own(code: str) -> Seat:
    seat = queries.own_seat(current_actor(), code)
    if seat is None:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    return seat


@bp.get("/contests/<code>/my-seat")
@require(policy.is_own_seat, facts=queries.own_seat_facts)
def my_seat(code: str) -> str:
    """Show the own seat: to be answered, or with the list of titles for declaring conflicts."""
    return _page(_own(code), forms.AnswerForm(), _conflict_form(_own(code)))


def _page(seat: Seat, answer: forms.AnswerForm, conflict: forms.ConflictForm) -> str:
    return render(
        "judging/jury/my_seat.html",
        seat=seat,
        contest=seat.contest,
        rounds=queries.scored_rounds(seat.contest_id),
        answer=answer,
        conflict=conflict,
        token=None,
    )


def _conflict_form(seat: Seat) -> forms.ConflictForm:
    form = forms.ConflictForm()
    known = queries.titles_to_declare(seat, _DECLARABLE) if seat.state == "accepted" else []
    titles = anonymous_titles([entry for entry, _title in known]) if known else {}
    form.entries.choices = [(entry, forms.in_words(titles[entry].title)) for entry, _title in known]
    form.kind.choices = conflict_choices(seat.contest)
    return form


@bp.post("/contests/<code>/my-seat")
@require(policy.may_answer_invitation, facts=queries.own_seat_facts)
def answer(code: str) -> ResponseReturnValue:
    """Accept with the pledge of confidentiality, or decline."""
    form = forms.AnswerForm()
    seat = _own(code)
    if not form.validate_on_submit():
        return _page(seat, form, _conflict_form(seat)), 422
    try:
        with unit_of_work():
            seat = _own(code)
            if forms.declined():
                services.decline(seat, reason=form.reason.data or "", actor=current_actor(), at=now())
            else:
                services.accept(seat, pledge=form.pledge.data, actor=current_actor(), at=now())
    except Invalid as error:
        form.apply(error)
        seat = _own(code)
        return _page(seat, form, _conflict_form(seat)), 422
    notice(_("Your answer has been recorded. Thank you."))
    return redirect_to("judging.my_seat", code=code)


@bp.post("/contests/<code>/my-seat/conflicts")
@require(policy.is_active_judge, facts=queries.own_seat_facts)
def declare(code: str) -> ResponseReturnValue:
    """Declare conflicts with the chosen titles; these entries are not shown any more."""
    seat = _own(code)
    form = _conflict_form(seat)
    if not form.validate_on_submit():
        return _page(seat, forms.AnswerForm(formdata=None), form), 422
    with unit_of_work():
        seat = _own(code)
        for entry_id in form.entries.data:
            services.declare_conflict(
                seat,
                session().get_one(Entry, entry_id),
                kind=form.kind.data,
                note=form.note.data or "",
                actor=current_actor(),
                at=now(),
            )
    notice(_("Recorded. These entries will not be given or shown to you."))
    return redirect_to("judging.my_seat", code=code)


@bp.get("/jury-invitations/<token>")
@public
@limiter.limit("60 per minute")
def invitation(token: str) -> str:
    """Show an invitation to somebody who may have no account yet."""
    return _invitation(token, forms.AnswerForm())


def _invitation(token: str, form: forms.AnswerForm) -> str:
    link = links.look(INVITATION, token, at=now())
    seat = session().get_one(Seat, link.subject_id)
    return render(
        "judging/jury/my_seat.html",
        seat=seat,
        contest=seat.contest,
        rounds=queries.scored_rounds(seat.contest_id),
        answer=form,
        conflict=None,
        token=token,
    )


@bp.post("/jury-invitations/<token>")
@public
@limiter.limit("20 per minute")
def answer_invitation(token: str) -> ResponseReturnValue:
    """Answer by the link alone; who accepts without an account chooses a password next."""
    form = forms.AnswerForm()
    if not form.validate_on_submit():
        return _invitation(token, form), 422
    declined = forms.declined()
    try:
        with unit_of_work():
            seat = services.answer_by_link(
                token, accepted=not declined, pledge=form.pledge.data, reason=form.reason.data or "", at=now()
            )
            contest = seat.contest
            door = "" if declined else services.door_of(seat, at=now())
    except Invalid as error:
        form.apply(error)
        return _invitation(token, form), 422
    except Refused:
        raise NotFound(N_("This page does not exist, or it is not open to you.")) from None
    if declined:
        return render("judging/jury/answered.html", contest=contest)
    notice(_("You sit in this jury now."))
    return redirect(door, 303)
