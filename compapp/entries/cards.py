"""What the home page tells students, schools and organisers to do next."""

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby

from flask import url_for

from compapp.contests.models import Contest
from compapp.contests.queries import managed_contests
from compapp.core import clock
from compapp.core.actor import CONTEST, Actor
from compapp.entries import advancement, policy, queries
from compapp.entries.lifecycle import DRAFT, ELIGIBLE, ENTRY, NEEDS_FIX, SUBMITTED
from compapp.entries.models import Entry
from compapp.entries.outlook import outlook
from compapp.entries.queries.team import waiting_seats
from compapp.web.filters import moment, remaining
from compapp.web.i18n import _, localized
from compapp.web.navigation import Card, CardItem

MOST_CARDS = 3


def home_cards(actor: Actor) -> Sequence[Card]:
    """Return the cards of the actor's entries, school and contests."""
    return [*_seats(actor), *_student(actor), *_school(actor), *_organiser(actor)]


def _seats(actor: Actor) -> list[Card]:
    """Lead a newcomer whose guardian must still agree back to asking."""
    return [
        Card(
            localized(queries.entry(one.entry_id).title),
            _("Your guardian must still agree"),
            _("Ask my guardian"),
            url_for("entries.own_guardian", invitation_id=one.invitation_id),
            tone="urgent",
            order=10,
        )
        for one in waiting_seats(actor)
    ]


def _student(actor: Actor) -> list[Card]:
    found = [entry for entry in queries.my_entries(actor)[:MOST_CARDS] if entry.state != "withdrawn"]
    judged = [entry.id for entry in found if entry.state == ELIGIBLE]
    later = advancement.rounds_of(judged) if judged else {}
    drafts = [entry for entry in found if entry.state == DRAFT]
    if drafts:
        queries.prepare(drafts)
    return [_entry_card(entry, later.get(entry.id, ())) for entry in found]


def _entry_card(entry: Entry, later: Collection[str]) -> Card:
    at = clock.now()
    window = queries.entry_window(entry)
    title, url = localized(entry.title), url_for("entries.workspace", entry_id=entry.id)
    if entry.state == NEEDS_FIX and window.reopened(at):
        ends = window.deadline(at)
        text = _("Something is missing. Deadline: %(until)s (%(left)s).", until=moment(ends), left=remaining(ends))
        return Card(title, text, _("Complete it"), url, tone="urgent", order=10)
    if entry.state == DRAFT and window.entry_open(entry.state, at):
        state = queries.completeness(entry)
        ends = window.deadline(at)
        text = _(
            "%(percent)s %% complete. Deadline: %(until)s (%(left)s).",
            percent=state.percent,
            until=moment(ends),
            left=remaining(ends),
        )
        if state.is_complete:
            return Card(title, text, _("Look and submit"), _place(entry, "submission"), tone="warning", order=20)
        return Card(title, text, _("Continue"), url, tone="warning", order=20)
    label = _(ENTRY.states[entry.state].public)
    if entry.state == SUBMITTED and window.entry_open(entry.state, at):
        text = _("You have the receipt. Until the deadline you can change the entry and submit again.")
        return Card(
            title, f"{label}. {text}", _("Look at your receipt"), _place(entry, "versions"), order=30, done=True
        )
    if entry.state in (SUBMITTED, ELIGIBLE):
        return Card(title, f"{label}. {outlook(entry, at, later)}", _("Look at the entry"), url, order=30, done=True)
    return Card(title, label, _("Look at the entry"), url, order=30, done=True)


def _place(entry: Entry, page: str) -> str:
    return url_for(f"entries.{page}", entry_id=entry.id)


def _school(actor: Actor) -> list[Card]:
    if not policy.represents_a_school(actor):
        return []
    cards = []
    for contest, pairs in groupby(queries.entries_to_endorse(actor, clock.now()), key=lambda pair: pair[0]):
        waiting = [entry for _contest, entry in pairs]
        items = [CardItem(localized(entry.title), note=entry.code) for entry in waiting[:5]]
        url = url_for("entries.endorsements_of", code=contest.code)
        text = _("Entries wait for your school: %(count)s.", count=len(waiting))
        cards.append(Card(localized(contest.title), text, _("Look at them"), url, items, tone="warning", order=20))
    return cards[:MOST_CARDS]


def _organiser(actor: Actor) -> list[Card]:
    contests = [one for one in managed_contests(actor) if actor.has_any(policy.STAFF_ROLES, CONTEST, one.id)]
    if not contests:
        return []
    counts = queries.counts_of_queues(one.id for one in contests)
    waiting = [one for one in contests if counts[one.id].get(SUBMITTED) or counts[one.id].get(NEEDS_FIX)]
    return [_queue_card(contest, counts[contest.id]) for contest in waiting[:MOST_CARDS]]


def _queue_card(contest: Contest, counts: Mapping[str, int]) -> Card:
    url = url_for("entries.eligibility", code=contest.code)
    items = [
        CardItem(
            _(ENTRY.states[state].staff), url_for("entries.eligibility", code=contest.code, state=state), str(number)
        )
        for state, number in sorted(counts.items())
        if state in ENTRY.states
    ]
    return Card(localized(contest.title), _("Entries to check"), _("Open the queue"), url, items, order=25)
