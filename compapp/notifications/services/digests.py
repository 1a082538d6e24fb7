"""Once a day: what people did not want to hear at once, in one e-mail at seven in the morning."""

import logging
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import select, update

from compapp.accounts import queries as accounts
from compapp.accounts.models import Person
from compapp.core.clock import ZONE, local
from compapp.core.db import hasty_session_scope, session, unit_of_work
from compapp.core.outbox import OutboxMessage
from compapp.notifications import notifications, queries
from compapp.notifications.models import DigestItem
from compapp.notifications.rendering import Reader, render
from compapp.notifications.services.claims import QUIET_FROM, QUIET_UNTIL, SECRET

DIGEST = "digest"
"""The reason with which an e-mail is recorded that goes into its reader's digest."""
MOST_AT_ONCE, MOST_LINES = 2_000, 40
_log = logging.getLogger(__name__)


def gather_digests(*, at: datetime) -> int:
    """Post a digest to everybody for whom something was kept before today, 7:00; return how many.

    Nothing by night. A person gets at most one a day, whatever happens in between: what a second run
    would find was kept after seven and waits for tomorrow. Opens its own unit of work.
    """
    there = local(at)
    if not QUIET_UNTIL <= there.time() < QUIET_FROM:
        return 0
    morning = datetime.combine(there.date(), QUIET_UNTIL, ZONE).astimezone(at.tzinfo)
    with hasty_session_scope():
        if not queries.waiting_for_digest(morning, 1):
            return 0
        with unit_of_work():
            return _gather(morning, at)


def _gather(morning: datetime, at: datetime) -> int:
    waiting = queries.waiting_for_digest(morning, MOST_AT_ONCE)
    people = accounts.people({one.person_id for one in waiting})
    forms = accounts.forms_of_address(list(people))
    messages = {
        one.id: one
        for one in session().scalars(select(OutboxMessage).where(OutboxMessage.id.in_([w.outbox_id for w in waiting])))
    }
    count = 0
    for person_id, group in groupby(waiting, key=_person_id):
        items = list(group)
        person = people[person_id]
        if person.active:
            reader = Reader(person.name, person.locale, forms[person_id])
            lines = [_line(messages[one.outbox_id], reader) for one in items]
            if not _post(person, [line for line in lines if line is not None], at):
                continue
            count += 1
        gathered = update(DigestItem).where(DigestItem.id.in_([one.id for one in items]))
        session().execute(gathered.values(gathered_at=at).execution_options(synchronize_session=False))
    return count


def _person_id(item: DigestItem) -> int:
    return item.person_id


def _line(message: OutboxMessage, reader: Reader) -> dict[str, str] | None:
    """Return the title of a message and where it leads; nothing for one that cannot be rendered."""
    try:
        words = render(message.kind, reader, message.data, site_url="", html=False)
    except Exception:
        _log.exception("message %s (%s) cannot be rendered for a digest", message.id, message.kind)
        return None
    path = None if SECRET in message.data else words.path
    return {"title": words.subject, "path": path or "/inbox"}


def _post(person: Person, lines: Sequence[dict[str, str]], at: datetime) -> bool:
    """Post the digest; False where the person had today's already: its lines wait for tomorrow."""
    more = max(len(lines) - MOST_LINES, 0)
    return not lines or notifications.digest(person.id, lines[:MOST_LINES], more=more, at=at) > 0
