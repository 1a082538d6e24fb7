"""Appeals against results: filed by the team on its result's page, decided by an officer who took no part in it."""

from flask.typing import ResponseReturnValue
from wtforms import RadioField
from wtforms.validators import DataRequired, Optional

from compapp.contests.definition import Choice, Text
from compapp.contests.models import Contest
from compapp.core import clock
from compapp.core.actor import current_actor
from compapp.core.db import session, unit_of_work
from compapp.core.errors import Closed, Conflict, Invalid, NotFound
from compapp.core.text import N_
from compapp.entries import policy as appeal_policy
from compapp.entries.forms.screening import WHY_NOT, AppealDecisionForm, AppealForm
from compapp.entries.lifecycle import FILED, UPHELD
from compapp.entries.models import Entry
from compapp.judging import policy
from compapp.judging.lifecycle import RESULT_APPEAL
from compapp.judging.models import Publication, ResultAppeal
from compapp.judging.queries import appeals as found
from compapp.judging.queries.results import entry_names, hidden_entries, latest_publication
from compapp.judging.queries.states import state_now, state_published
from compapp.judging.scoring.comparison import changes
from compapp.judging.services import appeals as services
from compapp.judging.services.standings import read_inputs
from compapp.judging.views.results_blueprint import bp
from compapp.web.access import facts, require
from compapp.web.filters import number
from compapp.web.forms import options
from compapp.web.i18n import _, lazy
from compapp.web.pages import notice, redirect_to, render, warning

GATES = {
    "zero_criterion": N_("Gate: no criterion with 0"),
    "below_min_total": N_("Gate: the minimum of this round"),
}


class ResultAppealDecisionForm(AppealDecisionForm):
    """How an appeal against a result ends, and the one thing that is opened again where it is upheld."""

    verb = RadioField(
        lazy("Decision"),
        choices=options(
            [
                ("uphold", lazy("Upheld: one thing is opened again")),
                ("dismiss", lazy("Dismissed: the result stands")),
            ]
        ),
        validators=[DataRequired()],
    )
    reopens = RadioField(
        lazy("What is opened again"),
        choices=[],
        validators=[Optional()],
        validate_choice=False,
        description=lazy("Only if the appeal is upheld: exactly one thing. Everything else stays as it was published."),
    )

    def offer(self, rows: list[found.Reopening]) -> "ResultAppealDecisionForm":
        """Set what can be opened again."""
        self.reopens.choices = options([(one.key, _named(one)) for one in rows])
        return self


def _named(one: found.Reopening) -> str:
    if one.sheet is None:
        return _(GATES.get(one.gate or "", "%(gate)s"), gate=one.gate)
    total = number(one.sheet.total, 2) if one.sheet.total is not None else "–"
    words = N_("Sum of the paper sheet of %(judge)s (%(total)s): typed anew by the secretary, confirmed by a second")
    if one.kind == found.SHEET:
        words = N_("Sheet of %(judge)s (%(total)s): the judge looks at it once more")
    return _(words, judge=one.sheet.seat.code, total=total)


def _ground(contest: Contest, code: str) -> Text:
    known: dict[str, Choice] = {one.code: one for one in found.grounds_of(contest)}
    return known[code].label if code in known else {"vi": code, "en": code}


@bp.route("/entries/<int:entry_id>/results/<int:publication_id>/appeal", methods=["GET", "POST"])
@require(policy.may_see_own_result, facts=found.own_appeal_facts)
def appeal(entry_id: int, publication_id: int) -> ResponseReturnValue:
    """Appeal against a published result, or read what became of the appeal."""
    entry, publication = session().get_one(Entry, entry_id), session().get_one(Publication, publication_id)
    form = AppealForm().offer(found.grounds_of(entry.contest))
    if form.validate_on_submit():
        try:
            with unit_of_work():
                services.file_appeal(
                    entry,
                    publication,
                    ground=form.ground.data,
                    text=form.text.data,
                    actor=current_actor(),
                    at=clock.now(),
                )
            notice(_("Your appeal is filed. You will be told how it ends."))
            return redirect_to("results.appeal", entry_id=entry_id, publication_id=publication_id)
        except Invalid as error:
            form.apply(error)
        except (Closed, Conflict) as error:
            warning(_(error.msgid, **error.params))
            return redirect_to("results.appeal", entry_id=entry_id, publication_id=publication_id)
    return _team_page(entry, publication, form), 422 if form.is_submitted() else 200


def _team_page(entry: Entry, publication: Publication, form: AppealForm) -> str:
    row, window = found.appeal_against(entry.id, publication.id), found.appeal_window(publication)
    is_open = window is not None and window[0] <= clock.now() < window[1] and found.is_newest(publication)
    newest = latest_publication(publication.round_id)
    moved = []
    if row is not None and row.state == UPHELD and newest is not None and newest.number > publication.number:
        both = changes(state_published(publication), state_published(newest))
        moved = [one for one in both if one.entry == entry.code]
    return render(
        "judging/appeals/appeal.html",
        entry=entry,
        publication=publication,
        round=publication.round,
        appeal=row,
        ground=_ground(entry.contest, row.ground) if row is not None else None,
        until=window[1] if window is not None else None,
        may_file=is_open and row is None and facts().member_role == "lead",
        is_open=is_open,
        moved=moved,
        names=entry_names(entry.contest_id, [entry.code]),
        lifecycle=RESULT_APPEAL,
        form=form,
    )


@bp.get("/contests/<code>/result-appeals/<int:appeal_id>")
@require(appeal_policy.may_read_appeal, facts=found.appeal_facts)
def appeal_office(code: str, appeal_id: int) -> str:
    """Show an appeal against a result to the office, with what it changed."""
    row = _row(appeal_id)
    return _office_page(row, ResultAppealDecisionForm(formdata=None).offer(found.reopenings(row)))


def _row(appeal_id: int) -> ResultAppeal:
    row = session().get(ResultAppeal, appeal_id)
    if row is None:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    return row


def _office_page(row: ResultAppeal, form: ResultAppealDecisionForm) -> str:
    actor, round_ = current_actor(), row.publication.round
    hidden = hidden_entries(round_.contest_id, actor.person_id)
    if row.entry.code in hidden:
        raise NotFound(N_("This page does not exist, or it is not open to you."))
    moved = []
    if row.state == UPHELD:
        moved = changes(state_published(row.publication), state_now(read_inputs(round_)))
    why_not = appeal_policy.conflict_with_appeal(actor, facts()) if row.state == FILED else None
    return render(
        "judging/appeals/office.html",
        contest=round_.contest,
        round=round_,
        appeal=row,
        ground=_ground(round_.contest, row.ground),
        opened=_named(found.Reopening("", row.reopens, row.sheet, row.gate)) if row.reopens else "",
        moved=[one for one in moved if one.entry not in hidden],
        names=entry_names(round_.contest_id),
        lifecycle=RESULT_APPEAL,
        may_decide=row.state == FILED and appeal_policy.may_decide_appeal(actor, facts()),
        why_not=WHY_NOT.get(why_not or ""),
        nobody=row.state == FILED and not found.officers_for(row),
        sees_standings=policy.may_see_standings(actor, policy.ContestFacts(round_.contest_id, round_.contest.code)),
        form=form,
    )


@bp.post("/contests/<code>/result-appeals/<int:appeal_id>/decision")
@require(appeal_policy.may_decide_appeal, facts=found.appeal_facts)
def decide_appeal(code: str, appeal_id: int) -> ResponseReturnValue:
    """Decide an appeal against a result; the team and the office are told."""
    row = _row(appeal_id)
    form = ResultAppealDecisionForm().offer(found.reopenings(row))
    if form.validate_on_submit():
        try:
            with unit_of_work():
                services.decide_appeal(
                    _row(appeal_id),
                    form.verb.data,
                    reopens=form.reopens.data or "",
                    outcome=form.outcome.data,
                    actor=current_actor(),
                    at=clock.now(),
                )
            notice(_("Decided. The team is told."))
            return redirect_to("results.appeal_office", code=code, appeal_id=appeal_id)
        except Invalid as error:
            form.apply(error)
        except Conflict as error:
            warning(_(error.msgid, **error.params))
            return redirect_to("results.appeal_office", code=code, appeal_id=appeal_id)
    return _office_page(_row(appeal_id), form), 422
