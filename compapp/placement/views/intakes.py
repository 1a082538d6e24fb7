"""The incubator manager's pages: places, who wished it, offers, who waits."""

from flask import request
from flask.typing import ResponseReturnValue

from compapp.contests.definition import RoundRule
from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Conflict, Invalid
from compapp.entries import queries as entries
from compapp.placement import policy, queries, services
from compapp.placement.forms import HandForm, TermsForm
from compapp.placement.lifecycle import LIVE, OFFER, OFFERED, ORIGINS, RELEASED
from compapp.placement.models import Intake
from compapp.placement.queries.incubators import intake_list_facts
from compapp.placement.views.blueprint import bp
from compapp.web.access import require
from compapp.web.forms import options
from compapp.web.i18n import _, localized
from compapp.web.pages import notice, redirect_to, render


@bp.get("/intakes")
@require(policy.may_list_intakes, facts=intake_list_facts)
def intakes() -> str:
    """List the intakes of the actor's incubators."""
    found = queries.own_intakes(current_actor())
    return render(
        "placement/intakes.html",
        intakes=found,
        free={one.id: queries.free_places(one) for one in found},
        waiting=queries.open_offer_counts([one.id for one in found]),
    )


@bp.get("/intakes/<int:intake_id>")
@require(policy.may_manage_intake, facts=queries.intake_facts)
def intake(intake_id: int) -> str:
    """Show an intake with applicants, offers and waiting list."""
    return _page(queries.intake(intake_id), None)


def _page(found: Intake, form: HandForm | None) -> str:
    applicants = queries.applicants_of(found)
    everywhere = queries.offers_of_contest(found.contest_id)
    offers = [one for one in everywhere if one.intake_id == found.id]
    busy = {one.entry_id for one in everywhere if one.state in LIVE}
    free, run = queries.free_places(found), queries.latest_run(found.contest_id)
    form = form or HandForm()
    form.entry.choices = options(
        (one.code, f"{one.code} · {localized(one.title)}") for one in applicants if one.entry_id not in busy
    )
    return render(
        "placement/intake.html",
        intake=found,
        contest=found.contest,
        applicants=applicants,
        published=bool(applicants) or queries.figures_published(found.contest),
        offers=offers,
        by_entry={one.entry_id: one for one in offers},
        waiting=queries.waiting_of_intake(found.id),
        free=free,
        form=form if free and form.entry.choices else None,
        matched=run is not None and run.state == RELEASED,
        open_offers=[one for one in offers if one.state == OFFERED],
        rounds={row.code: RoundRule.of(row).label for row in found.contest.rounds},
        lifecycle=OFFER,
        origins=ORIGINS,
    )


@bp.post("/intakes/<int:intake_id>/offers")
@require(policy.may_manage_intake, facts=queries.intake_facts)
def intake_offers(intake_id: int) -> ResponseReturnValue:
    """Offer a free place to a team that wished this incubator."""
    found = queries.intake(intake_id)
    form = HandForm()
    form.entry.choices = options((one.code, one.code) for one in queries.applicants_of(found))
    del form.intake
    if not form.validate_on_submit():
        return _page(found, form), 422
    try:
        with unit_of_work():
            found = queries.intake(intake_id)
            entry = entries.entry_by_code(found.contest_id, form.entry.data)
            services.place_by_hand(entry, found, reason=form.reason.data, actor=current_actor(), at=now())
    except (Invalid, Conflict) as error:
        form.apply(error) if isinstance(error, Invalid) else form.form_errors.append(_(error.msgid, **error.params))
        return _page(queries.intake(intake_id), form), 422
    notice(_("The place is offered; the team has been told."))
    return redirect_to("placement.intake", intake_id=intake_id)


@bp.route("/intakes/<int:intake_id>/terms", methods=["GET", "POST"])
@require(policy.may_manage_intake, facts=queries.intake_facts)
def terms(intake_id: int) -> ResponseReturnValue:
    """Change places, sectors and window of an intake."""
    found = queries.intake(intake_id)
    form = TermsForm(obj=found)
    labels = queries.sector_labels(found.contest_id)
    form.sectors.choices = options((code, localized(label)) for code, label in labels.items())
    if request.method == "GET":
        return render("placement/terms.html", form=form, intake=found)
    if not form.validate_on_submit():
        return render("placement/terms.html", form=form, intake=found), 422
    wanted = services.IntakeTerms(
        capacity=form.capacity.data,
        occupied=form.occupied.data,
        sectors=form.sectors.data or [],
        opens_at=form.opens_at.data or found.opens_at,
        closes_at=form.closes_at.data or found.closes_at,
        offer_valid_days=form.offer_valid_days.data,
    )
    try:
        with unit_of_work():
            services.change_intake(queries.intake(intake_id), wanted, actor=current_actor(), at=now())
    except (Invalid, Conflict) as error:
        form.apply(error) if isinstance(error, Invalid) else form.form_errors.append(_(error.msgid, **error.params))
        return render("placement/terms.html", form=form, intake=queries.intake(intake_id)), 422
    notice(_("Saved."))
    return redirect_to("placement.intake", intake_id=intake_id)
