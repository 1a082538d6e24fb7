"""The jury as the organiser sees it: invite, change, let go, conflicts, sheets asked back."""

from collections import Counter
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from compapp.accounts.models import Organisation
from compapp.contests.models import Contest
from compapp.contests.queries import contest_by_code
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import session, unit_of_work
from compapp.core.errors import Conflict, Invalid, NotFound, Refused
from compapp.core.text import N_
from compapp.entries.models import Entry
from compapp.entries.queries.anonymous import anonymous_titles
from compapp.judging import forms, lifecycle, policy, queries, services
from compapp.judging.models import Seat
from compapp.judging.queries.answers import answers_by_seat
from compapp.judging.services.titles import titles_of
from compapp.judging.views.blueprint import bp
from compapp.judging.views.departures import plan_in_words
from compapp.judging.views.labels import (
    conflict_choices,
    conflict_labels,
    institution_choices,
    sector_choices,
)
from compapp.web.access import require
from compapp.web.i18n import _
from compapp.web.pages import notice, redirect_to, render


def contest_of(code: str) -> Contest:
    """Return the contest of a page whose right was checked."""
    return contest_by_code(code)


def seat_in(contest: Contest, seat_id: int) -> Seat:
    """Return a seat of the contest; NotFound."""
    seat = session().get(Seat, seat_id)
    if seat is None or seat.contest_id != contest.id:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    return seat


@bp.get("/contests/<code>/jury")
@require(policy.may_see_jury, facts=queries.contest_facts)
def jury(code: str) -> str:
    """Show the jury: who sits in it, what each may not judge (as a number), and who has not answered."""
    return _page(contest_of(code), _invitation_form(contest_of(code)))


def _invitation_form(contest: Contest) -> forms.InvitationForm:
    form = forms.InvitationForm()
    form.offer(sector_choices(contest), institution_choices(contest))
    return form


def _page(contest: Contest, form: forms.InvitationForm) -> str:
    actor = current_actor()
    facts = queries.facts_of_contest(actor, contest.id)
    declared = queries.conflicts_of(contest.id)
    hidden = queries.hidden_among(actor.person_id, [one.entry_id for one in declared])
    known = [one for one in declared if one.entry_id not in hidden]
    return render(
        "judging/jury/jury.html",
        contest=contest,
        seats=queries.seats_of(contest.id),
        counts=answers_by_seat(contest.id),
        is_judged=any(one.closes_at > now() for one in queries.scored_rounds(contest.id)),
        sectors=dict(sector_choices(contest)),
        conflicts=known,
        titles=anonymous_titles([one.entry_id for one in known]) if known else {},
        kinds=conflict_labels(contest),
        withheld=Counter(
            (one.seat, one.note, one.declared_at, one.declared_by_name) for one in queries.kept_conflicts(contest.id)
        ),
        unlocks=queries.unlocks_asked(contest.id) if policy.may_reopen(actor, facts) else [],
        form=form,
        may_run=policy.may_run_jury(actor, facts),
        may_decide=policy.may_decide_conflict(actor, facts),
        SEAT=lifecycle.SEAT,
    )


@bp.post("/contests/<code>/jury")
@require(policy.may_run_jury, facts=queries.contest_facts)
def invite(code: str) -> ResponseReturnValue:
    """Invite a judge; the message goes out with the answer to this request."""
    form = _invitation_form(contest_of(code))
    if not form.validate_on_submit():
        return _page(contest_of(code), form), 422
    try:
        with unit_of_work():
            services.invite_judge(
                contest_of(code),
                name=form.name.data,
                email=form.email.data,
                wish=_wish(form),
                actor=current_actor(),
                at=now(),
            )
    except Invalid as error:
        form.apply(error)
        return _page(contest_of(code), form), 422
    except Conflict as error:
        form.form_errors.append(_(error.msgid))
        return _page(contest_of(code), form), 409
    notice(_("The invitation is on its way."))
    return redirect_to("judging.jury", code=code)


def _wish(form: forms.SeatForm, known: Seat | None = None) -> services.SeatWish:
    """Return what the form says; who works elsewhere (``known``) keeps that place where no institution is chosen."""
    chosen = form.institution.data
    institution = session().get(Organisation, int(chosen)) if chosen else None
    elsewhere = known is not None and known.affiliation_id != known.institution_id
    return services.SeatWish(
        sectors=form.sectors.data or [],
        institution=institution,
        affiliation=institution or (known.affiliation if known is not None and elsewhere else None),
        min_load=form.min_load.data,
        max_load=form.max_load.data,
        chair=bool(form.chair.data),
        reserve=bool(form.reserve.data),
        thanks=form.thanks.data or "",
        degree=form.degree.data,
        position=form.position.data,
    )


def _seat_form(contest: Contest, seat: Seat) -> forms.SeatChangeForm:
    form = forms.SeatChangeForm(
        data={
            "sectors": seat.sectors,
            "institution": str(seat.institution_id or ""),
            "min_load": seat.min_load,
            "max_load": seat.max_load,
            "chair": seat.chair,
            "reserve": seat.reserve,
            "thanks": seat.thanks,
            **titles_of(seat),
        }
    )
    form.offer(sector_choices(contest), institution_choices(contest))
    return form


@bp.get("/contests/<code>/jury/<int:seat_id>")
@require(policy.may_see_jury, facts=queries.contest_facts_of_seat)
def seat(code: str, seat_id: int) -> str:
    """Show one judge's seat: what the organiser may change, and how to let the judge go."""
    contest = contest_of(code)
    found = seat_in(contest, seat_id)
    return _seat_page(contest, found, _seat_form(contest, found))


def _seat_page(contest: Contest, found: Seat, form: forms.SeatForm, **more: Any) -> str:
    actor = current_actor()
    facts = queries.facts_of_seat(actor, found)
    values: dict[str, Any] = {
        "contest": contest,
        "seat": found,
        "form": form,
        "leaving": _departure_form(contest, found, blank=True),
        "conflict": _conflict_form(contest, None),
        "override": _override_form(contest, found, blank=True),
        "kept": _kept(found),
        "lifting": forms.LiftingForm(formdata=None),
        "may_lift": policy.may_lift_kept(actor, facts) and actor.person_id != found.person_id,
        "plan": None,
        "unscored": len(queries.unscored_of(found.id)),
        "may_run": policy.may_run_jury(actor, facts),
        "may_send_link": policy.may_send_desk_link(actor, facts) and found.state == lifecycle.ACCEPTED,
        "may_release": policy.may_release_judge(actor, facts),
        "SEAT": lifecycle.SEAT,
        "speaks": [_(forms.LANGUAGE_NAMES[one]) for one in found.languages if one in forms.LANGUAGE_NAMES],
        "away": forms.periods_in_words(found.away),
    }
    return render("judging/jury/seat.html", **(values | more))


def _departure_form(contest: Contest, found: Seat, *, blank: bool = False) -> forms.DepartureForm:
    """Return the form; only the jury's office is shown who else judges and chooses who takes over."""
    form = forms.DepartureForm(formdata=None) if blank else forms.DepartureForm()
    facts = queries.facts_of_contest(current_actor(), contest.id)
    known = queries.active_seats(contest.id) if policy.may_see_jury(current_actor(), facts) else []
    others = sorted(known, key=lambda one: (not one.reserve, one.code))
    form.substitute.choices = [
        (0, _("The next best judges")),
        *(
            (one.id, f"{one.person.name} ({_('substitute')})" if one.reserve else one.person.name)
            for one in others
            if one.id != found.id
        ),
    ]
    return form


def _conflict_form(contest: Contest, formdata: Any) -> forms.ConflictForm:
    form = forms.ConflictForm(formdata=formdata)
    form.entries.choices = _known_titles(contest)
    form.kind.choices = conflict_choices(contest)
    return form


def _known_titles(contest: Contest) -> list[tuple[int, str]]:
    """Return the titles that the reader may know of."""
    entries = queries.entries_known_to(contest.id, current_actor().person_id)
    titles = anonymous_titles(entries) if entries else {}
    return [(entry, forms.in_words(titles[entry].title)) for entry in entries]


@bp.post("/contests/<code>/jury/<int:seat_id>")
@require(policy.may_run_jury, facts=queries.contest_facts_of_seat)
def change_seat(code: str, seat_id: int) -> ResponseReturnValue:
    """Change sectors, institution, load, or who chairs."""
    contest = contest_of(code)
    found = seat_in(contest, seat_id)
    form = _seat_form(contest, found)
    if not form.validate_on_submit():
        return _seat_page(contest, found, form), 422
    try:
        with unit_of_work():
            found = seat_in(contest_of(code), seat_id)
            services.change_seat(found, _wish(form, found), why=form.why.data or "", actor=current_actor(), at=now())
    except Invalid as error:
        form.apply(error)
        return _seat_page(contest_of(code), seat_in(contest_of(code), seat_id), form), 422
    notice(_("Saved."))
    return redirect_to("judging.jury", code=code)


@bp.post("/contests/<code>/jury/<int:seat_id>/reminder")
@require(policy.may_run_jury, facts=queries.contest_facts_of_seat)
def remind_invited(code: str, seat_id: int) -> ResponseReturnValue:
    """Send the invitation again."""
    with unit_of_work():
        services.remind_invited(seat_in(contest_of(code), seat_id), actor=current_actor(), at=now())
    notice(_("The invitation is on its way."))
    return redirect_to("judging.jury", code=code)


@bp.post("/contests/<code>/jury/<int:seat_id>/departure")
@require(policy.may_release_judge, facts=queries.seat_facts_in)
def let_go(code: str, seat_id: int) -> ResponseReturnValue:
    """Let a judge go: unscored entries go to others under the same rules, handed-in sheets stay."""
    contest = contest_of(code)
    found = seat_in(contest, seat_id)
    form = _departure_form(contest, found)
    if not form.validate_on_submit():
        return _seat_page(contest, found, _seat_form(contest, found), leaving=form), 422
    if "preview" in request.form and form.substitute.choices[1:]:
        chosen = seat_in(contest, form.substitute.data) if form.substitute.data else None
        return _seat_page(contest, found, _seat_form(contest, found), leaving=form, plan=plan_in_words(found, chosen))
    by: dict[str, Any] = {"actor": current_actor(), "at": now()}
    with unit_of_work():
        found = seat_in(contest_of(code), seat_id)
        if form.substitute.data:
            substitute = seat_in(contest_of(code), form.substitute.data)
            given = services.leave_to(found, substitute, form.reason.data, **by)
        else:
            given = services.replace_judge(found, form.reason.data, **by)
        count = len(given)
    if current_actor().person_id == found.person_id:
        notice(_("You have left the jury. What you handed in counts. Thank you."))
        return redirect_to("web.home")
    notice(_("The judge has left the jury. Entries given to others: %(count)s.", count=count))
    return redirect_to("judging.jury", code=code)


@bp.post("/contests/<code>/jury/<int:seat_id>/conflicts")
@require(policy.may_declare_for, facts=queries.seat_facts_in)
def declare_for(code: str, seat_id: int) -> ResponseReturnValue:
    """Record a conflict that organiser or chair learnt of; a sheet handed in becomes void."""
    contest = contest_of(code)
    form = _conflict_form(contest, request.form)
    if not form.validate_on_submit():
        found = seat_in(contest, seat_id)
        return _seat_page(contest, found, _seat_form(contest, found), conflict=form), 422
    with unit_of_work():
        found = seat_in(contest_of(code), seat_id)
        said: dict[str, Any] = {"kind": form.kind.data, "note": form.note.data or ""}
        services.declare_conflicts(found, form.entries.data, **said, actor=current_actor(), at=now())
    notice(_("Recorded. Where a sheet was handed in it is void now, and another judge is proposed."))
    return redirect_to("judging.jury", code=code)


def is_blind(contest: Contest) -> bool:
    """Whether the reader judges in this contest: then nothing may name a member, a club or a school."""
    actor = current_actor()
    return any(
        one.person_id == actor.person_id and one.state == lifecycle.ACCEPTED for one in queries.seats_of(contest.id)
    )


def _override_form(contest: Contest, found: Seat, *, blank: bool = False) -> forms.OverrideForm | None:
    """Return the form with the conflicts that the reader may override; nothing without the right or any conflict.

    Who judges in this contest is shown declared conflicts alone: others would tell where a team comes from.
    """
    actor = current_actor()
    facts = queries.facts_of_seat(actor, found)
    if not policy.may_decide_conflict(actor, facts) or actor.person_id == found.person_id:
        return None
    blind = is_blind(contest)
    known = set(queries.entries_known_to(contest.id, actor.person_id))
    conflicts = [
        (entry, why)
        for entry, why in queries.reasons_of_conflicts(found.id)
        if entry in known and not {"team", "kept"} & set(why) and (why == ["declared"] or not blind)
    ]
    titles = anonymous_titles([entry for entry, _why in conflicts]) if conflicts else {}
    form = forms.OverrideForm(formdata=None) if blank else forms.OverrideForm()
    words = {"declared": _("declared"), "institution": _("same institution"), "relation": _("recorded relation")}
    form.entry.choices = [
        (entry, f"{forms.in_words(titles[entry].title)} ({', '.join(words[one] for one in why)})")
        for entry, why in conflicts
    ]
    return form if conflicts or not blank else None


@bp.post("/contests/<code>/jury/<int:seat_id>/overrides")
@require(policy.may_decide_conflict, facts=queries.contest_facts_of_seat)
def override(code: str, seat_id: int) -> ResponseReturnValue:
    """Let a judge read an entry in spite of a conflict, with a reason in the reader's own name."""
    contest = contest_of(code)
    found = seat_in(contest, seat_id)
    form = _override_form(contest, found)
    if form is None:
        raise Refused(N_("Nobody decides about the own conflicts."))
    if not form.validate_on_submit():
        return _seat_page(contest, found, _seat_form(contest, found), override=form), 422
    with unit_of_work():
        services.override_conflict(
            seat_in(contest_of(code), seat_id),
            session().get_one(Entry, form.entry.data),
            reason=form.reason.data,
            actor=current_actor(),
            at=now(),
        )
    notice(_("Recorded in your name. The entry can be given to the judge by hand."))
    return redirect_to("judging.seat", code=code, seat_id=seat_id)


def _kept(found: Seat) -> int:
    """Return how many entries stay withheld from a judge since the institution was changed."""
    return sum(1 for _entry, why in queries.reasons_of_conflicts(found.id) if why == ["kept"])


@bp.post("/contests/<code>/jury/<int:seat_id>/withheld")
@require(policy.may_lift_kept, facts=queries.contest_facts_of_seat)
def lift_kept(code: str, seat_id: int) -> ResponseReturnValue:
    """Let a judge read what stays withheld since the institution was changed: the chair's word, with a reason."""
    contest = contest_of(code)
    found = seat_in(contest, seat_id)
    form = forms.LiftingForm()
    if not form.validate_on_submit():
        return _seat_page(contest, found, _seat_form(contest, found), lifting=form), 422
    with unit_of_work():
        services.lift_kept(seat_in(contest_of(code), seat_id), reason=form.reason.data, actor=current_actor(), at=now())
    notice(_("Recorded in your name. The entry can be given to the judge by hand."))
    return redirect_to("judging.seat", code=code, seat_id=seat_id)
