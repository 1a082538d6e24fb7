"""The record: a contest's for its organiser and chair, the platform's for administrators."""

from urllib.parse import urlencode

from flask import request, url_for
from flask.typing import ResponseReturnValue

from compapp.contests.queries import contest_by_code, find_contest
from compapp.core.actor import CONTEST, Actor, current_actor
from compapp.core.audit import deed
from compapp.judging.policy import ContestFacts
from compapp.judging.queries.jury import contest_facts, facts_of_contest
from compapp.reports import policy, queries
from compapp.reports.forms import RecordForm
from compapp.reports.views.blueprint import bp
from compapp.web.access import facts, require
from compapp.web.i18n import _
from compapp.web.pages import render


def facts_in_short(actor: Actor, code: str) -> ContestFacts | None:
    """Load what decides about a contest's record in short: the department knows of drafts too, others do not."""
    contest = find_contest(code) if policy.may_read_figures(actor) else None
    return contest_facts(actor, code) if contest is None else facts_of_contest(actor, contest.id)


@bp.get("/contests/<code>/manage/audit")
@require(policy.may_read_record, facts=contest_facts)
def contest_record(code: str) -> ResponseReturnValue:
    """Show what was done in a contest, the newest first: everything, or to the chair the judging alone."""
    contest, actor = contest_by_code(code), current_actor()
    whole = policy.reads_all_of(actor, facts())
    part = queries.part_of_contest(contest.id, actor.person_id, whole=whole)
    form = _form(part)
    rounds = {round_.id: round_.definition.get("label") or round_.code for round_ in contest.rounds}
    return render(
        "reports/contest_record.html",
        contest=contest,
        whole=whole,
        form=form,
        rows=queries.record_page(part, form.wanted(request.args.get("page", 1, type=int))),
        deed=deed,
        rounds=rounds | {round_.code: rounds[round_.id] for round_ in contest.rounds},
        narrowed=_narrowing(form),
        here=_here(url_for("reports.contest_record", code=code), form),
        plain=url_for("reports.contest_record", code=code),
    ), 422 if form.errors else 200


@bp.get("/contests/<code>/record")
@require(policy.reads_in_short, facts=facts_in_short)
def contest_in_short(code: str) -> ResponseReturnValue:
    """Show the department how often what was done in a contest, and by whom of its office; no team, no content."""
    contest = contest_by_code(code)
    part = queries.part_in_short(contest.id)
    form = _form(part)
    del form.entry
    here = url_for("reports.contest_in_short", code=code)
    return render(
        "reports/contest_in_short.html",
        contest=contest,
        form=form,
        tallies=queries.tallies(part),
        rows=queries.record_page(part, form.wanted(request.args.get("page", 1, type=int))),
        deed=deed,
        narrowed=_narrowing(form),
        here=_here(here, form),
        plain=here,
    ), 422 if form.errors else 200


@bp.get("/record")
@require(policy.is_admin)
def platform_record() -> ResponseReturnValue:
    """Show what was done on the whole platform: who and what, never a team's content."""
    actor = current_actor()
    own = {contest for role in ("judge", "chair") for contest in actor.scopes(role, CONTEST)}
    part = queries.part_of_platform(actor.person_id, own)
    form = _form(part)
    del form.entry
    return render(
        "reports/platform_record.html",
        form=form,
        rows=queries.record_page(part, form.wanted(request.args.get("page", 1, type=int))),
        deed=deed,
        narrowed=_narrowing(form),
        here=_here(url_for("reports.platform_record"), form),
        plain=url_for("reports.platform_record"),
    ), 422 if form.errors else 200


def _form(part: queries.Part) -> RecordForm:
    """Return the filter as the address has it, looked through: what is wrong narrows nothing and is marked."""
    form = RecordForm(request.args)
    verbs = sorted((_(deed(verb)), verb) for verb in queries.verbs_of(part))
    form.verb.choices = [("", _("Everything")), *((verb, words) for words, verb in verbs)]
    form.validate()
    return form


def _narrowing(form: RecordForm) -> dict[str, str]:
    """Return what the address says of this filter's fields; anything else in it says nothing."""
    return {field.name: request.args[field.name] for field in form if request.args.get(field.name)}


def _here(path: str, form: RecordForm) -> str:
    """Return the address of this list without its page."""
    kept = _narrowing(form)
    return f"{path}?{urlencode(kept)}" if kept else path
