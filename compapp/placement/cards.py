"""What placement says on home pages: an offer waits, wishes can be ordered, an intake, a matching is due."""

from collections.abc import Sequence

from flask import url_for

from compapp.core.actor import Actor
from compapp.core.clock import now
from compapp.placement import queries
from compapp.placement.models import Intake
from compapp.web.filters import moment
from compapp.web.i18n import _, localized, ngettext
from compapp.web.navigation import Card, CardItem


def home_cards(actor: Actor) -> Sequence[Card]:
    """Return the cards of a member, a manager and an organiser."""
    if not actor.is_signed_in:
        return []
    return [*_offers(actor), *_wishes(actor), *_intakes(actor), *_matchings(actor)]


def _offers(actor: Actor) -> list[Card]:
    return [
        Card(
            _("A place in an incubator is offered to you"),
            _(
                "%(incubator)s offers a place to “%(title)s”. Answer until %(expires)s.",
                incubator=localized(one.intake.incubator.name),
                title=localized(one.entry.title),
                expires=moment(one.expires_at),
            ),
            _("Answer the offer"),
            url_for("placement.team", entry_id=one.entry_id),
            tone="urgent",
            order=5,
        )
        for one in queries.own_open_offers(actor, now())
    ]


def _wishes(actor: Actor) -> list[Card]:
    return [
        Card(
            _("Order the incubators you want"),
            _("“%(title)s”: until %(closes)s.", title=localized(entry.title), closes=moment(closes_at)),
            _("Order your wishes"),
            url_for("placement.team", entry_id=entry.id),
            order=30,
        )
        for entry, closes_at in queries.own_teams_to_rank(actor, now())
    ]


def _intakes(actor: Actor) -> list[Card]:
    found = queries.own_intakes(actor)
    if not found:
        return []
    waiting = queries.open_offer_counts([one.id for one in found])
    items = [
        CardItem(
            f"{localized(one.incubator.name)} · {localized(one.contest.title)}",
            url_for("placement.intake", intake_id=one.id),
            ngettext("%(num)d free place", "%(num)d free places", queries.free_places(one)),
        )
        for one in found[:5]
    ]
    total = sum(waiting.values())
    if total:
        text = ngettext("%(num)d offer waits for its team.", "%(num)d offers wait for their teams.", total)
    else:
        text = _intake_news([one for one in found if one.closes_at > now()])
    title, label, url = _("Your incubator’s places"), _("All intakes"), url_for("placement.intakes")
    if len(found) == 1:
        label, url = _("Look at the intake"), url_for("placement.intake", intake_id=found[0].id)
    return [Card(title, text, label, url, items, order=60, done=True)]


def _intake_news(coming: Sequence[Intake]) -> str:
    """Return in a sentence until when teams order their wishes; nothing where every intake is over."""
    if not coming:
        return ""
    first = min(coming, key=lambda one: one.closes_at)
    return _("Teams order their wishes until %(closes)s; then they are matched.", closes=moment(first.closes_at))


def _matchings(actor: Actor) -> list[Card]:
    cards: list[Card] = []
    for due in queries.matchings_due(actor, now()):
        url = url_for("placement.matching", code=due.contest.code)
        if due.run is None:
            if not actor.has("organiser", "contest", due.contest.id):
                continue
            text, label = _("The intakes are open. Compute the matching when the wishes are in."), _("Match teams")
        elif due.run.computed_by_id == actor.person_id:
            text, label = _("The matching waits for a second person to release it."), _("Look at the proposal")
        else:
            text = _("%(name)s computed the matching. Look at it and release it.", name=due.run.computed_by_name)
            label = _("Look at the proposal")
        cards.append(
            Card(
                _("Places in incubators: %(contest)s", contest=localized(due.contest.title)), text, label, url, order=35
            )
        )
    return cards
