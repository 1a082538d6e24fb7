"""What judges, chairs, secretaries and organisers read about judging on their home page."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import url_for

from compapp.contests.models import Contest, Round
from compapp.contests.queries import managed_contests
from compapp.core.actor import CONTEST, Actor
from compapp.core.clock import now
from compapp.judging import policy, queries
from compapp.judging.models import Hall
from compapp.judging.queries.hall import teams_by_hall
from compapp.judging.services.hall.plan import LIVE_PITCH
from compapp.web.filters import moment
from compapp.web.i18n import _, localized, ngettext
from compapp.web.navigation import Card, CardItem

NEAR = timedelta(days=3)
"""How long before a live round its stage and door stand on the home pages of those who hold it."""


def home_cards(actor: Actor) -> Sequence[Card]:
    """Return the cards of every role the actor has in judging."""
    return [*_invitations(actor), *_desk(actor), *_office(actor)]


def _invitations(actor: Actor) -> list[Card]:
    return [
        Card(
            _("You are invited into a jury"),
            localized(seat.contest.title),
            _("Answer the invitation"),
            url_for("judging.my_seat", code=seat.contest.code),
            tone="warning",
            order=10,
        )
        for seat in queries.seats_of_person(actor)
        if seat.state == "invited"
    ]


def _desk(actor: Actor) -> list[Card]:
    if not policy.is_judge_anywhere(actor):
        return []
    left, count, following, due = queries.desk_counts(actor)
    if due is None:
        text = _("Every sheet is in. Thank you.") if count else _("Nothing has been given to you yet.")
        return [Card(_("My desk"), text, _("To my desk"), url_for("judging.desk"), order=20)]
    late = due < now()
    sentence = ngettext("%(num)d sheet is left.", "%(num)d sheets are left.", left)
    if following is None:
        text = " ".join((sentence, _("The next team has yet to pitch.")))
        return [Card(_("My desk"), text, _("To my desk"), url_for("judging.desk"), order=10)]
    ends = _("Overdue since %(moment)s.", moment=moment(due)) if late else _("Until %(moment)s.", moment=moment(due))
    return [
        Card(
            _("Entries to score"),
            f"{sentence} {ends}",
            _("Open the next sheet"),
            url_for("judging.sheet", assignment_id=following),
            tone="urgent" if late else "neutral",
            order=10,
        )
    ]


def _office(actor: Actor) -> list[Card]:
    """Return a card for each contest whose jury the actor looks after and where something waits."""
    scopes = {contest for role in policy.OFFICE for contest in actor.scopes(role, CONTEST)}
    facts = {contest_id: queries.facts_of_contest(actor, contest_id) for contest_id in scopes}
    contests = [
        contest
        for contest in managed_contests(actor)
        if contest.id in scopes and contest.state != "archived" and policy.may_see_jury(actor, facts[contest.id])
    ]
    if not contests:
        return []
    sheets = queries.sheets_in_need(facts, actor.person_id)
    rounds = {contest.id: [one for one in contest.rounds if _is_judged_now(one)] for contest in contests}
    done = queries.sheets_done((one.id for some in rounds.values() for one in some), reader_id=actor.person_id)
    cards = _on_stage(actor, contests, facts)
    for contest in sorted(contests, key=lambda one: one.id):
        items = [
            *_sheet_items(actor, contest, facts[contest.id], *sheets.get(contest.id, (0, 0))),
            *(_round_item(contest, one, *done.get(one.id, (0, 0))) for one in rounds[contest.id]),
        ]
        if items:
            title = _("Judging: %(contest)s", contest=localized(contest.title))
            url = url_for("judging.overview", code=contest.code)
            cards.append(Card(title, "", _("Look at the judging"), url, items=items, order=30))
    return cards


def _on_stage(actor: Actor, contests: Sequence[Contest], facts: Mapping[int, policy.ContestFacts]) -> list[Card]:
    """Return a card for each live round that is near or runs: where its stage, its door and its live sheets are."""
    near = [
        (contest, one)
        for contest in contests
        for one in contest.rounds
        if one.kind == LIVE_PITCH and one.opens_at - NEAR <= now() <= one.closes_at
    ]
    planned = teams_by_hall([one.id for _contest, one in near]) if near else {}
    return [
        _live_card(actor, facts[contest.id], contest, one, planned.get(one.id, []))
        for contest, one in near
        if policy.may_run_stage(actor, facts[contest.id])
    ]


def _live_card(
    actor: Actor, facts: policy.ContestFacts, contest: Contest, round_: Round, planned: Sequence[tuple[Hall, int]]
) -> Card:
    place: dict[str, Any] = {"code": contest.code, "round_code": round_.code}
    order = url_for("results.hall", **place)
    title = _(
        "%(round)s: %(moment)s",
        round=localized(round_.definition.get("label") or round_.code),
        moment=moment(min((hall.starts_at for hall, _teams in planned), default=round_.opens_at)),
    )
    halls = [hall for hall, teams in planned if teams]
    if not halls:
        text = _("The running order has not been drawn yet.")
        return Card(title, text, _("Draw the running order"), order, tone="warning", order=15)
    stages = [
        CardItem(
            _("Stage: %(hall)s", hall=hall.name or hall.position), url_for("results.stage", hall_id=hall.id, **place)
        )
        for hall in halls
    ]
    items = [CardItem(_("Running order"), order)]
    if policy.may_keep_door(actor, facts):
        items.append(CardItem(_("The door"), url_for("results.door", **place)))
    if policy.may_see_panel(actor, facts):
        action, address = _("Panel, live"), url_for("results.panel", **place)
        items = [*stages, *items]
    else:
        action, address = _("Run this hall"), stages[0].url or order
        items = [*items, *stages[1:]]
    return Card(title, localized(contest.title), action, address, items=items, order=15)


def _is_judged_now(round_: Round) -> bool:
    return queries.is_scored(round_) and round_.opens_at <= now() <= round_.closes_at


def _sheet_items(
    actor: Actor, contest: Contest, facts: policy.ContestFacts, to_confirm: int, asked_back: int, returned: int = 0
) -> list[CardItem]:
    items = []
    if returned and policy.may_handle_paper(actor, facts):
        url = url_for("judging.paper_sheets", code=contest.code)
        items.append(CardItem(_("Paper sheets to correct"), url, str(returned), "warning"))
    if to_confirm and policy.may_handle_paper(actor, facts):
        url = url_for("judging.paper_sheets", code=contest.code)
        items.append(CardItem(_("Paper sheets to confirm"), url, str(to_confirm), "warning"))
    if asked_back and policy.may_reopen(actor, facts):
        url = url_for("judging.unlocking", code=contest.code)
        items.append(CardItem(_("Sheets asked back"), url, str(asked_back), "warning"))
    return items


def _round_item(contest: Contest, round_: Round, done: int, given: int) -> CardItem:
    label = localized(round_.definition.get("label") or round_.code)
    url = url_for("judging.progress" if given else "judging.assignments", code=contest.code, round_code=round_.code)
    if not given:
        return CardItem(label, url, _("nothing given out"), "warning")
    return CardItem(label, url, f"{done}/{given}", "")
