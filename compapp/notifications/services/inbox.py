"""Reading the inbox, and choosing what comes by e-mail too."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update

from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.errors import Refused
from compapp.core.messages import kinds
from compapp.core.outbox import EMAIL
from compapp.core.text import N_
from compapp.notifications.models import InboxItem, Preference


def mark_read(item: InboxItem, *, actor: Actor, at: datetime) -> None:
    """Note that the actor has read one of their messages; the first time counts."""
    if item.person_id != actor.person_id:
        raise Refused(N_("This message is for somebody else."))
    session().execute(update(InboxItem).where(InboxItem.id == item.id, InboxItem.read_at.is_(None)).values(read_at=at))


def mark_all_read(*, actor: Actor, at: datetime) -> int:
    """Note that the actor has read everything; return how much was new."""
    result: Any = session().execute(
        update(InboxItem).where(InboxItem.person_id == actor.person_id, InboxItem.read_at.is_(None)).values(read_at=at)
    )
    return int(result.rowcount)


def choose_preferences(unwanted: Collection[str], *, actor: Actor, at: datetime) -> None:
    """Send the actor everything by e-mail but the kinds in ``unwanted``; required and unknown kinds are ignored."""
    if actor.person_id is None:
        raise Refused(N_("Your role does not allow this here."))
    chosen = sorted(kind for kind in unwanted if kind in kinds() and not kinds()[kind].required)
    session().execute(delete(Preference).where(Preference.person_id == actor.person_id, Preference.channel == EMAIL))
    for kind in chosen:
        session().add(Preference(person_id=actor.person_id, kind=kind, channel=EMAIL, wanted=False))
    audit.record(
        "notifications.preferences.chosen",
        ("person", actor.person_id),
        actor=actor,
        at=at,
        data={"unwanted": chosen},
    )
