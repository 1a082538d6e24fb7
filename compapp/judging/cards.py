"""What judges, chairs, secretaries and organisers read about judging on their home page."""

from collections.abc import Sequence

from flask import url_for

from compapp.contests.models import Contest
from compapp.core.actor import CONTEST, Actor
from compapp.core.clock import now
from compapp.core.db import session
from compapp.judging import policy, queries
from compapp.web.filters import moment
from compapp.web.i18n import _, localized, ngettext
from compapp.web.navigation import Card, CardItem


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
    if following is None or due is None:
        text = _("Every sheet is in. Thank you.") if count else _("Nothing has been given to you yet.")
        return [Card(_("My desk"), text, _("To my desk"), url_for("judging.desk"), order=20)]
    late = due < now()
    sentence = ngettext("%(num)d sheet is left.", "%(num)d sheets are left.", left)
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
    """Return a card for a contest whose jury the actor looks after and where something waits."""
    scopes = {contest for role in policy.OFFICE for contest in actor.scopes(role, CONTEST)}
    cards = [_contest_card(actor, contest_id) for contest_id in sorted(scopes)]
    return [card for card in cards if card is not None]


def _contest_card(actor: Actor, contest_id: int) -> Card | None:
    contest = session().get(Contest, contest_id)
    facts = queries.facts_of_contest(actor, contest_id)
    if contest is None or contest.state == "archived" or not policy.may_see_jury(actor, facts):
        return None
    items = _items(actor, contest, facts)
    if not items:
        return None
    title = _("Judging: %(contest)s", contest=localized(contest.title))
    url = url_for("judging.overview", code=contest.code)
    return Card(title, "", _("Look at the judging"), url, items=items, order=30)


def _items(actor: Actor, contest: Contest, facts: policy.ContestFacts) -> list[CardItem]:
    items: list[CardItem] = []
    if policy.may_handle_paper(actor, facts):
        waiting = [one for one in queries.paper_waiting(contest.id) if one.entered_by_id != actor.person_id]
        if waiting:
            text = _("Paper sheets to confirm")
            url = url_for("judging.paper_sheets", code=contest.code)
            items.append(CardItem(text, url, str(len(waiting)), "warning"))
    if policy.may_reopen(actor, facts):
        asked = queries.unlocks_asked(contest.id)
        if asked:
            url = url_for("judging.unlocking", code=contest.code)
            items.append(CardItem(_("Sheets asked back"), url, str(len(asked)), "warning"))
    for round_ in queries.scored_rounds(contest.id):
        if not round_.opens_at <= now() <= round_.closes_at:
            continue
        judges = queries.judges_progress(round_, reader_id=actor.person_id, at=now())
        done, given = sum(one.done for one in judges), sum(one.given for one in judges)
        label = localized(round_.definition.get("label") or round_.code)
        endpoint = "judging.progress" if given else "judging.assignments"
        note = f"{done}/{given}" if given else _("nothing given out")
        items.append(
            CardItem(
                label, url_for(endpoint, code=contest.code, round_code=round_.code), note, "" if given else "warning"
            )
        )
    return items
