"""What a school's representatives read on their home page about its students."""

from collections.abc import Sequence

from flask import url_for

from compapp.accounts import queries
from compapp.accounts.policy import speaks_for_a_school
from compapp.core.actor import Actor
from compapp.web.i18n import _, localized, ngettext
from compapp.web.navigation import Card


def home_cards(actor: Actor) -> Sequence[Card]:
    """Return a card for each school that the actor represents and at which students wait."""
    if not speaks_for_a_school(actor):
        return []
    schools = queries.schools_of(actor)
    waiting = queries.waiting_students([one.id for one in schools])
    return [
        Card(
            title=localized(one.name),
            text=ngettext(
                "%(num)d student waits for your confirmation",
                "%(num)d students wait for your confirmation",
                waiting[one.id],
            ),
            action_label=_("Confirm students"),
            action_url=url_for("accounts.students", organisation_id=one.id, state="stated"),
            order=60,
        )
        for one in schools
        if one.id in waiting
    ]
