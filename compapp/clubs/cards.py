"""What the home page tells a club's manager and a student to do next."""

from collections.abc import Mapping, Sequence

from flask import url_for

from compapp.accounts.models import Organisation
from compapp.clubs import queries
from compapp.clubs.models import Cohort
from compapp.clubs.queries import ClubTeam, EntryFigures
from compapp.clubs.terms import term_name
from compapp.core.actor import Actor
from compapp.core.clock import now
from compapp.core.formats import moment
from compapp.web.i18n import _, current_locale, localized, ngettext
from compapp.web.navigation import Card, CardItem

_ON_CARD = 4


def home_cards(actor: Actor) -> Sequence[Card]:
    """Return a card per club that the actor manages, and one of the activities to which the actor goes."""
    clubs = queries.managed_clubs(actor)
    known = queries.current_terms([found.id for found in clubs])
    teams = queries.teams_of_clubs(clubs, {club_id: term for club_id, (term, _asking) in known.items()})
    done = queries.entries_of_terms([term.id for term, _asking in known.values()])
    cards = [_club_card(one, *known.get(one.id, (None, 0)), teams=teams[one.id], done=done) for one in clubs]
    own = _own_card(actor)
    return [*cards, own] if own is not None else cards


def _club_card(
    found: Organisation,
    term: Cohort | None,
    asking: int,
    *,
    teams: Sequence[ClubTeam],
    done: Mapping[int, EntryFigures],
) -> Card:
    """Progress towards the goal, who has not handed in, who asks to join."""
    due = sorted((team for team in teams if is_due(team)), key=lambda team: team.closes_at)
    items = [_item(team) for team in due[:_ON_CARD]]
    if asking:
        text = ngettext("%(num)d person asks to join", "%(num)d people ask to join", asking)
        items.insert(0, CardItem(text, url=url_for("clubs.members", club_id=found.id), tone="warning"))
    return Card(
        title=localized(found.name),
        text=_progress(term, done[term.id].handed_in if term is not None and term.id in done else 0),
        action_label=_("Open the club’s page"),
        action_url=url_for("clubs.club", club_id=found.id),
        items=items,
        tone="warning" if due and (due[0].closes_at - now()).days < 3 else "neutral",
        order=45,
    )


def _own_card(actor: Actor) -> Card | None:
    """What a student has a place at, the first to begin first."""
    coming = queries.coming_of_person(actor.person_id, now()) if actor.person_id is not None else []
    if not coming:
        return None
    first = coming[0].activity
    return Card(
        title=_("Your club activities"),
        text=_("Next: %(moment)s.", moment=moment(first.starts_at, current_locale())),
        action_label=_("My clubs"),
        action_url=url_for("clubs.mine"),
        items=[
            CardItem(
                localized(one.activity.title),
                url=url_for("clubs.activity", activity_id=one.activity_id),
                note=_("waiting list") if one.state == "waiting" else "",
            )
            for one in coming[:_ON_CARD]
        ],
        order=70,
        done=True,
    )


def is_due(team: ClubTeam) -> bool:
    """Whether a team can still hand in and has not."""
    return not team.is_handed_in and team.closes_at > now()


def _progress(term: Cohort | None, done: int) -> str:
    if term is None:
        return _("The club has no cohort yet. Open one for this term.")
    return _(
        "%(term)s: %(done)s of %(goal)s entries handed in.",
        term=localized(term_name(term.term)),
        done=done,
        goal=term.goal_entries,
    )


def _item(team: ClubTeam) -> CardItem:
    days = (team.closes_at - now()).days
    left = ngettext("%(num)d day left", "%(num)d days left", days) if days else _("closes today")
    return CardItem(localized(team.title), note=left, tone="warning" if days < 3 else "neutral")
