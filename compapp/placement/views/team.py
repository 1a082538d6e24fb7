"""A team's page of places: its wishes, its offers, where it waits."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import request
from flask.typing import ResponseReturnValue

from compapp.core.actor import current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.entries import queries as entries
from compapp.entries.models import Entry
from compapp.placement import continuation, policy, queries, services
from compapp.placement.forms import RefusalForm, WishesForm
from compapp.placement.labels import OUTCOMES, SERVICES
from compapp.placement.lifecycle import LIVE, OFFER, OFFERED, RELEASED
from compapp.placement.models import Intake
from compapp.placement.views.blueprint import bp
from compapp.web.access import facts, require
from compapp.web.i18n import _, localized, ngettext
from compapp.web.pages import notice, redirect_to, render, warning

STOP = "stop"
"""The line of the ranked list below which nothing is wished."""


@bp.get("/entries/<int:entry_id>/placement")
@require(policy.may_see_team_page, facts=queries.team_facts)
def team(entry_id: int) -> str:
    """Show a team its offers, its wishes and the incubators."""
    return _page(entry_id)


def _page(entry_id: int, refused: tuple[int, RefusalForm] | None = None) -> str:
    """Render the page; ``refused``: the offer whose refusal was sent with a fault, and the form."""
    entry, at = entries.entry(entry_id), now()
    intakes = queries.intakes_of(entry.contest_id)
    offers = queries.offers_of_entry(entry_id)
    wishes, stated = queries.wishes_of(entry, intakes), queries.list_of(entry_id)
    live = [one for one in offers if one.state in LIVE]
    open_now = [one for one in intakes if one.opens_at <= at < one.closes_at]
    run = queries.latest_run(entry.contest_id)
    steps = run.result["steps"].get(entry.code, []) if run is not None and run.state == RELEASED else []
    return render(
        "placement/team.html",
        entry=entry,
        contest=entry.contest,
        intakes=intakes,
        by_code={one.code: one for one in intakes},
        free={one.id: queries.free_places(one) for one in intakes},
        suits={one.id: queries.accepts(one, entry.sector.code if entry.sector else None) for one in intakes},
        offers=offers,
        waiting_for=[one for one in offers if one.state == OFFERED and one.expires_at > at],
        held=next((one for one in live if one.state == "accepted"), None),
        wishes=wishes,
        stated=stated,
        may_rank=policy.may_rank(current_actor(), facts()) and bool(open_now) and not live,
        is_lead=facts().member_role == "lead",
        closes_at=max((one.closes_at for one in open_now), default=None),
        opens_at=min((one.opens_at for one in intakes if one.opens_at > at), default=None),
        onwards=continuation.after_placement(entry_id) if any(one.state == "accepted" for one in live) else None,
        items=_items(entry, intakes, wishes, at, stated=stated is not None),
        ahead=queries.places_ahead(entry_id),
        steps=steps,
        sectors=queries.sector_labels(entry.contest_id),
        lifecycle=OFFER,
        outcomes=OUTCOMES,
        services=SERVICES,
        form=WishesForm(),
        refused=refused,
    )


def _items(
    entry: Entry, intakes: Sequence[Intake], wishes: Sequence[Intake], at: datetime, *, stated: bool
) -> list[Mapping[str, str]]:
    """Return the ranked list: wishes, the line, then what could be wished too.

    Whoever has wished nothing yet finds the line at the end: saving must not mean “none of them” by accident.
    """
    sector = entry.sector.code if entry.sector else None
    wished = [one for one in wishes if queries.accepts(one, sector)]
    others = [
        one
        for one in intakes
        if one not in wished and queries.accepts(one, sector) and one.opens_at <= at < one.closes_at
    ]
    line = {"id": STOP, "label": _("Stop here: we want none of those below this line")}
    if not wished and not stated:
        return [*map(_item, others), line]
    return [*map(_item, wished), line, *map(_item, others)]


def _item(one: Intake) -> Mapping[str, str]:
    free = queries.free_places(one)
    note = ngettext("%(num)d free place", "%(num)d free places", free)
    return {"id": one.code, "label": localized(one.incubator.name), "note": note}


@bp.post("/entries/<int:entry_id>/preferences")
@require(policy.may_rank, facts=queries.team_facts)
def preferences(entry_id: int) -> ResponseReturnValue:
    """State the order of wishes."""
    codes = _ranked([one.code for one in queries.intakes_of(entries.entry(entry_id).contest_id)])
    with unit_of_work():
        services.state_wishes(entries.entry(entry_id), codes, actor=current_actor(), at=now())
    if codes:
        notice(_("Your order is saved. You can change it until the intake closes."))
    else:
        warning(_("Saved: your team wishes for no incubator and takes no part in the matching."))
    return redirect_to("placement.team", entry_id=entry_id)


def _ranked(known: Sequence[str]) -> list[str]:
    """Read the ranked list: what stands above the line, by the number typed beside it."""
    places = {
        code: place for code in (*known, STOP) if (place := request.form.get(f"wish-{code}", type=int)) is not None
    }
    last = places.pop(STOP, len(places) + 1)
    return sorted((code for code, place in places.items() if 0 < place < last), key=lambda code: places[code])


@bp.post("/offers/<int:offer_id>/acceptance")
@require(policy.may_answer, facts=queries.offer_facts)
def acceptance(offer_id: int) -> ResponseReturnValue:
    """Accept an offer."""
    with unit_of_work():
        offer = queries.offer(offer_id)
        if offer.state != "accepted":
            services.accept_offer(offer, actor=current_actor(), at=now())
    notice(_("You have accepted the place. The incubator knows."))
    return redirect_to("placement.team", entry_id=facts().entry_id)


@bp.post("/offers/<int:offer_id>/refusal")
@require(policy.may_answer, facts=queries.offer_facts)
def refusal(offer_id: int) -> ResponseReturnValue:
    """Decline an offer."""
    form = RefusalForm()
    if not form.validate_on_submit():
        form.reason.id = f"reason-{offer_id}"
        return _page(facts().entry_id, (offer_id, form)), 422
    with unit_of_work():
        offer = queries.offer(offer_id)
        if offer.state != "declined":
            services.decline_offer(offer, reason=form.reason.data or "", actor=current_actor(), at=now())
    notice(_("You have declined the place."))
    return redirect_to("placement.team", entry_id=facts().entry_id)
