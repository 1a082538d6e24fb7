"""What incubation says on home pages: to the team, the mentor and the incubator's manager."""

from collections.abc import Sequence

from flask import url_for

from compapp.core.actor import Actor
from compapp.core.clock import now
from compapp.core.formats import day
from compapp.incubation import policy, queries
from compapp.incubation.models import MentoringSession, Mentorship
from compapp.web.filters import moment
from compapp.web.i18n import _, localized, ngettext
from compapp.web.navigation import Card, CardItem


def home_cards(actor: Actor) -> Sequence[Card]:
    """Return the cards of the three roles."""
    if not actor.is_signed_in:
        return []
    return [*_team(actor), *_mentor(actor), *_manager(actor)]


def _team(actor: Actor) -> list[Card]:
    cards: list[Card] = []
    for own in queries.own_residencies(actor, now()):
        if own.residency.state != "active":
            continue
        items = []
        if own.upcoming is not None:
            url = url_for("incubation.session", session_id=own.upcoming.id)
            items.append(CardItem(_("Next session"), url, moment(own.upcoming.starts_at)))
        late = own.next_milestone is not None and own.next_milestone.due_at < now()
        if own.next_milestone is not None:
            items.append(
                CardItem(
                    localized(own.next_milestone.label),
                    note=day(own.next_milestone.due_at),
                    tone="warning" if late else "neutral",
                )
            )
        cards.append(
            Card(
                _("“%(title)s” in the incubator", title=localized(own.residency.entry.title)),
                localized(own.residency.incubator.name),
                _("Open the page"),
                url_for("incubation.residency", residency_id=own.residency.id),
                items,
                tone="warning" if late else "good",
                order=15,
            )
        )
    return cards


def _mentor(actor: Actor) -> list[Card]:
    if not policy.is_mentor(actor):
        return []
    coming, to_log = queries.mentor_sessions(actor, now())
    items = [_of_session(one) for one in [*to_log, *coming][:5]]
    own = queries.own_mentorships(actor)
    teams = len(own)
    if own and not items:
        return [_to_book(own[0])]
    if not items:
        text = _("No team yet. An incubator tells you by message when it gives you one.")
        return [Card(_("Mentoring"), text, _("My teams"), url_for("incubation.mentoring"), order=20, done=True)]
    text = (
        ngettext("%(num)d session waits for its log.", "%(num)d sessions wait for their logs.", len(to_log))
        if to_log
        else ngettext("You mentor %(num)d team.", "You mentor %(num)d teams.", teams)
    )
    tone = "warning" if to_log else "neutral"
    label, url = _("My teams"), url_for("incubation.mentoring")
    if to_log:
        label, url = _("Write the log"), url_for("incubation.session", session_id=to_log[0].id)
    return [Card(_("Mentoring"), text, label, url, items, tone, order=20, done=not to_log)]


def _of_session(one: MentoringSession) -> CardItem:
    title, url = localized(one.mentorship.residency.entry.title), url_for("incubation.session", session_id=one.id)
    if one.starts_at <= now():
        return CardItem(title, url, _("to be logged"), "warning")
    return CardItem(title, url, moment(one.starts_at), "neutral")


def _to_book(mentorship: Mentorship) -> Card:
    url = url_for("incubation.sessions", residency_id=mentorship.residency_id)
    team = localized(mentorship.residency.entry.title)
    return Card(_("Book the next session"), team, _("Book a session"), url, order=20)


def _manager(actor: Actor) -> list[Card]:
    rows = [row for row in queries.cohort_board(actor, now()) if row.residency.state == "active"]
    if not rows:
        return []
    urgent = [row for row in rows if row.to_confirm or not row.mentors or row.is_late]
    items = [
        CardItem(
            localized(row.residency.entry.title),
            url_for("incubation.residency", residency_id=row.residency.id),
            _("milestone to confirm") if row.to_confirm else _("needs a mentor") if not row.mentors else _("late"),
            "warning",
        )
        for row in urgent[:5]
    ]
    text = ngettext("%(num)d team in your incubator.", "%(num)d teams in your incubator.", len(rows))
    tone = "warning" if urgent else "neutral"
    url = url_for("incubation.cohorts")
    return [Card(_("Your cohort"), text, _("Open the cohort"), url, items, tone, order=50, done=not urgent)]
