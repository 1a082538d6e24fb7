"""The gallery as everybody reads it, the page where a team decides, and the organiser's hand."""

from datetime import datetime
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from compapp.contests.models import Contest
from compapp.contests.queries import announced_contest
from compapp.core.actor import Actor, current_actor
from compapp.core.clock import now
from compapp.core.db import unit_of_work
from compapp.core.errors import Closed, Invalid, NotFound
from compapp.core.text import N_
from compapp.entries import queries as entries
from compapp.entries.policy import EntryFacts
from compapp.portal import policy, queries, services
from compapp.portal.forms import HidingForm, ListingForm
from compapp.portal.lifecycle import SHOWN
from compapp.portal.views.base import bp
from compapp.web.access import facts, public, require
from compapp.web.forms import Form
from compapp.web.i18n import _, localized
from compapp.web.pages import notice, redirect_to, render, warning


def _facts(actor: Actor, entry_id: int) -> EntryFacts | None:
    return entries.entry_facts(actor, entry_id)


@bp.get("/contests/<code>/gallery")
@public
def gallery(code: str) -> str:
    """Show the entries whose teams opted in, searched whatever the marks, by board and sector."""
    contest = announced_contest(code)
    asked = {name: request.args.get(name, "").strip()[:100] for name in ("q", "board", "sector")}
    is_open = queries.gallery_is_open(contest)
    number = request.args.get("page", 1, type=int)
    found = (
        queries.gallery(contest, search=asked["q"], board=asked["board"], sector=asked["sector"], number=number)
        if is_open
        else None
    )
    boards, sectors = queries.choices(contest, asked["board"], asked["sector"])
    return render(
        "portal/gallery.html",
        contest=contest,
        is_open=is_open,
        found=found,
        vote_until=_vote_until(contest),
        asked=asked,
        boards=boards,
        sectors=sectors,
    )


def _vote_until(contest: Contest) -> datetime | None:
    """Return when the public vote ends, if votes are taken now."""
    round_ = queries.vote_round(contest)
    return round_.closes_at if round_ is not None and queries.is_open(round_, now()) else None


@bp.get("/contests/<code>/gallery/<entry_code>")
@public
def gallery_entry(code: str, entry_code: str) -> str:
    """Show one entry with what its team allowed."""
    contest = announced_contest(code)
    shown = queries.gallery_entry(contest, entry_code) if queries.gallery_is_open(contest) else None
    if shown is None:
        raise NotFound(N_("This entry is not in the gallery."))
    actor = current_actor()
    found = entries.entry_facts(actor, shown.entry_id) if actor.is_signed_in else None
    return render(
        "portal/gallery_entry.html",
        contest=contest,
        shown=shown,
        vote_until=_vote_until(contest),
        moderates=found is not None and policy.may_moderate(actor, found),
    )


@bp.get("/entries/<int:entry_id>/gallery")
@require(policy.may_see_listing, facts=_facts)
def listing(entry_id: int) -> str:
    """Show what the gallery shows of the entry, or would show."""
    present = queries.listing_of(entry_id)
    form = ListingForm(data={"answers": list(present.answers) if present is not None else []})
    return _listing_page(entry_id, form)


@bp.post("/entries/<int:entry_id>/gallery")
@require(policy.may_show, facts=_facts)
def show(entry_id: int) -> ResponseReturnValue:
    """Put the entry into the gallery, or change what it shows there."""
    form = ListingForm()
    _offer(form, entry_id)
    if not form.validate_on_submit():
        return _listing_page(entry_id, form), 422
    try:
        with unit_of_work():
            chosen = form.answers.data or []
            services.show_entry(entries.entry(entry_id), answers=chosen, actor=current_actor(), at=now())
    except (Invalid, Closed) as error:
        form.apply(error) if isinstance(error, Invalid) else warning(_(error.msgid, **error.params))
        return _listing_page(entry_id, form), error.status
    notice(_("Your entry is in the gallery."))
    return redirect_to("portal.listing", entry_id=entry_id)


@bp.post("/entries/<int:entry_id>/gallery/removal")
@require(policy.may_take_down, facts=_facts)
def take_down(entry_id: int) -> ResponseReturnValue:
    """Take the entry out at once."""
    with unit_of_work():
        services.take_down(entries.entry(entry_id), actor=current_actor(), at=now())
    notice(_("Your entry is no longer in the gallery."))
    return redirect_to("portal.listing", entry_id=entry_id)


@bp.get("/entries/<int:entry_id>/gallery/hiding")
@require(policy.may_moderate, facts=_facts)
def hiding(entry_id: int) -> str:
    """Ask the organiser for the reason."""
    return _hiding_page(entry_id, HidingForm())


@bp.post("/entries/<int:entry_id>/gallery/hiding")
@require(policy.may_moderate, facts=_facts)
def hide(entry_id: int) -> ResponseReturnValue:
    """Hide the entry; the team is told why."""
    form = HidingForm()
    if not form.validate_on_submit():
        return _hiding_page(entry_id, form), 422
    entry = entries.entry(entry_id)
    try:
        with unit_of_work():
            services.hide_entry(entry, reason=form.reason.data, actor=current_actor(), at=now())
    except Invalid as error:
        form.apply(error)
        return _hiding_page(entry_id, form), error.status
    notice(_("The entry is hidden; the team has been told why."))
    return redirect_to("portal.gallery", code=entry.contest.code)


@bp.post("/entries/<int:entry_id>/gallery/permission")
@require(policy.may_moderate, facts=_facts)
def allow(entry_id: int) -> ResponseReturnValue:
    """Let the team decide again."""
    with unit_of_work():
        services.allow_entry(entries.entry(entry_id), actor=current_actor(), at=now())
    notice(_("The team may show its entry again."))
    return redirect_to("portal.hiding", entry_id=entry_id)


def _offer(form: ListingForm, entry_id: int) -> None:
    fields = queries.showable_fields(entries.entry(entry_id))
    form.answers.choices = [(field.key, localized(field.label)) for field in fields]


def _listing_page(entry_id: int, form: ListingForm) -> str:
    entry, found = entries.entry(entry_id), facts()
    _offer(form, entry_id)
    present: Any = queries.listing_of(entry_id)
    actor = current_actor()
    return render(
        "portal/listing.html",
        entry=entry,
        contest=entry.contest,
        facts=found,
        form=form,
        removal=Form(),
        listing=present,
        is_shown=present is not None and present.state == SHOWN,
        gallery_is_open=queries.gallery_is_open(entry.contest),
        names=queries.public_team(entry),
        may_show=policy.may_show(actor, found),
        may_take_down=policy.may_take_down(actor, found),
    )


def _hiding_page(entry_id: int, form: HidingForm) -> str:
    entry = entries.entry(entry_id)
    present = queries.listing_of(entry_id)
    if present is None:
        raise NotFound(N_("This entry is not in the gallery."))
    return render(
        "portal/hiding.html", entry=entry, contest=entry.contest, form=form, permission=Form(), listing=present
    )
