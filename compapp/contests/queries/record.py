"""What was done in a contest and what was sent: the audit rows and the outbox rows that name it."""

from sqlalchemy import select

from compapp.accounts.models import Person
from compapp.core.audit import AuditRow
from compapp.core.outbox import OutboxMessage
from compapp.core.paging import Page, paginate


def audit_page(contest_id: int, number: int, verb: str = "") -> Page:
    """Return a page of the contest's audit rows, the newest first; ``verb`` keeps those that begin with it."""
    statement = select(AuditRow).where(AuditRow.contest_id == contest_id)
    if verb:
        statement = statement.where(AuditRow.verb.startswith(verb, autoescape=True))
    return paginate(statement.order_by(AuditRow.id.desc()), number, scalars=True)


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
