"""Cards of the home page about results: what to decide, to publish, to confirm; what is out."""

from collections.abc import Mapping, Sequence

from flask import url_for
from sqlalchemy import and_, select

from compapp.contests.models import Contest, Round
from compapp.contests.queries import managed_contests
from compapp.core.actor import CONTEST, Actor
from compapp.core.clock import now
from compapp.core.db import session
from compapp.entries.lifecycle import DRAFT
from compapp.entries.models import Entry
from compapp.entries.queries import teams_of_person
from compapp.judging.lifecycle import ABSENT, APPROVED, DONE, WAITING, WITHDRAWN
from compapp.judging.models import Hall, PitchSlot, Place, Publication, Shortlist
from compapp.judging.policy import APPROVERS, OFFICE, is_judge_anywhere
from compapp.judging.queries.conflicts import on_team
from compapp.judging.queries.deliberation import rooms_waiting
from compapp.judging.queries.results import decisions_waiting, places_of_entries
from compapp.judging.queries.rounds import is_scored
from compapp.web.filters import moment
from compapp.web.i18n import _, localized, ngettext
from compapp.web.navigation import Card

DECIDABLE = ("closed",)
"""States of a round that is over and not decided."""


def result_cards(actor: Actor) -> Sequence[Card]:
    """Return the cards of everybody's results."""
    if not actor.is_signed_in:
        return []
    return [*_team_cards(actor), *_room_cards(actor), *_decision_cards(actor)]


def _label(round_: Round) -> str:
    return localized(round_.definition.get("label") or round_.code)


def _contests(actor: Actor, roles: frozenset[str]) -> set[int]:
    found = {scope for role in roles for scope in actor.scopes(role, CONTEST)}
    return {contest for contest in found if not on_team(actor.person_id, contest)}


def _team_cards(actor: Actor) -> list[Card]:
    """Tell a team's members of a place to confirm and of results that are out."""
    handed_in = [one.entry_id for one in teams_of_person(actor.person_id) if one.state != DRAFT]
    return cards_of_entries(handed_in) if handed_in else []


def cards_of_entries(entry_ids: list[int]) -> list[Card]:
    """Return what results ask of the teams of these entries and tell them, the places to confirm first."""
    places = places_of_entries(tuple(entry_ids))
    cards = [
        Card(
            title=_("Confirm your place"),
            text=_place_text(place),
            action_label=_("Answer"),
            action_url=url_for("results.place_page", place_id=place.id),
            tone="urgent",
            order=5,
        )
        for entry_places in places.values()
        for place in entry_places
        if place.state == WAITING and (place.confirm_by is None or place.confirm_by >= now())
    ]
    return [*cards, *_news(entry_ids)]


def _news(entry_ids: list[int]) -> list[Card]:
    """Tell teams where and when they pitch, as long as that is to come, and that a result is out; one statement."""
    published = select(Publication.id).join(Publication.round).where(Round.contest_id == Entry.contest_id)
    coming = and_(PitchSlot.entry_id == Entry.id, PitchSlot.state.not_in([DONE, ABSENT, WITHDRAWN]))
    rows = session().execute(
        select(Entry.id, Entry.title, published.correlate(Entry).exists(), PitchSlot, Hall.name, Round)
        .outerjoin(PitchSlot, coming)
        .outerjoin(Hall, Hall.id == PitchSlot.hall_id)
        .outerjoin(Round, and_(Round.id == PitchSlot.round_id, Round.closes_at >= now()))
        .where(Entry.id.in_(entry_ids))
        .order_by(Entry.id, PitchSlot.starts_at)
    )
    pitches, results = [], {}
    for entry_id, title, is_out, slot, hall, round_ in rows:
        if slot is not None and round_ is not None:
            pitches.append(_pitch_card(slot, title, hall, round_))
        if is_out:
            results[entry_id] = _result_card(entry_id, title)
    return [*pitches, *results.values()]


def _pitch_card(slot: PitchSlot, title: Mapping[str, str], hall: str, round_: Round) -> Card:
    text = _(
        "“%(title)s” is number %(position)s in %(round)s. %(hall)s",
        title=localized(title),
        position=slot.position,
        round=_label(round_),
        hall=hall,
    )
    return Card(
        title=_("Our pitch: %(moment)s", moment=moment(slot.starts_at)),
        text=text.strip(),
        action_label=_("See place, time and square code"),
        action_url=url_for("results.team_pitch", entry_id=slot.entry_id),
        tone="warning",
        order=4,
    )


def _result_card(entry_id: int, title: Mapping[str, str]) -> Card:
    return Card(
        title=_("Our results"),
        text=_("A result of “%(title)s” has been published.", title=localized(title)),
        action_label=_("See the result"),
        action_url=url_for("results.own", entry_id=entry_id),
        order=30,
    )


def _place_text(place: Place) -> str:
    text = _("“%(title)s” goes through after %(round)s.", title=localized(place.entry.title), round=_label(place.round))
    if place.confirm_by is None:
        return text
    until = _("To answer until %(moment)s.", moment=moment(place.confirm_by))
    return f"{text} {until}"


def _room_cards(actor: Actor) -> list[Card]:
    """Tell a judge of the rooms that are open, and of the votes that wait there."""
    if not is_judge_anywhere(actor):
        return []
    return [
        Card(
            title=_("The jury deliberates: %(name)s", name=_label(round_)),
            text=ngettext("%(num)d vote waits for you.", "%(num)d votes wait for you.", votes)
            if votes
            else _("See what is to be talked about."),
            action_label=_("Go to the deliberation"),
            action_url=url_for("results.room_page", code=round_.contest.code, round_code=round_.code),
            tone="urgent" if votes else "warning",
            order=12,
        )
        for round_, votes in rooms_waiting(actor.person_id)
    ]


def _decision_cards(actor: Actor) -> list[Card]:
    """Tell approver, chair and organiser what waits for a second person or for its publication."""
    approving, running = _contests(actor, APPROVERS), _contests(actor, OFFICE)
    if not approving | running:
        return []
    waiting = decisions_waiting(approving | running)
    cards = [_decision_card(actor, *one) for one in waiting if one[2].id in approving]
    decided = {round_.id for _one, round_, _contest in waiting}
    return [*(card for card in cards if card is not None), *_ready_cards(actor, running, decided)]


def _decision_card(actor: Actor, shortlist: Shortlist, round_: Round, contest: Contest) -> Card | None:
    if shortlist.state != APPROVED and shortlist.prepared_by_id == actor.person_id:
        return None
    return Card(
        title=_("Publish: %(name)s", name=_label(round_))
        if shortlist.state == APPROVED
        else _("Approve: %(name)s", name=_label(round_)),
        text=_("Prepared by %(name)s.", name=shortlist.prepared_by_name),
        action_label=_("Open the decision"),
        action_url=url_for("results.shortlist", code=contest.code, round_code=round_.code),
        tone="warning",
        order=10,
    )


def _ready_cards(actor: Actor, running: set[int], decided: set[int]) -> list[Card]:
    """Tell the office which rounds are over and wait to be decided."""
    over = [
        (round_, contest.code)
        for contest in managed_contests(actor)
        for round_ in contest.rounds
        if contest.id in running
        and round_.state in DECIDABLE
        and round_.closes_at <= now()
        and is_scored(round_)
        and round_.id not in decided
    ]
    return [
        Card(
            title=_("Standings: %(name)s", name=_label(round_)),
            text=_("The round is over. Look at the standings and prepare the decision."),
            action_label=_("Open the standings"),
            action_url=url_for("results.standings", code=code, round_code=round_.code),
            tone="warning",
            order=15,
        )
        for round_, code in sorted(over, key=lambda one: one[0].closes_at)
    ]
