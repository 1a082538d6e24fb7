"""Reads of the inbox, of preferences and of the delivery record."""

from collections.abc import Collection

from sqlalchemy import func, select

from compapp.accounts.models import Person
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.core.outbox import CLAIMED, EMAIL, READY, OutboxMessage
from compapp.core.paging import Page, paginate
from compapp.notifications.models import InboxItem, Preference


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


def unwanted_kinds(person_id: int) -> frozenset[str]:
    """Return the kinds of message that a person does not want by e-mail."""
    statement = select(Preference.kind).where(
        Preference.person_id == person_id, Preference.channel == EMAIL, Preference.wanted.is_(False)
    )
    return frozenset(session().scalars(statement))


def unwanted_by(person_ids: Collection[int]) -> frozenset[tuple[int, str]]:
    """Return (person, kind) for what these people do not want by e-mail."""
    statement = select(Preference.person_id, Preference.kind).where(
        Preference.person_id.in_(person_ids), Preference.channel == EMAIL, Preference.wanted.is_(False)
    )
    return frozenset((person_id, kind) for person_id, kind in session().execute(statement))


def deliveries(contest_id: int, number: int = 1, *, state: str | None = None) -> Page:
    """Return one page of (outbox message, name of its recipient) of a contest, the newest first.

    The message's data are not for this list: an organiser sees what was sent to whom and when, not secrets.
    """
    name = func.coalesce(Person.name, OutboxMessage.address_name, "")
    statement = (
        select(OutboxMessage, name)
        .outerjoin(Person, Person.id == OutboxMessage.person_id)
        .where(OutboxMessage.contest_id == contest_id)
        .order_by(OutboxMessage.posted_at.desc(), OutboxMessage.id.desc())
    )
    return paginate(statement.where(OutboxMessage.state == state) if state else statement, number)


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
