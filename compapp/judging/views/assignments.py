"""The assignment of a round: compute, look, publish; single changes with a reason."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from compapp.contests.models import Contest, Round
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import session, unit_of_work
from compapp.core.errors import Conflict, Invalid, NotFound
from compapp.core.text import N_
from compapp.entries.models import Entry
from compapp.entries.queries.anonymous import anonymous_titles
from compapp.judging import forms, policy, queries, services
from compapp.judging.models import Assignment, Seat
from compapp.judging.views.blueprint import bp
from compapp.judging.views.jury import contest_of
from compapp.judging.views.labels import sector_choices
from compapp.web.access import facts, require
from compapp.web.i18n import _, localized
from compapp.web.pages import notice, redirect_to, render, warning


def round_in(contest: Contest, code: str) -> Round:
    """Return a scored round of the contest; NotFound."""
    found = queries.round_of(contest.id, code)
    if found is None:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    return found


def visible(assignments: list[Assignment]) -> list[Assignment]:
    """Leave out what the reader has a conflict with."""
    known = set(queries.entries_known_to(assignments[0].entry.contest_id, current_actor().person_id))
    return [one for one in assignments if one.entry_id in known]


@bp.get("/contests/<code>/assignments/<round_code>")
@require(policy.may_assign, facts=queries.contest_facts_of_round)
def assignments(code: str, round_code: str) -> str:
    """Show who shall read what: the proposal with its quality, what is given out, and how to change it."""
    contest = contest_of(code)
    round_ = round_in(contest, round_code)
    return _page(contest, round_, _reader_form(contest, round_))


def _reader_form(contest: Contest, round_: Round, *, blank: bool = False) -> forms.ReaderForm:
    """Return the form for one more judge; ``blank``: what was sent belongs to another form of the page."""
    form = forms.ReaderForm(formdata=None) if blank else forms.ReaderForm()
    known = set(queries.entries_known_to(contest.id, current_actor().person_id))
    entries = [
        one for one in session().scalars(queries.entries_of_round(round_).order_by(Entry.code)) if one.id in known
    ]
    titles = anonymous_titles([one.id for one in entries]) if entries else {}
    form.entry.choices = [(one.id, f"{one.code} · {localized(titles[one.id].title)}") for one in entries]
    seats = queries.active_seats(contest.id)
    form.seat.choices = [
        (0, _("The best free judge")),
        *((seat.id, f"{seat.code} · {seat.person.name}") for seat in seats),
    ]
    return form


def _page(contest: Contest, round_: Round, form: forms.ReaderForm, **more: Any) -> str:
    standing = queries.standing_of(round_.id)
    shown = visible(standing) if standing else []
    by_entry: dict[int, list[Assignment]] = {}
    for one in shown:
        by_entry.setdefault(one.entry_id, []).append(one)
    seats = queries.active_seats(contest.id)
    loads = {seat.id: {"open": 0, "proposed": 0} for seat in seats}
    for one in shown:
        if one.seat_id in loads:
            loads[one.seat_id][one.state] += 1
    panel = _panel_form(contest, seats, blank=True)
    bye = forms.ByeForm(formdata=None)
    bye.entry.choices = form.entry.choices
    run = queries.latest_run(round_.id, kind=("computed", "chosen"))
    report = {} if run is None else run.report
    values: dict[str, Any] = {
        "contest": contest,
        "round": round_,
        "rounds": queries.scored_rounds(contest.id),
        "run": run,
        "reserves": [seat for seat in seats if seat.reserve],
        "weak": _named_pairs(report, shown, seats, "weakest"),
        "undecided": _named_pairs(report, shown, seats, "undecided"),
        "unread": _named_pairs(report, shown, seats, "unread"),
        "spoken": [
            (" / ".join(_(forms.LANGUAGE_NAMES[code]) for code in codes), count, cannot)
            for codes, count, cannot in report.get("languages", ())
        ],
        "design": _design_form(report),
        "by_entry": by_entry,
        "titles": anonymous_titles(list(by_entry)) if by_entry else {},
        "seats": seats,
        "loads": loads,
        "proposed": sum(1 for one in shown if one.state == "proposed"),
        "given": sum(1 for one in shown if one.state == "open"),
        "told": len({one.seat_id for one in shown if one.state == "proposed"}),
        "limits": queries.limits_of(round_),
        "byes": queries.boards_with_bye(round_),
        "skipping": _skipping(round_),
        "bye": bye,
        "may_give_bye": policy.may_give_bye(current_actor(), facts()),
        "form": form,
        "panel": panel,
        "fetching": forms.FetchingForm(formdata=None),
        "pull": queries.latest_run(round_.id, kind=queries.PULL),
    }
    return render("judging/assignments/assignments.html", **(values | more))


def _skipping(round_: Round) -> list[tuple[int, str, dict[str, str]]]:
    """Return id, name and why of the single entries with a bye that the reader may know of."""
    byes = queries.entry_byes_of(round_)
    if not byes:
        return []
    known = set(queries.entries_known_to(round_.contest_id, current_actor().person_id))
    found = session().scalars(select(Entry).where(Entry.contest_id == round_.contest_id, Entry.code.in_(byes)))
    shown = [one for one in found if one.id in known]
    titles = anonymous_titles([one.id for one in shown]) if shown else {}
    return [(one.id, f"{one.code} · {localized(titles[one.id].title)}", byes[one.code]) for one in shown]


def refused(code: str, round_code: str, **sent: Any) -> ResponseReturnValue:
    """Show the page again with the one form that was refused."""
    contest = contest_of(code)
    round_ = round_in(contest, round_code)
    return _page(contest, round_, _reader_form(contest, round_, blank=True), **sent), 422


@bp.post("/contests/<code>/assignments/<round_code>/proposal")
@require(policy.may_assign, facts=queries.contest_facts_of_round)
def compute(code: str, round_code: str) -> ResponseReturnValue:
    """Compute the best assignment; it stays hidden until it is published."""
    form = forms.DesignForm()
    if not form.validate_on_submit():
        return refused(code, round_code, design=form)
    try:
        with unit_of_work():
            run = services.compute_assignment(
                round_in(contest_of(code), round_code),
                least=form.least.data,
                most=form.most.data,
                actor=current_actor(),
                at=now(),
            )
            complete = not run.report["unmet"]
    except Invalid as error:
        form.apply(error)
        return refused(code, round_code, design=form)
    if complete:
        notice(_("Computed. Nobody has been told yet: look at it, then give it out."))
    else:
        warning(_("Computed, but not every entry has its judges. The report says why."))
    return redirect_to("judging.assignments", code=code, round_code=round_code)


@bp.post("/contests/<code>/assignments/<round_code>/proposal/removal")
@require(policy.may_assign, facts=queries.contest_facts_of_round)
def discard(code: str, round_code: str) -> ResponseReturnValue:
    """Throw the hidden proposal away."""
    with unit_of_work():
        services.discard_proposal(round_in(contest_of(code), round_code), actor=current_actor(), at=now())
    notice(_("The proposal has been thrown away. What was given out stays."))
    return redirect_to("judging.assignments", code=code, round_code=round_code)


@bp.post("/contests/<code>/assignments/<round_code>/publication")
@require(policy.may_assign, facts=queries.contest_facts_of_round)
def publish(code: str, round_code: str) -> ResponseReturnValue:
    """Give the proposed assignments to the judges; each is told once."""
    with unit_of_work():
        services.publish_assignment(round_in(contest_of(code), round_code), actor=current_actor(), at=now())
    notice(_("Given out. Every judge has been told."))
    return redirect_to("judging.assignments", code=code, round_code=round_code)


@bp.post("/contests/<code>/assignments/<round_code>/fetching")
@require(policy.may_assign, facts=queries.contest_facts_of_round)
def let_judges_pull(code: str, round_code: str) -> ResponseReturnValue:
    """Let judges who have finished fetch more entries themselves, or end that."""
    form = forms.FetchingForm()
    ends = "end" in request.form
    if not ends and not form.validate_on_submit():
        return refused(code, round_code, fetching=form)
    batch = None if ends else form.batch.data
    with unit_of_work():
        services.let_judges_pull(round_in(contest_of(code), round_code), batch=batch, actor=current_actor(), at=now())
    notice(_("Saved."))
    return redirect_to("judging.assignments", code=code, round_code=round_code)


@bp.post("/contests/<code>/assignments/<round_code>/readers")
@require(policy.may_assign, facts=queries.contest_facts_of_round)
def add_reader(code: str, round_code: str) -> ResponseReturnValue:
    """Ask one more judge for an entry: a named one, or the best who is free."""
    contest = contest_of(code)
    form = _reader_form(contest, round_in(contest, round_code))
    if not form.validate_on_submit():
        return _page(contest, round_in(contest, round_code), form), 422
    try:
        with unit_of_work():
            round_ = round_in(contest_of(code), round_code)
            services.add_reader(
                round_,
                session().get_one(Entry, form.entry.data),
                reason=form.reason.data,
                seat=session().get(Seat, form.seat.data) if form.seat.data else None,
                due_at=form.due_at.data,
                actor=current_actor(),
                at=now(),
            )
    except Conflict as error:
        form.form_errors.append(_(error.msgid, **error.params))
        contest = contest_of(code)
        return _page(contest, round_in(contest, round_code), form), 409
    notice(_("Given out. The judge has been told."))
    return redirect_to("judging.assignments", code=code, round_code=round_code)


@bp.post("/contests/<code>/assignments/<round_code>/panel")
@require(policy.may_assign, facts=queries.contest_facts_of_round)
def panel(code: str, round_code: str) -> ResponseReturnValue:
    """Let one panel judge every entry of a pitch; elsewhere propose it, hidden, for a board, a sector or all."""
    contest = contest_of(code)
    form = _panel_form(contest, queries.active_seats(contest.id))
    if not form.validate_on_submit():
        form.seats.errors = [_("Choose the judges of the panel.")] if form.seats.errors else []
        return refused(code, round_code, panel=form)
    try:
        with unit_of_work():
            contest = contest_of(code)
            round_ = round_in(contest, round_code)
            chosen = [seat for seat in queries.active_seats(contest.id) if seat.id in form.seats.data]
            is_pitch = round_.kind == "live_pitch"
            if is_pitch:
                services.assign_panel(round_, chosen, actor=current_actor(), at=now())
            else:
                kind, _colon, part = (form.part.data or "").partition(":")
                services.propose_panel(
                    round_,
                    chosen,
                    board=part if kind == "board" else None,
                    sector=part if kind == "sector" else None,
                    reason=form.reason.data or "",
                    actor=current_actor(),
                    at=now(),
                )
    except Invalid as error:
        form.apply(error)
        return refused(code, round_code, panel=form)
    if is_pitch:
        notice(_("Given out. Every judge has been told."))
    else:
        notice(_("Proposed. Nobody has been told yet: look at it, then give it out."))
    return redirect_to("judging.assignments", code=code, round_code=round_code)


def _panel_form(contest: Contest, seats: Sequence[Seat], *, blank: bool = False) -> forms.PanelForm:
    form = forms.PanelForm(formdata=None) if blank else forms.PanelForm()
    form.seats.choices = [(seat.id, f"{seat.code} · {seat.person.name}") for seat in seats]
    form.part.choices = [
        ("", _("Every entry of the round")),
        *((f"board:{one.code}", localized(one.definition.get("label") or one.code)) for one in contest.boards),
        *((f"sector:{code}", label) for code, label in sector_choices(contest)),
    ]
    return form


def _design_form(report: Mapping[str, Any]) -> forms.DesignForm:
    said = {"least": report.get("least_asked"), "most": report.get("most_asked")}
    return forms.DesignForm(formdata=None, data=said)


def _named_pairs(
    report: Mapping[str, Any], shown: Sequence[Assignment], seats: Sequence[Seat], key: str
) -> list[tuple[int, str]]:
    """Return entry id and judge's name of the pairs that a report names and that still stand for the reader."""
    standing = {(one.entry.code, one.seat.code): one for one in shown}
    found = [standing[pair[0], pair[1]] for pair in report.get(key, ()) if (pair[0], pair[1]) in standing]
    return [(one.entry_id, one.seat.person.name) for one in found]


@bp.route("/contests/<code>/given/<int:assignment_id>/withdrawal", methods=["GET", "POST"])
@require(policy.may_assign, facts=queries.contest_facts_of_assignment)
def withdraw(code: str, assignment_id: int) -> ResponseReturnValue:
    """Take one assignment back, with a reason."""
    form = forms.ReasonForm()
    assignment = session().get_one(Assignment, assignment_id)
    round_code = assignment.round.code
    if form.validate_on_submit():
        with unit_of_work():
            services.withdraw_assignment(
                session().get_one(Assignment, assignment_id), form.reason.data, actor=current_actor(), at=now()
            )
        notice(_("Withdrawn."))
        return redirect_to("judging.assignments", code=code, round_code=round_code)
    page = render(
        "judging/assignments/withdrawal.html",
        contest=contest_of(code),
        round=assignment.round,
        seat=assignment.seat,
        assignment=assignment,
        entry=queries.anonymous_title(assignment.entry_id),
        form=form,
    )
    return page, 422 if form.is_submitted() else 200
