"""Reading the inbox, and choosing what comes by e-mail too."""

from collections.abc import Mapping
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
from compapp.notifications.models import DAILY, NEVER, InboxItem, Preference
from compapp.notifications.topics import is_prompt


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


def may_choose(kind: str) -> bool:
    """Whether people choose when ``kind`` comes by e-mail: neither safety of the account, decision nor deadline."""
    return kind in kinds() and not kinds()[kind].required and not is_prompt(kind)


def choose_preferences(rhythms: Mapping[str, str], *, actor: Actor, at: datetime) -> None:
    """Send the actor each kind by e-mail as ``rhythms`` says: at once (also what is not named), daily or never.

    Kinds that come at once in any case, unknown kinds and unknown rhythms are ignored.
    """
    if actor.person_id is None:
        raise Refused(N_("Your role does not allow this here."))
    chosen = {kind: rhythm for kind, rhythm in sorted(rhythms.items()) if may_choose(kind) and rhythm in (DAILY, NEVER)}
    session().execute(delete(Preference).where(Preference.person_id == actor.person_id, Preference.channel == EMAIL))
    for kind, rhythm in chosen.items():
        wanted = rhythm != NEVER
        made = Preference(person_id=actor.person_id, kind=kind, channel=EMAIL, wanted=wanted, rhythm=rhythm)
        session().add(made)
    audit.record("notifications.preferences.chosen", ("person", actor.person_id), actor=actor, at=at, data=chosen)
