"""A team's page in an incubator: milestones, mentors, sessions, figures, and the one thing to do next."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Invalid
from compapp.core.formats import day
from compapp.incubation import policy, queries, services
from compapp.incubation.forms import FiguresForm, GraduationForm, ReasonForm
from compapp.incubation.labels import SKILLS, as_words
from compapp.incubation.lifecycle import FIGURES, MENTORSHIP, MILESTONE, MISSED_BY, RAG, RESIDENCY, SESSION
from compapp.incubation.models import Mentor, Milestone, Residency
from compapp.incubation.views.blueprint import bp
from compapp.placement.queries import sector_labels
from compapp.web.access import facts, require
from compapp.web.filters import number
from compapp.web.i18n import _, localized
from compapp.web.pages import notice, redirect_to, render


@bp.get("/residencies/<int:residency_id>")
@require(policy.may_see, facts=queries.residency_facts)
def residency(residency_id: int) -> str:
    """Show a residency."""
    return page_of(queries.residency(residency_id))


def page_of(found: Residency, **forms: Any) -> str:
    """Render the residency's page; ``forms`` holds a form that was sent with a fault."""
    actor, at, own = current_actor(), now(), facts()
    milestones = queries.milestones_of(found.id)
    sees_sessions = policy.may_see_sessions(actor, own)
    sessions = queries.sessions_of(found.id) if sees_sessions else []
    plan = queries.plan_of(found.contest_id)
    manages = policy.may_run(actor, own)
    words = _skill_words(found.contest_id)
    shown: dict[str, Any] = {
        "figures_form": FiguresForm(formdata=None),
        "graduation_form": GraduationForm(formdata=None),
        "wrong": None,
    } | forms
    return render(
        "incubation/residency.html",
        residency=found,
        entry=found.entry,
        plan=plan,
        stage=plan.stage(found.stage),
        following=plan.next_stage(found.stage),
        milestones=milestones,
        line=_line(found, milestones, at),
        today=_share(found, milestones, at),
        mentorships=queries.mentorships_of(found.id),
        sessions=sessions,
        coming=[one for one in reversed(sessions) if one.state == "booked" and one.starts_at > at],
        to_log=[one for one in reversed(sessions) if one.state == "booked" and one.starts_at <= at],
        figures=_figures(found.id),
        suggestions=_suggestions(found, words) if manages and found.state == "active" else [],
        facts=own,
        sees_sessions=sees_sessions,
        manages=manages,
        may_confirm=policy.may_confirm(actor, own) and found.state == "active",
        may_report=policy.may_report(actor, own),
        may_book=policy.may_book(actor, own),
        may_read_entry=policy.may_read_entry(actor, own),
        labels=FIGURES,
        skill_words=words,
        rag=RAG,
        missed_by=MISSED_BY,
        residency_states=RESIDENCY,
        milestone_states=MILESTONE,
        mentorship_states=MENTORSHIP,
        session_states=SESSION,
        **shown,
    )


def _skill_words(contest_id: int) -> Callable[[Iterable[str]], str]:
    """Return how skills are said: their names, the sector of that code, or the code's own words; never a code."""
    sectors = sector_labels(contest_id)

    def words(codes: Iterable[str]) -> str:
        return ", ".join(
            _(SKILLS[code]) if code in SKILLS else localized(sectors.get(code) or as_words(code)) for code in codes
        )

    return words


def _suggestions(found: Residency, words: Callable[[Iterable[str]], str]) -> list[tuple[Mentor, str]]:
    """Return the mentors who fit with the reasons in one line."""
    rows = []
    for one in queries.suggestions(found):
        reasons = [_(msgid, **params) for msgid, params in one.reasons]
        if one.helpful:
            asked = _("can help with what the team asked for: %(skills)s", skills=words(one.helpful))
            reasons.insert(-1, asked)
        rows.append((one.mentor, "; ".join(reasons)))
    return rows


def _span(found: Residency, milestones: list[Milestone]) -> tuple[datetime, float]:
    first = min([found.started_at, *(one.due_at for one in milestones)])
    last = max([found.started_at, *(one.due_at for one in milestones)])
    return first, max((last - first).total_seconds(), 1.0)


def _share(found: Residency, milestones: list[Milestone], at: datetime) -> float:
    first, length = _span(found, milestones)
    return min(max((at - first).total_seconds() / length, 0.0), 1.0)


def _line(found: Residency, milestones: list[Milestone], at: datetime) -> list[dict[str, Any]]:
    """Return the milestones as the picture of a line draws them."""
    first, length = _span(found, milestones)
    current = next((one for one in milestones if one.state in ("planned", "reported") and one.due_at >= at), None)
    return [
        {
            "label": localized(one.label),
            "when": day(one.due_at),
            "at": (one.due_at - first).total_seconds() / length,
            "state": _state(one, one is current, at),
        }
        for one in milestones
        if one.state != "dropped"
    ]


def _state(one: Milestone, is_current: bool, at: datetime) -> str:
    if one.state == "met":
        return "done"
    if one.state == "planned" and one.due_at < at:
        return "late"
    return "current" if is_current or one.state == "reported" else "todo"


def _figures(residency_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return a team's figures over time, by key, as bars."""
    found: dict[str, list[dict[str, Any]]] = {}
    for one in queries.figures_of(residency_id):
        found.setdefault(one.key, []).append({"label": day(one.at), "value": one.value, "words": number(one.value)})
    return found


@bp.post("/residencies/<int:residency_id>/stage")
@require(policy.may_run, facts=queries.residency_facts)
def stage(residency_id: int) -> ResponseReturnValue:
    """Move the team on to the next stage."""
    with unit_of_work():
        found = queries.residency(residency_id)
        services.advance_stage(found, from_stage=request.form.get("from", ""), actor=current_actor(), at=now())
    notice(_("The team is in its next stage."))
    return redirect_to("incubation.residency", residency_id=residency_id)


@bp.post("/residencies/<int:residency_id>/graduation")
@require(policy.may_run, facts=queries.residency_facts)
def graduation(residency_id: int) -> ResponseReturnValue:
    """Let the team graduate."""
    form = GraduationForm()
    if not form.validate_on_submit():
        return page_of(queries.residency(residency_id), graduation_form=form), 422
    with unit_of_work():
        note = form.note.data or ""
        services.graduate(queries.residency(residency_id), note=note, actor=current_actor(), at=now())
    notice(_("The team has graduated. It will be asked for its outcome after 6 and 12 months."))
    return redirect_to("incubation.residency", residency_id=residency_id)


@bp.route("/residencies/<int:residency_id>/departure", methods=["GET", "POST"])
@require(policy.may_run, facts=queries.residency_facts)
def departure(residency_id: int) -> ResponseReturnValue:
    """Let the team go, with a reason."""
    found, form = queries.residency(residency_id), ReasonForm()
    if request.method == "GET" or not form.validate_on_submit():
        page = render("incubation/departure.html", residency=found, form=form)
        return page, 200 if request.method == "GET" else 422
    with unit_of_work():
        services.leave(queries.residency(residency_id), reason=form.reason.data, actor=current_actor(), at=now())
    notice(_("The team has left; its place goes to the next who waits."))
    return redirect_to("incubation.residency", residency_id=residency_id)


@bp.post("/residencies/<int:residency_id>/mentorships")
@require(policy.may_run, facts=queries.residency_facts)
def mentorships(residency_id: int) -> ResponseReturnValue:
    """Give the team a mentor."""
    with unit_of_work():
        mentor = queries.mentor(request.form.get("mentor", 0, type=int))
        services.assign_mentor(queries.residency(residency_id), mentor, actor=current_actor(), at=now())
    notice(_("The mentor is assigned; both sides have been told."))
    return redirect_to("incubation.residency", residency_id=residency_id)


@bp.route("/mentorships/<int:mentorship_id>/end", methods=["GET", "POST"])
@require(policy.may_end_mentorship, facts=queries.mentorship_facts)
def mentorship_end(mentorship_id: int) -> ResponseReturnValue:
    """End a mentorship, with a reason."""
    found, form = queries.mentorship(mentorship_id), ReasonForm()
    if request.method == "GET" or not form.validate_on_submit():
        page = render("incubation/mentorship_end.html", mentorship=found, form=form)
        return page, 200 if request.method == "GET" else 422
    with unit_of_work():
        mentorship = queries.mentorship(mentorship_id)
        services.end_mentorship(mentorship, reason=form.reason.data, actor=current_actor(), at=now())
    notice(_("The mentorship has ended; both sides have been told."))
    return redirect_to("incubation.mentoring" if facts().is_own else "incubation.cohorts")


@bp.post("/residencies/<int:residency_id>/figures")
@require(policy.may_report, facts=queries.residency_facts)
def figures(residency_id: int) -> ResponseReturnValue:
    """Report the team's figures of today."""
    form = FiguresForm()
    if not form.validate_on_submit():
        return page_of(queries.residency(residency_id), figures_form=form), 422
    try:
        with unit_of_work():
            found = queries.residency(residency_id)
            services.report_figures(found, form.figures(), actor=current_actor(), at=now())
    except Invalid as error:
        form.apply(error)
        return page_of(queries.residency(residency_id), figures_form=form), 422
    notice(_("Your figures are kept."))
    return redirect_to("incubation.residency", residency_id=residency_id)
