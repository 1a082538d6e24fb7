"""A judge's own seat: the invitation's answer, and conflicts declared before any entry is opened."""

from datetime import date
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from compapp.core import links
from compapp.core.actor import current_actor
from compapp.core.clock import local, now
from compapp.core.db import session, unit_of_work
from compapp.core.errors import Closed, Conflict, Invalid, NotFound, Refused
from compapp.core.text import N_
from compapp.entries.queries.anonymous import anonymous_titles
from compapp.judging import forms, policy, queries, services
from compapp.judging.lifecycle import ACCEPTED
from compapp.judging.models import Seat
from compapp.judging.queries.answers import TitleToAnswer, titles_to_answer, unanswered_given
from compapp.judging.services.jury import INVITATION
from compapp.judging.services.own_seat import WILL_DO
from compapp.judging.services.titles import titles_of
from compapp.judging.views.assignments import round_in
from compapp.judging.views.blueprint import bp
from compapp.judging.views.labels import conflict_choices, sector_choices, sentence_of
from compapp.web.access import public, require
from compapp.web.i18n import _, current_locale, ngettext
from compapp.web.limits import limiter
from compapp.web.pages import notice, redirect_to, render, warning


def _own(code: str) -> Seat:
    seat = queries.own_seat(current_actor(), code)
    if seat is None:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    return seat


@bp.get("/contests/<code>/my-seat")
@require(policy.is_own_seat, facts=queries.own_seat_facts)
def my_seat(code: str) -> str:
    """Show the own seat: to be answered, or with the list of titles for declaring conflicts."""
    return _page(_own(code))


def _page(seat: Seat, **sent: Any) -> str:
    """Render the seat; ``sent`` is the one form that came back with errors, under its name."""
    blank = sent or None
    titles = titles_to_answer(seat) if seat.state == ACCEPTED else []
    values: dict[str, Any] = {
        "seat": seat,
        "contest": seat.contest,
        "rounds": queries.scored_rounds(seat.contest_id),
        "answer": _answer_form(seat),
        "pledge": forms.PledgeForm(formdata=None) if blank else forms.PledgeForm(),
        "profile": _profile_form(seat, blank=bool(blank)),
        "conflict": _conflict_form(seat, titles, blank=bool(blank)),
        "titles": titles,
        "stated": {str(one.entry_id): _answered(one) for one in titles if one.answered_at},
        "token": None,
    }
    return render("judging/jury/my_seat.html", **(values | sent))


def _said(seat: Seat) -> dict[str, Any]:
    """Return what a judge has said so far, as the form has it."""
    away = [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in seat.away]
    names = ("sectors", "expertise", "languages", "max_load")
    return {**{name: getattr(seat, name) for name in names}, "away": away, **titles_of(seat)}


def _profile_form(seat: Seat, *, blank: bool = False) -> forms.ProfileForm:
    form = forms.ProfileForm(formdata=None, data=_said(seat)) if blank else forms.ProfileForm(data=_said(seat))
    form.offer(sector_choices(seat.contest))
    return form


def _answer_form(seat: Seat) -> forms.AnswerForm:
    form = forms.AnswerForm(data=_said(seat))
    form.offer(sector_choices(seat.contest))
    return form


def _conflict_form(seat: Seat, titles: list[TitleToAnswer], *, blank: bool = False) -> forms.ConflictForm:
    """Return the form with what has no answer yet on top."""
    form = forms.ConflictForm(formdata=None) if blank else forms.ConflictForm()
    known = sorted(titles, key=lambda one: one.answered_at is not None)
    shown = anonymous_titles([one.entry_id for one in known]) if known else {}
    form.entries.choices = [(one.entry_id, forms.in_words(shown[one.entry_id].title)) for one in known]
    form.kind.choices = conflict_choices(seat.contest)
    return form


def _answered(one: TitleToAnswer) -> str:
    if one.declared:
        return _("You declared a conflict; the organiser or the chair let you read the entry.")
    return _("You said on %(day)s: no conflict.", day=f"{local(one.answered_at):%d/%m/%Y}") if one.answered_at else ""


@bp.post("/contests/<code>/my-seat")
@require(policy.may_answer_invitation, facts=queries.own_seat_facts)
def answer(code: str) -> ResponseReturnValue:
    """Accept with the pledge of confidentiality, or decline."""
    seat = _own(code)
    form = _answer_form(seat)
    if not form.validate_on_submit():
        return _page(seat, answer=form), 422
    try:
        with unit_of_work():
            seat = _own(code)
            if forms.declined():
                services.decline(seat, reason=form.reason.data or "", actor=current_actor(), at=now())
            else:
                services.accept(seat, pledge=form.pledge.data, profile=form.stated(), actor=current_actor(), at=now())
    except Invalid as error:
        form.apply(error)
        return _page(_own(code), answer=form), 422
    notice(_("Your answer has been recorded. Thank you."))
    return redirect_to("judging.my_seat", code=code)


@bp.post("/contests/<code>/my-seat/pledge")
@require(policy.is_active_judge, facts=queries.own_seat_facts)
def pledge(code: str) -> ResponseReturnValue:
    """Acknowledge the pledge of confidentiality (judges who came with a file have not yet)."""
    form = forms.PledgeForm()
    try:
        with unit_of_work():
            services.acknowledge_pledge(_own(code), pledge=bool(form.pledge.data), actor=current_actor(), at=now())
    except Invalid as error:
        form.apply(error)
        return _page(_own(code), pledge=form), 422
    notice(_("Thank you. Your entries are open to you now."))
    return redirect_to("judging.desk")


@bp.post("/contests/<code>/my-seat/profile")
@require(policy.is_active_judge, facts=queries.own_seat_facts)
def describe(code: str) -> ResponseReturnValue:
    """Say what one knows, in which languages one reads, how much, and when not."""
    form = _profile_form(_own(code))
    if not form.validate_on_submit():
        return _page(_own(code), profile=form), 422
    try:
        with unit_of_work():
            services.state_profile(_own(code), form.profile(), actor=current_actor(), at=now())
    except Invalid as error:
        form.apply(error)
        return _page(_own(code), profile=form), 422
    notice(_("Saved."))
    return redirect_to("judging.my_seat", code=code)


@bp.post("/contests/<code>/my-seat/rounds/<round_code>/answer")
@require(policy.is_active_judge, facts=queries.own_seat_facts_of_round)
def answer_assignment(code: str, round_code: str) -> ResponseReturnValue:
    """Say of what was given out in a round that one will do it, or cannot."""
    try:
        with unit_of_work():
            seat = _own(code)
            if request.form.get("answer") == WILL_DO:
                _state_of_shown(seat)
            services.answer_assignment(
                seat,
                round_in(seat.contest, round_code),
                answer=request.form.get("answer", ""),
                words=request.form.get("reason", ""),
                actor=current_actor(),
                at=now(),
            )
    except (Invalid, Conflict) as refused:
        warning(sentence_of(refused))
        return redirect_to("judging.desk", cannot=round_code)
    if request.form.get("answer") == "cannot":
        notice(_("The organiser has been told and will look for a way."))
    else:
        notice(_("Thank you. The organiser knows."))
    return redirect_to("judging.desk")


def _state_of_shown(seat: Seat) -> None:
    """Keep the first half of "no conflict, and I will do them", about what stood on the desk."""
    shown = forms.shown_ids()
    entries = {entry for one, entry in unanswered_given(seat.id).items() if one in shown}
    if entries:
        services.state_no_conflict(seat, entries, actor=current_actor(), at=now())


@bp.post("/contests/<code>/my-seat/rounds/<round_code>/more")
@require(policy.is_active_judge, facts=queries.own_seat_facts_of_round)
def fetch_more(code: str, round_code: str) -> ResponseReturnValue:
    """Fetch the next batch of entries, once everything is handed in."""
    try:
        with unit_of_work():
            seat = _own(code)
            given = services.fetch_more(seat, round_in(seat.contest, round_code), actor=current_actor(), at=now())
            count = len(given)
    except (Closed, Conflict) as refused:
        warning(sentence_of(refused))
        return redirect_to("judging.desk")
    notice(ngettext("%(num)d more entry lies on your desk.", "%(num)d more entries lie on your desk.", count))
    return redirect_to("judging.desk")


@bp.post("/contests/<code>/my-seat/conflicts")
@require(policy.is_active_judge, facts=queries.own_seat_facts)
def declare(code: str) -> ResponseReturnValue:
    """Answer for the titles that were shown: a conflict with the chosen ones, none with any, or each where it is so."""
    seat = _own(code)
    form = _conflict_form(seat, titles_to_answer(seat))
    answer, shown = request.form.get("answer", ""), forms.shown_ids()
    if answer == "none":
        return _none_of(code, form, shown)
    if not form.validate_on_submit():
        return _page(seat, conflict=form), 422
    with unit_of_work():
        seat = _own(code)
        said: dict[str, Any] = {"kind": form.kind.data, "note": form.note.data or ""}
        services.declare_conflicts(seat, form.entries.data, **said, actor=current_actor(), at=now())
        rest = shown - set(form.entries.data) if answer == "rest" else set()
        none = services.state_no_conflict(seat, rest, actor=current_actor(), at=now()) if rest else 0
    notice(_("Recorded. These entries will not be given or shown to you."))
    if none:
        notice(_none_recorded(none))
    return redirect_to("judging.my_seat", code=code, _anchor="conflicts")


def _none_of(code: str, form: forms.ConflictForm, shown: set[int]) -> ResponseReturnValue:
    """Record no conflict with any of the titles shown; who has ticked one says two things at once and is asked."""
    if form.entries.data:
        form.entries.errors = [_("You ticked a title. Untick it, or declare a conflict with it.")]
        return _page(_own(code), conflict=form), 422
    with unit_of_work():
        count = services.state_no_conflict(_own(code), shown, actor=current_actor(), at=now()) if shown else 0
    notice(_none_recorded(count))
    return redirect_to("judging.my_seat", code=code, _anchor="conflicts")


def _none_recorded(count: int) -> str:
    return ngettext("Recorded: no conflict with %(num)d title.", "Recorded: no conflict with %(num)d titles.", count)


@bp.get("/jury-invitations/<token>")
@public
@limiter.limit("60 per minute")
def invitation(token: str) -> str:
    """Show an invitation to somebody who may have no account yet."""
    seat = _invited(token)
    return _invitation(token, seat, _answer_form(seat))


def _invited(token: str) -> Seat:
    return session().get_one(Seat, links.look(INVITATION, token, at=now()).subject_id)


def _invitation(token: str, seat: Seat, form: forms.AnswerForm) -> str:
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
    seat = _invited(token)
    form = _answer_form(seat)
    if not form.validate_on_submit():
        return _invitation(token, seat, form), 422
    declined = forms.declined()
    try:
        with unit_of_work():
            seat = services.answer_by_link(
                token,
                accepted=not declined,
                pledge=form.pledge.data,
                profile=form.stated(),
                reason=form.reason.data or "",
                locale=current_locale(),
                at=now(),
            )
            contest = seat.contest
            door = "" if declined else services.door_of(seat, at=now())
    except Invalid as error:
        form.apply(error)
        return _invitation(token, _invited(token), form), 422
    except Refused:
        raise NotFound(N_("This page does not exist, or it is not open to you.")) from None
    if declined:
        return render("judging/jury/answered.html", contest=contest)
    notice(_("You sit in this jury now."))
    if door != url_for("judging.my_seat", code=contest.code):
        notice(_("You may choose a password below. Or do without: the sign-in page sends you a one-time link."))
    return redirect(door, 303)
