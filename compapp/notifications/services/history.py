"""Inboxes of a past that was played: messages recorded as sent without delivery arrive at their own time."""

import logging
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from compapp.accounts import queries as accounts
from compapp.core.db import current_unit, session
from compapp.core.messages import kinds
from compapp.core.outbox import INAPP, SENT, OutboxMessage
from compapp.notifications.models import InboxItem
from compapp.notifications.rendering import Reader, render
from compapp.notifications.services.claims import SECRET

_log = logging.getLogger(__name__)


def fill_inboxes(people: Collection[int], *, read_until: datetime, site_url: str) -> int:
    """Put into inboxes what was recorded as sent and never arrived; return how many messages.

    What arrived before ``read_until`` counts as read. Links that open an account are struck out of every
    recorded message. A message that cannot be rendered is left out. Needs a unit of work.
    """
    current_unit()
    _strike_out_secrets()
    arrived = select(InboxItem.outbox_id)
    waiting = session().scalars(
        select(OutboxMessage)
        .where(
            OutboxMessage.channel == INAPP,
            OutboxMessage.state == SENT,
            OutboxMessage.person_id.in_(people),
            OutboxMessage.id.not_in(arrived),
        )
        .order_by(OutboxMessage.sent_at, OutboxMessage.id)
    )
    known = accounts.people(people)
    forms = accounts.forms_of_address(people)
    count = 0
    for message in waiting.all():
        person = known[message.person_id or 0]
        if message.kind not in kinds() or message.sent_at is None:
            continue
        reader = Reader(person.name, person.locale, forms[person.id])
        try:
            words = render(message.kind, reader, message.data, site_url=site_url, html=False)
        except Exception:
            _log.exception("message %s (%s) cannot be rendered", message.id, message.kind)
            continue
        session().add(
            InboxItem(
                outbox_id=message.id,
                person_id=person.id,
                kind=message.kind,
                title=words.subject[:300],
                body=words.brief,
                url=words.path[:500] if words.path else None,
                arrived_at=message.sent_at,
                read_at=message.sent_at if message.sent_at < read_until else None,
            )
        )
        count += 1
    return count


def _strike_out_secrets() -> None:
    sent = session().scalars(select(OutboxMessage).where(OutboxMessage.state == SENT)).all()
    for message in sent:
        if SECRET in message.data:
            message.data = {key: value for key, value in message.data.items() if key != SECRET}
