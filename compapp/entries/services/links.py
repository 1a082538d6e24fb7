"""Links that a team gives are looked at: when given and again when handed in, dated, beside the receipt."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from compapp.core import audit
from compapp.core.actor import Actor
from compapp.core.db import session
from compapp.entries import answers, queries
from compapp.entries.fetching import Look
from compapp.entries.models import Attachment, Entry, LinkCheck

MOST_AT_ONCE = 4


def ask_for_look(entry: Entry, key: str, link: str, *, at: datetime) -> None:
    """Let the clock's next round look at a link; one that waits already is enough."""
    _ask(entry, {(key, link)}, at)


def _ask(entry: Entry, wanted: set[tuple[str, str]], at: datetime) -> None:
    if not wanted:
        return
    waiting = session().execute(
        select(LinkCheck.key, LinkCheck.link).where(LinkCheck.entry_id == entry.id, LinkCheck.checked_at.is_(None))
    )
    new = sorted(wanted - {(key, link) for key, link in waiting})
    session().add_all(LinkCheck(entry_id=entry.id, key=key, link=link, asked_at=at) for key, link in new)
    session().flush()


def ask_for_looks(entry: Entry, files: Mapping[str, Attachment], *, at: datetime) -> None:
    """Let every link among the answers and the current ``files`` be looked at once more: they are being handed in."""
    wanted: set[tuple[str, str]] = set()
    board = queries.working_board(entry).code
    for field in queries.fields_asked(entry.contest, board, answers=entry.answers):
        given = entry.answers.get(field.key) if field.type == "link" else None
        if isinstance(given, str) and answers.is_link(given):
            wanted.add((field.key, given))
    wanted |= {(key, row.link) for key, row in files.items() if row.link is not None and row.kind == "link"}
    _ask(entry, wanted, at)


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
