"""Reads of the inbox, of preferences and of the delivery record."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select

from compapp.accounts.models import Person
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.outbox import AGAIN, CLAIMED, EMAIL, READY, OutboxMessage
from compapp.core.paging import Page, paginate
from compapp.core.text import fold
from compapp.notifications.models import AT_ONCE, NEVER, DigestItem, InboxItem, Preference


def inbox(person_id: int, number: int, *, only_unread: bool = False) -> Page:
    """Return one page of a person's messages, the newest first."""
    statement = select(InboxItem).where(InboxItem.person_id == person_id)
    if only_unread:
        statement = statement.where(InboxItem.read_at.is_(None))
    return paginate(statement.order_by(InboxItem.arrived_at.desc(), InboxItem.id.desc()), number, 20, scalars=True)


def unread_count(actor: Actor) -> int:
    """Return how many messages the actor has not read."""
    if actor.person_id is None:
        return 0
    statement = select(func.count()).where(InboxItem.person_id == actor.person_id, InboxItem.read_at.is_(None))
    return session().scalar(statement) or 0


def inbox_item(person_id: int, item_id: int) -> InboxItem | None:
    """Return one of a person's messages; nothing for anybody else's."""
    statement = select(InboxItem).where(InboxItem.id == item_id, InboxItem.person_id == person_id)
    return session().scalars(statement).one_or_none()


def rhythms_of(person_id: int) -> dict[str, str]:
    """Return the kinds of message that a person wants by e-mail once a day or never; all others come at once."""
    return {kind: rhythm for (_person, kind), rhythm in rhythms_by([person_id]).items()}


def rhythms_by(person_ids: Collection[int]) -> dict[tuple[int, str], str]:
    """Return (person, kind) to rhythm for what these people do not want by e-mail at once."""
    statement = select(Preference.person_id, Preference.kind, Preference.wanted, Preference.rhythm).where(
        Preference.person_id.in_(person_ids), Preference.channel == EMAIL
    )
    return {
        (person_id, kind): (rhythm or AT_ONCE) if wanted else NEVER
        for person_id, kind, wanted, rhythm in session().execute(statement)
    }


def waiting_for_digest(before: datetime, most: int) -> Sequence[DigestItem]:
    """Return what was kept for digests before ``before``, person by person, at most ``most`` items."""
    statement = select(DigestItem).where(DigestItem.gathered_at.is_(None), DigestItem.kept_at < before)
    return session().scalars(statement.order_by(DigestItem.person_id, DigestItem.id).limit(most)).all()


def deliveries(contest_id: int | None = None, number: int = 1, *, state: str = "", search: str = "") -> Page:
    """Return one page of (outbox message, name of its recipient) of a contest, or of all, the newest first.

    The message's data are not for this list: its reader sees what was sent to whom and when, not secrets.
    """
    name = func.coalesce(Person.name, OutboxMessage.address_name, "")
    statement = select(OutboxMessage, name).outerjoin(Person, Person.id == OutboxMessage.person_id)
    if contest_id is not None:
        statement = statement.where(OutboxMessage.contest_id == contest_id)
    if state:
        statement = statement.where(OutboxMessage.state == state)
    if search.strip():
        found = Person.name_fold.contains(fold(search).strip(), autoescape=True)
        statement = statement.where(or_(found, OutboxMessage.address.contains(search.strip().lower(), autoescape=True)))
    return paginate(statement.order_by(OutboxMessage.posted_at.desc(), OutboxMessage.id.desc()), number)


def delivery(message_id: int, contest_id: int | None = None) -> OutboxMessage | None:
    """Return one message of the delivery record; nothing for one of another contest than ``contest_id``."""
    found = session().get(OutboxMessage, message_id)
    return None if found is None or (contest_id is not None and found.contest_id != contest_id) else found


def last_repetition(message: OutboxMessage) -> OutboxMessage | None:
    """Return the newest message that was sent again for this one (or for the one that it repeats)."""
    root = message.dedupe_key.split(AGAIN)[0]
    statement = select(OutboxMessage).where(OutboxMessage.dedupe_key.startswith(root + AGAIN, autoescape=True))
    return session().scalars(statement.order_by(OutboxMessage.id.desc()).limit(1)).one_or_none()


def counts_by_key(contest_id: int | None = None) -> dict[tuple[str, str, str], int]:
    """Return how many messages there are of each kind, channel and state (of one contest, or all)."""
    statement = select(OutboxMessage.kind, OutboxMessage.channel, OutboxMessage.state, func.count()).group_by(
        OutboxMessage.kind, OutboxMessage.channel, OutboxMessage.state
    )
    if contest_id is not None:
        statement = statement.where(OutboxMessage.contest_id == contest_id)
    return {(kind, channel, state): count for kind, channel, state, count in session().execute(statement)}


def waiting_count() -> int:
    """Return how many messages are to go (ready or being sent)."""
    statement = select(func.count()).where(OutboxMessage.state.in_([READY, CLAIMED]))
    return session().scalar(statement) or 0
