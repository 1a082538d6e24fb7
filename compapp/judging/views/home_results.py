"""Cards of the home page about results: what to decide, to publish, to confirm; what is out."""

from collections.abc import Sequence

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compapp.contests.models import Contest, Round
from compapp.core.actor import CONTEST, Actor
from compapp.core.clock import now
from compapp.core.db import session
from compapp.entries.models import Entry, TeamMember
from compapp.judging.lifecycle import APPROVED
from compapp.judging.models import Place, Publication
from compapp.judging.policy import APPROVERS, OFFICE
from compapp.judging.queries.conflicts import on_team
from compapp.judging.queries.results import decisions_waiting
from compapp.judging.queries.rounds import is_scored
from compapp.web.filters import moment
from compapp.web.i18n import _, localized
from compapp.web.navigation import Card

DECIDABLE = ("closed",)
"""States of a round that is over and not decided."""


def result_cards(actor: Actor) -> Sequence[Card]:
    """Return the cards of everybody's results."""
    if not actor.is_signed_in:
        return []
    return [*_team_cards(actor), *_decision_cards(actor), *_ready_cards(actor)]


def _label(round_: Round) -> str:
    return localized(round_.definition.get("label") or round_.code)


def _contests(actor: Actor, roles: frozenset[str]) -> set[int]:
    found = {scope for role in roles for scope in actor.scopes(role, CONTEST)}
    return {contest for contest in found if not on_team(actor.person_id, contest)}


def _team_cards(actor: Actor) -> list[Card]:
    """Tell a team's members of a place to confirm and of results that are out."""
    rows = session().scalars(
        select(Place)
        .join(TeamMember, TeamMember.entry_id == Place.entry_id)
        .where(TeamMember.person_id == actor.person_id, TeamMember.left_at.is_(None), Place.state == "waiting")
        .options(joinedload(Place.entry), joinedload(Place.round))
    )
    cards = [
        Card(
            title=_("Confirm your place"),
            text=_place_text(place),
            action_label=_("Answer"),
            action_url=url_for("results.place_page", place_id=place.id),
            tone="urgent",
            order=5,
        )
        for place in rows
        if place.confirm_by is None or place.confirm_by >= now()
    ]
    return [*cards, *_published(actor)]


def _place_text(place: Place) -> str:
    text = _("“%(title)s” goes through after %(round)s.", title=localized(place.entry.title), round=_label(place.round))
    if place.confirm_by is None:
        return text
    until = _("To answer until %(moment)s.", moment=moment(place.confirm_by))
    return f"{text} {until}"


def _published(actor: Actor) -> list[Card]:
    rows = session().execute(
        select(Entry.id, Entry.title)
        .join(TeamMember, TeamMember.entry_id == Entry.id)
        .where(
            TeamMember.person_id == actor.person_id,
            TeamMember.left_at.is_(None),
            select(Publication.id)
            .join(Round, Round.id == Publication.round_id)
            .where(Round.contest_id == Entry.contest_id)
            .exists(),
        )
    )
    return [
        Card(
            title=_("Our results"),
            text=_("A result of “%(title)s” has been published.", title=localized(title)),
            action_label=_("See the result"),
            action_url=url_for("results.own", entry_id=entry_id),
            order=30,
        )
        for entry_id, title in rows
    ]


def _decision_cards(actor: Actor) -> list[Card]:
    """Tell approver, chair and organiser what waits for a second person or for its publication."""
    cards: list[Card] = []
    for shortlist, round_, contest in decisions_waiting(_contests(actor, APPROVERS)):
        own = shortlist.prepared_by_id == actor.person_id
        if shortlist.state != APPROVED and own:
            continue
        cards.append(
            Card(
                title=_("Publish: %(name)s", name=_label(round_))
                if shortlist.state == APPROVED
                else _("Approve: %(name)s", name=_label(round_)),
                text=_("Prepared by %(name)s.", name=shortlist.prepared_by_name),
                action_label=_("Open the decision"),
                action_url=url_for("results.shortlist", code=contest.code, round_code=round_.code),
                tone="warning",
                order=10,
            )
        )
    return cards


def _ready_cards(actor: Actor) -> list[Card]:
    """Tell the office which rounds are over and wait to be decided."""
    waiting = {round_.id for _one, round_, _contest in decisions_waiting(_contests(actor, OFFICE))}
    rows = session().execute(
        select(Round, Contest.code)
        .join(Contest, Contest.id == Round.contest_id)
        .where(Contest.id.in_(_contests(actor, OFFICE)), Round.state.in_(DECIDABLE), Round.closes_at <= now())
        .order_by(Round.closes_at)
    )
    return [
        Card(
            title=_("Standings: %(name)s", name=_label(round_)),
            text=_("The round is over. Look at the standings and prepare the decision."),
            action_label=_("Open the standings"),
            action_url=url_for("results.standings", code=code, round_code=round_.code),
            tone="warning",
            order=15,
        )
        for round_, code in rows
        if is_scored(round_) and round_.id not in waiting
    ]
