"""Links that a team gives are looked at: when given and again when handed in, dated, beside the receipt."""

from datetime import datetime

from sqlalchemy import select

from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.entries import answers, queries
from compapp.entries.fetching import Look
from compapp.entries.models import Entry, LinkCheck

MOST_AT_ONCE = 4


def ask_for_look(entry: Entry, key: str, link: str, *, at: datetime) -> None:
    """Let the clock's next round look at a link; one that waits already is enough."""
    waiting = session().scalars(
        select(LinkCheck.id).where(
            LinkCheck.entry_id == entry.id,
            LinkCheck.key == key,
            LinkCheck.link == link,
            LinkCheck.checked_at.is_(None),
        )
    )
    if waiting.first() is None:
        session().add(LinkCheck(entry_id=entry.id, key=key, link=link, asked_at=at))
        session().flush()


def ask_for_looks(entry: Entry, *, at: datetime) -> None:
    """Let every link of the entry be looked at once more: it is being handed in."""
    board = queries.working_board(entry).code
    for field in queries.fields_asked(entry.contest, board, answers=entry.answers):
        given = entry.answers.get(field.key) if field.type == "link" else None
        if isinstance(given, str) and answers.is_link(given):
            ask_for_look(entry, field.key, given, at=at)
    for key, row in queries.current_attachments(entry.id).items():
        if row.link is not None and row.kind == "link":
            ask_for_look(entry, key, row.link, at=at)


def links_to_look_at() -> list[tuple[int, str]]:
    """Return the links that wait, the oldest first: (check id, address)."""
    found = session().execute(
        select(LinkCheck.id, LinkCheck.link)
        .where(LinkCheck.checked_at.is_(None))
        .order_by(LinkCheck.id)
        .limit(MOST_AT_ONCE)
    )
    return [(check_id, link) for check_id, link in found]


def keep_look(check_id: int, found: Look, *, actor: Actor, at: datetime) -> None:
    """Write down what was found; the first finding stands."""
    check = session().get(LinkCheck, check_id, with_for_update=True)
    if check is None or check.checked_at is not None:
        return
    check.checked_at, check.is_open, check.status = at, found.is_open, found.status
    check.title, check.sha256, check.size, check.note = found.title, found.sha256, found.size, found.note
    session().flush()
    entry = queries.entry(check.entry_id)
    data = {"key": check.key, "open": found.is_open, "status": found.status}
    audit.record("entries.link.looked_at", check, actor=actor, at=at, contest_id=entry.contest_id, data=data)
