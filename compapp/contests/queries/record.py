"""What was sent in a contest: the outbox rows that name it."""

from sqlalchemy import select

from compapp.accounts.models import Person
from compapp.core.db import session
from compapp.core.outbox import OutboxMessage
from compapp.core.paging import Page, paginate


def recipient_of(message: OutboxMessage) -> str:
    """Return the name of who gets a message, else the address."""
    person = session().get(Person, message.person_id) if message.person_id is not None else None
    return person.name if person is not None else message.address_name or message.address or ""


def messages_page(contest_id: int, number: int, state: str = "") -> Page:
    """Return a page of (message, recipient's name) of the contest, the newest first; ``state`` keeps those in it."""
    statement = (
        select(OutboxMessage, Person.name)
        .outerjoin(Person, Person.id == OutboxMessage.person_id)
        .where(OutboxMessage.contest_id == contest_id)
    )
    if state:
        statement = statement.where(OutboxMessage.state == state)
    return paginate(statement.order_by(OutboxMessage.id.desc()), number)
