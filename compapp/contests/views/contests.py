"""The organiser's list, a new contest, the workspace's overview, and the moves of contest and rounds."""

from datetime import datetime

from flask import url_for
from flask.typing import ResponseReturnValue

from compapp.accounts import queries as accounts
from compapp.contests import policy, queries, services
from compapp.contests.definition import RoundRule
from compapp.contests.file.faults import ContestFileRefused
from compapp.contests.forms import ContestForm, ReasonForm
from compapp.contests.lifecycle import CONTEST, ROUND
from compapp.contests.models import Contest
from compapp.contests.services.revision import definition_of
from compapp.contests.setup.checks import WARNING, Finding
from compapp.contests.setup.start import untouched
from compapp.contests.tabs import tabs_for
from compapp.contests.views.blueprint import bp
from compapp.core.actor import ORGANISATION, Actor, current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Invalid
from compapp.web.access import facts, require
from compapp.web.i18n import _, localized
from compapp.web.pages import notice, redirect_to, render, warning


def round_facts(actor: Actor, code: str, round_code: str) -> policy.ContestFacts | None:
    """Return the contest's facts for a route that names a round too."""
    return queries.contest_facts(actor, code)


@bp.get("/contests/manage")
@require(policy.may_list_managed)
def manage() -> str:
    """List the contests whose workspace the actor may open."""
    actor = current_actor()
    rows = [(contest, queries.calendar(contest).current_at(now())) for contest in queries.managed_contests(actor)]
    return render("contests/manage.html", rows=rows, may_create=policy.may_create(actor), lifecycle=CONTEST)


@bp.route("/contests/new", methods=["GET", "POST"])
@require(policy.may_create)
def new() -> ResponseReturnValue:
    """Make a draft."""
    actor, form = current_actor(), ContestForm()
    organisations = accounts.organisations(actor.scopes(policy.ORGANISER, ORGANISATION))
    form.organiser.choices = [(one.id, localized(one.name)) for one in organisations.values()]
    if not form.validate_on_submit():
        return render("contests/new.html", form=form), 422 if form.is_submitted() else 200
    launch_at, closes_at = form.launch_at.data, form.closes_at.data
    assert launch_at is not None and closes_at is not None
    try:
        with unit_of_work():
            contest = services.create_contest(
                form.code.data,
                {"vi": form.title_vi.data, "en": form.title_en.data},
                organisations[form.organiser.data],
                launch_at=launch_at,
                closes_at=closes_at,
                actor=actor,
                at=now(),
            )
    except ContestFileRefused as refused:
        for fault in refused.faults:
            field = form[_FIELD_OF.get(fault.path, "code")]
            field.errors = [*field.errors, _(fault.msgid, **fault.params)]
        return render("contests/new.html", form=form), 422
    return redirect_to("contests.setup", code=contest.code)


_FIELD_OF = {"contest.submission.closes": "closes_at", "contest.title.vi": "title_vi", "contest.title.en": "title_en"}


@bp.get("/contests/<code>/manage")
@require(policy.may_open_workspace, facts=queries.contest_facts)
def overview(code: str) -> str:
    """Show how a contest stands: state, calendar, counts, what to do next."""
    contest, actor, at = queries.contest_by_code(code), current_actor(), now()
    calendar = queries.calendar(contest)
    counts = [
        (_(tab.counted or tab.label), tab.count(contest.id), url_for(tab.endpoint, code=code))
        for tab in tabs_for(actor, facts())
        if tab.count is not None
    ]
    return render(
        "contests/overview.html",
        contest=contest,
        calendar=calendar,
        current=calendar.current_at(at),
        counts=counts,
        rounds=[(row, RoundRule.of(row)) for row in contest.rounds],
        lacks=_lacks(contest, at) if contest.state == "draft" else [],
        prefilled=contest.state == "draft" and bool(untouched(definition_of(contest))),
        may_manage=policy.may_manage(actor, facts()),
        contest_lifecycle=CONTEST,
        round_lifecycle=ROUND,
        reason_form=ReasonForm(),
    )


def _lacks(contest: Contest, at: datetime) -> list[Finding]:
    return [one for one in services.check_setup(contest, at) if one.level != WARNING]


@bp.get("/contests/<code>/manage/definition")
@require(policy.may_open_workspace, facts=queries.contest_facts)
def definition(code: str) -> str:
    """Show the whole definition in plain language."""
    contest = queries.contest_by_code(code)
    return render(
        "contests/definition.html",
        contest=contest,
        public=queries.read_contest(contest),
        changes=queries.rule_changes(contest.id),
        may_manage=policy.may_manage(current_actor(), facts()),
    )


@bp.post("/contests/<code>/announcement")
@require(policy.may_manage, facts=queries.contest_facts)
def announcement(code: str) -> ResponseReturnValue:
    """Make the contest public; while something is missing or unanswered, the check says what."""
    try:
        with unit_of_work():
            services.announce_contest(queries.contest_by_code(code), actor=current_actor(), at=now())
    except Invalid as error:
        sentences = [one for found in error.fields.values() for one in found] or [(error.msgid, error.params)]
        for msgid, params in sentences:
            warning(_(msgid, **params))
        return redirect_to("contests.setup_check", code=code)
    notice(_("The contest is public now."))
    return redirect_to("contests.overview", code=code)


@bp.post("/contests/<code>/archive")
@require(policy.may_manage, facts=queries.contest_facts)
def archive(code: str) -> ResponseReturnValue:
    """Put the contest into the archive."""
    with unit_of_work():
        services.archive_contest(queries.contest_by_code(code), actor=current_actor(), at=now())
    notice(_("The contest is in the archive."))
    return redirect_to("contests.overview", code=code)


@bp.post("/contests/<code>/rounds/<round_code>/opening")
@require(policy.may_manage, facts=round_facts)
def opening(code: str, round_code: str) -> ResponseReturnValue:
    """Open a round before its time comes."""
    with unit_of_work():
        round_ = queries.round_of(queries.contest_by_code(code), round_code)
        services.open_round(round_, actor=current_actor(), at=now())
    notice(_("The round is open."))
    return redirect_to("contests.overview", code=code)


@bp.post("/contests/<code>/rounds/<round_code>/closing")
@require(policy.may_manage, facts=round_facts)
def closing(code: str, round_code: str) -> ResponseReturnValue:
    """Close a round."""
    with unit_of_work():
        round_ = queries.round_of(queries.contest_by_code(code), round_code)
        services.close_round(round_, actor=current_actor(), at=now())
    notice(_("The round is closed."))
    return redirect_to("contests.overview", code=code)


@bp.route("/contests/<code>/rounds/<round_code>/reopening", methods=["GET", "POST"])
@require(policy.may_manage, facts=round_facts)
def reopening(code: str, round_code: str) -> ResponseReturnValue:
    """Open a closed round again, with a reason."""
    form = ReasonForm()
    contest = queries.contest_by_code(code)
    rule = RoundRule.of(queries.round_of(contest, round_code))
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render("contests/reopening.html", contest=contest, rule=rule, form=form), status
    try:
        with unit_of_work():
            round_ = queries.round_of(queries.contest_by_code(code), round_code)
            services.reopen_round(round_, form.reason.data, actor=current_actor(), at=now())
    except Invalid as error:
        form.apply(error)
        return render("contests/reopening.html", contest=contest, rule=rule, form=form), 422
    notice(_("The round is open again."))
    return redirect_to("contests.overview", code=code)
