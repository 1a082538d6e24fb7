"""The organiser's page of a matching: the market, the proposal with its reasons, the release."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from compapp.contests.definition import RoundRule
from compapp.contests.models import Contest
from compapp.contests.queries import contest_by_code
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict, DomainError, Invalid
from compapp.entries import queries as entries
from compapp.placement import policy, queries, services
from compapp.placement.forms import HandForm, ReasonForm
from compapp.placement.labels import OUTCOMES
from compapp.placement.lifecycle import LIVE, OFFER, ORIGINS, PROPOSED, RUN
from compapp.placement.models import Intake, MatchRun
from compapp.placement.views.blueprint import bp
from compapp.web.access import facts, require
from compapp.web.forms import options
from compapp.web.i18n import _, localized
from compapp.web.pages import notice, redirect_to, render


@bp.get("/placement/<code>")
@require(policy.may_see_matching, facts=queries.contest_facts)
def matching(code: str) -> str:
    """Show the market of a contest, and what a matching makes of it."""
    return _page(contest_by_code(code), None)


def _page(contest: Contest, form: HandForm | None) -> str:
    actor = current_actor()
    field = queries.field_of(contest.id)
    intakes, names = field.intakes, {one.code: one for one in field.entries}
    offers = queries.offers_of_contest(contest.id)
    run = queries.latest_run(contest.id)
    try:
        inputs, closed = queries.matching_inputs(contest, field), ""
    except DomainError as error:
        inputs, closed = {"teams": []}, _(error.msgid, **error.params)
    busy = {one.entry_id for one in offers if one.state in LIVE}
    organises = policy.may_run_matching(actor, facts())
    form = form or HandForm()
    form.entry.choices = options(
        (one.code, f"{one.code} · {localized(one.title)}") for one in names.values() if one.id not in busy
    )
    form.intake.choices = options(
        (one.code, localized(one.incubator.name)) for one in intakes if queries.free_places(one)
    )
    return render(
        "placement/matching.html",
        contest=contest,
        intakes=intakes,
        by_code={one.code: one for one in intakes},
        free={one.id: queries.free_places(one) for one in intakes},
        counts=field.wish_counts(),
        rounds={row.code: RoundRule.of(row).label for row in contest.rounds},
        names=names,
        teams=_matchable(inputs["teams"], intakes),
        ranked=_ranked(run),
        closed=closed,
        run=run,
        proposed=run if run is not None and run.state == PROPOSED else None,
        organises=organises,
        may_release=run is not None and policy.may_release(actor, queries.facts_of_run(actor, run)),
        is_stale=run is not None and run.state == PROPOSED and queries.inputs_hash(inputs) != run.inputs_hash,
        offers=offers,
        waiting=[one for one in queries.waiting_of_contest(contest.id) if one.state == "waiting"],
        form=form if organises and form.entry.choices and form.intake.choices else None,
        lifecycle=OFFER,
        runs=RUN,
        origins=ORIGINS,
        outcomes=OUTCOMES,
    )


def _matchable(teams: Sequence[Mapping[str, Any]], intakes: Sequence[Intake]) -> list[Mapping[str, Any]]:
    """Return the teams that wish an incubator with a free place: for them a matching may change something."""
    free = {one.code for one in intakes if queries.free_places(one)}
    return [team for team in teams if free & set(team["prefs"])]


def _ranked(run: MatchRun | None) -> list[Mapping[str, Any]]:
    """Return the teams of a matching in merit order."""
    teams = run.inputs["teams"] if run is not None else []
    return sorted(teams, key=lambda team: (team["place"], -Fraction(team["figure"]), team["entry"]))


@bp.post("/placement/<code>/runs")
@require(policy.may_run_matching, facts=queries.contest_facts)
def runs(code: str) -> ResponseReturnValue:
    """Compute a matching."""
    with unit_of_work():
        services.propose_matching(contest_by_code(code), actor=current_actor(), at=now())
    notice(_("The matching is computed. A second person releases it."))
    return redirect_to("placement.matching", code=code)


@bp.post("/match-runs/<int:run_id>/release")
@require(policy.may_release, facts=queries.run_facts)
def release(run_id: int) -> ResponseReturnValue:
    """Release a matching as the second person."""
    with unit_of_work():
        run = queries.run(run_id)
        if run.state == PROPOSED:
            services.release_matching(run, actor=current_actor(), at=now())
    notice(_("The offers are on their way."))
    return redirect_to("placement.matching", code=facts().code)


@bp.post("/match-runs/<int:run_id>/dismissal")
@require(policy.may_run_matching, facts=queries.run_facts)
def dismissal(run_id: int) -> ResponseReturnValue:
    """Drop a proposed matching."""
    with unit_of_work():
        services.drop_matching(queries.run(run_id), actor=current_actor(), at=now())
    notice(_("The proposal is dropped."))
    return redirect_to("placement.matching", code=facts().code)


@bp.post("/placement/<code>/offers")
@require(policy.may_run_matching, facts=queries.contest_facts)
def offers(code: str) -> ResponseReturnValue:
    """Give a place by hand."""
    contest = contest_by_code(code)
    form = HandForm()
    form.entry.choices = options((one, one) for one in queries.entry_names(contest.id))
    form.intake.choices = options((one.code, one.code) for one in queries.intakes_of(contest.id))
    if not form.validate_on_submit():
        return _page(contest, form), 422
    try:
        with unit_of_work():
            entry = entries.entry_by_code(contest.id, form.entry.data)
            found = queries.intake_by_code(contest.id, form.intake.data)
            if found is not None:
                intake = queries.intake(found.id)
                services.place_by_hand(entry, intake, reason=form.reason.data, actor=current_actor(), at=now())
    except (Invalid, Conflict) as error:
        form.apply(error) if isinstance(error, Invalid) else form.form_errors.append(_(error.msgid, **error.params))
        return _page(contest_by_code(code), form), 422
    notice(_("The place is offered; the team has been told."))
    return redirect_to("placement.matching", code=code)


@bp.route("/offers/<int:offer_id>/withdrawal", methods=["GET", "POST"])
@require(policy.may_withdraw_offer, facts=queries.offer_facts)
def withdrawal(offer_id: int) -> ResponseReturnValue:
    """Take an offer back with a reason."""
    offer, form = queries.offer(offer_id), ReasonForm()
    if request.method == "GET" or not form.validate_on_submit():
        page = render("placement/withdrawal.html", offer=offer, contest=offer.entry.contest, form=form, lifecycle=OFFER)
        return page, 200 if request.method == "GET" else 422
    with unit_of_work():
        offer = queries.offer(offer_id)
        services.withdraw_offer(offer, reason=form.reason.data, actor=current_actor(), at=now())
    notice(_("The offer is taken back; the team has been told."))
    return redirect_to("placement.matching", code=offer.entry.contest.code)
