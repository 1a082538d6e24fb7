"""What was sent in a contest: the outbox rows that name it."""

from sqlalchemy import select

from compapp.accounts.models import Person
from compapp.core.outbox import OutboxMessage
from compapp.core.paging import Page, paginate


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
